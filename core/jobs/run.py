import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from core.errors import StoreFull, StoreLocked
from core.ids import AttemptId, ItemId, RunnerId, StepId
from core.jobs.supervisor import Supervisor
from core.jobs.wakes import Wakes
from core.models.attempt import Progress
from core.models.failure import Failure
from core.models.job import Comparison, TextRun, ToolRun
from core.models.order import Order
from core.models.tool import ToolFailure
from core.ports.jobs import JobStore, Landed, Made, Written

T = TypeVar("T")
_log = logging.getLogger(__name__)
_PROGRESS_EVERY = 1.0  # seconds between two written reports of one attempt


class JobRun:
    """The `Run` that the fan-out gets: writes fenced by its runner, then a wake."""

    def __init__(
        self,
        job: Comparison,
        runner: RunnerId,
        store: JobStore,
        wakes: Wakes,
        supervisor: Supervisor,
    ) -> None:
        self.job = job
        self._runner = runner
        self._store = store
        self._wakes = wakes
        self._supervisor = supervisor
        self._orders: dict[AttemptId, Order] = {}
        self._sending: asyncio.Task[None] | None = None
        self._reported: dict[AttemptId, tuple[float, str | None]] = {}

    async def sent(self, attempt: AttemptId, order: Order) -> None:
        """Attempts that wait for the same transaction share it."""
        self._orders[attempt] = order
        if self._sending is None:
            self._sending = self._supervisor.start(self._send(), name=f"sending {self.job.id}")
        await asyncio.shield(self._sending)

    async def _send(self) -> None:
        job, me, take = self.job.id, self._runner, self._take_orders
        await insist(lambda: self._store.sent(job, me, take))
        self._wakes.wake(self.job.id)

    def _take_orders(self) -> Mapping[AttemptId, Order]:
        orders, self._orders, self._sending = self._orders, {}, None
        return orders

    async def progressed(self, attempt: AttemptId, progress: Progress) -> None:
        """A new remote id is always written: it alone can find a paid job again."""
        now = time.monotonic()
        last, remote = self._reported.get(attempt, (-_PROGRESS_EVERY, None))
        if now - last < _PROGRESS_EVERY and progress.remote == remote:
            return
        self._reported[attempt] = (now, progress.remote)
        try:
            await self._store.progressed(attempt, self._runner, progress)
        except (StoreLocked, StoreFull):
            _log.warning("progress of %s could not be written", attempt)
        self._wakes.wake(self.job.id)

    async def landed(self, attempt: AttemptId, landed: Landed) -> None:
        await insist(lambda: self._store.landed(attempt, self._runner, landed))
        self._wakes.wake(self.job.id)

    async def failed(self, attempt: AttemptId, failure: Failure, seconds: float) -> None:
        await insist(lambda: self._store.failed(attempt, self._runner, failure, seconds))
        self._wakes.wake(self.job.id)

    async def unbroken(self, work: Coroutine[Any, Any, T]) -> T:
        return await self._supervisor.keep(work, name=f"keeping for job {self.job.id}")


class ToolJobRun:
    """The `ToolsRun` that the tools get, alike."""

    def __init__(self, job: ToolRun, runner: RunnerId, store: JobStore, wakes: Wakes) -> None:
        self.job = job
        self._runner = runner
        self._store = store
        self._wakes = wakes
        self._reported: dict[ItemId, tuple[float, Progress]] = {}

    async def working(self, item: ItemId, progress: Progress) -> None:
        """At most once a second while only the share grows; a place in a queue is always told."""
        now = time.monotonic()
        then, before = self._reported.get(item, (-_PROGRESS_EVERY, progress))
        if now - then < _PROGRESS_EVERY and replace(before, share=progress.share) == progress:
            return
        self._reported[item] = (now, progress)
        try:
            await self._store.working(item, self._runner, progress)
        except (StoreLocked, StoreFull):
            _log.warning("progress of %s could not be written", item)
        self._wakes.wake(self.job.id)

    async def made(self, made: Mapping[ItemId, Made]) -> None:
        await insist(lambda: self._store.made(self._runner, made))
        self._wakes.wake(self.job.id)

    async def spoiled(self, item: ItemId, failure: ToolFailure) -> None:
        await insist(lambda: self._store.spoiled(item, self._runner, failure))
        self._wakes.wake(self.job.id)


class TextJobRun:
    """The `TextsRun` that a text's handler gets, alike."""

    def __init__(
        self,
        job: TextRun,
        runner: RunnerId,
        store: JobStore,
        wakes: Wakes,
        supervisor: Supervisor,
    ) -> None:
        self.job = job
        self._runner = runner
        self._store = store
        self._wakes = wakes
        self._supervisor = supervisor

    async def asking(self, step: StepId) -> None:
        await insist(lambda: self._store.asking(step, self._runner))
        self._wakes.wake(self.job.id)

    async def written(self, step: StepId, written: Written) -> None:
        await insist(lambda: self._store.written(step, self._runner, written))
        self._wakes.wake(self.job.id)

    async def unwritten(self, step: StepId, failure: Failure, written: Written) -> None:
        await insist(lambda: self._store.unwritten(step, self._runner, failure, written))
        self._wakes.wake(self.job.id)

    async def unbroken(self, work: Coroutine[Any, Any, T]) -> T:
        return await self._supervisor.keep(work, name=f"keeping for job {self.job.id}")


async def insist(write: Callable[[], Awaitable[None]]) -> None:
    """Write when the database is free again: its row is worth waiting for, whatever was paid."""
    while True:
        try:
            return await write()
        except StoreLocked:
            _log.warning("the database is locked; waiting for it")
