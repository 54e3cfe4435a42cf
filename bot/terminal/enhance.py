"""`omniimage enhance`."""

import click

from bot.terminal.options import json_option, text_argument, text_model_option
from bot.terminal.reading import read_text
from bot.terminal.speaking import Command
from bot.terminal.terminal import Terminal
from bot.words.speech import mark


@click.command(
    "enhance",
    cls=Command,
    help=mark(
        "Let a text model word a prompt more vividly, paid with your key. "
        "TEXT - reads it from standard input."
    ),
    short_help=mark("Word a prompt more vividly."),
    epilog=mark('Example: omniimage enhance "a red fox in the snow --ar 16:9"'),
)
@text_argument
@text_model_option
@json_option
@click.pass_obj
def command(terminal: Terminal, /, text: str, *, model: str | None, as_json: bool) -> int:
    from bot.terminal.writing import write_text
    from core.models.text import StepKind

    return write_text(terminal, read_text(text), StepKind.ENHANCE, model=model, as_json=as_json)
