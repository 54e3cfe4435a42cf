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

if TYPE_CHECKING:
    from core.app import App


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
@json_option
@click.pass_obj
def command(
    terminal: Terminal, /, what: tuple[str, ...], *, out: str | None, as_json: bool
) -> int:
    from bot.terminal.looking import looked, print_event, say_failed
    from bot.terminal.placing import place
    from bot.words.captions import pictures_captions
    from core.models.tool import ToolFailure

    path = Path(out or "sheet.png").absolute()

    async def work(app: "App") -> int:
        _ = terminal.speech
        box = app.export.box(len(what))
        seen = [await looked(terminal, app, text, box) for text in what]
        good = [facts for facts in seen if not isinstance(facts, ToolFailure)]
        outputs: list[Path] = []
        if good:
            header, captions = pictures_captions(_, good)
            small = [facts.small for facts in good if facts.small]
            sheet = await app.export.sheet_of(header, captions, small)
            name = path.name if path.suffix else f"{path.name}.png"
            outputs = [await asyncio.to_thread(place, sheet, path.parent, name)]
        for text, facts in zip(what, seen, strict=True):
            failure = facts if isinstance(facts, ToolFailure) else None
            if as_json:
                print_event(_, text, failure, [] if failure else outputs)
            if failure:
                say_failed(_, text, failure)
        if outputs and not as_json:
            click.echo(_("Written: {path}", path=outputs[0]))
        return DONE if len(good) == len(seen) else FAILED

    return terminal.run(work)
