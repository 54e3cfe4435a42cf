"""What goes wrong in a handler is told to the person, in private and in their language."""

import logging
from collections.abc import Awaitable
from typing import TYPE_CHECKING

import discord
from aiohttp import ClientError
from discord import app_commands

from bot.discord.asking import speech_of
from bot.words.errors import say_error
from core.errors import OmniImageError

if TYPE_CHECKING:
    from bot.discord.asking import Interaction
    from bot.words import Speech

_TAKEN = "omniimage.taken"
_log = logging.getLogger(__name__)


def take(interaction: "Interaction") -> None:
    """A handler of ours has it: nobody else is to answer."""
    interaction.extras[_TAKEN] = True


def is_taken(interaction: "Interaction") -> bool:
    return _TAKEN in interaction.extras


async def guarded(interaction: "Interaction", work: Awaitable[None]) -> None:
    """Every handler runs in here, as discord.py only logs what it raises."""
    take(interaction)
    try:
        await work
    except Exception as error:  # noqa: BLE001 - the last place: everything becomes a sentence
        await apologize(interaction, error)
        return
    if not interaction.response.is_done():
        await apologize(interaction, RuntimeError("a handler ended without an answer"))


async def apologize(interaction: "Interaction", error: Exception) -> None:
    """Log it and say it. A placeholder that everybody sees goes away first."""
    if isinstance(error, app_commands.CommandInvokeError):
        error = error.original
    if isinstance(error, OmniImageError):
        _log.info("refused: %s", type(error).__name__)
    else:
        _log.error("a handler broke", exc_info=error)
    await tell(interaction, _sentence(speech_of(interaction), error))


def _sentence(_: "Speech", error: Exception) -> str:
    match error:
        case OmniImageError():
            return say_error(_, error)
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            return _("This command has changed. Reload Discord, then use it again.")
        case _:
            return _("Something went wrong here. Try again in a moment.")


async def tell(interaction: "Interaction", sentence: str) -> None:
    """For the person alone; also after the interaction was acknowledged."""
    if interaction.type is discord.InteractionType.autocomplete:
        return
    try:
        if not interaction.response.is_done():
            await interaction.response.send_message(sentence, ephemeral=True)
            return
        await _remove_placeholder(interaction)
        await interaction.followup.send(sentence, ephemeral=True)
    except (discord.DiscordException, ClientError, OSError) as error:
        _log.warning("a person could not be told what went wrong: %s", type(error).__name__)


async def _remove_placeholder(interaction: "Interaction") -> None:
    """What follows a public "is thinking..." would take its place, for everybody to see."""
    if interaction.response.type is not discord.InteractionResponseType.deferred_channel_message:
        return
    flags = (await interaction.original_response()).flags
    if flags.loading and not flags.ephemeral:
        await interaction.delete_original_response()
