"""A local provider for tests: speaks OpenAI's images API over real sockets, on this machine only.

    async with OpenAIImages() as server:
        ...  # server.base_url, server.paid, server.requests

`answers` lists the models and what they do. As a process (`python -m tests.servers.openai_images`)
it prints its base URL first and ends when its stdin closes; GET /told gives what it has seen.
"""

import asyncio
import struct
import sys
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from types import TracebackType
from typing import Any, Final, Self

from tests.fakes import png
from tests.servers import answers, refusals, spec, wire
from tests.servers.wire import Answer, Reply, Request

_LIFE: Final = 600  # seconds that one connection may last
_PAINT: Final = "/images/generations"


@dataclass(slots=True, kw_only=True)
class OpenAIImages:
    """Settings may change while it runs; `paid` counts what would have been billed, by model."""

    keys: set[str] = field(default_factory=set)  # none: every key is right, and none as well
    strict: bool = False  # fields that the GPT image models do not know are refused
    plays: dict[str, str] = field(default_factory=dict)  # model -> the model whose part it plays
    picture: bytes = field(default_factory=lambda: png("teal", (64, 64)))
    pictures_per_reply: int | None = None  # None: as many as `n` asks for
    distinct: bool = False  # every PNG gets its number inside, so that no two are equal
    private: str = "http://127.0.0.1:1/"  # where `file-redirect-private` points

    requests: list[Request] = field(default_factory=list)
    downloads: list[Request] = field(default_factory=list)
    paid: Counter[str] = field(default_factory=Counter)
    invalid: list[str] = field(default_factory=list)  # gpt-image-* bodies against OpenAI's spec
    host_port: str = ""

    _files: dict[str, Answer] = field(default_factory=dict)
    _painted: int = 0
    _server: asyncio.Server | None = None
    _connections: list[asyncio.Task[Any]] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return f"http://{self.host_port}"

    @property
    def base_url(self) -> str:
        return f"{self.origin}/v1"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=1024)
        host, port = self._server.sockets[0].getsockname()
        self.host_port = f"{host}:{port}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        listening = self._server.sockets[0]
        asyncio.get_running_loop().remove_reader(listening.fileno())
        for _ in range(5):  # so many rounds asyncio takes from an accepted socket to `_serve`
            await asyncio.sleep(0)
        for connection in self._connections:
            connection.cancel()
        ended = await asyncio.gather(*self._connections, return_exceptions=True)
        self._server.close()
        await self._server.wait_closed()
        broken = [how for how in ended if isinstance(how, Exception)]
        if broken and error is None:
            raise ExceptionGroup("the local provider broke", broken)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.append(task)
        writer.transport.set_write_buffer_limits(0)  # what was sent has reached the kernel
        try:
            with suppress(ConnectionError, TimeoutError, asyncio.CancelledError):  # only by us
                async with asyncio.timeout(_LIFE):
                    await self._talk(reader, writer)
        finally:
            writer.transport.abort()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while request := await wire.read(reader):
            answer = self._answer(request)
            if not isinstance(answer, Reply):
                await answer(reader, writer)
                return
            await wire.send(answer, writer)
            if not answer.keeps_alive:
                return

    def _answer(self, request: Request) -> Answer:
        if request.path == "/told":
            return answers.plain(self._told())
        if request.path.startswith("/files/"):
            self.downloads.append(request)
            return self._files.get(request.path, Reply(status=404))
        self.requests.append(request)
        answer = self._api(request)
        if isinstance(answer, Reply):
            headers = {**answer.headers, "x-request-id": f"req_{len(self.requests)}"}
            answer = replace(answer, headers=headers)
        return answer

    def _api(self, request: Request) -> Answer:
        paints = request.method == "POST" and request.path.endswith(_PAINT)
        if paints:
            self._count(request.body or {})
        if refused := self._refuse_key(request.headers.get("authorization", "")):
            return refused
        if paints:
            return self._paint(request)
        if (request.method, request.path) == ("GET", "/v1/models"):
            return self._models()
        return refusals.unknown_path(request.method, request.path)

    def _count(self, body: dict[str, Any]) -> None:
        model = str(body.get("model", ""))
        self.paid[model] += 1
        if model.startswith("gpt-image-"):
            self.invalid += spec.findings("CreateImageRequest", body)

    def _refuse_key(self, header: str) -> Reply | None:
        scheme, _, key = header.partition(" ")
        if not self.keys or (scheme == "Bearer" and key in self.keys):
            return None
        return refusals.bad_key(key) if key else refusals.no_key()

    def _paint(self, request: Request) -> Answer:
        if refused := refusals.bad_body(request.body, strict=self.strict):
            return refused
        body = request.body or {}
        model = str(body.get("model", ""))
        part = self.plays.get(model, model.partition(":")[0])
        if part == "redirect" and not request.path.startswith("/v1/"):
            part = "url"  # the redirect was followed
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

    def _models(self) -> Reply:
        made = int(time.time())
        known = [
            {"id": name, "object": "model", "created": made, "owned_by": "tests"}
            for name in [*answers.names(), *self.plays]
        ]
        return answers.plain({"object": "list", "data": known})

    def _told(self) -> dict[str, Any]:
        return {
            "paid": self.paid,
            "requests": [asdict(request) for request in self.requests],
            "downloads": [asdict(request) for request in self.downloads],
            "invalid": self.invalid,
        }


def numbered(picture: bytes, number: int) -> bytes:
    """The same PNG, with a number in a text chunk before its end."""
    body = b"tEXtnumber\0%d" % number
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return picture[:-12] + chunk + picture[-12:]


async def _until_stdin_closes() -> None:
    async with OpenAIImages() as server:
        print(server.base_url, flush=True)  # noqa: T201 - the one word of the process
        await asyncio.to_thread(sys.stdin.buffer.read)


if __name__ == "__main__":
    asyncio.run(_until_stdin_closes())
