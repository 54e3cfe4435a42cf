"""The commands that Discord knows: sent when they are not what it was sent last, translated."""

import asyncio
import hashlib
import json
import logging
from pathlib import Path
from typing import Any

import discord
from discord import app_commands
from typing_extensions import override

from bot.words import speech_for

FILE = "discord-commands.sha256"
_log = logging.getLogger(__name__)


class Translator(app_commands.Translator):
    """Names and descriptions are English in the code, and msgids of the catalogue."""

    @override
    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """None where it stays as it is, so that Discord shows the English one."""
        text = string.message
        said = speech_for([locale.value])(text) if text else text
        return None if said == text else said


async def sync(tree: app_commands.CommandTree[Any], file: Path) -> bool:
    """Whether they had to be sent. HTTPException when Discord does not take them."""
    now = await _hash(tree)
    if await asyncio.to_thread(_read, file) == now:
        return False
    await tree.sync()
    await asyncio.to_thread(_write, file, now)
    return True


async def _hash(tree: app_commands.CommandTree[Any]) -> str:
    """Of all that is sent, and to which application."""
    translator = tree.translator
    assert translator is not None  # noqa: S101 - the client sets it
    commands = tree.get_commands()
    sent = [await command.get_translated_payload(tree, translator) for command in commands]
    text = json.dumps([tree.client.application_id, sent], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _read(file: Path) -> str:
    try:
        return file.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _write(file: Path, text: str) -> None:
    """Without it they are sent once more the next time, which does no harm."""
    try:
        file.write_text(f"{text}\n", "ascii")
    except OSError as error:
        _log.warning("what was sent to Discord could not be noted: %s", error)
