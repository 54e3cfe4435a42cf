from typing import TYPE_CHECKING

import click
from typing_extensions import override

from bot.words.speech import mark

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import _GeneratorContextManager

    from bot.words import Speech


_HEADINGS = (mark("Options"), mark("Commands"), mark("Show this message and exit."))


def speech() -> "Speech":
    """The language of this command line."""
    return click.get_current_context().find_root().obj.speech  # type: ignore[no-any-return]


class _Formatter(click.HelpFormatter):
    @override
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        _ = speech()
        super().write_usage(prog, args, prefix or _("Usage: "))

    @override
    def write_text(self, text: str) -> None:
        super().write_text(_say(text))

    @override
    def write_dl(
        self, rows: "Iterable[tuple[str, str]]", col_max: int = 30, col_spacing: int = 2
    ) -> None:
        super().write_dl([(name, _say(text)) for name, text in rows], col_max, col_spacing)

    @override
    def section(self, name: str) -> "_GeneratorContextManager[None]":
        return super().section(_say(name))


class Context(click.Context):
    formatter_class = _Formatter


class Command(click.Command):
    context_class = Context


def _say(text: str) -> str:
    """Gettext answers the empty sentence with its header."""
    return speech()(text) if text else text
