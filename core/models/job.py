from dataclasses import dataclass, replace
from enum import StrEnum

from core.ids import DeliveryId, JobId, ModelId, OwnerId, PlaceId, RunnerId
from core.models.attempt import Attempt, AttemptState
from core.models.draft import Draft
from core.models.failure import Failure
from core.models.image import Image
from core.models.request import Request
from core.models.text import Step, StepKind, TextRequest
from core.models.tool import Item, Source, ToolRequest

Work = Request | ToolRequest | TextRequest


class JobKind(StrEnum):
    COMPARISON = "comparison"
    TOOL = "tool"
    TEXT = "text"


class JobState(StrEnum):
    """Interrupted or cancelled when any part is; else done when any is; else failed."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"

    @property
    def final(self) -> bool:
        return self not in (JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One whole job as it stands. `version` grows with every write to it or to its parts."""

    id: JobId
    owner: OwnerId
    place: PlaceId
    state: JobState
    version: int
    created: float  # seconds since 1970, UTC
    runner: RunnerId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison(Job):
    """Its newest attempts in the order asked, with their images."""

    work: Request
    attempts: tuple[Attempt, ...] = ()

    @property
    def missing(self) -> tuple[Attempt, ...]:
        """What a retry would send; what was deleted had been there, and is not sent again."""
        return tuple(a for a in self.attempts if a.state is not AttemptState.DONE)

    @property
    def images(self) -> tuple[Image, ...]:
        return tuple(image for attempt in self.attempts for image in attempt.images)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolRun(Job):
    """Its sources in the order given, each with what was made of it."""

    work: ToolRequest
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRun(Job):
    """Its steps in their order; what they made of the text is the draft."""

    work: TextRequest
    steps: tuple[Step, ...] = ()

    @property
    def draft(self) -> Draft:
        made = {step.kind: step.text for step in self.steps}
        return Draft(
            id=self.id,
            original=self.work.text,
            translated=made.get(StepKind.TRANSLATE),
            enhanced=made.get(StepKind.ENHANCE),
        )

    def request(self, prompt: str | None = None) -> Request:
        """The comparison it is meant for, with the draft's prompt or another; keeps all texts."""
        assert self.work.purpose is not None  # noqa: S101 - asked only where there is one
        draft = self.draft
        return replace(
            self.work.purpose,
            prompt=draft.text if prompt is None else prompt,
            draft=draft if len(draft.texts) > 1 else None,
        )

    @property
    def failure(self) -> Failure | None:
        """The first: what comes after it fails with it."""
        return next((step.failure for step in self.steps if step.failure), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """Where a job is to be shown. `address` and `memo` are text that only the front end reads.

    `token` is a chat token already sealed; `token_until` (seconds since 1970) is its end.
    """

    front_end: str
    place: PlaceId
    locale: str
    address: str
    private: bool = False
    memo: str = ""
    token: bytes | None = None
    token_until: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery(NewDelivery):
    """`told` is the newest version of the job shown there; a lost one is shown no more."""

    id: DeliveryId
    job: JobId
    told: int = 0
    lost: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What an owner has open, and adds, counted inside the transaction that adds it.

    `jobs` are those of the same kind; `today`, of a new comparison, those of the last 24 hours.
    """

    jobs: int
    attempts: int
    adding: int  # attempts
    sources: int = 0  # of a tool, added
    today: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """An attempt to be made: which model, which number of `count`."""

    model: ModelId
    number: int


Part = Slot | Source | StepKind  # what a job is made of, before it has begun
