"""`omniimage again`."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.terminal.options import json_option, out_option
from bot.terminal.speaking import Command
from bot.terminal.terminal import Terminal
from bot.words.speech import mark
from core.ids import JobId
from core.models.request import draw_seed

if TYPE_CHECKING:
    from core.app import App
    from core.models.job import Comparison


@click.command(
    "again",
    cls=Command,
    help=mark("Ask the same once more, with the same seeds, as a new comparison."),
    short_help=mark("Ask the same once more."),
    epilog=mark("Example: omniimage again abcdefghijklmnopqrst --new-seed"),
)
@click.argument("job", metavar="ID")
@click.option("--new-seed", is_flag=True, help=mark("Draw a new seed, for other pictures."))
@json_option
@out_option
@click.pass_obj
def command(
    terminal: Terminal, job: str, *, new_seed: bool, as_json: bool, out: str | None
) -> int:
    from bot.terminal.follow import follow

    async def work(app: "App") -> int:
        request = (await app.history.find(terminal.asker, JobId(job))).work
        if new_seed:
            parameters = replace(request.parameters, seed=None)
            request = replace(request, parameters=parameters, drawn_seed=draw_seed())
        app.jobs.check(request)

        async def begin() -> "Comparison":
            return (await app.jobs.submit(terminal.asker, request))[0]

        folder = Path(out) if out else None
        return await follow(terminal, app, begin, out=folder, as_json=as_json)

    return terminal.run(work)
