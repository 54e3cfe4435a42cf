from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from core.ids import AttemptId, ModelId
from core.models.failure import Failure
from core.models.image import Image
from core.models.order import Order


class AttemptState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"

    @property
    def final(self) -> bool:
        return self not in (AttemptState.QUEUED, AttemptState.RUNNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """US dollars; `exact` when the provider's reply said so, else estimated from the card."""

    amount: Decimal
    exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Painted:
    """What a model's reply brought: the pictures' bytes untouched, and what it says of them."""

    pictures: tuple[bytes, ...]
    seed: int | None = None  # as the reply states it; None: it does not say
    cost: Cost | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What an adapter reports while it waits. `remote` is the provider's own id of the job.

    `loading`: what has to be fetched first (a model for cut-outs); `share` is then of that.
    """

    remote: str | None = None
    queue_position: int | None = None
    share: float | None = None  # 0.0 to 1.0
    loading: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One paid call for one picture. `number` counts from 1 within its model, `round` from 1."""

    id: AttemptId
    model: ModelId
    number: int
    round: int
    state: AttemptState
    order: Order | None = None  # kept just before sending
    progress: Progress = Progress()
    sent: float | None = None  # seconds since 1970; None: nothing was ever paid
    seconds: float | None = None
    cost: Cost | None = None
    seed: int | None = None  # as the reply states it
    failure: Failure | None = None
    images: tuple[Image, ...] = ()

    @property
    def deleted(self) -> bool:
        """It brought pictures, and all of them were deleted since."""
        return self.state is AttemptState.DONE and not self.images

    @property
    def seed_honoured(self) -> bool | None:
        """True or False as the reply shows it; None where it does not say."""
        if self.order is None or (self.order.seed is None and "seed" not in self.order.ignored):
            return None
        if self.order.seed is None:
            return False
        return None if self.seed is None else self.seed == self.order.seed
