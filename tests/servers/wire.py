"""HTTP/1.1 by hand over asyncio streams: proper answers, and the faults of a bad line."""

import asyncio
import json
import struct
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from socket import SO_LINGER, SOL_SOCKET, socket
from typing import Any, Self

_PIECE = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as it came, its headers' names in lower case, its body when that was an object."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: dict[str, Any] | None
    at: float  # time.monotonic()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    status: int = 200
    body: bytes = b""
    kind: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    after: float = 0.0  # seconds
    claims: int | None = None  # the length it speaks of, when not the true one
    sized: bool = True  # else only the end of the connection says where the body ends

    def truncated(self) -> Self:
        return replace(self, body=self.body[: len(self.body) // 2], claims=len(self.body))

    @property
    def keeps_alive(self) -> bool:
        return self.sized and self.claims is None

    def head(self) -> bytes:
        known = {status.value: status.phrase for status in HTTPStatus}
        lines = [f"HTTP/1.1 {self.status} {known.get(self.status, 'Unknown')}"]
        headers = {"content-type": self.kind, **self.headers}
        if self.sized:
            length = len(self.body) if self.claims is None else self.claims
            headers["content-length"] = str(length)
        if not self.keeps_alive:
            headers["connection"] = "close"
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")


Fault = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Answer = Reply | Fault


async def read(reader: asyncio.StreamReader) -> Request | None:
    """The next request on this connection; None when the client has gone."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.strip().split("\r\n")
        pairs = (line.partition(":") for line in lines)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
    except asyncio.IncompleteReadError:
        return None
    method, path, _ = first.split(" ")
    return Request(
        method=method, path=path, headers=headers, body=_object(body), at=time.monotonic()
    )


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        parsed = json.loads(body)
    except ValueError:
        return None
    return parsed if isinstance(parsed, dict) else None


async def send(reply: Reply, writer: asyncio.StreamWriter) -> None:
    """Send it down to the kernel: the writer has no buffer of its own."""
    await asyncio.sleep(reply.after)
    writer.write(reply.head())
    body = memoryview(reply.body)
    for start in range(0, len(body), _PIECE):
        writer.write(body[start : start + _PIECE])
        await writer.drain()
    await writer.drain()


async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:  # noqa: ARG001
    """Say nothing until the client goes away."""
    while await reader.read(_PIECE):
        pass


async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:  # noqa: ARG001
    line: socket = writer.get_extra_info("socket")
    line.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))  # closing it sends RST


async def close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Hang up without a word."""


async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A good head, then a byte every tenth of a second: no single read ever times out."""
    writer.write(Reply(claims=10**6).head())
    await drops(reader, writer, b" ")


async def drip_head(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nx-slow: ")
    await drops(reader, writer, b"o")


async def drops(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, drop: bytes) -> None:
    """The same few bytes ten times a second, until the client goes away."""
    while not reader.at_eof():
        writer.write(drop)
        await writer.drain()
        await asyncio.sleep(0.1)
