"""What a press comes to: a front end shows it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.models.image import Image
from core.models.job import Comparison, Job, TextRun

if TYPE_CHECKING:
    from core.usecases.pictures import PictureFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A job runs now, or did already when an equal press came."""

    job: Job
    fresh: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A picture's untouched bytes."""

    image: Image
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a picture says of itself."""

    facts: "PictureFacts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A picture's own panel is to be shown."""

    image: Image


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefilled:
    """The person is to edit this prompt; `job` is where it comes from."""

    job: Comparison | TextRun
    prompt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """It was done at once, and its message says so by itself."""


Outcome = Begun | Handed | Looked | Opened | Prefilled | Ended
