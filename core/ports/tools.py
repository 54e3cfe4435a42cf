"""What the image tools need of the world."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from core.ids import OwnerId, PlaceId
from core.models.attempt import Progress
from core.models.origin import Origin
from core.models.tool import Cutout, Source


class Report(Protocol):
    async def __call__(self, progress: Progress) -> None:
        """Tell how far the waiting is; cheap to call often."""


class Fetch(Protocol):
    """How one front end gets what a person brings."""

    async def __call__(self, reference: str) -> bytes | Path:
        """The file's bytes, or where it lies on this disk; ToolFailed says why there are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A source in hand: its bytes, its name without an ending, and its line if it is kept."""

    data: bytes
    name: str
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """A source found: bytes, or a file that is still to be read."""

    content: bytes | Path
    name: str
    origin: Origin | None = None


class Sources(Protocol):
    """Finds what a tool is to work on: kept images of this owner or place, or brought files."""

    async def locate(self, owner: OwnerId, place: PlaceId, source: Source) -> Located:
        """ToolFailed for what is not there, or not theirs."""

    async def open(self, owner: OwnerId, place: PlaceId, source: Source) -> Opened:
        """The same, read: never more than a picture may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A cut-out as encoded bytes, and who made it: `lean/u2netp`, `rembg/birefnet-general`."""

    picture: bytes
    engine: str


Take = Callable[[], Awaitable[bytes]]  # reads a picture: what waits should not lie in memory


class Cutter(Protocol):
    """Takes backgrounds away, in a process of its own, one picture after the other."""

    def check(self, cutout: Cutout) -> None:
        """UnknownWeights for a model that is not offered."""

    async def cut(self, picture: Take, cutout: Cutout, report: Report) -> Cut:
        """Fetches the model first where that is needed; reads the picture when its turn has come.

        ToolFailed for what cannot be cut out now; BadImage for what is no picture.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightsNote:
    """One cut-out model of the fixed list. `path` None: not installed."""

    name: str
    engine: str  # lean, rembg
    file: str
    bytes: int | None  # as released; None: not known
    checksum: str  # sha256:HEX, or md5:HEX where nothing better was ever published
    licence: str
    path: Path | None
    preferred: bool  # what is used when nobody names one


class Weights(Protocol):
    """The models of the cut-out on this disk."""

    def notes(self) -> Sequence[WeightsNote]: ...

    async def fetch(self, name: str, report: Report) -> Path:
        """Where it lies, fetched if need be from the first source that answers.

        UnknownWeights; NoWeights when no source answers; StoreFull, StoreUnwritable.
        """

    async def install(self, file: Path, *, trust: bool) -> WeightsNote:
        """Take a file that the person has got; WrongWeights says its sum when it is no release."""
