from collections.abc import Coroutine, Mapping
from typing import Any, Protocol, TypeVar

from core.ids import AttemptId, ItemId, StepId
from core.models.attempt import Progress
from core.models.failure import Failure
from core.models.job import Comparison, Part, TextRun, ToolRun
from core.models.order import Order
from core.models.tool import ToolFailure
from core.ports.jobs import Landed, Made, Written

T = TypeVar("T")
W_contra = TypeVar("W_contra", contravariant=True)
R_contra = TypeVar("R_contra", contravariant=True)


class Run(Protocol):
    """One run of a comparison, as its handler sees it. Every write wakes whoever watches."""

    @property
    def job(self) -> Comparison:
        """As it stood when the run began."""

    async def sent(self, attempt: AttemptId, order: Order) -> None: ...

    async def progressed(self, attempt: AttemptId, progress: Progress) -> None: ...

    async def landed(self, attempt: AttemptId, landed: Landed) -> None: ...

    async def failed(self, attempt: AttemptId, failure: Failure, seconds: float) -> None: ...

    async def unbroken(self, work: Coroutine[Any, Any, T]) -> T:
        """Finish `work` even if the run is cancelled meanwhile: what was paid is kept."""


class ToolsRun(Protocol):
    """One run of a tool, as its handler sees it. Every write wakes whoever watches the job."""

    @property
    def job(self) -> ToolRun:
        """As it stood when the run began."""

    async def working(self, item: ItemId, progress: Progress) -> None: ...

    async def made(self, made: Mapping[ItemId, Made]) -> None: ...

    async def spoiled(self, item: ItemId, failure: ToolFailure) -> None: ...


class TextsRun(Protocol):
    """One run of a text, as its handler sees it. Every write wakes whoever watches the job."""

    @property
    def job(self) -> TextRun:
        """As it stood when the run began."""

    async def asking(self, step: StepId) -> None: ...

    async def written(self, step: StepId, written: Written) -> None: ...

    async def unwritten(self, step: StepId, failure: Failure, written: Written) -> None: ...

    async def unbroken(self, work: Coroutine[Any, Any, T]) -> T:
        """Finish `work` even if the run is cancelled meanwhile: what was paid is kept."""


class Handler(Protocol[W_contra, R_contra]):
    """What does one kind of job."""

    def plan(self, work: W_contra) -> tuple[Part, ...]:
        """The attempts, items or steps that the work needs; WrongUse when it cannot be met."""

    async def __call__(self, run: R_contra) -> None:
        """Do every queued part of the job; failures are values written to the run."""
