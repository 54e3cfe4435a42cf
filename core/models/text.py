"""Words before pictures: a prompt that a text model translates or enhances, step by step."""

from dataclasses import dataclass
from enum import StrEnum

from core.ids import ModelId, StepId
from core.models.attempt import AttemptState, Cost
from core.models.failure import Failure
from core.models.request import Request


class StepKind(StrEnum):
    TRANSLATE = "translate"
    ENHANCE = "enhance"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRequest:
    """A text, what a text model is to do with it, in this order, and which model.

    `language` is the code (BCP 47) of the one to translate into; `purpose` the comparison that
    the text is meant for, whose prompt it will be.
    """

    text: str
    steps: tuple[StepKind, ...]
    model: ModelId
    language: str = "en"
    purpose: Request | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """At most one paid call. Done without a text: it was in that language, nothing was sent."""

    id: StepId
    kind: StepKind
    state: AttemptState
    text: str | None = None
    sent: float | None = None  # seconds since 1970; None: nothing was ever paid
    seconds: float | None = None
    cost: Cost | None = None
    failure: Failure | None = None
