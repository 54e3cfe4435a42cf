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
from core.imaging.sheet import MAX_TILES, TILE, Sheet, Tile, draw_sheet
from core.models.image import Image
from core.models.job import Comparison
from core.ports.blobs import Blobs
from core.ports.offload import Offload


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

    async def sheet(self, job: Comparison, captions: SheetCaptions) -> bytes:
        """The one labelled picture of a comparison, as PNG."""
        pictures = [
            [await self._kept(image) for image in attempt.images] for attempt in job.attempts
        ]
        return await self._offload(_draw, job.work.prompt, captions, pictures)

    async def sheet_of(
        self, header: str, captions: SheetCaptions, pictures: Sequence[Picture]
    ) -> bytes:
        """The same of any pictures, one for each tile caption; WrongUse beyond MAX_TILES."""
        if len(pictures) > MAX_TILES:
            raise TooMany(what="tiles", asked=len(pictures), limit=MAX_TILES)
        return await self._offload(_draw_tiles, header, captions, pictures)

    async def _kept(self, image: Image) -> bytes | None:
        """What is gone or damaged leaves its tile empty; the others are drawn."""
        try:
            return await self._blobs.get(image.sha256)
        except StoreDamaged:
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
            *(Entry(name=one.name, source=self._blobs.path(one.image.sha256)) for one in files),
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


def _draw(
    prompt: str, captions: SheetCaptions, pictures: Sequence[Sequence[bytes | None]]
) -> bytes:
    tiles = [
        _tile(caption, _small(data))
        for caption, its_pictures in zip(captions.tiles, pictures, strict=True)
        for data in its_pictures or [None]
    ]
    return _painted(prompt, captions, tiles[:MAX_TILES])


def _draw_tiles(header: str, captions: SheetCaptions, pictures: Sequence[Picture]) -> bytes:
    tiles = [_tile(*each) for each in zip(captions.tiles, pictures, strict=True)]
    return _painted(header, captions, tiles)


def _painted(header: str, captions: SheetCaptions, tiles: Sequence[Tile]) -> bytes:
    return encode_png(
        draw_sheet(
            Sheet(
                header=header,
                subtitle=captions.subtitle,
                footer=captions.footer,
                tiles=tuple(tiles),
            )
        )
    )


def _tile(caption: TileCaption, picture: Picture | None) -> Tile:
    return Tile(title=caption.title, lines=caption.lines, notice=caption.notice, image=picture)


def _small(data: bytes | None) -> Picture | None:
    """A kept picture that no decoder can read leaves its tile empty; the others are drawn."""
    if data is None:
        return None
    try:
        return thumbnail(data, TILE)
    except BadImage:
        return None
