import asyncio
import time

import httpx
import pytest
from PIL import Image

from tests.servers import faults
from tests.servers.conftest import ask, download, size
from tests.servers.openai_images import OpenAIImages


@pytest.mark.parametrize(
    ("model", "data"),
    [
        ("empty", []),
        ("null", None),
        ("nothing", [{}]),
        ("bad-b64", [{"b64_json": "this is !! no base64"}]),
        ("private-url", [{"url": "http://169.254.169.254/latest/meta-data"}]),
        ("file-url", [{"url": "file:///etc/passwd"}]),
    ],
)
async def test_an_answer_may_bring_no_picture(
    server: OpenAIImages, client: httpx.AsyncClient, model: str, data: object
):
    answer = await ask(client, server, model)

    assert (answer.status_code, answer.json()["data"]) == (200, data)


@pytest.mark.parametrize(("model", "kind"), [("html", "text/html"), ("notjson", "application/")])
async def test_an_answer_may_be_no_json(
    server: OpenAIImages, client: httpx.AsyncClient, model: str, kind: str
):
    answer = await ask(client, server, model)

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(kind)
    with pytest.raises(ValueError, match="Expecting value"):
        answer.json()


@pytest.mark.parametrize(("model", "status"), [("echo", 200), ("echo-401", 401)])
async def test_an_error_may_give_the_key_away(
    server: OpenAIImages, client: httpx.AsyncClient, model: str, status: int
):
    answer = await ask(client, server, model)

    assert answer.status_code == status
    assert "Bearer sk-canary" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("model", "raises"),
    [
        ("hang", httpx.ReadTimeout),
        ("reset", httpx.ReadError),
        ("close", httpx.RemoteProtocolError),
        ("truncated", httpx.RemoteProtocolError),
    ],
)
async def test_the_line_may_fail(
    server: OpenAIImages, client: httpx.AsyncClient, model: str, raises: type[Exception]
):
    with pytest.raises(raises):
        await ask(client, server, model, timeout=0.3)
    assert server.paid == {model: 1}
    with pytest.raises(raises):
        await download(client, server, f"{model}-file", timeout=0.3)


@pytest.mark.parametrize("model", ["drip", "drip-head"])
async def test_a_dripping_answer_trips_no_read_timeout(
    server: OpenAIImages, client: httpx.AsyncClient, model: str
):
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.7):
            await ask(client, server, model, timeout=0.4)


@pytest.mark.parametrize("model", ["slow-0.3", "slow-download-0.3"])
async def test_a_slow_model_takes_its_time(
    server: OpenAIImages, client: httpx.AsyncClient, model: str
):
    started = time.monotonic()
    await download(client, server, model)
    [asked], [fetched] = server.requests, server.downloads

    assert time.monotonic() - started >= 0.3
    assert (fetched.at - asked.at >= 0.3) is (model == "slow-0.3")


@pytest.mark.parametrize("model", ["big", "big-unsized"])
async def test_an_answer_may_be_too_much(
    server: OpenAIImages, client: httpx.AsyncClient, model: str
):
    answer = await ask(client, server, model)

    assert len(answer.content) > faults.BIG
    assert ("content-length" in answer.headers) is (model == "big")


@pytest.mark.parametrize("model", ["big-file", "big-unsized-file"])
async def test_a_picture_may_be_too_much(
    server: OpenAIImages, client: httpx.AsyncClient, model: str
):
    brought = await download(client, server, model)

    assert len(brought.content) > faults.BIG
    assert ("content-length" in brought.headers) is (model == "big-file")


async def test_a_small_download_may_unpack_to_a_lot(
    server: OpenAIImages, client: httpx.AsyncClient
):
    brought = await download(client, server, "gzip-file")

    assert int(brought.headers["content-length"]) < 2**20
    assert len(brought.content) == 100 * 2**20


async def test_a_bomb_claims_more_pixels_than_it_has(
    server: OpenAIImages, client: httpx.AsyncClient
):
    brought = await download(client, server, "bomb")

    assert len(brought.content) < 200
    with pytest.raises(Image.DecompressionBombError):
        size(brought.content)


@pytest.mark.parametrize("model", ["cut-file", "html-file"])
async def test_a_picture_may_be_none(server: OpenAIImages, client: httpx.AsyncClient, model: str):
    brought = await download(client, server, model)

    assert (brought.status_code, brought.headers["content-type"]) == (200, "image/png")
    with pytest.raises(OSError, match=r"truncated|cannot identify"):
        size(brought.content)


@pytest.mark.parametrize("status", [404, 503])
async def test_a_picture_may_be_gone(server: OpenAIImages, client: httpx.AsyncClient, status: int):
    assert (await download(client, server, f"file-{status}")).status_code == status


async def test_a_picture_may_have_moved(server: OpenAIImages, client: httpx.AsyncClient):
    brought = await download(client, server, "file-redirect", follow_redirects=True)

    assert brought.content == server.picture
    assert len(server.downloads) == 2


async def test_a_picture_may_have_moved_to_where_no_one_should_go(
    server: OpenAIImages, client: httpx.AsyncClient
):
    server.private = "http://10.0.0.1/"
    brought = await download(client, server, "file-redirect-private")

    assert (brought.status_code, brought.headers["location"]) == (302, "http://10.0.0.1/")


async def test_a_picture_may_lead_in_a_circle(server: OpenAIImages, client: httpx.AsyncClient):
    with pytest.raises(httpx.TooManyRedirects):
        await download(client, server, "file-redirect-loop", follow_redirects=True)


async def test_who_follows_the_redirect_of_a_paid_call_pays_twice(
    server: OpenAIImages, client: httpx.AsyncClient
):
    assert (await ask(client, server, "redirect")).status_code == 307
    assert server.paid == {"redirect": 1}

    client.follow_redirects = True
    [item] = (await ask(client, server, "redirect")).json()["data"]

    assert size((await client.get(item["url"])).content) == (64, 64)
    assert server.paid == {"redirect": 3}
