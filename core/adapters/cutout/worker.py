"""One cut-out after the other, in a child that comes on demand and leaves when it is idle."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Protocol, Self

from core.adapters.cutout.process import Child, Died
from core.adapters.cutout.wire import Broken, Task
from core.errors import BadImage
from core.models.attempt import Progress
from core.models.tool import ToolFailed, ToolFailureKind
from core.ports.tools import Report

_log = logging.getLogger(__name__)


class Start(Protocol):
    async def __call__(self, *, fine: bool) -> Child:
        """A new child; `fine`: one that does alpha matting."""


class Worker:
    """First come, first served; at most `queue` tasks wait. Leaving it ends the child.

    What no task asks for in `idle` seconds, the child is ended.
    """

    def __init__(self, start: Start, *, queue: int, idle: float) -> None:
        self._start = start
        self._queue = queue
        self._idle = idle
        self._line: list[object] = []  # the first is being worked on
        self._moved = asyncio.Event()
        self._child: Child | None = None
        self._fine = False
        self._leaving: set[Child] = set()
        self._timer: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._rest()
        self._retire()
        for child in self._leaving:
            await child.gone.wait()

    async def run(self, task: Task, report: Report) -> bytes:
        """The cut-out; ToolFailed, or BadImage. Cancelled, it leaves nothing behind it."""
        async with self.turn(report):
            return await self.do(task)

    async def do(self, task: Task) -> bytes:
        """The same, for who has the turn."""
        self._rest()
        try:
            return await self._tried(task)
        except BaseException as error:
            if not _is_answer(error):
                self._retire()  # busy, out of memory, or not to be trusted any more
            raise
        finally:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self._idle, self._retire)

    @asynccontextmanager
    async def turn(self, report: Report) -> AsyncIterator[None]:
        """Wait in line, telling the place: 1 is next."""
        if len(self._line) > self._queue:
            raise ToolFailed(ToolFailureKind.BUSY)
        me = object()
        self._line.append(me)
        try:
            await self._wait(me, report)
            yield
        finally:
            self._line.remove(me)
            self._moved.set()
            self._moved = asyncio.Event()

    async def _wait(self, me: object, report: Report) -> None:
        waited = False
        while place := self._line.index(me):
            moved, waited = self._moved, True
            await report(Progress(queue_position=place))
            await moved.wait()
        if waited:
            await report(Progress())

    async def _tried(self, task: Task) -> bytes:
        """Again with a new child, once, where one died of it: it may have been another's fault."""
        try:
            return await self._asked(task)
        except Died:
            _log.warning("the cut-out child died of its task, which is tried once more")
        try:
            return await self._asked(task)
        except Died as error:
            raise ToolFailed(ToolFailureKind.CRASHED) from error

    async def _asked(self, task: Task) -> bytes:
        fine = task.cutout.fine
        if self._child is None or not self._child.alive or fine != self._fine:
            self._retire()
            try:
                self._child, self._fine = await self._start(fine=fine), fine
            except OSError as error:
                _log.error("the cut-out child did not start: %s", error)
                raise ToolFailed(ToolFailureKind.CRASHED) from error
        try:
            return await self._child.ask(task)
        except Broken as error:
            _log.error("the cut-out child failed: %s", error)
            raise ToolFailed(ToolFailureKind.CRASHED) from error

    def _rest(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _retire(self) -> None:
        child, self._child = self._child, None
        self._leaving = {other for other in self._leaving if not other.gone.is_set()}
        if child is not None:
            child.close()
            self._leaving.add(child)


def _is_answer(error: BaseException) -> bool:
    """A plain word about the picture, from a child that is well."""
    if isinstance(error, ToolFailed):
        return error.failure.kind not in (ToolFailureKind.CRASHED, ToolFailureKind.NO_MEMORY)
    return isinstance(error, BadImage)
