import asyncio
import logging
from collections.abc import Awaitable, Mapping
from typing import Any

from core.errors import LostJob, OmniImageError, StoreError
from core.ids import JobId, RunnerId
from core.jobs.run import JobRun, TextJobRun, ToolJobRun, insist
from core.jobs.supervisor import Supervisor
from core.jobs.wakes import Wakes
from core.models.job import Comparison, Job, JobKind, TextRun, ToolRun
from core.ports.jobs import JobStore
from core.ports.run import Handler

Handlers = Mapping[JobKind, Handler[Any, Any]]
_log = logging.getLogger(__name__)
_LOOK_EVERY = 0.5  # seconds between two looks for what other processes wrote


class Runner:
    """Runs the jobs of this process, and hears what other processes write to them."""

    def __init__(
        self,
        me: RunnerId,
        store: JobStore,
        handlers: Handlers,
        wakes: Wakes,
        supervisor: Supervisor,
    ) -> None:
        self.me = me
        self._store = store
        self._handlers = handlers
        self._wakes = wakes
        self._supervisor = supervisor
        self._running: dict[JobId, asyncio.Task[None]] = {}
        self._cancelled: set[JobId] = set()
        self._broken: dict[JobId, OmniImageError] = {}

    def start(self, job: Job) -> None:
        self._broken.pop(job.id, None)
        task = self._supervisor.start(self._run(job), name=f"job {job.id}")
        self._running[job.id] = task
        task.add_done_callback(lambda ended: self._forget(job.id, ended))

    async def resume(self, job: JobId) -> None:
        """Run what was adopted of a dead process."""
        if adopted := await self._store.load(job):
            self.start(adopted)

    def cancel(self, job: JobId) -> None:
        """Once: a second cancel would tear at what the first one is putting in order."""
        task = self._running.get(job)
        if task and job not in self._cancelled:
            self._cancelled.add(job)
            task.cancel()

    def raise_broken(self, job: JobId) -> None:
        """What kept a job from ending in its rows, a full disk for one, for those who watch it."""
        if error := self._broken.get(job):
            raise error

    async def listen(self) -> None:
        """Wake watchers and obey cancels after another process has written."""
        seen = 0
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            try:
                now = await self._store.data_version()
                if now == seen:
                    continue
                asked = await self._store.cancel_asked(self.me)
            except StoreError:
                _log.warning("the database could not be looked at", exc_info=True)
                continue
            seen = now
            self._wakes.wake_all()
            for job in asked:
                self.cancel(job)

    def _forget(self, job: JobId, ended: asyncio.Task[None]) -> None:
        if self._running.get(job) is ended:
            del self._running[job]
            self._cancelled.discard(job)

    async def _run(self, job: Job) -> None:
        try:
            await self._handled(job)
        except* LostJob:
            _log.info("job %s has another runner now", job.id)
        except* OmniImageError as group:
            self._broken[job.id] = _first(group)
        finally:
            await self._supervisor.keep(self._end(job.id), name=f"ending job {job.id}")

    def _handled(self, job: Job) -> Awaitable[None]:
        match job:
            case Comparison():
                paid = JobRun(job, self.me, self._store, self._wakes, self._supervisor)
                return self._handlers[JobKind.COMPARISON](paid)
            case ToolRun():
                free = ToolJobRun(job, self.me, self._store, self._wakes)
                return self._handlers[JobKind.TOOL](free)
            case TextRun():
                text = TextJobRun(job, self.me, self._store, self._wakes, self._supervisor)
                return self._handlers[JobKind.TEXT](text)
            case _:
                raise TypeError(job)

    async def _end(self, job: JobId) -> None:
        """What a crash, a cancel or the end of this process left open gets its final state."""
        try:
            await insist(lambda: self._store.finish(job, self.me))
        except LostJob:
            _log.info("job %s was ended elsewhere", job)
        except OmniImageError as error:
            self._broken[job] = error
        self._wakes.wake(job)


def _first(group: BaseExceptionGroup[OmniImageError]) -> OmniImageError:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    assert isinstance(error, OmniImageError)  # noqa: S101 - the group holds no other
    return error
