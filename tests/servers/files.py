"""A server of one file that goes on where it was cut, and what such servers do wrong."""

import asyncio
import re
from dataclasses import dataclass, field, replace

from tests.servers import wire


@dataclass(slots=True)
class Files:
    """Gives `body`, or the piece of it that is asked for; `given` are the lengths that it sent.

    `cuts`: for each of the next answers, after how many bytes the line is lost.
    """

    body: bytes
    etag: str | None = '"one"'
    ranges: bool = True
    kind: str = "application/octet-stream"
    cuts: list[int] = field(default_factory=list)
    given: list[int] = field(default_factory=list)

    def __call__(self, request: wire.Request) -> wire.Reply:
        reply = self._whole()
        asked = re.fullmatch(r"bytes=(\d+)-", request.headers.get("range", ""))
        changed = request.headers.get("if-range", self.etag) != self.etag
        if asked and self.ranges and not changed:
            reply = self._piece(reply, int(asked[1]))
        if self.cuts:
            cut = self.cuts.pop(0)
            reply = replace(reply, body=reply.body[:cut], claims=len(reply.body))
        self.given.append(len(reply.body))
        return reply

    def _whole(self) -> wire.Reply:
        headers = {"etag": self.etag} if self.etag else {}
        return wire.Reply(body=self.body, kind=self.kind, headers=headers)

    def _piece(self, reply: wire.Reply, start: int) -> wire.Reply:
        size = len(self.body)
        if start >= size:
            return replace(
                reply, status=416, body=b"", headers={"content-range": f"bytes */{size}"}
            )
        headers = {**reply.headers, "content-range": f"bytes {start}-{size - 1}/{size}"}
        return replace(reply, status=206, body=self.body[start:], headers=headers)


def stalls(body: bytes, size: int) -> wire.Fault:
    """A good head and the beginning, then nothing until the client goes away."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(wire.Reply(claims=size, kind="application/octet-stream").head() + body)
        await wire.hang(reader, writer)

    return answer
