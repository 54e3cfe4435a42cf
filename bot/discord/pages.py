"""What stands on a job's pages: its words by `render`, its files from the house."""

import asyncio
import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

import discord

from bot.discord.render import Page, Showing, comparison_pages, text_pages, tool_pages
from bot.words import Speech
from bot.words.captions import sheet_captions
from core.ids import ImageId
from core.models.job import Comparison, Job, TextRun, ToolRun

if TYPE_CHECKING:
    from core.app import App

_PREVIEW = 2 * 2**20  # bytes of one picture in an album; ten of them fit one request
_REQUEST, _FILES = 20 * 2**20, 10  # bytes of new files in a request, files of a message
_SHEET = "sheet.webp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A job's pages as it now stands; the bytes of a file are made when it is about to be sent."""

    app: "App"
    speech: Speech
    job: Job
    pages: tuple[Page, ...]

    @classmethod
    def of(cls, app: "App", speech: Speech, job: Job, how: Showing, limit: int) -> Self:
        """`limit`: bytes that the place takes of one file."""
        if isinstance(job, ToolRun):
            how = replace(how, shrunk=_too_large(job, limit))
        return cls(app=app, speech=speech, job=job, pages=_pages(speech, job, how))

    async def file(self, page: Page, name: str, limit: int) -> discord.File:
        """`limit`: bytes that the place takes of one file."""
        data = await self._bytes(page, name, limit)
        return discord.File(io.BytesIO(data), name)

    async def _bytes(self, page: Page, name: str, limit: int) -> bytes:
        picture = next((one for one in page.pictures if one.name == name), None)
        if picture is None:
            path = self.app.results.file(self.job.id, name)
            return await asyncio.to_thread(path.read_bytes)
        if picture.image is None:
            assert isinstance(self.job, Comparison)  # noqa: S101 - it alone has a sheet
            demo = all(map(self.app.catalog.is_demo, self.job.work.models))
            captions = sheet_captions(self.speech, self.job, demo=demo)
            most = min(limit, 2 * _PREVIEW)
            return await self.app.export.sheet_preview(self.job, captions, most)
        if isinstance(self.job, ToolRun) and not name.endswith(".webp"):
            return await self.app.results.picture(picture.image)
        return await self.app.export.preview(picture.image, min(limit, _PREVIEW))


def _too_large(run: ToolRun, limit: int) -> frozenset[ImageId]:
    """What goes up as a smaller WebP, so that one request holds a message's pictures."""
    images = [image for item in run.items for image in item.images]
    most = min(limit, _REQUEST // max(1, min(len(images), _FILES)))
    return frozenset(image.id for image in images if image.bytes > most)


def _pages(speech: Speech, job: Job, how: Showing) -> tuple[Page, ...]:
    match job:
        case Comparison():
            several = job.state.final and len(job.images) > 1
            return comparison_pages(speech, job, _SHEET if several else None, how)
        case ToolRun():
            return tool_pages(speech, job, how)
        case TextRun():
            return text_pages(speech, job, how)
        case _:
            raise TypeError(job)
