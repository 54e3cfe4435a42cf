"""`omniimage show`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.terminal.options import json_option, out_option
from bot.terminal.speaking import Command
from bot.terminal.terminal import Terminal
from bot.words.speech import mark
from core.errors import UnknownId
from core.ids import JobId

if TYPE_CHECKING:
    from bot.words import Speech
    from core.app import App
    from core.models.job import TextRun


@click.command(
    "show",
    cls=Command,
    help=mark("Show one comparison or one draft; with --out, write its files again."),
    short_help=mark("Show one comparison."),
    epilog=mark("Example: omniimage show abcdefghijklmnopqrst --out fox"),
)
@click.argument("job", metavar="ID")
@json_option
@out_option
@click.pass_obj
def command(terminal: Terminal, job: str, *, as_json: bool, out: str | None) -> int:
    from bot.terminal.facts import job_facts
    from bot.terminal.folder import write_folder
    from bot.terminal.tables import job_table, print_table
    from bot.terminal.views import print_json

    async def work(app: "App") -> int:
        _ = terminal.speech
        try:
            found = await app.history.find(terminal.asker, JobId(job))
        except UnknownId:
            return _show_draft(_, await app.history.draft(terminal.asker, JobId(job)), as_json)
        folder = await write_folder(app, _, Path(out), found) if out else None
        if as_json:
            written = {"out": str(folder.path)} if folder else {}
            print_json({**job_facts(_, found), **written})
            return 0
        print_table(job_table(_, found))
        if folder:
            click.echo(_("Written into {path}", path=folder.path))
        return 0

    return terminal.run(work)


def _show_draft(_: "Speech", run: "TextRun", as_json: bool) -> int:  # noqa: FBT001 - as asked
    from bot.terminal.facts import draft_facts
    from bot.terminal.tables import draft_table, print_table
    from bot.terminal.views import print_json

    if as_json:
        print_json(draft_facts(_, run))
    else:
        print_table(draft_table(_, run))
    return 0
