import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from core.errors import BadImage, StoreDamaged
from core.imaging.archive import Entry, write_archive
from core.imaging.formats import Picture, encode_png, thumbnail
from core.imaging.sheet import MAX_TILES, TILE, Sheet, Tile, draw_sheet
from core.models.image import Image
from core.models.job import Job
from core.ports.blobs import Blobs
from core.ports.offload import Offload
from core.usecases.files import PictureFile
from core.usecases.manifest import manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class TileCaption:
    """Ready-worded: what one tile of the contact sheet says; `notice`: why it has no picture."""

    title: str
    lines: tuple[str, ...] = ()
    notice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetCaptions:
    """Ready-worded in the reader's language; one tile caption for each attempt, in their order."""

    subtitle: str
    footer: str
    tiles: tuple[TileCaption, ...]


class Export:
    """A comparison as files: the contact sheet, the archive, single pictures."""

    def __init__(self, blobs: Blobs, offload: Offload) -> None:
        self._blobs = blobs
        self._offload = offload

    async def picture(self, file: PictureFile) -> bytes:
        """Exactly as the provider sent it."""
        return await self._blobs.get(file.image.sha256)

    async def sheet(self, job: Job, captions: SheetCaptions) -> bytes:
        """The one labelled picture of a comparison, as PNG."""
        pictures = [
            [await self._kept(image) for image in attempt.images] for attempt in job.attempts
        ]
        return await self._offload(_draw, job.work.prompt, captions, pictures)

    async def _kept(self, image: Image) -> bytes | None:
        """What is gone or damaged leaves its tile empty; the others are drawn."""
        try:
            return await self._blobs.get(image.sha256)
        except StoreDamaged:
            return None

    async def archive(self, job: Job, files: Sequence[PictureFile], target: BinaryIO) -> None:
        """Originals and manifest, streamed; the same comparison gives the same bytes."""
        entries = [
            Entry(name=file.name, source=self._blobs.path(file.image.sha256)) for file in files
        ]
        entries.append(Entry(name="manifest.json", source=manifest(job, files)))
        await asyncio.to_thread(write_archive, target, entries)


def _draw(
    prompt: str, captions: SheetCaptions, pictures: Sequence[Sequence[bytes | None]]
) -> bytes:
    tiles = tuple(
        Tile(
            title=caption.title,
            lines=caption.lines,
            notice=caption.notice,
            image=_small(data),
        )
        for caption, its_pictures in zip(captions.tiles, pictures, strict=True)
        for data in its_pictures or [None]
    )[:MAX_TILES]
    sheet = Sheet(header=prompt, subtitle=captions.subtitle, footer=captions.footer, tiles=tiles)
    return encode_png(draw_sheet(sheet))


def _small(data: bytes | None) -> Picture | None:
    """A kept picture that no decoder can read leaves its tile empty; the others are drawn."""
    if data is None:
        return None
    try:
        return thumbnail(data, TILE)
    except BadImage:
        return None
