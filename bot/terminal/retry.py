"""`omniimage retry`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.terminal.options import json_option, out_option
from bot.terminal.speaking import Command
from bot.terminal.terminal import Terminal
from bot.words.speech import mark
from core.errors import NothingToRetry
from core.ids import JobId

if TYPE_CHECKING:
    from core.app import App
    from core.models.job import Comparison


@click.command(
    "retry",
    cls=Command,
    help=mark("Send again what failed or was interrupted, into the same comparison."),
    short_help=mark("Send again what failed."),
    epilog=mark("Example: omniimage retry abcdefghijklmnopqrst"),
)
@click.argument("job", metavar="ID")
@json_option
@out_option
@click.pass_obj
def command(terminal: Terminal, job: str, *, as_json: bool, out: str | None) -> int:
    from bot.terminal.follow import follow
    from bot.words.errors import say_error

    async def work(app: "App") -> int:
        found = await app.history.find(terminal.asker, JobId(job))
        if not found.missing:
            click.echo(say_error(terminal.speech, NothingToRetry(id=job)), err=as_json)
            return 0

        async def begin() -> "Comparison":
            return await app.jobs.retry(terminal.asker, JobId(job))

        folder = Path(out) if out else None
        return await follow(terminal, app, begin, out=folder, as_json=as_json)

    return terminal.run(work)
