import asyncio
import time

import httpx
import pytest

from tests.servers import faults
from tests.servers.conftest import talk
from tests.servers.openai_chat import SAYS, OpenAIChat


@pytest.mark.parametrize(("model", "kind"), [("html", "text/html"), ("notjson", "application/")])
async def test_an_answer_may_be_no_json(
    chat: OpenAIChat, client: httpx.AsyncClient, model: str, kind: str
):
    answer = await talk(client, chat, model)

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(kind)
    with pytest.raises(ValueError, match="Expecting value"):
        answer.json()


async def test_an_error_may_give_the_key_away(chat: OpenAIChat, client: httpx.AsyncClient):
    answer = await talk(client, chat, "echo-401")

    assert answer.status_code == 401
    assert "Bearer sk-canary" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("model", "raises"),
    [
        ("hang", httpx.ReadTimeout),
        ("reset", httpx.ReadError),
        ("close", httpx.RemoteProtocolError),
        ("truncated", httpx.RemoteProtocolError),
        ("stream-lost", httpx.RemoteProtocolError),
    ],
)
async def test_the_line_may_fail(
    chat: OpenAIChat, client: httpx.AsyncClient, model: str, raises: type[Exception]
):
    with pytest.raises(raises):
        await talk(client, chat, model, timeout=0.3)
    assert chat.paid == {model: 1}


@pytest.mark.parametrize("model", ["drip", "drip-head", "stream-drip"])
async def test_a_dripping_answer_trips_no_read_timeout(
    chat: OpenAIChat, client: httpx.AsyncClient, model: str
):
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.7):
            await talk(client, chat, model, timeout=0.4)


async def test_a_stream_may_end_in_the_middle(chat: OpenAIChat, client: httpx.AsyncClient):
    cut = (await talk(client, chat, "stream-cut")).text

    assert cut.count("data: {") > 3
    assert "[DONE]" not in cut
    assert '"finish_reason": "stop"' not in cut


async def test_a_stream_may_bring_an_error(chat: OpenAIChat, client: httpx.AsyncClient):
    answer = await talk(client, chat, "stream-error")

    assert answer.status_code == 200
    assert answer.text.split("\n\n")[-2].startswith('data: {"error":')


@pytest.mark.parametrize("stream", [False, True])
async def test_a_slow_model_takes_its_time(
    chat: OpenAIChat, client: httpx.AsyncClient, *, stream: bool
):
    started = time.monotonic()
    answer = await talk(client, chat, "slow-0.3", stream=stream)

    assert time.monotonic() - started >= 0.3
    assert stream or answer.json()["choices"][0]["message"]["content"] == SAYS


async def test_an_answer_may_be_too_much(chat: OpenAIChat, client: httpx.AsyncClient):
    assert len((await talk(client, chat, "big")).content) > faults.BIG


async def test_who_follows_the_redirect_of_a_paid_call_pays_twice(
    chat: OpenAIChat, client: httpx.AsyncClient
):
    assert (await talk(client, chat, "redirect")).status_code == 307
    assert chat.paid == {"redirect": 1}

    client.follow_redirects = True
    answer = (await talk(client, chat, "redirect")).json()

    assert answer["choices"][0]["message"]["content"] == SAYS
    assert chat.paid == {"redirect": 3}
