"""`omniimage split`."""

from pathlib import Path

import click

from bot.terminal.options import GridValue, json_option, out_option, what_argument
from bot.terminal.speaking import Command
from bot.terminal.terminal import Terminal
from bot.words.speech import mark
from core.models.grid import Grid


@click.command(
    "split",
    cls=Command,
    help=mark(
        "Cut grids into their pictures. WHAT is a file or the id of a kept image. The layout is "
        "found in the picture; when it is not sure, nothing is cut."
    ),
    short_help=mark("Cut grids into their pictures."),
    epilog=mark("Example: omniimage split grid.png --out tiles"),
)
@what_argument
@click.option(
    "--grid", type=GridValue(), metavar="RxC", help=mark("Rows and columns, such as 2x2.")
)
@out_option
@json_option
@click.pass_obj
def command(
    terminal: Terminal,
    /,
    what: tuple[str, ...],
    *,
    grid: Grid | None,
    out: str | None,
    as_json: bool,
) -> int:
    from bot.terminal.use import Target, use_tool
    from core.models.tool import Split

    target = Target(folder=Path(out) if out else None)
    return use_tool(terminal, lambda: Split(grid=grid), what, target, as_json=as_json)
