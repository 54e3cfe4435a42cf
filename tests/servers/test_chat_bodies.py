from typing import Any

import httpx
import pytest

from tests.servers.conftest import talk
from tests.servers.openai_chat import OpenAIChat

USER = [{"role": "user", "content": "a fox"}]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", None),
        (b"[]", None),
        (b'{"messages": []}', None),
        (b'{"model": "say"}', "missing_required_parameter"),
        (b'{"model": "say", "messages": "a fox"}', "invalid_type"),
        (b'{"model": "say", "messages": []}', "invalid_type"),
    ],
)
async def test_a_bad_body_is_refused(
    chat: OpenAIChat, client: httpx.AsyncClient, body: bytes, code: str | None
):
    answer = await client.post(f"{chat.base_url}/chat/completions", content=body)

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)
    assert chat.paid.total() == 1
    assert chat.invalid != []


@pytest.mark.parametrize(
    ("more", "finding"),
    [
        ({"steps": 30}, "$: unknown field 'steps'"),
        ({"drop_params": True}, "$: unknown field 'drop_params'"),
        ({"stream": "yes"}, "$.stream: no boolean"),
        ({"model": 7}, "$.model: no string"),
        ({"messages": [*USER, "a wolf"]}, "$.messages[1]: no object"),
        ({"messages": [{"role": "tool", "content": "a"}]}, "$.messages[0].role: 'tool'"),
        ({"messages": [{**USER[0], "id": 1}]}, "$.messages[0]: unknown field 'id'"),
        (
            {"messages": [{"role": "user", "content": None}]},
            "$.messages[0].content: neither a text nor parts of one",
        ),
        (
            {"messages": [{"role": "user", "content": [{"type": "text"}]}]},
            "$.messages[0].content: neither a text nor parts of one",
        ),
    ],
)
async def test_what_a_strict_server_would_refuse_is_noted(
    chat: OpenAIChat, client: httpx.AsyncClient, more: dict[str, Any], finding: str
):
    await talk(client, chat, **{"model": "say", **more})

    assert chat.invalid == [finding]


async def test_what_openai_takes_is_not_noted(chat: OpenAIChat, client: httpx.AsyncClient):
    for role in ("system", "developer", "assistant", "user"):
        body = {"messages": [{"role": role, "content": "a"}, *USER], "temperature": 0.2}
        await talk(client, chat, "say", max_completion_tokens=500, stream=False, **body)

    assert chat.invalid == []
