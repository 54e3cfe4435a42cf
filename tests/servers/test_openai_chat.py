import json
from typing import Any

import httpx
import pytest

from tests.servers import chat_answers, chat_bodies
from tests.servers.conftest import talk
from tests.servers.openai_chat import SAYS, OpenAIChat

USER = [{"role": "user", "content": "a fox"}]
FOX = "狐狸在雪地里 🦊, soft light"


def events(answer: httpx.Response) -> list[Any]:
    """What an answer of events brought, without the mark of its end."""
    assert answer.headers["content-type"].startswith("text/event-stream")
    *lines, end, nothing = answer.text.split("\n\n")
    assert (end, nothing) == ("data: [DONE]", "")
    return [json.loads(line.removeprefix("data: ")) for line in lines]


def content(chunks: list[Any]) -> str:
    deltas = [choice["delta"] for chunk in chunks for choice in chunk["choices"]]
    return "".join(chat_bodies.words(delta.get("content")) for delta in deltas)


@pytest.mark.parametrize("model", ["say", "good", "say:b", "gpt-5-mini", "slow-0"])
async def test_a_good_model_says_what_it_is_given_to_say(
    chat: OpenAIChat, client: httpx.AsyncClient, model: str
):
    answer = (await talk(client, chat, model)).json()
    [choice] = answer["choices"]

    assert choice["message"] == {"role": "assistant", "content": SAYS, "refusal": None}
    assert (choice["finish_reason"], answer["model"]) == ("stop", model)
    assert answer["usage"]["total_tokens"] == 59
    assert chat.paid == {model: 1}
    assert chat.invalid == []


async def test_what_it_says_may_depend_on_what_it_hears(
    chat: OpenAIChat, client: httpx.AsyncClient
):
    chat.says = lambda message: f"{message}, in oil"
    answer = (await talk(client, chat, "say", "a wolf")).json()

    assert answer["choices"][0]["message"]["content"] == "a wolf, in oil"


async def test_requests_are_kept_as_they_came(chat: OpenAIChat, client: httpx.AsyncClient):
    await client.post(f"{chat.base_url}/chat/completions", json={"model": "say", "messages": USER})
    [request] = chat.requests

    assert (request.method, request.path) == ("POST", "/v1/chat/completions")
    assert request.body == {"model": "say", "messages": USER}


@pytest.mark.parametrize(
    ("model", "heard", "said"),
    [
        ("echo", FOX, FOX),
        ("echo:a", [{"type": "text", "text": "a "}, {"type": "text", "text": "fox"}], "a fox"),
        ("chatty", "", f"Sure, here is the enhanced prompt:\n\n```\n{SAYS}\n```\nLet me know if "),
        ("think", "", "<think>\n"),
        ("reasoning", "", SAYS),
        ("refuses", "", "I'm sorry, but I can't assist with that."),
        ("rude", "", "No. Do it yourself."),
        ("poem", "", "The tide comes in"),
        ("mangles", "a ⟦1⟧ fox ⟦2⟧ ⟦3⟧", "a  fox [2] "),
        ("mangles", "a fox", "a fox"),
        ("flags", "a red fox in snow", "a red fox --ar 1:1 --no people in snow"),
        ("flags", "fox", "fox --ar 1:1 --no people"),
        ("empty", "", ""),
    ],
)
@pytest.mark.parametrize("stream", [{}, {"stream": True}], ids=["whole", "events"])
async def test_each_model_says_its_own(
    chat: OpenAIChat,
    client: httpx.AsyncClient,
    model: str,
    heard: Any,
    said: str,
    stream: dict[str, bool],
):
    answer = await talk(client, chat, model, heard, **stream)
    whole = (
        content(events(answer)) if stream else answer.json()["choices"][0]["message"]["content"]
    )

    assert whole.startswith(said) if said else whole == ""
    assert chat.invalid == []


async def test_thoughts_come_before_the_words_or_beside_them(
    chat: OpenAIChat, client: httpx.AsyncClient
):
    [before] = (await talk(client, chat, "think")).json()["choices"]
    [beside] = (await talk(client, chat, "reasoning")).json()["choices"]

    assert before["message"]["content"].endswith(f"</think>\n\n{SAYS}")
    assert beside["message"]["content"] == SAYS
    assert beside["message"]["reasoning_content"].startswith("They want")


async def test_an_answer_may_come_in_parts(chat: OpenAIChat, client: httpx.AsyncClient):
    whole = (await talk(client, chat, "parts")).json()["choices"][0]["message"]["content"]
    chunks = events(await talk(client, chat, "parts", stream=True))

    assert whole == [{"type": "text", "text": SAYS}]
    assert content(chunks) == SAYS


@pytest.mark.parametrize(
    ("model", "text", "finish"),
    [
        ("length", SAYS[: len(SAYS) // 2], "length"),
        ("filtered", "", "content_filter"),
        ("null", None, "stop"),
    ],
)
async def test_an_answer_may_say_why_it_is_short(
    chat: OpenAIChat, client: httpx.AsyncClient, model: str, text: str | None, finish: str
):
    [choice] = (await talk(client, chat, model)).json()["choices"]
    *_, last = events(await talk(client, chat, model, stream=True))

    assert (choice["message"]["content"], choice["finish_reason"]) == (text, finish)
    assert last["choices"][0]["finish_reason"] == finish


async def test_an_answer_may_have_no_choices(chat: OpenAIChat, client: httpx.AsyncClient):
    assert (await talk(client, chat, "nothing")).json()["choices"] == []


@pytest.mark.parametrize(
    ("model", "more"), [("stream", {}), ("say", {"stream": True}), ("slow-0", {"stream": True})]
)
async def test_words_may_come_as_events(
    chat: OpenAIChat, client: httpx.AsyncClient, model: str, more: dict[str, Any]
):
    chat.says = FOX
    chunks = events(await talk(client, chat, model, **more))

    assert content(chunks) == FOX
    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
    assert chunks[0]["choices"][0]["delta"]["role"] == "assistant"
    assert chunks[-1]["choices"][0]["finish_reason"] == "stop"


async def test_the_seams_of_a_stream_go_through_its_characters(
    chat: OpenAIChat, client: httpx.AsyncClient
):
    chat.says = FOX
    body = {"model": "stream", "messages": USER}
    async with client.stream("POST", f"{chat.base_url}/chat/completions", json=body) as answer:
        pieces = [piece async for piece in answer.aiter_raw()]

    assert len(pieces) > 10
    assert any(piece.decode(errors="replace").endswith("\ufffd") for piece in pieces)


async def test_a_stream_tells_its_usage_only_when_asked(
    chat: OpenAIChat, client: httpx.AsyncClient
):
    asked = {"stream": True, "stream_options": {"include_usage": True}}
    plain = events(await talk(client, chat, "say", stream=True))
    *_, last = events(await talk(client, chat, "say", **asked))

    assert [chunk for chunk in plain if "usage" in chunk] == []
    assert (last["choices"], last["usage"]) == ([], chat_answers.USAGE)


@pytest.mark.parametrize(
    ("model", "status", "kind", "code"),
    [
        ("status-400", 400, "invalid_request_error", "unsupported_parameter"),
        ("status-401", 401, "invalid_request_error", "invalid_api_key"),
        ("status-402", 402, "insufficient_credits", "payment_required"),
        ("status-403", 403, "invalid_request_error", "missing_scope"),
        ("status-404", 404, "invalid_request_error", "model_not_found"),
        ("status-422", 422, "invalid_request_error", "invalid_type"),
        ("status-429", 429, "requests", "rate_limit_exceeded"),
        ("status-500", 500, "server_error", None),
        ("status-503", 503, "service_unavailable_error", None),
        ("no-credit", 429, "insufficient_quota", "insufficient_quota"),
        ("policy", 400, None, "content_filter"),
        ("flagged", 400, "invalid_request_error", "invalid_prompt"),
        ("nobody/knows", 404, "invalid_request_error", "model_not_found"),
        ("wait-5", 404, "invalid_request_error", "model_not_found"),
    ],
)
async def test_a_refusal_speaks_as_openai_does(
    chat: OpenAIChat,
    client: httpx.AsyncClient,
    model: str,
    status: int,
    kind: str | None,
    code: str | None,
):
    answer = await talk(client, chat, model)
    error = answer.json()["error"]

    assert (answer.status_code, error["type"], error["code"]) == (status, kind, code)
    assert answer.headers.get("retry-after") == ("7" if model == "status-429" else None)
    assert chat.paid == {model: 1}


async def test_a_model_may_play_the_part_of_another(chat: OpenAIChat, client: httpx.AsyncClient):
    chat.plays["deepseek-chat"] = "rude"
    answer = (await talk(client, chat, "deepseek-chat")).json()

    assert answer["choices"][0]["message"]["content"] == "No. Do it yourself."
    assert chat.paid == {"deepseek-chat": 1}


@pytest.mark.parametrize(
    ("header", "code"),
    [(None, None), ("Bearer sk-wrong", "invalid_api_key"), ("Key sk-right", "invalid_api_key")],
)
async def test_a_wrong_key_is_refused_everywhere(
    chat: OpenAIChat, client: httpx.AsyncClient, header: str | None, code: str | None
):
    chat.keys = {"sk-right"}
    client.headers.update({"Authorization": header} if header else {})
    body = {"model": "say", "messages": USER}
    listed = await client.get(f"{chat.base_url}/models")
    answered = await client.post(f"{chat.base_url}/chat/completions", json=body)

    for answer in (listed, answered):
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, code)
    assert chat.paid == {"say": 1}


async def test_the_models_are_listed(chat: OpenAIChat, client: httpx.AsyncClient):
    chat.plays["deepseek-chat"] = "say"
    listed = (await client.get(f"{chat.base_url}/models")).json()["data"]

    assert {"say", "hang", "stream-cut", "deepseek-chat"} <= {model["id"] for model in listed}
    assert chat.paid.total() == 0


async def test_every_listed_model_is_described():
    described = (chat_answers.__doc__ or "").split()
    assert [name for name in chat_answers.names() if name not in described] == []


async def test_another_path_is_unknown(chat: OpenAIChat, client: httpx.AsyncClient):
    assert (await client.get(f"{chat.base_url}/chat/completions")).status_code == 404
    assert (await client.post(f"{chat.base_url}/responses", json={})).status_code == 404
    assert chat.paid.total() == 0


@pytest.mark.parametrize("stream", [False, True])
async def test_half_a_character_breaks_nothing(
    chat: OpenAIChat, client: httpx.AsyncClient, *, stream: bool
):
    messages = [{"role": "user", "content": "half \ud83e"}]
    body = json.dumps({"model": "echo", "messages": messages, "stream": stream})
    answer = await client.post(f"{chat.base_url}/chat/completions", content=body)

    assert "?" in answer.text
