"""`omniimage weights`."""

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.terminal.exits import DONE, FAILED
from bot.terminal.options import json_option
from bot.terminal.speaking import Command, Context
from bot.terminal.terminal import Terminal
from bot.words.speech import mark
from core.errors import NoWeights, OmniImageError, StoreError, UnknownWeights, WrongWeights

if TYPE_CHECKING:
    from core.app import App
    from core.models.attempt import Progress

_KINDS: Mapping[type[OmniImageError], str] = {
    NoWeights: "no_weights",
    WrongWeights: "wrong_weights",
}


class _Weights(click.Group):
    context_class = Context


@click.group(
    "weights",
    cls=_Weights,
    help=mark("The models of the cut-out. They are fetched once and then lie on this machine."),
    short_help=mark("List and install models of the cut-out."),
    epilog=mark("Example: omniimage weights list"),
)
def command() -> None:
    pass


@command.command(
    "list",
    cls=Command,
    help=mark("List the models of the cut-out: size, licence, whether they are installed."),
    short_help=mark("List the models of the cut-out."),
    epilog=mark("Example: omniimage weights list --json"),
)
@json_option
@click.pass_obj
def list_weights(terminal: Terminal, *, as_json: bool) -> int:
    from bot.terminal.facts import weights_facts
    from bot.terminal.tables import print_table, weights_table
    from bot.terminal.views import print_json

    async def work(app: "App") -> int:
        notes = app.weights.notes()
        if as_json:
            for note in notes:
                print_json(weights_facts(note))
        else:
            print_table(weights_table(terminal.speech, notes))
        return 0

    return terminal.run(work)


@command.command(
    "install",
    cls=Command,
    help=mark(
        "Install a model: fetch it by its NAME, or take a FILE that you have. A file that is no "
        "release of any model is refused."
    ),
    short_help=mark("Install a model of the cut-out."),
    epilog=mark("Example: omniimage weights install u2net"),
)
@click.argument("name", metavar="NAME|FILE")
@click.option(
    "--trust", is_flag=True, help=mark("Take the file although its checksum is not known.")
)
@json_option
@click.pass_obj
def install(terminal: Terminal, /, name: str, *, trust: bool, as_json: bool) -> int:
    from bot.terminal.views import print_json, tool_line
    from bot.words.errors import say_error
    from bot.words.tools import say_tool_failure
    from core.models.tool import ToolFailed

    async def work(app: "App") -> int:
        _ = terminal.speech
        try:
            path = await _install(terminal, app, name, trust=trust)
        except ToolFailed as error:
            kind, message = error.failure.kind.value, say_tool_failure(_, error.failure)
        except (NoWeights, WrongWeights, StoreError) as error:
            kind, message = _KINDS.get(type(error), "no_space"), say_error(_, error)
        else:
            if as_json:
                print_json(tool_line("done", name, [path]))
            else:
                click.echo(_("Installed: {path}", path=path))
            return DONE
        if as_json:
            told = {"kind": kind, "message": message}
            print_json(tool_line("failed", name, error=told))
        click.echo(message, err=True)
        return FAILED

    return terminal.run(work)


async def _install(terminal: Terminal, app: "App", name: str, *, trust: bool) -> Path:
    known = tuple(note.name for note in app.weights.notes())
    if name not in known:
        path = Path(name)
        if name == path.stem and not await asyncio.to_thread(path.exists):  # meant as a name
            raise UnknownWeights(name=name, known=known)
        note = await app.weights.install(path, trust=trust)
        assert note.path  # noqa: S101 - it has just been put there
        return note.path
    _ = terminal.speech

    async def report(progress: "Progress") -> None:
        if sys.stderr.isatty() and progress.share is not None:
            click.echo(f"\r{name} {progress.share:.0%} ", err=True, nl=progress.share >= 1)

    return await app.weights.fetch(name, report)
