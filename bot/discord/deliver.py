"""A job's pages on Discord: sent, edited, and sent in another way where Discord refuses."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import aiohttp
import discord

from bot.courier import Shown
from bot.discord.asking import FRONT_END, Memo, address_of
from bot.discord.pages import Book
from bot.discord.press import item_of
from bot.discord.render import Showing, view_of
from bot.discord.roads import BotRoad, Road, TokenRoad
from bot.words import speech_for

if TYPE_CHECKING:
    from bot.discord.render import Page
    from core.app import App
    from core.models.job import Delivery, Job

_PAUSE = 2.0  # seconds between two edits of one message
# The message, its channel, the token or the right to see it is gone: nobody can be told there.
_GONE = frozenset({10003, 10008, 10015, 10062, 50001, 50007, 50027})
_AUTOMOD = 200000
_LOST = 0  # the id of a message that was sent, and whose answer was lost
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One message as it now stands: its id, and the ids of its files by name."""

    message: int | None = None
    files: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Put:
    """One page on its way. `limit`: bytes of one file; `original`: it answers the interaction."""

    road: Road
    page: "Page"
    book: "Book"
    limit: int
    original: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A file that stays on a message: what an edit says of it."""

    id: int
    name: str

    def to_dict(self) -> dict[str, Any]:
        return {"id": self.id, "filename": self.name}


class Deliverer:
    """The courier's way to Discord."""

    name = FRONT_END

    def __init__(self, app: "App", client: discord.Client) -> None:
        self._app = app
        self._client = client

    def pause(self, delivery: "Delivery") -> float:  # noqa: ARG002 - alike for each of them
        return _PAUSE

    async def deliver(self, delivery: "Delivery", job: "Job") -> Shown | None:
        memo = Memo.read(delivery.memo)
        for road in self._roads(delivery, memo):
            try:
                memo = await self._tell(road, delivery, job, memo)
            except discord.HTTPException as error:
                if error.code not in _GONE:
                    raise
                _log.info("a message cannot be reached this way: %s", error.code)
                continue
            return Shown(address=address_of(memo.channel, memo.messages[0]), memo=memo.dump())
        return None

    async def _tell(self, road: Road, delivery: "Delivery", job: "Job", memo: Memo) -> Memo:
        """Where the place's AutoMod refuses the prompt, without it: the pictures stay."""
        speech = speech_for([delivery.locale], add_key="/keys add")
        how = Showing(private=delivery.private, withheld=memo.withheld)
        try:
            return await self._show(road, Book.of(self._app, speech, job, how, memo.limit), memo)
        except discord.HTTPException as error:
            if error.code != _AUTOMOD or memo.withheld:
                raise
        memo, how = replace(memo, withheld=True), replace(how, withheld=True)
        return await self._show(road, Book.of(self._app, speech, job, how, memo.limit), memo)

    def _roads(self, delivery: "Delivery", memo: Memo) -> Iterator[Road]:
        token = self._app.deliveries.token(delivery)
        if token is not None:
            yield TokenRoad(self._client, memo.application, token)
        if memo.reachable:
            yield BotRoad(self._client, memo.channel)

    async def _show(self, road: Road, book: Book, memo: Memo) -> Memo:
        for at, page in enumerate(book.pages):
            known = at < len(memo.messages)
            before = Standing(
                message=memo.messages[at] if known else None,
                files=memo.files[at] if known else {},
            )
            original = at == 0 and road.has_original
            put = _Put(road=road, page=page, book=book, limit=memo.limit, original=original)
            now = await self._put(put, before)
            memo = replace(
                memo,
                messages=(*memo.messages[:at], now.message or 0, *memo.messages[at + 1 :]),
                files=(*memo.files[:at], now.files, *memo.files[at + 1 :]),
            )
        return memo

    async def _put(self, put: "_Put", before: Standing) -> Standing:
        """The files that are there stay; where Discord does not let them, all come anew."""
        if before.message == _LOST:
            return before
        kept = {name: before.files[name] for name in put.page.files if name in before.files}
        try:
            return await self._send(put, before, kept)
        except discord.HTTPException as error:
            if error.status != 400 or not kept:  # noqa: PLR2004
                raise
            _log.info("Discord did not keep the files of a message: %s", error.code)
        return await self._send(put, before, {})

    async def _send(self, put: "_Put", before: Standing, kept: Mapping[str, int]) -> Standing:
        new = [name for name in put.page.files if name not in kept]
        files = [await put.book.file(put.page, name, put.limit) for name in new]
        view = view_of(put.page, item_of)
        if before.message is None and not put.original:
            try:
                message = await put.road.send(view, files)
            except aiohttp.ClientError:
                # Sent perhaps, and its answer lost: it counts as told, and is not sent again.
                return Standing(message=_LOST)
        else:
            stays = [Kept(id=one, name=name) for name, one in kept.items()]
            message = await put.road.edit(before.message, view, [*stays, *files])
        return Standing(message=message.id, files=_files_of(message, put.page))


def _files_of(message: discord.Message, page: "Page") -> dict[str, int]:
    """In the order of the galleries: a V2 message does not list what its components show."""
    galleries = (
        one for one in message.components if isinstance(one, discord.MediaGalleryComponent)
    )
    shown = [item.media for gallery in galleries for item in gallery.items]
    lying = [one.media for one in message.components if isinstance(one, discord.FileComponent)]
    ids = [media.attachment_id for media in (*shown, *lying)]
    if len(ids) != len(page.files):
        return {}
    return {name: one for name, one in zip(page.files, ids, strict=True) if one is not None}
