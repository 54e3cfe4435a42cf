import signal
import sys

import click


def is_there() -> bool:
    """Whether somebody sits at a terminal who can be asked."""
    return sys.stdin is not None and sys.stdin.isatty()


def ask(text: str, *, hidden: bool = False, default: str | None = None) -> str:
    """What a person types; click.Abort for Ctrl-C and the end of the input."""
    # asyncio would keep Ctrl-C for later, and this waits for a person.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        answer = click.prompt(
            text, hide_input=hidden, default=default, show_default=False, err=True
        )
    finally:
        signal.signal(signal.SIGINT, before)
    return str(answer)


def choose(text: str, letters: str) -> str:
    """One of the letters, the first by a mere Enter; asked until it is one."""
    while True:
        answer = ask(text, default=letters[0]).strip().lower()
        if answer in tuple(letters):
            return answer
