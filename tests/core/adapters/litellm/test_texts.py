"""LiteLLM's chat, over real sockets, against the local provider."""

import asyncio
import json
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from importlib import resources

import pytest

from core.adapters.http import Addresses, Clients
from core.adapters.litellm import LiteLLMTexts, text_servers
from core.adapters.litellm.replies import Said, read_reply
from core.adapters.litellm.texts import TextServer
from core.errors import BadSetting
from core.ids import ModelId, ProviderId
from core.models.attempt import Cost
from core.models.failure import CallFailed, FailureKind
from core.models.key import Key
from core.models.provider import Provider
from core.ports.texts import Reply
from tests.servers.openai_chat import SAYS, OpenAIChat

SECRET = "sk-someone's-own-key"  # noqa: S105
CUSTOM = Provider(id=ProviderId("custom"), takes_base_url=True, base_url=None)


@asynccontextmanager
async def texts(**models: str) -> AsyncIterator[LiteLLMTexts]:
    clients = Clients(Addresses.of((), ()), proxy=None, limit=40 * 2**20)
    chosen = {ProviderId(name): model for name, model in models.items()}
    try:
        yield LiteLLMTexts(text_servers([CUSTOM], chosen), clients)
    finally:
        await clients.close()


def key(server: OpenAIChat, provider: str = "custom") -> Key:
    return Key(
        provider=ProviderId(provider),
        secret=SECRET,
        base_url=server.base_url,
        reach=server.host_port,
    )


async def asked(server: OpenAIChat, model: str, provider: str = "custom") -> Reply:
    async with texts() as models:
        await models.ready()
        async with asyncio.timeout(5):
            name = ModelId(f"{provider}/{model}")
            return await models.ask(name, "be brief", "a fox", key(server, provider))


@pytest.mark.parametrize("model", ["say", "stream", "reasoning", "parts", "slow-0.2"])
async def test_what_a_model_says_arrives_whole_streamed_or_not(model):
    async with OpenAIChat() as server:
        reply = await asked(server, model)
    assert reply.text == SAYS
    assert server.paid == {model: 1}
    assert server.invalid == []
    [request] = server.requests
    assert request.headers["authorization"] == f"Bearer {SECRET}"
    assert request.body is not None
    assert request.body["messages"] == [
        {"role": "system", "content": "be brief"},
        {"role": "user", "content": "a fox"},
    ]


FAULTS = {
    "status-401": FailureKind.BAD_KEY,
    "status-402": FailureKind.NO_CREDIT,
    "status-403": FailureKind.BAD_KEY,
    "status-404": FailureKind.NOT_FOUND,
    "status-422": FailureKind.BAD_REQUEST,
    "status-429": FailureKind.RATE_LIMITED,
    "status-500": FailureKind.PROVIDER_DOWN,
    "status-503": FailureKind.PROVIDER_DOWN,
    "no-credit": FailureKind.NO_CREDIT,
    "policy": FailureKind.REFUSED,
    "filtered": FailureKind.REFUSED,
    "length": FailureKind.TOO_LARGE,
    "empty": FailureKind.EMPTY,
    "null": FailureKind.EMPTY,
    "nothing": FailureKind.EMPTY,
    "html": FailureKind.GARBAGE,
    "notjson": FailureKind.GARBAGE,
    "reset": FailureKind.INTERRUPTED,
    "close": FailureKind.INTERRUPTED,
    "truncated": FailureKind.INTERRUPTED,
    "stream-cut": FailureKind.INTERRUPTED,
    "stream-lost": FailureKind.INTERRUPTED,
    "redirect": FailureKind.BLOCKED,
    "big": FailureKind.TOO_LARGE,
}


@pytest.mark.parametrize(("model", "kind"), FAULTS.items(), ids=list(FAULTS))
async def test_every_fault_has_its_kind_and_is_sent_once(model, kind):
    async with OpenAIChat() as server:
        with pytest.raises(CallFailed) as failed:
            await asked(server, model)
    assert failed.value.failure.kind is kind
    assert server.paid == {model: 1}


async def test_the_time_to_wait_is_told():
    async with OpenAIChat() as server:
        with pytest.raises(CallFailed) as failed:
            await asked(server, "status-429")
    assert failed.value.failure.retry_after == 7


@pytest.mark.parametrize("model", ["hang", "drip", "drip-head", "stream-drip"])
async def test_waiting_ends_when_the_caller_says_so_and_nothing_is_sent_again(model):
    async with OpenAIChat() as server, texts() as models:
        await models.ready()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.4):
                await models.ask(ModelId(f"custom/{model}"), "be brief", "a fox", key(server))
    assert server.paid == {model: 1}


async def test_a_failure_carries_no_key_and_no_word_of_the_vendor():
    async with OpenAIChat() as server:
        with pytest.raises(CallFailed) as failed:
            await asked(server, "echo-401")
    error = failed.value
    assert (error.__cause__, error.__context__) == (None, None)
    assert SECRET not in repr(error)


async def test_an_address_inside_is_not_dialled_unless_it_was_allowed():
    async with OpenAIChat() as server, texts() as models:
        stranger = Key(
            provider=ProviderId("custom"), secret=SECRET, base_url=server.base_url, reach=None
        )
        with pytest.raises(CallFailed) as failed:
            await models.ask(ModelId("custom/say"), "be brief", "a fox", stranger)
    assert failed.value.failure.kind is FailureKind.BLOCKED
    assert server.requests == []


async def test_a_relay_has_no_price_that_anybody_knows():
    async with OpenAIChat() as server:
        reply = await asked(server, "gpt-6-luna", "openai")
    assert reply.cost is None


async def test_the_cost_is_estimated_by_the_price_list():
    async with OpenAIChat() as server:
        clients = Clients(Addresses.of([server.host_port], ()), proxy=None, limit=2**20)
        here = Provider(id=ProviderId("openai"), base_url=server.base_url)
        models = LiteLLMTexts([TextServer(provider=here)], clients)
        own = Key(provider=here.id, secret=SECRET)
        try:
            known = await models.ask(ModelId("openai/gpt-6-luna"), "be brief", "a fox", own)
            unknown = await models.ask(ModelId("openai/gpt-mine"), "be brief", "a fox", own)
        finally:
            await clients.close()
    assert known.cost == Cost(amount=42 * Decimal("1e-7") + 17 * Decimal("5e-7"), exact=False)
    assert unknown.cost is None


async def test_the_default_model_is_told_not_to_think_long_and_another_is_not():
    async with OpenAIChat() as server:
        await asked(server, "gpt-6-luna", "openai")
        await asked(server, "gpt-other", "openai")
    first, second = (request.body or {} for request in server.requests)
    assert first["reasoning_effort"] == "low"
    assert set(second) == {"model", "messages"}


async def test_the_operators_choice_comes_first():
    async with texts(custom="qwen", mistral="tiny") as models:
        assert models.defaults[:2] == ("custom/qwen", "mistral/tiny")
        assert "openai/gpt-6-luna" in models.defaults[2:]


def test_a_choice_for_nobody_is_refused_by_its_path():
    with pytest.raises(BadSetting) as refused:
        text_servers([], {ProviderId("nobody"): "x"})
    assert refused.value.path == "texts.models.nobody"


def test_what_has_no_server_cannot_be_asked():
    demo = Provider(id=ProviderId("demo"), takes_key=False, needs_key=False)
    assert "demo" not in {server.provider.id for server in text_servers([demo], {})}


def test_every_model_that_is_shipped_is_known_to_litellm_and_not_about_to_end():
    """Those that its list has no prices for are named here, so that nobody adds one unseen."""
    package = resources.files("litellm")
    listed = json.loads((package / "model_prices_and_context_window_backup.json").read_text())
    table = resources.files("core.adapters.litellm") / "texts.toml"
    strange = []
    for server in tomllib.loads(table.read_text("utf-8"))["servers"]:
        model = server.get("model")
        if model is None:
            continue
        found = listed.get(f"{server['provider']}/{model}") or listed.get(model)
        if found is None:
            strange.append(server["provider"])
        else:
            assert found["mode"] == "chat"
            assert "deprecation_date" not in found
    assert strange == ["openrouter", "siliconflow"]


def chunk(**more: object) -> bytes:
    said = {"choices": [{"delta": {"content": "a\u2028fox"}, "finish_reason": "stop"}], **more}
    return f"data: {json.dumps(said, ensure_ascii=False)}\r\n\r\n".encode()


WHOLE = {"choices": [{"message": {"content": "a fox"}}]}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (chunk(), Said(text="a\u2028fox")),
        (chunk(error=None, usage=[1]), Said(text="a\u2028fox")),
        (b": waiting\n\n" + chunk(), Said(text="a\u2028fox")),
        (json.dumps(WHOLE).encode(), Said(text="a fox")),
        (json.dumps({**WHOLE, "usage": {"prompt_tokens": "1.5"}}).encode(), Said(text="a fox")),
        (
            json.dumps({**WHOLE, "usage": {"prompt_tokens": 3, "completion_tokens": 2}}).encode(),
            Said(text="a fox", sent=3, made=2),
        ),
    ],
)
def test_a_reply_is_read_whatever_is_odd_about_it(body, said):
    assert read_reply(body) == said


@pytest.mark.parametrize(
    "body", [b"<html>", b"[]", b"{}", b'{"choices": 1}', b"data: {\n\n", b"\xff", b"data: []\n\n"]
)
def test_what_is_no_reply_is_garbage(body):
    with pytest.raises(CallFailed) as failed:
        read_reply(body)
    assert failed.value.failure.kind is FailureKind.GARBAGE


@pytest.mark.parametrize("model", ["gpt-5-pro", "gpt-5-codex", "o1-pro", "qwen/qwen3", "gpt-4o:a"])
async def test_every_model_is_asked_at_the_chat_api_through_the_guarded_client(model):
    async with OpenAIChat(plays={"o1-pro": "say", "qwen/qwen3": "say"}) as server:
        assert (await asked(server, model)).text == SAYS
    [request] = server.requests
    assert (request.path, (request.body or {})["model"]) == ("/v1/chat/completions", model)
