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
@click.option(
    "--drafts", is_flag=True, help=mark("Prompts that a text model has worked on, instead.")
)
@json_option
@click.pass_obj
def command(
    terminal: Terminal, *, search: str | None, limit: int, drafts: bool, as_json: bool
) -> int:
    from bot.terminal.facts import draft_facts, job_facts
    from bot.terminal.tables import drafts_table, history_table, print_table
    from bot.terminal.views import print_json

    async def work(app: "App") -> int:
        _, asker = terminal.speech, terminal.asker
        if drafts:
            runs = await app.history.drafts(asker, search=search, limit=limit)
            facts, table = [draft_facts(_, run) for run in runs], drafts_table(_, runs)
        else:
            jobs = await app.history.recent(asker, search=search, limit=limit)
            facts, table = [job_facts(_, job) for job in jobs], history_table(_, jobs)
        if as_json:
            for line in facts:
                print_json(line)
        elif facts:
            print_table(table)
        else:
            click.echo(_("Nothing found.") if search else _("Nothing was asked yet."))
        return 0

    return terminal.run(work)
