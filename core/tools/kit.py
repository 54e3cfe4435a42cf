import time
from collections.abc import Callable
from dataclasses import dataclass

from core.ids import ImageId, ModelId, new_id
from core.imaging.formats import measure
from core.imaging.notes import with_notes
from core.models.grid import Grid
from core.models.image import Image
from core.models.job import ToolRun
from core.models.origin import Origin
from core.models.tool import Source
from core.ports.blobs import Blobs
from core.ports.folders import JobFolders
from core.ports.offload import Offload
from core.ports.tools import Cutter, Opened, Sources


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """What the tools work with. `grid_of`: the layout that a model always paints."""

    sources: Sources
    blobs: Blobs
    folders: JobFolders
    cutter: Cutter
    offload: Offload
    grid_of: Callable[[ModelId], Grid | None]
    metadata: bool

    async def open(self, run: ToolRun, source: Source) -> Opened:
        return await self.sources.open(run.owner, run.place, source)

    async def keep(
        self,
        run: ToolRun,
        opened: Opened,
        tool: str,
        data: bytes,
        most_bytes: int | None = None,
    ) -> Image:
        """A result on disk, with what is known of its source written into it, if it may be."""
        if self.metadata:
            noted = await self.offload(with_notes, data, opened.data, opened.origin)
            if most_bytes is None or len(noted) <= most_bytes:
                data = noted
        measured = await self.offload(measure, data)
        return Image(
            id=ImageId(new_id()),
            owner=run.owner,
            place=run.place,
            job=run.id,
            parent=opened.origin.image.id if opened.origin else None,
            tool=tool,
            sha256=await self.blobs.put(data),
            bytes=len(data),
            format=measured.format,
            width=measured.width,
            height=measured.height,
            created=time.time(),
        )

    def known_grid(self, origin: Origin | None) -> Grid | None:
        """Of a picture just as its model painted it."""
        if origin is None or origin.image.attempt is None or origin.attempt is None:
            return None
        return self.grid_of(origin.attempt.model)
