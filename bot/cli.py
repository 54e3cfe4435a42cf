"""The command `omniimage`: global options here, one file per noun in `bot.terminal`."""

import importlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from typing_extensions import override

from bot.terminal.exits import exit_code
from bot.terminal.fronts import FrontEnd
from bot.terminal.speaking import Context
from bot.terminal.terminal import Terminal, speak
from bot.words.speech import mark
from core.config import terminal_languages
from core.errors import UnreadableText

if TYPE_CHECKING:
    from core.app import App
    from core.config.settings import Settings

_COMMANDS = {
    "try": "generate",
    "enhance": "enhance",
    "translate": "translate",
    "models": "models",
    "history": "history",
    "show": "show",
    "again": "again",
    "retry": "retry",
    "split": "split",
    "cutout": "cutout",
    "zip": "archive",
    "sheet": "sheet",
    "info": "info",
    "weights": "weights",
    "keys": "keys",
    "run": "run",
}
_TAKE_FILES = {"split", "cutout", "zip", "sheet", "info", "weights"}


class _Commands(click.Group):
    """Imports a command when it is asked for, so that each starts as fast as it can."""

    context_class = Context

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: Any = importlib.import_module(f"bot.terminal.{_COMMANDS[cmd_name]}").command
        return command if isinstance(command, click.Command) else None


@click.group(
    cls=_Commands,
    help=mark("One prompt to several image models at once, with your own keys."),
    epilog=mark('Example: omniimage try "a red fox in the snow"'),
)
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=mark("Read the settings from this file."),
)
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help=mark("Keep database and images in this folder."),
)
@click.option("-v", "--verbose", is_flag=True, help=mark("Print on stderr what happens inside."))
@click.version_option(package_name="omniimage", help=mark("Print the version."))
@click.pass_obj
def omniimage(
    terminal: Terminal, config: Path | None, data_dir: Path | None, *, verbose: bool
) -> None:
    terminal.prepare(config, data_dir, verbose=verbose)


async def _discord(app: "App", settings: "Settings", tell: Callable[[str], None]) -> None:
    from bot import discord

    await discord.run(app, settings, tell)


_FRONT_ENDS = (
    FrontEnd(
        is_enabled=lambda settings: settings.discord.secret() is not None,
        run=_discord,
    ),
)


def _check(arguments: Sequence[str]) -> None:
    """Bytes that are no UTF-8 arrive as surrogates; only a file may be called so."""
    if _TAKE_FILES.intersection(arguments):
        return
    try:
        "".join(arguments).encode()
    except UnicodeEncodeError as error:
        raise UnreadableText from error


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; what goes wrong is one sentence on stderr."""
    terminal = Terminal(speak(terminal_languages()), _FRONT_ENDS)
    try:
        _check(arguments)
        code = omniimage.main(
            list(arguments), prog_name="omniimage", obj=terminal, standalone_mode=False
        )
    except BaseException as error:  # noqa: BLE001 - the last place: everything becomes a sentence
        return exit_code(terminal, error)
    return code if isinstance(code, int) else 0
