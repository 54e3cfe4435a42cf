"""What a chat completion is asked with: the user's words, and what a strict server finds wrong."""

from collections.abc import Iterator
from typing import Any, Final

from tests.servers.refusals import said
from tests.servers.wire import Reply

ROLES: Final = frozenset({"system", "user", "assistant", "developer"})
# of POST /chat/completions, November 2026; the calling of tools and functions is left out
KNOWN_FIELDS: Final = frozenset(
    {"model", "messages", "stream", "stream_options", "max_tokens", "max_completion_tokens", "n"}
    | {"temperature", "top_p", "presence_penalty", "frequency_penalty", "stop", "seed", "user"}
    | {"response_format", "reasoning_effort", "verbosity", "logit_bias", "logprobs"}
    | {"top_logprobs", "store", "metadata", "service_tier", "safety_identifier", "modalities"}
    | {"moderation", "prediction", "prompt_cache_key", "prompt_cache_options"}
    | {"prompt_cache_retention"}
)


def words(content: Any) -> str:
    """The text of a message, which may be in parts."""
    if isinstance(content, list):
        return "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


def user_message(body: dict[str, Any]) -> str:
    """The last that the user says."""
    theirs = [message for message in _messages(body) if message.get("role") == "user"]
    return words(theirs[-1].get("content")) if theirs else ""


def findings(body: dict[str, Any]) -> list[str]:
    """What OpenAI would refuse in it, one line each."""
    wrong = [f"$: unknown field {name!r}" for name in sorted(body.keys() - KNOWN_FIELDS)]
    if not isinstance(body.get("model"), str):
        wrong.append("$.model: no string")
    if not isinstance(body.get("stream", False), bool):
        wrong.append("$.stream: no boolean")
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        return [*wrong, "$.messages: no list of messages"]
    return [*wrong, *(line for at, one in enumerate(messages) for line in _of_message(at, one))]


def _of_message(at: int, message: Any) -> Iterator[str]:
    where = f"$.messages[{at}]"
    if not isinstance(message, dict):
        yield f"{where}: no object"
        return
    for name in sorted(message.keys() - {"role", "content", "name"}):
        yield f"{where}: unknown field {name!r}"
    if message.get("role") not in ROLES:
        yield f"{where}.role: {message.get('role')!r}"
    if not _is_content(message.get("content")):
        yield f"{where}.content: neither a text nor parts of one"


def _is_content(content: Any) -> bool:
    if isinstance(content, list):
        return bool(content) and all(_is_part(part) for part in content)
    return isinstance(content, str)


def _is_part(part: Any) -> bool:
    return (
        isinstance(part, dict)
        and part.keys() == {"type", "text"}
        and part["type"] == "text"
        and isinstance(part["text"], str)
    )


def bad_body(body: dict[str, Any] | None) -> Reply | None:
    """The refusal of what even a lenient server cannot answer."""
    if body is None:
        return said(400, "We could not parse the JSON body of your request.")
    if not body.get("model"):
        return said(400, "you must provide a model parameter")
    if "messages" not in body:
        return said(
            400,
            "Missing required parameter: 'messages'.",
            code="missing_required_parameter",
            param="messages",
        )
    if not _messages(body):
        return said(400, "Invalid type for 'messages'.", code="invalid_type", param="messages")
    return None


def _messages(body: dict[str, Any]) -> list[dict[str, Any]]:
    messages = body.get("messages")
    listed = messages if isinstance(messages, list) else []
    return [message for message in listed if isinstance(message, dict)]
