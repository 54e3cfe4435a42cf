import asyncio
import signal
import time

import httpx
import pytest

from tests.servers.conftest import talk
from tests.servers.openai_chat import SAYS, OpenAIChat
from tests.servers.process import Provider, chat_provider
from tests.servers.test_running import swallow


async def test_only_this_machine_can_reach_it(chat: OpenAIChat):
    assert chat.host_port.startswith("127.0.0.1:")
    assert chat.base_url == f"{chat.origin}/v1" == f"http://{chat.host_port}/v1"


async def test_it_ends_at_once_whatever_is_under_way(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
):
    models = ["hang", "drip", "drip-head", "slow-60", "big", "stream-drip"]
    before = asyncio.all_tasks()
    async with asyncio.TaskGroup() as group:
        async with OpenAIChat() as chat:
            for model in models:
                group.create_task(swallow(talk(client, chat, model)))
            group.create_task(swallow(talk(client, chat, "slow-60", stream=True)))
            while chat.paid.total() <= len(models):  # noqa: ASYNC110 - it is the server's counter
                await asyncio.sleep(0.01)
            started = time.monotonic()
        assert time.monotonic() - started < 1
    assert asyncio.all_tasks() == before
    assert [record for record in caplog.records if record.name == "asyncio"] == []


async def test_what_breaks_inside_it_is_told_at_its_end(client: httpx.AsyncClient):
    def breaks(_: str) -> str:
        raise ZeroDivisionError

    with pytest.raises(ExceptionGroup, match="the local provider broke"):
        async with OpenAIChat(says=breaks) as chat:
            with pytest.raises(httpx.RemoteProtocolError):
                await talk(client, chat, "say")


def asked(running: Provider, model: str) -> str:
    body = {"model": model, "messages": [{"role": "user", "content": "a fox"}], "wrong": 1}
    answer = httpx.post(f"{running.base_url}/chat/completions", json=body, trust_env=False)
    said: str = answer.json()["choices"][0]["message"]["content"]
    return said


def test_as_a_process_it_tells_what_it_saw_and_ends_with_its_stdin():
    with chat_provider() as running:
        assert running.host_port.startswith("127.0.0.1:")
        assert asked(running, "say") == SAYS
        told = running.told()

        assert (told["paid"], running.paid) == ({"say": 1}, {"say": 1})
        assert [request["body"]["model"] for request in told["requests"]] == ["say"]
        assert told["invalid"] == ["$: unknown field 'wrong'"]
    assert running.process.returncode == 0


def test_as_a_process_it_says_what_it_is_started_with():
    with chat_provider("雪地里的狐狸", {"deepseek-chat": "rude"}) as running:
        assert asked(running, "say") == "雪地里的狐狸"
        assert asked(running, "deepseek-chat") == "No. Do it yourself."
    assert running.process.returncode == 0


def test_as_a_process_it_dies_with_a_test_that_fails():
    with pytest.raises(ZeroDivisionError), chat_provider() as running:
        _ = 1 / 0
    assert running.process.returncode == -signal.SIGKILL
