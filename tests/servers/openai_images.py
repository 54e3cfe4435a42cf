"""A local provider for tests: speaks OpenAI's images API over real sockets, on this machine only.

    async with OpenAIImages() as server:
        ...  # server.base_url, server.paid, server.requests

`answers` lists the models and what they do, `local` says how it runs as a process.
"""

import asyncio
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

from typing_extensions import override

from tests.fakes import png
from tests.servers import answers, refusals, spec
from tests.servers.local import LocalProvider, until_stdin_closes
from tests.servers.wire import Answer, Reply, Request


@dataclass(slots=True, kw_only=True)
class OpenAIImages(LocalProvider):
    """`invalid` holds the bodies for gpt-image-* models to OpenAI's spec."""

    PAID: ClassVar[str] = "/images/generations"

    strict: bool = False  # fields that the GPT image models do not know are refused
    picture: bytes = field(default_factory=lambda: png("teal", (64, 64)))
    pictures_per_reply: int | None = None  # None: as many as `n` asks for
    distinct: bool = False  # every PNG gets its number inside, so that no two are equal
    private: str = "http://127.0.0.1:1/"  # where `file-redirect-private` points

    downloads: list[Request] = field(default_factory=list)

    _files: dict[str, Answer] = field(default_factory=dict)
    _painted: int = 0

    @override
    def _aside(self, request: Request) -> Answer | None:
        if not request.path.startswith("/files/"):
            return None
        self.downloads.append(request)
        return self._files.get(request.path, Reply(status=404))

    @override
    def _findings(self, model: str, body: dict[str, Any]) -> list[str]:
        held = model.startswith("gpt-image-")
        return spec.findings("CreateImageRequest", body) if held else []

    @override
    def _names(self) -> Sequence[str]:
        return answers.names()

    @override
    def _told(self) -> dict[str, Any]:
        downloads = [asdict(request) for request in self.downloads]
        return {**LocalProvider._told(self), "downloads": downloads}

    @override
    def _work(self, request: Request, model: str, part: str) -> Answer:
        if refused := refusals.bad_body(request.body, strict=self.strict):
            return refused
        body = request.body or {}
        count = body.get("n") if self.pictures_per_reply is None else self.pictures_per_reply
        call = answers.Call(
            request=request,
            model=model,
            pictures=tuple(self._pictures(1 if count is None else int(count))),
            shelve=self._shelve,
            origin=self.origin,
            private=self.private,
        )
        return answers.answer(call, part)

    def _pictures(self, count: int) -> Iterator[bytes]:
        for _ in range(count):
            self._painted += 1
            yield numbered(self.picture, self._painted) if self.distinct else self.picture

    def _shelve(self, answer: Answer) -> str:
        path = f"/files/{len(self._files) + 1}.png"
        self._files[path] = answer
        return f"{self.origin}{path}"


def numbered(picture: bytes, number: int) -> bytes:
    """The same PNG, with a number in a text chunk before its end."""
    body = b"tEXtnumber\0%d" % number
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return picture[:-12] + chunk + picture[-12:]


if __name__ == "__main__":
    asyncio.run(until_stdin_closes(OpenAIImages()))
