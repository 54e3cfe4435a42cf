"""`omniimage history`."""

from typing import TYPE_CHECKING

import click

from bot.terminal.options import Whole, json_option
from bot.terminal.speaking import Command
from bot.terminal.terminal import Terminal
from bot.words.speech import mark

if TYPE_CHECKING:
    from core.app import App

_LIMIT = 20


@click.command(
    "history",
    cls=Command,
    help=mark("List what was asked before, newest first."),
    short_help=mark("List what was asked before."),
    epilog=mark("Example: omniimage history --search fox --limit 5"),
)
@click.option("--search", metavar="TEXT", help=mark("Only prompts that contain this text."))
@click.option(
    "--limit", type=Whole(1, 10_000), default=_LIMIT, metavar="N", help=mark("How many at most.")
)
@json_option
@click.pass_obj
def command(terminal: Terminal, *, search: str | None, limit: int, as_json: bool) -> int:
    from bot.terminal.facts import job_facts
    from bot.terminal.tables import history_table, print_table
    from bot.terminal.views import print_json

    async def work(app: "App") -> int:
        jobs = await app.history.recent(terminal.asker, search=search, limit=limit)
        if as_json:
            for job in jobs:
                print_json(job_facts(terminal.speech, job))
        elif jobs:
            print_table(history_table(terminal.speech, jobs))
        else:
            _ = terminal.speech
            click.echo(_("Nothing found.") if search else _("Nothing was asked yet."))
        return 0

    return terminal.run(work)
