from dataclasses import dataclass

from core.imaging.formats import Picture, measure, thumbnail
from core.imaging.metadata import Made
from core.imaging.notes import made_of
from core.models.asker import Asker
from core.models.image import Measured
from core.models.tool import Source
from core.ports.offload import Offload
from core.ports.tools import Sources


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFacts:
    """What a file says of itself; `small` is the picture in the box that was asked for."""

    name: str
    bytes: int
    measured: Measured
    made: Made | None
    small: Picture | None = None


class Pictures:
    """Looks at pictures, kept or brought; changes nothing."""

    def __init__(self, sources: Sources, offload: Offload) -> None:
        self._sources = sources
        self._offload = offload

    async def look(
        self, asker: Asker, source: Source, box: tuple[int, int] | None = None
    ) -> PictureFacts:
        """ToolFailed or BadImage for what cannot be looked at."""
        opened = await self._sources.open(asker.owner, asker.place, source)
        return PictureFacts(
            name=opened.name,
            bytes=len(opened.data),
            measured=await self._offload(measure, opened.data),
            made=await self._offload(made_of, opened.data, opened.origin),
            small=await self._offload(thumbnail, opened.data, box) if box else None,
        )
