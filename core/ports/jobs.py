from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from core.ids import (
    AttemptId,
    DeliveryId,
    ImageId,
    ItemId,
    JobId,
    OwnerId,
    PlaceId,
    RunnerId,
    StepId,
)
from core.models.attempt import Cost, Progress
from core.models.failure import Failure
from core.models.image import Image
from core.models.job import (
    Comparison,
    Delivery,
    Job,
    JobKind,
    NewDelivery,
    Part,
    TextRun,
    Usage,
    Work,
)
from core.models.order import Order
from core.models.origin import Origin
from core.models.tool import ItemState, Outcome, ToolFailure


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJob:
    """A job about to be written. `once` is unique for ever, `press` while the job is open."""

    kind: JobKind
    owner: OwnerId
    place: PlaceId
    work: Work
    parts: tuple[Part, ...]
    runner: RunnerId
    delivery: NewDelivery | None = None
    once: str | None = None
    press: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Landed:
    """One attempt's pictures, already on disk, and what the reply said of them."""

    images: tuple[Image, ...]
    seconds: float
    cost: Cost | None = None
    seed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a tool made of one source, already on disk; unsure: it made nothing, and says so."""

    outcome: Outcome
    images: tuple[Image, ...] = ()
    state: Literal[ItemState.DONE, ItemState.UNSURE] = ItemState.DONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a text model made of a text; None where there was nothing to do, and no call."""

    text: str | None = None
    seconds: float | None = None
    cost: Cost | None = None


class JobStore(Protocol):
    """The rows that are the truth. Each write is one transaction and bumps the job's version.

    Writes that name a runner raise LostJob when the job is no longer that runner's.
    """

    async def insert(self, new: NewJob, gate: Callable[[Usage], None]) -> tuple[Job, bool]:
        """Write job, attempts and delivery at once; False with the job that was there already.

        `gate` is asked inside the transaction; what it raises undoes everything.
        """

    async def load(self, job: JobId) -> Job | None: ...

    async def version(self, job: JobId) -> int: ...

    async def sent(
        self, job: JobId, runner: RunnerId, orders: Callable[[], Mapping[AttemptId, Order]]
    ) -> None:
        """Keep the orders and that their requests go out now, before they do.

        `orders` is asked inside the transaction, so that all who waited for it share it.
        """

    async def progressed(
        self, attempt: AttemptId, runner: RunnerId, progress: Progress
    ) -> None: ...

    async def landed(self, attempt: AttemptId, runner: RunnerId, landed: Landed) -> None: ...

    async def failed(
        self, attempt: AttemptId, runner: RunnerId, failure: Failure, seconds: float
    ) -> None: ...

    async def working(self, item: ItemId, runner: RunnerId, progress: Progress) -> None:
        """A tool has a source in hand, or waits for its turn there."""

    async def made(self, runner: RunnerId, made: Mapping[ItemId, Made]) -> None:
        """What one tool made of one source, or of several at once: all of it is kept, or none."""

    async def spoiled(self, item: ItemId, runner: RunnerId, failure: ToolFailure) -> None:
        """Nothing comes of this source."""

    async def asking(self, step: StepId, runner: RunnerId) -> None:
        """The request of this step goes out now; written before it does."""

    async def written(self, step: StepId, runner: RunnerId, written: Written) -> None: ...

    async def unwritten(
        self, step: StepId, runner: RunnerId, failure: Failure, written: Written
    ) -> None:
        """Nothing came of this step; `written` says what it took all the same."""

    async def finish(self, job: JobId, runner: RunnerId) -> None:
        """End the job; what is still open is cancelled if that was asked, else interrupted."""

    async def reopen(
        self, job: JobId, runner: RunnerId, gate: Callable[[Usage], None]
    ) -> Comparison:
        """Add a next round for every attempt without a picture; StillRunning, NothingToRetry."""

    async def ask_cancel(self, job: JobId) -> None: ...

    async def cancel_asked(self, runner: RunnerId) -> Sequence[JobId]:
        """Open jobs of this runner that somebody asked to cancel."""

    async def recover(
        self,
        runner: RunnerId,
        dead: Callable[[RunnerId], bool],
        adopt_since: float | None,
    ) -> Sequence[JobId]:
        """Mark what dead runners left. Returns the jobs adopted by `runner`, still to be run.

        Queued attempts are adopted only of jobs with a delivery, created since `adopt_since`
        (seconds since 1970; None: nothing is adopted).
        """

    async def data_version(self) -> int:
        """Changes whenever another connection, of this process or another, has written."""


class DeliveryStore(Protocol):
    """Where jobs are being shown."""

    async def add(self, job: JobId, new: NewDelivery) -> DeliveryId: ...

    async def open(self, front_end: str) -> Sequence[Delivery]:
        """Those still to be told something: the job runs, or has a version not told yet."""

    async def told(self, delivery: DeliveryId, version: int, *, address: str, memo: str) -> None:
        """Note what was shown; a smaller version than before changes nothing."""

    async def lose(self, delivery: DeliveryId) -> None:
        """Nobody can be told there any more; the token is wiped."""

    async def find(self, delivery: DeliveryId) -> Delivery | None: ...

    async def renew(self, delivery: DeliveryId, token: bytes, token_until: float) -> None:
        """A fresh sealed token; what was lost can be told again."""

    async def by_address(self, front_end: str, address: str) -> Delivery | None:
        """The newest one there."""

    async def waiting(self, owner: OwnerId, now: float) -> Sequence[Delivery]:
        """Those of an owner's finished jobs that told nobody all of it, newest first.

        Lost, or private and their token over; and no other delivery of the job has told it.
        """

    async def wipe(self, now: float) -> None:
        """Overwrite the tokens whose time is over; their end stays known."""


class HistoryStore(Protocol):
    async def recent(self, owner: OwnerId, search: str | None, limit: int) -> Sequence[Comparison]:
        """An owner's comparisons, newest first; `search` finds any part of their texts."""

    async def drafts(self, owner: OwnerId, search: str | None, limit: int) -> Sequence[TextRun]:
        """What text models made of an owner's prompts, alike."""


class ImageStore(Protocol):
    async def find(self, image: ImageId) -> Origin | None:
        """A kept image with its line back to where it comes from."""

    async def delete(self, image: ImageId, drop: Callable[[str], Awaitable[None]]) -> JobId | None:
        """Take an image out of its job, whose version grows; None when it is gone already.

        What was made of it stays. `drop` is called, inside the transaction, with the sha256 of
        bytes that no other image has.
        """
