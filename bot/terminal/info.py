"""`omniimage info`."""

from typing import TYPE_CHECKING

import click

from bot.terminal.exits import DONE, FAILED
from bot.terminal.options import json_option
from bot.terminal.speaking import Command
from bot.terminal.terminal import Terminal
from bot.words.speech import mark

if TYPE_CHECKING:
    from core.app import App


@click.command(
    "info",
    cls=Command,
    help=mark(
        "Say what a picture is and how it was made: prompt, model, seed and parameters, as "
        "OmniImage, A1111 and others write them into their files."
    ),
    short_help=mark("Say how a picture was made."),
    epilog=mark("Example: omniimage info fox-cutout.png"),
)
@click.argument("file", metavar="FILE")
@json_option
@click.pass_obj
def command(terminal: Terminal, file: str, *, as_json: bool) -> int:
    from bot.terminal.facts import picture_facts
    from bot.terminal.looking import looked, print_event, say_failed
    from bot.terminal.tables import picture_table, print_table
    from core.models.tool import ToolFailure

    async def work(app: "App") -> int:
        _ = terminal.speech
        facts = await looked(terminal, app, file)
        if isinstance(facts, ToolFailure):
            if as_json:
                print_event(_, file, facts, [])
            say_failed(_, file, facts)
            return FAILED
        if as_json:
            print_event(_, file, None, [], **picture_facts(facts))
        else:
            print_table(picture_table(_, facts))
        return DONE

    return terminal.run(work)
