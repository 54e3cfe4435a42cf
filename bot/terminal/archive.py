"""`omniimage zip`."""

import os
from pathlib import Path

import click

from bot.terminal.options import Whole, json_option, out_file_option, what_argument
from bot.terminal.speaking import Command
from bot.terminal.terminal import Terminal
from bot.words.speech import mark

_MIB = 2**20
_NAME = "omniimage"
_MOST = 2047  # MiB, what every program that opens a zip can read


@click.command(
    "zip",
    cls=Command,
    help=mark(
        "Pack pictures into a zip, with a page that shows them. WHAT is a file or the id of a "
        "kept image. Without --out it is called omniimage.zip and lies beside the first picture."
    ),
    short_help=mark("Pack pictures into a zip."),
    epilog=mark("Example: omniimage zip *.png --max-mb 10 --out album.zip"),
)
@what_argument
@click.option(
    "--max-mb",
    type=Whole(1, _MOST),
    metavar="N",
    help=mark("Make numbered parts of at most so many MiB; each opens by itself."),
)
@out_file_option
@json_option
@click.pass_obj
def command(
    terminal: Terminal,
    /,
    what: tuple[str, ...],
    *,
    max_mb: int | None,
    out: str | None,
    as_json: bool,
) -> int:
    from bot.terminal.use import Target, use_tool
    from bot.words.tools import page_words
    from core.models.tool import Archive

    path = Path(os.path.abspath(out)) if out else _beside(what) / _NAME  # noqa: PTH100 - without ..
    if path.is_dir():
        path /= _NAME
    name = path.stem if path.suffix.lower() == ".zip" else path.name

    def tool() -> Archive:
        return Archive(
            name=name or _NAME,
            most_bytes=max_mb * _MIB if max_mb else None,
            words=page_words(terminal.speech),
        )

    return use_tool(terminal, tool, what, Target(folder=path.parent), as_json=as_json)


def _beside(what: tuple[str, ...]) -> Path:
    """The folder of the first picture that is there; a slip of the pen makes no folder."""
    return next((path.absolute().parent for path in map(Path, what) if path.is_file()), Path.cwd())
