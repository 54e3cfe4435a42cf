import asyncio
import gc
import signal
import time
from contextlib import suppress
from typing import Any

import aiohttp
import httpx
import pytest

from tests.fakes import png
from tests.servers.conftest import ask
from tests.servers.openai_images import OpenAIImages
from tests.servers.process import provider


async def test_only_this_machine_can_reach_it(server: OpenAIImages):
    assert server.host_port.startswith("127.0.0.1:")
    assert server.base_url == f"http://{server.host_port}/v1"


async def test_two_hundred_at_once_are_served_well(server: OpenAIImages):
    """With aiohttp: two hundred downloads at once through httpx measure httpx."""
    server.picture = png() + bytes(1_500_000)
    wanted = {"model": "slow-0.5", "prompt": "a fox"}

    async def picture(session: aiohttp.ClientSession) -> bytes:
        async with session.post(f"{server.base_url}/images/generations", json=wanted) as answer:
            [item] = (await answer.json())["data"]
        async with session.get(item["url"]) as brought:
            return bytes(await brought.read())

    started = time.monotonic()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        pictures = await asyncio.gather(*(picture(session) for _ in range(200)))

    assert {len(one) for one in pictures} == {len(server.picture)}
    assert (server.paid["slow-0.5"], len(server.downloads)) == (200, 200)
    assert time.monotonic() - started < 10  # mostly 1.5


async def test_it_ends_at_once_whatever_is_under_way(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
):
    models = ["hang", "drip", "drip-head", "slow-60", "big"]
    before = asyncio.all_tasks()
    async with asyncio.TaskGroup() as group:
        async with OpenAIImages() as server:
            for model in models:
                group.create_task(swallow(ask(client, server, model)))
            while server.paid.total() < len(models):  # noqa: ASYNC110 - it is the server's counter
                await asyncio.sleep(0.01)
            started = time.monotonic()
        assert time.monotonic() - started < 1
    assert asyncio.all_tasks() == before
    assert [record for record in caplog.records if record.name == "asyncio"] == []


async def test_connections_that_come_as_it_ends_leave_nothing_behind(
    caplog: pytest.LogCaptureFixture,
):
    async def knock(host_port: str) -> None:
        with suppress(OSError):
            _, writer = await asyncio.open_connection(*host_port.split(":"))
            writer.close()

    for rounds in range(12):
        async with asyncio.TaskGroup() as group, OpenAIImages() as server:
            for _ in range(20):
                group.create_task(knock(server.host_port))
            for _ in range(rounds):
                await asyncio.sleep(0)
    gc.collect()  # an unclosed transport warns now, which fails the test
    assert caplog.records == []


async def swallow(asking: Any) -> None:
    with pytest.raises(httpx.HTTPError):
        await asking


async def test_what_breaks_inside_it_is_told_at_its_end(client: httpx.AsyncClient):
    with pytest.raises(ExceptionGroup, match="the local provider broke"):
        async with OpenAIImages(picture=None) as server:  # type: ignore[arg-type]
            with pytest.raises(httpx.RemoteProtocolError):
                await ask(client, server, "b64")


def test_as_a_process_it_tells_what_it_saw_and_ends_with_its_stdin():
    with provider() as running:
        assert running.host_port.startswith("127.0.0.1:")
        answer = httpx.post(
            f"{running.base_url}/images/generations",
            json={"model": "url", "prompt": "a fox"},
            trust_env=False,
        )
        url = answer.json()["data"][0]["url"]
        assert httpx.get(url, trust_env=False).status_code == 200
        told = running.told()

        assert told["paid"] == {"url": 1}
        assert [request["body"]["prompt"] for request in told["requests"]] == ["a fox"]
        assert len(told["downloads"]) == 1
    assert running.process.returncode == 0


def test_as_a_process_it_dies_with_a_test_that_fails():
    with pytest.raises(ZeroDivisionError), provider() as running:
        _ = 1 / 0
    assert running.process.returncode == -signal.SIGKILL
