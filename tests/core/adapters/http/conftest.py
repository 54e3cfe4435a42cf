"""Servers on this machine, a resolver that a test fills, and a record of what is dialled."""

import asyncio
import select
import socket
import ssl
from asyncio.selector_events import BaseSelectorEventLoop
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.servers import wire


@dataclass(slots=True)
class Listener:
    """A port that accepts nothing: whoever connected stands in its queue, to be seen at once."""

    line: socket.socket

    @property
    def port(self) -> int:
        return int(self.line.getsockname()[1])

    @property
    def untouched(self) -> bool:
        return not select.select([self.line], [], [], 0)[0]


@pytest.fixture
def listener() -> Iterator[Listener]:
    with socket.create_server(("127.0.0.1", 0)) as line:
        yield Listener(line)


Answers = Callable[[wire.Request], wire.Answer]


@dataclass(slots=True)
class Local:
    """A server of a test: what it was asked, and how many connections came and are still open."""

    answers: Answers
    port: int = 0
    connections: int = 0
    open: int = 0
    requests: list[wire.Request] = field(default_factory=list)
    tasks: list[asyncio.Task[Any]] = field(default_factory=list)

    def url(self, path: str = "/", scheme: str = "http") -> str:
        return f"{scheme}://127.0.0.1:{self.port}{path}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.tasks.append(task)
        self.connections += 1
        self.open += 1
        try:
            with suppress(ConnectionError, asyncio.CancelledError):
                await self._talk(reader, writer)
        finally:
            self.open -= 1
            writer.transport.abort()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while request := await wire.read(reader):
            self.requests.append(request)
            answer = self.answers(request)
            if not isinstance(answer, wire.Reply):
                await answer(reader, writer)
                return
            await wire.send(answer, writer)
            if not answer.keeps_alive:
                return


def says(body: bytes = b"picture", status: int = 200, **headers: str) -> wire.Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return wire.Reply(status=status, body=body, kind="image/png", headers=named)


def raw(*pieces: bytes) -> wire.Fault:
    """These bytes as they are, then the end of the connection."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:  # noqa: ARG001
        writer.writelines(pieces)
        await writer.drain()

    return answer


@asynccontextmanager
async def local(
    answer: wire.Answer | Answers, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Local]:
    """One that gives this answer, or asks the function for each request's."""
    server = Local(_always(answer))
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=tls)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        for task in server.tasks:
            task.cancel()
        await asyncio.gather(*server.tasks, return_exceptions=True)


def _always(answer: "wire.Answer | Answers") -> Answers:
    if isinstance(answer, wire.Reply) or asyncio.iscoroutinefunction(answer):
        return lambda _: answer
    return answer  # type: ignore[return-value]


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in the kernel
            await asyncio.sleep(0.001)


async def quiet() -> None:
    """What is under way in this process has gone as far as it can."""
    for _ in range(20):
        await asyncio.sleep(0)


@dataclass(slots=True)
class Names:
    """What names stand for; a list of lists gives each question its own answers."""

    known: dict[str, list[str] | list[list[str]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def answer(self, host: str) -> list[str]:
        self.asked.append(host)
        if host not in self.known:  # numbers in whatever form: no question leaves the machine
            found = socket.getaddrinfo(host, 0, flags=socket.AI_NUMERICHOST)
            return [str(entry[4][0]) for entry in found]
        answers = self.known[host]
        if answers and isinstance(answers[0], list):
            return answers.pop(0) if len(answers) > 1 else answers[0]
        return answers  # type: ignore[return-value]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """The resolver of the event loop."""
    names = Names({"localhost": ["127.0.0.1"]})

    async def getaddrinfo(_: object, host: str, port: int, **__: int) -> list[tuple[Any, ...]]:
        return [
            (socket.AF_INET6 if ":" in answer else socket.AF_INET, 1, 6, "", (answer, port))
            for answer in names.answer(host)
        ]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)
    return names


@dataclass(slots=True)
class Internet:
    """Every dialling, by the address that was dialled; `at` says which local port is there."""

    dialled: list[str] = field(default_factory=list)
    at: dict[str, int | OSError] = field(default_factory=dict)


@pytest.fixture
def internet(monkeypatch: pytest.MonkeyPatch) -> Internet:
    """What lies beyond the event loop's own connecting."""
    internet = Internet()
    connect = BaseSelectorEventLoop.sock_connect

    async def dial(loop: Any, line: socket.socket, address: tuple[Any, ...]) -> None:
        internet.dialled.append(address[0])
        there = internet.at.get(address[0])
        if isinstance(there, OSError):
            raise there
        await connect(loop, line, ("127.0.0.1", there) if there else address)

    monkeypatch.setattr(BaseSelectorEventLoop, "sock_connect", dial)
    return internet
