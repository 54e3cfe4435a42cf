"""`omniimage cutout`."""

from pathlib import Path

import click

from bot.terminal.options import ColourValue, OneOf, Whole, json_option, out_option, what_argument
from bot.terminal.speaking import Command
from bot.terminal.terminal import Terminal
from bot.words.speech import mark
from core.models.tool import FEATHER, Colour, CutoutFormat


@click.command(
    "cutout",
    cls=Command,
    help=mark(
        "Take the background away. WHAT is a file or the id of a kept image. It runs on this "
        "machine alone; the model for it is fetched once, when it is first needed."
    ),
    short_help=mark("Take the background away."),
    epilog=mark("Example: omniimage cutout cat.jpg --as sticker"),
)
@what_argument
@click.option("--model", metavar="NAME", help=mark("A model that omniimage weights list names."))
@click.option(
    "--background",
    type=ColourValue(),
    metavar="COLOUR",
    help=mark("Put a colour behind, such as white or #ff8800; transparent is the default."),
)
@click.option("--trim", is_flag=True, help=mark("Cut the picture down to the subject."))
@click.option(
    "--feather",
    type=Whole(FEATHER.start, FEATHER.stop - 1),
    default=0,
    metavar="N",
    help=mark("Soften the edge by that many pixels."),
)
@click.option(
    "--as",
    "format_",
    type=OneOf([one.value for one in CutoutFormat], CutoutFormat),
    default=CutoutFormat.PNG,
    metavar="png|webp|sticker|emoji",
    help=mark("The kind of file: a Telegram sticker and a Discord emoji too."),
)
@click.option(
    "--fine",
    is_flag=True,
    help=mark("Work out hair and fur; slow, the first time a minute, and takes memory."),
)
@out_option
@json_option
@click.pass_obj
def command(
    terminal: Terminal,
    /,
    what: tuple[str, ...],
    *,
    model: str | None,
    background: Colour | None,
    trim: bool,
    feather: int,
    format_: CutoutFormat,
    fine: bool,
    out: str | None,
    as_json: bool,
) -> int:
    from bot.terminal.use import Target, use_tool
    from core.models.tool import Cutout

    tool = Cutout(
        model=model, background=background, trim=trim, feather=feather, format=format_, fine=fine
    )
    target = Target(folder=Path(out) if out else None)
    return use_tool(terminal, lambda: tool, what, target, as_json=as_json)
