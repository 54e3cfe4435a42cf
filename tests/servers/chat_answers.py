"""What each text model of the local chat provider does: its name says it.

say good                  what the server `says`, with usage; so does every `gpt-*`
echo                      the user's message, unchanged
stream                    as say, but as events, though nobody asked for them
chatty think reasoning parts    as say, wrapped in chatter and a code fence; behind <think>; with
                          `reasoning_content` beside it; as a list of text parts
refuses rude poem         a polite no, a rude one, something else altogether
mangles                   echo, but of ⟦1⟧ ⟦2⟧ ⟦3⟧ ... each odd one is gone and each even one [2]
flags                     echo with " --ar 1:1 --no people" inside
length filtered           as say, cut in the middle by finish_reason "length"; "content_filter"
empty null nothing        content "", content null, no choices
slow-2.5                  waits, then as say
status-429 no-credit policy flagged             refusals in OpenAI's words
echo-401                  an error that gives the Authorization header away, with that status
html notjson              answers that are no JSON
redirect                  307 of the POST to another path of this server
stream-cut                events, in the middle a proper end of the answer, without [DONE]
stream-lost               events, in the middle the connection is lost
stream-error              events, in the middle one with an error, then the end
stream-drip               an event every tenth of a second, without an end
hang reset close drip drip-head truncated big   a bad line, or too much

When the request says `"stream": true`, those from `say` to `slow-2.5`, but for `nothing`, answer
with events. A tag makes more models of one: `echo:a`, `echo:b`.
"""

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tests.servers import sse
from tests.servers.chat_bodies import user_message, words
from tests.servers.chat_refusals import refusal
from tests.servers.faults import BIG, LINE, echoes_key, html, notjson, plain, to
from tests.servers.wire import Answer, Reply, Request

USAGE: Final = {
    "prompt_tokens": 42,
    "completion_tokens": 17,
    "total_tokens": 59,
    "prompt_tokens_details": {"cached_tokens": 0},
    "completion_tokens_details": {"reasoning_tokens": 0},
}
POEM: Final = (
    "The tide comes in, the tide goes out,\nthe kettle sings its song;\n"
    "my neighbour's clock has lost its tick\nand never gets it wrong."
)
FLAGS: Final = "--ar 1:1 --no people"
_TOKEN: Final = 4  # characters in one event


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One POST, and what there is to answer it with."""

    request: Request
    model: str
    says: str | Callable[[str], str]
    origin: str  # http://127.0.0.1:PORT

    @property
    def body(self) -> dict[str, Any]:
        return self.request.body or {}

    @property
    def message(self) -> str:
        return user_message(self.body)

    @property
    def said(self) -> str:
        return self.says(self.message) if callable(self.says) else self.says


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    content: str | list[dict[str, str]] | None
    finish: str = "stop"
    reasoning: str | None = None


def answer(call: Call, part: str) -> Answer:
    if part in _MESSAGES:
        return completion(call, _MESSAGES[part](call))
    if part in _OTHERS:
        return _OTHERS[part](call)
    if part in LINE:
        return LINE[part]
    if part.startswith("gpt-"):
        return completion(call, say(call))
    if match := re.fullmatch(r"(slow|status|echo)-(\d+(?:\.\d+)?)", part):
        name, number = match[1], float(match[2])
        if name == "slow":
            return completion(call, say(call), after=number)
        if name == "status":
            return refusal(str(int(number)), call.model)
        return echoes_key(call.request, int(number))
    return refusal("404", call.model)


def names() -> list[str]:
    return sorted({*_MESSAGES, *_OTHERS, *LINE})


def completion(call: Call, message: Message, *, after: float = 0.0) -> Answer:
    """One JSON document, or events when those were asked for; `after` in seconds."""
    if call.body.get("stream") is True:
        return sse.streamed(events(call, message), after=after)
    said: dict[str, Any] = {"role": "assistant", "content": message.content, "refusal": None}
    if message.reasoning is not None:
        said["reasoning_content"] = message.reasoning
    choice = {"index": 0, "message": said, "logprobs": None, "finish_reason": message.finish}
    whole = _envelope(call, "chat.completion", choices=[choice], usage=USAGE)
    text = json.dumps(whole, ensure_ascii=False)
    return Reply(body=text.encode(errors="replace"), after=after)


def events(call: Call, message: Message) -> Iterator[bytes]:
    """As OpenAI sends them: the role, the words, the reason, the usage if asked for, the end."""
    yield _delta(call, {"role": "assistant", "content": "", "refusal": None})
    if message.reasoning is not None:
        yield _delta(call, {"reasoning_content": message.reasoning})
    if isinstance(message.content, list):
        yield _delta(call, {"content": message.content})
    else:
        text = words(message.content)
        for start in range(0, len(text), _TOKEN):
            yield _delta(call, {"content": text[start : start + _TOKEN]})
    yield _delta(call, {}, message.finish)
    if (call.body.get("stream_options") or {}).get("include_usage"):
        yield sse.event(_envelope(call, "chat.completion.chunk", choices=[], usage=USAGE))
    yield sse.DONE


def _delta(call: Call, delta: Mapping[str, Any], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    return sse.event(_envelope(call, "chat.completion.chunk", choices=[choice]))


def _envelope(call: Call, kind: str, **more: Any) -> dict[str, Any]:
    made = int(time.time())
    return {"id": "chatcmpl-test", "object": kind, "created": made, "model": call.model, **more}


def say(call: Call) -> Message:
    return Message(content=call.said)


def chatty(call: Call) -> Message:
    fence = f"```\n{call.said}\n```"
    before, after = "Sure, here is the enhanced prompt:", "Let me know if you would like changes!"
    return Message(content=f"{before}\n\n{fence}\n{after}")


def think(call: Call) -> Message:
    thoughts = "<think>\nThey want a picture. I shall describe the light.\n</think>\n\n"
    return Message(content=thoughts + call.said)


def mangles(call: Call) -> Message:
    def mangled(match: re.Match[str]) -> str:
        return "" if int(match[1]) % 2 else f"[{match[1]}]"

    return Message(content=re.sub(r"⟦(\d+)⟧", mangled, call.message))


def flags(call: Call) -> Message:
    spoken = call.message.split(" ")
    half = (len(spoken) + 1) // 2
    return Message(content=" ".join([*spoken[:half], FLAGS, *spoken[half:]]))


def length(call: Call) -> Message:
    said = call.said
    return Message(content=said[: len(said) // 2], finish="length")


def truncated(call: Call) -> Reply:
    whole = _envelope(call, "chat.completion", choices=[{"message": {"content": call.said}}])
    return plain(whole).truncated()


def big() -> Reply:
    return Reply(body=b'{"choices": [{"message": {"content": "%s"}}]}' % (b"A" * BIG))


def half(call: Call) -> list[bytes]:
    """The beginning of a stream, up to the middle of its words."""
    whole = list(events(call, say(call)))
    return whole[: len(whole) // 2]


_CRASH: Final = sse.event({"error": {"message": "The server had an error.", "code": 502}})

_MESSAGES: Final[Mapping[str, Callable[[Call], Message]]] = {
    "say": say,
    "good": say,
    "echo": lambda call: Message(content=call.message),
    "chatty": chatty,
    "think": think,
    "reasoning": lambda call: Message(
        content=call.said, reasoning="They want a picture. I shall describe the light."
    ),
    "parts": lambda call: Message(content=[{"type": "text", "text": call.said}]),
    "refuses": lambda _: Message(content="I'm sorry, but I can't assist with that."),
    "rude": lambda _: Message(content="No. Do it yourself."),
    "poem": lambda _: Message(content=POEM),
    "mangles": mangles,
    "flags": flags,
    "length": length,
    "filtered": lambda _: Message(content="", finish="content_filter"),
    "empty": lambda _: Message(content=""),
    "null": lambda _: Message(content=None),
}

_OTHERS: Final[Mapping[str, Callable[[Call], Answer]]] = {
    "stream": lambda call: sse.streamed(events(call, say(call))),
    "stream-cut": lambda call: sse.streamed(half(call)),
    "stream-lost": lambda call: sse.streamed(half(call), ends=False),
    "stream-error": lambda call: sse.streamed([*half(call), _CRASH]),
    "stream-drip": lambda call: sse.dripping(_delta(call, {"content": "so "})),
    "nothing": lambda call: plain(_envelope(call, "chat.completion", choices=[], usage=USAGE)),
    "no-credit": lambda call: refusal("no-credit", call.model),
    "policy": lambda call: refusal("policy", call.model),
    "flagged": lambda call: refusal("flagged", call.model),
    "html": lambda _: html(),
    "notjson": lambda _: notjson(),
    "redirect": lambda call: to(f"{call.origin}/elsewhere/chat/completions", 307),
    "truncated": truncated,
    "big": lambda _: big(),
}
