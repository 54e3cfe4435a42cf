"""Server-sent events by hand: in chunks whose seams go through events and through characters."""

import asyncio
import json
from collections.abc import Iterable
from typing import Any, Final

from tests.servers import wire
from tests.servers.wire import Fault

DONE: Final = b"data: [DONE]\n\n"
_HEAD: Final = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\n"
    b"cache-control: no-cache\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n"
)
_PIECE: Final = 61  # bytes; shorter than any event


def event(content: Any) -> bytes:
    """Characters as they are, as OpenAI sends them; half ones of UTF-16 become question marks."""
    return b"data: %b\n\n" % json.dumps(content, ensure_ascii=False).encode(errors="replace")


def streamed(events: Iterable[bytes], *, after: float = 0.0, ends: bool = True) -> Fault:
    """`after` in seconds. One that does not end loses its connection after the last event."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:  # noqa: ARG001
        await asyncio.sleep(after)
        writer.write(_HEAD)
        body = b"".join(events)
        for start in range(0, len(body), _PIECE):
            writer.write(_chunk(body[start : start + _PIECE]))
            await writer.drain()
            await asyncio.sleep(0)  # who reads on this same loop gets each by itself
        if ends:
            writer.write(_chunk(b""))
            await writer.drain()

    return answer


def dripping(event: bytes) -> Fault:
    """A stream of the same event every tenth of a second, without an end."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(_HEAD)
        await wire.drops(reader, writer, _chunk(event))

    return answer


def _chunk(piece: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(piece), piece)
