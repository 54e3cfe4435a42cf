"""`omniimage run`."""

import asyncio
import logging
import signal
from typing import TYPE_CHECKING

import click

from bot.terminal.exits import DONE, FAILED
from bot.terminal.speaking import Command
from bot.terminal.stopping import ctrl_c, unheard
from bot.terminal.terminal import Terminal
from bot.words.speech import mark
from bot.words.starting import FrontEndFailed, say_front_end_failed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.terminal.fronts import FrontEnd
    from core.app import App
    from core.config.settings import Settings


@click.command(
    "run",
    cls=Command,
    help=mark("Start the front ends that the settings enable."),
    short_help=mark("Start the enabled bots."),
    epilog=mark("Example: omniimage --config config.toml run"),
)
@click.pass_obj
def command(terminal: Terminal) -> int:
    settings = terminal.settings()
    enabled = [front for front in terminal.front_ends if front.is_enabled(settings)]

    async def work(app: "App") -> int:  # opening it has put the rows in order
        if enabled:
            return await _run(terminal, app, settings, enabled)
        _ = terminal.speech
        click.echo(
            _(
                "No front end is enabled, so nothing was started. A token enables Discord: set "
                "OMNIIMAGE_DISCORD__TOKEN, or token under [discord] in config.toml. Telegram is "
                "not there yet. Until then, omniimage try paints here."
            )
        )
        return DONE

    return terminal.run(work, adopt=True, alone=True)


async def _run(
    terminal: Terminal, app: "App", settings: "Settings", enabled: "Sequence[FrontEnd]"
) -> int:
    """Until somebody ends it, or one of them cannot go on."""
    _log_errors()
    stopped = asyncio.Event()
    code = DONE
    with ctrl_c(stopped, signal.SIGTERM):
        try:
            async with asyncio.TaskGroup() as group:
                running = [group.create_task(front.run(app, settings, _tell)) for front in enabled]
                await stopped.wait()
                for task in running:
                    task.cancel()
        except* FrontEndFailed as failed:
            code = FAILED
            for error in _flat(failed):
                click.echo(say_front_end_failed(terminal.speech, error), err=True)
    return code


def _log_errors() -> None:
    """A bot runs unseen: what breaks in it is on stderr without -v too."""
    for name in ("bot", "core"):
        logger = logging.getLogger(name)
        logger.setLevel(min(logger.getEffectiveLevel(), logging.ERROR))


def _tell(line: str) -> None:
    with unheard():
        click.echo(line)


def _flat(group: BaseExceptionGroup[FrontEndFailed]) -> "list[FrontEndFailed]":
    found: list[FrontEndFailed] = []
    for error in group.exceptions:
        found += _flat(error) if isinstance(error, BaseExceptionGroup) else [error]
    return found
