import signal
import sys

import click

from bot.words import Speech

_WORDS = {"yes": "y", "no": "n", "是": "y", "好": "y", "否": "n", "不": "n"}


def is_there() -> bool:
    """Whether somebody sits at a terminal who can be asked."""
    return sys.stdin is not None and sys.stdin.isatty()


def ask(text: str, *, hidden: bool = False) -> str:
    """What a person types; click.Abort for Ctrl-C and the end of the input."""
    # asyncio would keep Ctrl-C for later, and this waits for a person.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return str(click.prompt(text, hide_input=hidden, err=True))
    finally:
        signal.signal(signal.SIGINT, before)


def choose(_: Speech, text: str, letters: str) -> str:
    """One of the letters; asked until it is one, as a mere Enter must not spend money."""
    while True:
        answer = ask(text).strip().lower()
        answer = _WORDS.get(answer, answer)
        if answer in tuple(letters):
            return answer
        click.echo(_("Answer with one of: {letters}", letters=_.list(letters)), err=True)
