from collections.abc import Coroutine
from typing import Any, Protocol, TypeVar

from core.ids import AttemptId
from core.models.attempt import Progress
from core.models.failure import Failure
from core.models.job import Job, Slot, Work
from core.models.order import Order
from core.ports.jobs import Landed

T = TypeVar("T")


class Run(Protocol):
    """One run of a job, as its handler sees it. Every write wakes whoever watches the job."""

    @property
    def job(self) -> Job:
        """As it stood when the run began."""

    async def sent(self, attempt: AttemptId, order: Order) -> None: ...

    async def progressed(self, attempt: AttemptId, progress: Progress) -> None: ...

    async def landed(self, attempt: AttemptId, landed: Landed) -> None: ...

    async def failed(self, attempt: AttemptId, failure: Failure, seconds: float) -> None: ...

    async def unbroken(self, work: Coroutine[Any, Any, T]) -> T:
        """Finish `work` even if the run is cancelled meanwhile: what was paid is kept."""


class Handler(Protocol):
    """What does one kind of job."""

    def plan(self, work: Work) -> tuple[Slot, ...]:
        """The attempts that the work needs; WrongUse when it cannot be met."""

    async def __call__(self, run: Run) -> None:
        """Make every queued attempt of the job; failures are values written to the run."""
