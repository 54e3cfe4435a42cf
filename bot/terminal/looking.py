"""Looking at what stands on the command line, file by file: one bad file fails alone."""

from collections.abc import Sequence
from pathlib import Path

import click

from bot.terminal.plain import one_line
from bot.terminal.sources import source_of
from bot.terminal.terminal import Terminal
from bot.terminal.views import print_json, tool_line
from bot.words import Speech
from bot.words.tools import say_tool_failure
from core.app import App
from core.errors import BadImage
from core.models.tool import ToolFailed, ToolFailure, ToolFailureKind
from core.usecases.pictures import PictureFacts


async def looked(
    terminal: Terminal, app: App, text: str, box: tuple[int, int] | None = None
) -> PictureFacts | ToolFailure:
    try:
        return await app.pictures.look(terminal.asker, source_of(text), box)
    except ToolFailed as error:
        return error.failure
    except BadImage as error:
        return ToolFailure(kind=ToolFailureKind(error.kind))


def say_failed(_: Speech, text: str, failure: ToolFailure) -> None:
    click.echo(f"{one_line(text)}: {say_tool_failure(_, failure)}", err=True)


def print_event(
    _: Speech, text: str, failure: ToolFailure | None, outputs: Sequence[Path], **more: object
) -> None:
    error = None
    if failure:
        error = {"kind": failure.kind.value, "message": say_tool_failure(_, failure)}
    print_json(tool_line("failed" if failure else "done", text, outputs, error, **more))
