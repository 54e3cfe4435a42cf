from dataclasses import dataclass

from core.ids import AttemptId, ImageId, JobId, OwnerId, PlaceId


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What the bytes themselves say: format (png, jpeg, webp, ...) and size in pixels."""

    format: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """One kept picture of one owner. Equal bytes are shared on disk, rows never.

    `attempt` is None for what a tool made; then `parent` and `tool` say from what and how.
    """

    id: ImageId
    owner: OwnerId
    place: PlaceId
    job: JobId
    attempt: AttemptId | None = None
    parent: ImageId | None = None
    tool: str | None = None
    sha256: str
    bytes: int
    format: str
    width: int
    height: int
    created: float  # seconds since 1970, UTC
