"""What a text model said: OpenAI's chat reply, in one document or as events."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.models.failure import CallFailed, FailureKind

_LINE_END = re.compile(r"\r\n|\n|\r")
_BAD = (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """`sent` and `made` count tokens, where the reply tells."""

    text: str
    sent: int = 0
    made: int = 0


def read_reply(body: bytes) -> Said:
    """CallFailed for a reply that breaks off, was cut, was withheld, or is none.

    Some servers send events although nobody asked for them, and some words in parts.
    """
    whole = body.lstrip()[:1] == b"{"
    try:
        text, reason, usage = _whole(json.loads(body)) if whole else _streamed(body)
    except _BAD:
        raise CallFailed(FailureKind.GARBAGE) from None
    if reason == "content_filter":
        raise CallFailed(FailureKind.REFUSED)
    if reason == "length":  # cut off in the middle
        raise CallFailed(FailureKind.TOO_LARGE)
    if not text.strip():
        raise CallFailed(FailureKind.EMPTY)
    return Said(
        text=text, sent=_count(usage, "prompt_tokens"), made=_count(usage, "completion_tokens")
    )


def _count(usage: Any, name: str) -> int:
    """0 where the reply does not say, or says what is no count."""
    value = usage.get(name) if isinstance(usage, dict) else None
    return value if isinstance(value, int) and value > 0 else 0


def _whole(reply: Any) -> tuple[str, str | None, dict[str, Any]]:
    usage = reply.get("usage") or {}
    if not reply["choices"]:
        return "", None, usage
    choice = reply["choices"][0]
    return _words(choice["message"].get("content")), choice.get("finish_reason"), usage


def _streamed(body: bytes) -> tuple[str, str | None, dict[str, Any]]:
    usage: dict[str, Any] = {}
    text, reason, ended = "", None, False
    events = list(_events(body.decode()))
    for data in events:
        if data == "[DONE]":
            ended = True
            continue
        chunk = json.loads(data)
        if chunk.get("error"):
            raise CallFailed(FailureKind.PROVIDER_DOWN)
        usage = chunk.get("usage") or usage
        for choice in (chunk.get("choices") or [])[:1]:
            text += _words((choice.get("delta") or {}).get("content"))
            reason = choice.get("finish_reason") or reason
    if not events:
        raise ValueError(body)
    if not (ended or reason):
        raise CallFailed(FailureKind.INTERRUPTED)
    return text, reason, usage


def _events(text: str) -> Iterator[str]:
    for line in _LINE_END.split(text):  # str.splitlines would cut inside the JSON too
        name, _, data = line.partition(":")
        if name == "data" and data.strip():
            yield data.strip()


def _words(content: Any) -> str:
    if isinstance(content, list):
        return "".join(part.get("text") or "" for part in content)
    if content is None or isinstance(content, str):
        return content or ""
    raise TypeError(content)
