import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from core.errors import BadImage, StoreDamaged, TooMany
from core.files.manifest import manifest
from core.files.names import PictureFile
from core.imaging.archive import Entry, write_archive
from core.imaging.formats import Picture, encode_png, thumbnail
from core.imaging.gallery import GalleryCaptions, GalleryPicture, gallery
from core.imaging.sheet import MAX_TILES, Sheet, Theme, Tile, draw_sheet, tile_box
from core.imaging.webp import preview
from core.models.image import Image
from core.models.job import Comparison
from core.ports.blobs import Blobs
from core.ports.offload import Offload

_LANES = 2  # pictures of one sheet in memory at the same time


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
    language: str = "en"


class Export:
    """A comparison as files: the contact sheet, the archive, single pictures."""

    def __init__(self, blobs: Blobs, offload: Offload) -> None:
        self._blobs = blobs
        self._offload = offload

    async def picture(self, file: PictureFile) -> bytes:
        """Exactly as the provider sent it."""
        return await self._blobs.get(file.image.sha256)

    async def preview(self, image: Image, most_bytes: int) -> bytes:
        """A WebP to look at in a chat; StoreDamaged or BadImage where there is none."""
        data = await self._blobs.get(image.sha256)
        return await self._offload(preview, data, most_bytes)

    async def sheet_preview(
        self, job: Comparison, captions: SheetCaptions, most_bytes: int
    ) -> bytes:
        """The contact sheet, alike."""
        return await self._offload(preview, await self.sheet(job, captions), most_bytes)

    async def sheet(self, job: Comparison, captions: SheetCaptions) -> bytes:
        """The one labelled picture of a comparison, as PNG."""
        wanted = [
            (caption, image)
            for caption, attempt in zip(captions.tiles, job.attempts, strict=True)
            for image in attempt.images or (None,)
        ][:MAX_TILES]
        box = tile_box(len(wanted))
        lanes = asyncio.Semaphore(_LANES)
        small = await asyncio.gather(*(self._small(image, box, lanes) for _, image in wanted))
        tiles = [_tile(caption, one) for (caption, _), one in zip(wanted, small, strict=True)]
        return await self._offload(_painted, job.work.prompt, captions, tiles)

    @staticmethod
    def box(count: int) -> tuple[int, int]:
        """The pixels that one picture fills on a sheet of so many; TooMany beyond MAX_TILES."""
        if count > MAX_TILES:
            raise TooMany(what="tiles", asked=count, limit=MAX_TILES)
        return tile_box(count)

    async def sheet_of(
        self,
        header: str,
        captions: SheetCaptions,
        pictures: Sequence[Picture],
        theme: Theme = "light",
    ) -> bytes:
        """The same of any pictures in that box, one for each tile caption."""
        tiles = [
            _tile(caption, one) for caption, one in zip(captions.tiles, pictures, strict=True)
        ]
        return await self._offload(_painted, header, captions, tiles, theme)

    async def _small(
        self, image: Image | None, box: tuple[int, int], lanes: asyncio.Semaphore
    ) -> Picture | None:
        """What is gone, damaged or unreadable leaves its tile empty; the others are drawn."""
        if image is None:
            return None
        try:
            async with lanes:
                data = await self._blobs.get(image.sha256)
                return await self._offload(thumbnail, data, box)
        except (StoreDamaged, BadImage):
            return None

    async def archive(
        self,
        job: Comparison,
        files: Sequence[PictureFile],
        captions: SheetCaptions,
        target: BinaryIO,
    ) -> None:
        """Originals, manifest and a page that shows them, streamed.

        The same comparison gives the same bytes.
        """
        entries = [
            *(
                Entry(
                    name=one.name,
                    source=self._blobs.path(one.image.sha256),
                    size=one.image.bytes,
                )
                for one in files
            ),
            Entry(name="manifest.json", source=manifest(job, files)),
            Entry(name="index.html", source=_page(job, files, captions)),
        ]
        await asyncio.to_thread(write_archive, target, entries)


def _page(job: Comparison, files: Sequence[PictureFile], captions: SheetCaptions) -> bytes:
    by_attempt = {
        attempt.id: caption for attempt, caption in zip(job.attempts, captions.tiles, strict=True)
    }
    pictures = [
        GalleryPicture(
            file=one.name,
            width=one.image.width,
            height=one.image.height,
            title=by_attempt[one.attempt.id].title,
            lines=by_attempt[one.attempt.id].lines,
        )
        for one in files
    ]
    return gallery(
        pictures,
        GalleryCaptions(
            lang=captions.language,
            title="OmniImage",
            header=job.work.prompt,
            subtitle=captions.subtitle,
            footer=captions.footer,
        ),
    )


def _painted(
    header: str, captions: SheetCaptions, tiles: Sequence[Tile], theme: Theme = "light"
) -> bytes:
    sheet = Sheet(
        header=header,
        subtitle=captions.subtitle,
        footer=captions.footer,
        tiles=tuple(tiles),
        theme=theme,
    )
    return encode_png(draw_sheet(sheet))


def _tile(caption: TileCaption, picture: Picture | None) -> Tile:
    return Tile(title=caption.title, lines=caption.lines, notice=caption.notice, image=picture)
