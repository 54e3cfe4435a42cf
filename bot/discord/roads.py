"""The two roads to a message: by an interaction's token while it lives, and by the bot itself."""

from collections.abc import Sequence
from typing import Any, Protocol

import discord
from discord import ui

_ORIGINAL: Any = "@original"  # the interaction's own answer, which stands there already


class Road(Protocol):
    has_original: bool  # the first message stands there already, and is only ever edited

    async def edit(
        self, message: int | None, view: ui.LayoutView, attachments: Sequence[Any]
    ) -> discord.Message:
        """None: the original. May be repeated."""

    async def send(self, view: ui.LayoutView, files: Sequence[Any]) -> discord.Message:
        """Never repeated: what was sent, and whose answer was lost, stands there."""


class TokenRoad:
    has_original = True

    def __init__(self, client: discord.Client, application: int, token: str) -> None:
        self._webhook = discord.Webhook.partial(application, token, client=client)

    async def edit(
        self, message: int | None, view: ui.LayoutView, attachments: Sequence[Any]
    ) -> discord.Message:
        return await self._webhook.edit_message(
            message or _ORIGINAL, view=view, attachments=attachments
        )

    async def send(self, view: ui.LayoutView, files: Sequence[Any]) -> discord.Message:
        return await self._webhook.send(view=view, files=files, wait=True)


class BotRoad:
    has_original = False

    def __init__(self, client: discord.Client, channel: int) -> None:
        self._place = client.get_partial_messageable(channel)

    async def edit(
        self, message: int | None, view: ui.LayoutView, attachments: Sequence[Any]
    ) -> discord.Message:
        assert message is not None  # noqa: S101 - it has no original
        found = self._place.get_partial_message(message)
        return await found.edit(view=view, attachments=attachments)

    async def send(self, view: ui.LayoutView, files: Sequence[Any]) -> discord.Message:
        return await self._place.send(view=view, files=files)
