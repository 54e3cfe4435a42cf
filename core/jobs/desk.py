import asyncio
from collections.abc import AsyncGenerator, Mapping
from typing import TypeVar, overload

from core.errors import UnknownId
from core.ids import DeliveryId, JobId
from core.jobs.runner import Handlers, Runner
from core.jobs.wakes import Wakes
from core.models.asker import Asker
from core.models.job import Comparison, Job, JobKind, NewDelivery, TextRun, ToolRun, Work
from core.models.request import Request
from core.models.text import TextRequest
from core.models.tool import ToolRequest
from core.ports.jobs import DeliveryStore, JobStore, NewJob
from core.ports.policy import Action, Policy

J = TypeVar("J", bound=Job)
_PAUSE = 0.001  # seconds for each part: a large job is looked at less often, as that costs more
_KINDS: Mapping[type[Work], JobKind] = {
    Request: JobKind.COMPARISON,
    ToolRequest: JobKind.TOOL,
    TextRequest: JobKind.TEXT,
}


class Desk:
    """Where jobs are handed in and looked at. Rows first, then work, then pictures."""

    def __init__(
        self,
        store: JobStore,
        deliveries: DeliveryStore,
        policy: Policy,
        handlers: Handlers,
        runner: Runner,
        wakes: Wakes,
    ) -> None:
        self._store = store
        self._deliveries = deliveries
        self._policy = policy
        self._handlers = handlers
        self._runner = runner
        self._wakes = wakes

    def check(self, work: Work) -> None:
        """WrongUse for what `submit` would not take; writes nothing."""
        self._handlers[_KINDS[type(work)]].plan(work)

    @overload
    async def submit(
        self,
        asker: Asker,
        work: Request,
        delivery: NewDelivery | None = None,
        *,
        once: str | None = None,
        press: str | None = None,
    ) -> tuple[Comparison, bool]: ...

    @overload
    async def submit(
        self,
        asker: Asker,
        work: ToolRequest,
        delivery: NewDelivery | None = None,
        *,
        once: str | None = None,
        press: str | None = None,
    ) -> tuple[ToolRun, bool]: ...

    @overload
    async def submit(
        self,
        asker: Asker,
        work: TextRequest,
        delivery: NewDelivery | None = None,
        *,
        once: str | None = None,
        press: str | None = None,
    ) -> tuple[TextRun, bool]: ...

    async def submit(
        self,
        asker: Asker,
        work: Work,
        delivery: NewDelivery | None = None,
        *,
        once: str | None = None,
        press: str | None = None,
    ) -> tuple[Job, bool]:
        """Write the job and start it; False with the job that the same press began before."""
        self._policy.begin(asker, work)
        kind = _KINDS[type(work)]
        new = NewJob(
            kind=kind,
            owner=asker.owner,
            place=asker.place,
            work=work,
            parts=self._handlers[kind].plan(work),
            runner=self._runner.me,
            delivery=delivery,
            once=once,
            press=press,
        )
        job, fresh = await self._store.insert(new, lambda usage: self._policy.admit(asker, usage))
        if fresh:
            self._runner.start(job)
        return job, fresh

    async def retry(self, asker: Asker, job: JobId) -> Comparison:
        """Make a next round of what brought no picture; NothingToRetry, StillRunning."""
        found = await self._allowed(asker, Action.RETRY, job)
        if not isinstance(found, Comparison):
            raise UnknownId(id=job)
        self._policy.begin(asker, found.work)
        reopened = await self._store.reopen(
            job, self._runner.me, lambda usage: self._policy.admit(asker, usage)
        )
        self._wakes.wake(job)
        self._runner.start(reopened)
        return reopened

    async def cancel(self, asker: Asker, job: JobId) -> None:
        """Stop what can be stopped; what has landed stays."""
        await self._allowed(asker, Action.CANCEL, job)
        await self._store.ask_cancel(job)
        self._runner.cancel(job)
        self._wakes.wake(job)

    async def show(self, asker: Asker, job: JobId, delivery: NewDelivery) -> DeliveryId:
        """Let a job that exists be shown in one more place."""
        self._policy.enter(asker)
        await self._allowed(asker, Action.SHOW, job)
        return await self._deliveries.add(job, delivery)

    async def watch(self, job: JobId, kind: type[J]) -> AsyncGenerator[J, None]:
        """The whole job each time it has changed; a slow reader gets only the newest.

        The last one is final. Jobs of other processes are followed too, within half a second.
        """
        version: int | None = None
        with self._wakes.waiting(job) as woken:
            while True:
                woken.clear()
                if await self._store.version(job) != version:
                    state = await self._store.load(job)
                    if not isinstance(state, kind):
                        raise UnknownId(id=job)
                    version = state.version
                    yield state
                    if state.state.final:
                        return
                    await asyncio.sleep(_PAUSE * _parts(state))
                self._runner.raise_broken(job)
                await woken.wait()

    async def _allowed(self, asker: Asker, action: Action, job: JobId) -> Job:
        found = await self._store.load(job)
        if found is None:
            raise UnknownId(id=job)
        self._policy.allow(asker, action, found)
        return found


def _parts(job: Job) -> int:
    return len(job.items) if isinstance(job, ToolRun) else 0
