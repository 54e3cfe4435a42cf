"""The client of discord.py as this house uses it: interactions alone, and hardly any memory."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import AppCommandContext, AppInstallationType
from typing_extensions import override

from bot.actions import Press, read_code
from bot.discord.answering import apologize, guarded, is_taken, tell
from bot.discord.asking import speech_of
from bot.discord.press import PressButton, PressSelect
from bot.discord.sync import FILE, Translator, sync

if TYPE_CHECKING:
    from bot.discord.asking import Interaction

_PATIENCE = 1.5  # seconds, of three, for whoever may be about to answer
# At DEBUG they print what people type into modals, bodies, replies, tokens.
_TALKATIVE = (
    "discord",
    "discord.client",
    "discord.gateway",
    "discord.http",
    "discord.webhook.async_",
)


def quiet_loggers() -> None:
    """At INFO at least, and no louder than they are."""
    for name in _TALKATIVE:
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.getEffectiveLevel(), logging.INFO))


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the front end does: its commands, one handler for every press, and what runs beside.

    `register` is called once, at the login; `beside` from when it is online, until its end.
    """

    register: "Callable[[Tree, Client], None]"
    on_press: "Callable[[Interaction, Press], Awaitable[None]]"
    beside: Callable[[], Awaitable[None]]


class Tree(app_commands.CommandTree["Client"]):
    """Every command is there in servers, in private chats and as a person's own app."""

    def __init__(self, client: "Client") -> None:
        super().__init__(
            client,
            allowed_installs=AppInstallationType(guild=True, user=True),
            allowed_contexts=AppCommandContext(guild=True, dm_channel=True, private_channel=True),
        )

    @override
    async def on_error(
        self, interaction: "Interaction", error: app_commands.AppCommandError, /
    ) -> None:
        await apologize(interaction, error)


class Client(discord.AutoShardedClient):
    """Logged in, it knows its commands and has sent them to Discord where that did not."""

    def __init__(
        self, make: "Callable[[Client], Parts]", data: Path, *, proxy: str | None = None
    ) -> None:
        super().__init__(
            intents=discord.Intents.none(),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=0,
            proxy=proxy,
        )
        self.tree = Tree(self)
        self.reached = asyncio.Event()  # the gateway has answered to one shard
        self.online = asyncio.Event()  # to all of them
        self.parts = make(self)
        self._hash_file = data / FILE

    @override
    async def setup_hook(self) -> None:
        self.parts.register(self.tree, self)
        self.add_dynamic_items(PressButton, PressSelect)
        await self.tree.set_translator(Translator())
        await sync(self.tree, self._hash_file)

    async def on_connect(self) -> None:
        self.reached.set()

    async def on_ready(self) -> None:
        self.online.set()

    async def pressed(self, interaction: "Interaction", code: str) -> None:
        """A button or an option of a menu; an action that is no more is told so."""
        press = read_code(code)
        if press is None:
            await self._too_old(interaction)
        else:
            await guarded(interaction, self.parts.on_press(interaction, press))

    async def on_interaction(self, interaction: "Interaction") -> None:
        """discord.py calls it after whoever was meant: what nobody answers is answered here."""
        kinds = (discord.InteractionType.component, discord.InteractionType.modal_submit)
        if interaction.type not in kinds or is_taken(interaction):
            return
        await asyncio.sleep(_PATIENCE)
        if not interaction.response.is_done():
            await self._too_old(interaction)

    async def _too_old(self, interaction: "Interaction") -> None:
        _ = speech_of(interaction)
        if interaction.type is discord.InteractionType.modal_submit:
            sentence = _("This form is no longer open here. Use the command again.")
        else:
            sentence = _("This button is from an older version. Use the command again.")
        await tell(interaction, sentence)
