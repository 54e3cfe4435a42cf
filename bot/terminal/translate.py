"""`omniimage translate`."""

import click

from bot.terminal.options import json_option, text_argument, text_model_option
from bot.terminal.reading import read_text
from bot.terminal.speaking import Command
from bot.terminal.terminal import Terminal
from bot.words.speech import mark


@click.command(
    "translate",
    cls=Command,
    help=mark(
        "Let a text model translate a prompt, paid with your key. What is in that language "
        "already is left alone. TEXT - reads it from standard input."
    ),
    short_help=mark("Translate a prompt, to English by default."),
    epilog=mark('Example: omniimage translate "雪地里的红狐狸 --ar 16:9"'),
)
@text_argument
@click.option(
    "--to",
    "language",
    default="en",
    metavar="LANG",
    help=mark("The language to translate into, as a code such as en, zh or pt-BR."),
)
@text_model_option
@json_option
@click.pass_obj
def command(
    terminal: Terminal, /, text: str, *, language: str, model: str | None, as_json: bool
) -> int:
    from bot.terminal.writing import write_text
    from core.models.text import StepKind

    return write_text(
        terminal,
        read_text(text),
        StepKind.TRANSLATE,
        model=model,
        as_json=as_json,
        language=language,
    )
