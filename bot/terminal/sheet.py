"""`omniimage sheet`."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.terminal.exits import DONE, FAILED
from bot.terminal.options import json_option, out_file_option, what_argument
from bot.terminal.speaking import Command
from bot.terminal.terminal import Terminal
from bot.words.speech import mark
from core.errors import StoreFull, StoreUnwritable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.words import Speech
    from core.app import App
    from core.imaging.sheet import Theme
    from core.usecases.pictures import PictureFacts


@click.command(
    "sheet",
    cls=Command,
    help=mark(
        "Draw one labelled picture of several. WHAT is a file or the id of a kept image. "
        "FILE is a PNG; without --out it is sheet.png here."
    ),
    short_help=mark("Draw one labelled picture of several."),
    epilog=mark("Example: omniimage sheet a.png b.jpg --out sheet.png"),
)
@what_argument
@out_file_option
@click.option("--dark", is_flag=True, help=mark("Draw it on a dark ground."))
@json_option
@click.pass_obj
def command(
    terminal: Terminal, /, what: tuple[str, ...], *, out: str | None, dark: bool, as_json: bool
) -> int:
    from bot.terminal.looking import looked, print_event, say_failed
    from bot.words.tools import failure_of
    from core.models.tool import ToolFailure

    _ = terminal.speech
    path = _path(_, out)

    async def work(app: "App") -> int:
        box = app.export.box(len(what))
        seen = [await looked(terminal, app, text, box) for text in what]
        good = [facts for facts in seen if not isinstance(facts, ToolFailure)]
        outputs: list[Path] = []
        try:
            outputs = [await _drawn(terminal.speech, app, good, path, dark=dark)] if good else []
        except (StoreFull, StoreUnwritable) as error:
            seen = [failure_of(error)] * len(seen)
        for text, facts in zip(what, seen, strict=True):
            failure = facts if isinstance(facts, ToolFailure) else None
            if as_json:
                print_event(terminal.speech, text, failure, [] if failure else outputs)
            if failure:
                say_failed(terminal.speech, text, failure)
        if outputs and not as_json:
            _say_written(terminal.speech, outputs[0])
        return FAILED if any(isinstance(facts, ToolFailure) for facts in seen) else DONE

    return terminal.run(work)


def _path(_: "Speech", out: str | None) -> Path:
    path = Path(out or "sheet.png").absolute()
    if path.suffix.lower() not in ("", ".png"):
        message = _("The sheet is a PNG. Let the name of FILE end in .png.")
        raise click.BadParameter(message, click.get_current_context())
    return path if path.suffix else path.with_name(f"{path.name}.png")


async def _drawn(
    _: "Speech", app: "App", good: "Sequence[PictureFacts]", path: Path, *, dark: bool
) -> Path:
    from bot.terminal.placing import place
    from bot.words.captions import pictures_captions

    header, captions = pictures_captions(_, good)
    small = [facts.small for facts in good if facts.small]
    theme: Theme = "dark" if dark else "light"
    sheet = await app.export.sheet_of(header, captions, small, theme)
    return await asyncio.to_thread(place, sheet, path.parent, path.name)


def _say_written(_: "Speech", path: Path) -> None:
    click.echo(_("Written: {path}", path=path))
