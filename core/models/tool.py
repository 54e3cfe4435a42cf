"""Free work on images: which tool, on what, and what became of each source."""

from dataclasses import dataclass, field
from enum import StrEnum

from core.ids import ImageId, ItemId
from core.models.attempt import Progress
from core.models.grid import Grid
from core.models.image import Image

FEATHER = range(65)  # pixels
Colour = tuple[int, int, int]  # red, green, blue, each 0 to 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Cut a grid into its tiles; without `grid` it is found in the picture, or nothing is cut."""

    grid: Grid | None = None


class CutoutFormat(StrEnum):
    PNG = "png"
    WEBP = "webp"
    STICKER = "sticker"  # Telegram's: WebP, one side exactly 512 pixels, at most 512 KiB
    EMOJI = "emoji"  # Discord's: PNG, 128 x 128 pixels, at most 256 KiB

    @property
    def most_bytes(self) -> int | None:
        """What the chat takes; a kilobyte is 1000 bytes where it does not say."""
        return {CutoutFormat.STICKER: 512_000, CutoutFormat.EMOJI: 256_000}.get(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutout:
    """Take the background away.

    `background` None leaves it transparent; `feather` softens the edge, in pixels of the source;
    `model` None is the best one that is installed; `fine` asks for alpha matting.
    """

    model: str | None = None
    background: Colour | None = None
    trim: bool = False
    feather: int = 0
    format: CutoutFormat = CutoutFormat.PNG
    fine: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWords:
    """Ready-worded: what the page in an archive says. `names` are pairs, of each parameter."""

    language: str
    title: str
    names: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """Pack into `NAME.zip`, or into numbered parts of at most `most_bytes` each."""

    name: str
    words: PageWords
    most_bytes: int | None = None


Tool = Split | Cutout | Archive


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An image of the house."""

    image: ImageId


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """A picture that a person brings; the front end alone reads `reference`.

    `name` is the file's own, as people see it.
    """

    front_end: str
    reference: str
    name: str


Source = Kept | Brought


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolRequest:
    tool: Tool
    sources: tuple[Source, ...]


class ToolFailureKind(StrEnum):
    """Why a tool made nothing of a source; the words that `--json` prints."""

    UNKNOWN = "unknown"  # no such image, or another owner's
    DAMAGED = "damaged"  # a kept one whose bytes are gone
    MISSING = "missing"  # no such file
    FOLDER = "folder"
    UNREADABLE = "unreadable"
    EMPTY = "empty"
    GARBAGE = "garbage"
    TRUNCATED = "truncated"
    TOO_LARGE = "too_large"
    ANIMATED = "animated"
    TOO_SMALL = "too_small"
    NO_SUBJECT = "no_subject"
    NO_WEIGHTS = "no_weights"
    WRONG_WEIGHTS = "wrong_weights"
    NO_MEMORY = "no_memory"
    CRASHED = "crashed"
    BUSY = "busy"
    OVER_LIMIT = "over_limit"
    NO_SPACE = "no_space"
    UNWRITABLE = "unwritable"
    INTERRUPTED = "interrupted"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolFailure:
    """`detail` holds what the sentence names, in the order that it says."""

    kind: ToolFailureKind
    detail: tuple[str, ...] = ()


class ToolFailed(Exception):
    """Raised while one source is worked on; it becomes that item's failure, the others go on."""

    def __init__(self, kind: ToolFailureKind, *detail: str) -> None:
        super().__init__(kind.value)
        self.failure = ToolFailure(kind=kind, detail=detail)


class ItemState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    UNSURE = "unsure"  # looked at; a person has to say how
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"

    @property
    def final(self) -> bool:
        return self not in (ItemState.QUEUED, ItemState.RUNNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was made of one source. `name` is its name without an ending, for its results.

    `files` are names below the job's own folder; images are rows and stand beside.
    """

    name: str
    grid: Grid | None = None
    engine: str | None = None
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One source of a tool run, and what became of it."""

    id: ItemId
    source: Source
    state: ItemState
    progress: Progress = field(default_factory=Progress)
    outcome: Outcome | None = None
    failure: ToolFailure | None = None
    images: tuple[Image, ...] = ()

    @property
    def deleted(self) -> bool:
        """Pictures were made of it, and all of them were deleted since."""
        files = self.outcome.files if self.outcome else ()
        return self.state is ItemState.DONE and not (self.images or files)
