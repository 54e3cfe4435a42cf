import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from typing_extensions import override

from core.ids import ModelId
from core.models.draft import Draft

PROMPT_LIMIT = 32_000  # characters
SEED_LIMIT = 2**32 - 1  # as Midjourney takes it
DRAWN_SEED_LIMIT = 2**31 - 1000  # every provider takes 31 bits, and number k adds k - 1


RATIOS = ("1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3", "21:9")  # offered; others are read
SIDES = range(64, 8193)  # pixels

_PAIR = re.compile(r"(\d{1,5})\s*([:：x×*])\s*(\d{1,5})", re.IGNORECASE)
_STEEPEST = 10  # no picture is ten times as wide as high


class Quality(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Pixels, as people write them: 1024x768."""

    width: int
    height: int

    @classmethod
    def read(cls, text: str) -> Self:
        """ValueError for what is no size, or one that nobody paints."""
        width, height, sign = _pair(text)
        if sign in ":：" or width not in SIDES or height not in SIDES:
            raise ValueError(text)
        return cls(width=width, height=height)

    @override
    def __str__(self) -> str:
        return f"{self.width}x{self.height}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """Width to height, as people write it: 16:9."""

    width: int
    height: int

    @classmethod
    def read(cls, text: str) -> Self:
        """ValueError for what is no ratio, or too steep for any picture."""
        width, height, _ = _pair(text)
        if not (width and height) or max(width, height) > _STEEPEST * min(width, height):
            raise ValueError(text)
        return cls(width=width, height=height)

    @override
    def __str__(self) -> str:
        return f"{self.width}:{self.height}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What a person asks of every model; None is "as the model likes"."""

    ratio: Ratio | None = None
    size: Size | None = None
    count: int | None = None
    seed: int | None = None
    steps: int | None = None
    quality: Quality | None = None
    negative: str | None = None

    @property
    def pictures(self) -> int:
        """How many of each model."""
        return self.count or 1


def draw_seed() -> int:
    import secrets  # late, as in `new_id`

    return secrets.randbelow(DRAWN_SEED_LIMIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A prompt (flags taken out), the models in the order asked, the parameters.

    `drawn_seed` serves all models when the person named no seed, so that "again" means something.
    """

    prompt: str
    models: tuple[ModelId, ...]
    parameters: Parameters = Parameters()
    deadline: float | None = None  # seconds for each attempt; None: the operator's limit
    drawn_seed: int = field(default_factory=draw_seed)
    draft: Draft | None = None  # where the prompt comes from, when a text model worked on it


def _pair(text: str) -> tuple[int, int, str]:
    match = _PAIR.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    return int(match[1]), int(match[3]), match[2].lower()
