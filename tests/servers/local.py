"""What every local provider of the tests shares: real sockets on this machine, keys, records.

A process of one (`python -m tests.servers.NAME`) prints its base URL first and ends when its
stdin closes; GET /told gives what it has seen.
"""

import asyncio
import sys
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from types import TracebackType
from typing import Any, ClassVar, Final, Self

from tests.servers import faults, refusals, wire
from tests.servers.wire import Answer, Reply, Request

_LIFE: Final = 600  # seconds that one connection may last


@dataclass(slots=True, kw_only=True)
class LocalProvider(ABC):
    """Settings may change while it runs; `paid` counts what would have been billed, by model."""

    PAID: ClassVar[str]  # how the path of a paid POST ends

    keys: set[str] = field(default_factory=set)  # none: every key is right, and none as well
    plays: dict[str, str] = field(default_factory=dict)  # model -> the model whose part it plays

    requests: list[Request] = field(default_factory=list)
    paid: Counter[str] = field(default_factory=Counter)
    invalid: list[str] = field(default_factory=list)  # what OpenAI itself would refuse in bodies
    host_port: str = ""

    _server: asyncio.Server | None = None
    _connections: list[asyncio.Task[Any]] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return f"http://{self.host_port}"

    @property
    def base_url(self) -> str:
        return f"{self.origin}/v1"

    @abstractmethod
    def _findings(self, model: str, body: dict[str, Any]) -> list[str]:
        """What is wrong with the body of a paid call, one line each."""

    @abstractmethod
    def _work(self, request: Request, model: str, part: str) -> Answer:
        """The answer to a paid call whose key is right, of a model that plays this part."""

    @abstractmethod
    def _names(self) -> Sequence[str]:
        """The models that GET /v1/models lists."""

    def _aside(self, request: Request) -> Answer | None:  # noqa: ARG002 - for those that have one
        """The answer to what is no part of the API; it asks for no key."""
        return None

    def _told(self) -> dict[str, Any]:
        return {
            "paid": self.paid,
            "requests": [asdict(request) for request in self.requests],
            "invalid": self.invalid,
        }

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
            return faults.plain(self._told())
        if aside := self._aside(request):
            return aside
        self.requests.append(request)
        answer = self._api(request)
        if isinstance(answer, Reply):
            headers = {**answer.headers, "x-request-id": f"req_{len(self.requests)}"}
            answer = replace(answer, headers=headers)
        return answer

    def _api(self, request: Request) -> Answer:
        pays = request.method == "POST" and request.path.endswith(self.PAID)
        body = request.body or {}
        model = str(body.get("model", ""))
        if pays:
            self.paid[model] += 1
            self.invalid += self._findings(model, body)
        if refused := self._refuse_key(request.headers.get("authorization", "")):
            return refused
        if pays:
            return self._work(request, model, self._part(request, model))
        if (request.method, request.path) == ("GET", "/v1/models"):
            return self._models()
        return refusals.unknown_path(request.method, request.path)

    def _refuse_key(self, header: str) -> Reply | None:
        scheme, _, key = header.partition(" ")
        if not self.keys or (scheme == "Bearer" and key in self.keys):
            return None
        return refusals.bad_key(key) if key else refusals.no_key()

    def _part(self, request: Request, model: str) -> str:
        part = self.plays.get(model, model.partition(":")[0])
        followed = part == "redirect" and not request.path.startswith("/v1/")
        return "good" if followed else part

    def _models(self) -> Reply:
        made = int(time.time())
        known = [
            {"id": name, "object": "model", "created": made, "owned_by": "tests"}
            for name in [*self._names(), *self.plays]
        ]
        return faults.plain({"object": "list", "data": known})


async def until_stdin_closes(provider: LocalProvider) -> None:
    async with provider:
        print(provider.base_url, flush=True)  # noqa: T201 - the one word of the process
        await asyncio.to_thread(sys.stdin.buffer.read)
