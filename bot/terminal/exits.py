import asyncio
import logging
import os
import sys
from collections.abc import Callable
from typing import Any

import click

from bot.terminal.terminal import Terminal
from bot.words import Speech
from bot.words.errors import say_error
from core.errors import BadSetting, OmniImageError, WrongUse

DONE, FAILED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130

_log = logging.getLogger(__name__)


def exit_code(terminal: Terminal, error: BaseException) -> int:
    """Say on stderr what ended the command, and give its exit code."""
    _ = terminal.speech
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    match error:
        case click.exceptions.NoArgsIsHelpError():
            click.echo(error.format_message(), err=True)
            return WRONG_USE
        case click.UsageError():
            said = _("{problem} {hint}", problem=_wrong_use(_, error), hint=_hint(_, error))
            click.echo(said, err=True)
            return WRONG_USE
        case OmniImageError():
            click.echo(say_error(_, error), err=True)
            return _refused(error)
        case KeyboardInterrupt() | click.Abort() | asyncio.CancelledError():
            click.echo(_("Stopped."), err=True)
            return INTERRUPTED
        case BrokenPipeError() | SystemExit():  # click makes the second of the first
            silence_stdout()
            return FAILED
        case OSError():
            silence_stdout()
            click.echo(_("The output could not be written. Check where it goes."), err=True)
            return FAILED
        case _:
            _log.debug("unexpected", exc_info=error)
            text = _(
                "Something went wrong inside OmniImage ({what}). "
                "Run it again with -v before the command to see more.",
                what=type(error).__name__,
            )
            click.echo(text, err=True)
            return FAILED


def silence_stdout() -> None:
    """Nobody reads any more; Python would complain once again when it closes stdout."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _refused(error: OmniImageError) -> int:
    if isinstance(error, BadSetting) and error.problem == "unreadable":
        return FAILED
    return WRONG_USE if isinstance(error, WrongUse) else FAILED


def _wrong_use(_: Speech, error: click.UsageError) -> str:
    for kind, sentence in _USAGE:
        if isinstance(error, kind):
            return sentence(_, error)
    return error.format_message()


def _hint(_: Speech, error: click.UsageError) -> str:
    command = error.ctx.command_path if error.ctx else "omniimage"
    return _("{command} --help shows how it is used.", command=command)


def _no_option(_: Speech, error: click.NoSuchOption) -> str:
    if error.possibilities:
        return _(
            "There is no option {name}. Did you mean {nearest}?",
            name=error.option_name,
            nearest=error.possibilities[0],
        )
    return _("There is no option {name}.", name=error.option_name)


def _missing(_: Speech, error: click.MissingParameter) -> str:
    name = error.param.make_metavar(error.ctx) if error.param and error.ctx else ""
    return _("{name} is missing.", name=name)


def _bad(_: Speech, error: click.BadParameter) -> str:
    name = error.param.opts[-1] if error.param and error.param.opts else ""
    return _("{name}: {problem}", name=name, problem=error.message) if name else error.message


def _bad_option(_: Speech, error: click.BadOptionUsage) -> str:
    if "not take a value" in error.message:  # the only place where click says which it is
        return _("{name} takes no value.", name=error.option_name)
    return _("{name} needs a value after it.", name=error.option_name)


def _other(_: Speech, error: click.UsageError) -> str:
    if error.ctx and isinstance(error.ctx.command, click.Group):
        return _("A command is missing.")
    return _("There are too many words. Put quotes around a prompt of several words.")


_USAGE: tuple[tuple[type[click.UsageError], Callable[[Speech, Any], str]], ...] = (
    (click.NoSuchOption, _no_option),
    (click.NoSuchCommand, lambda _, e: _("There is no command {name}.", name=e.command_name)),
    (click.MissingParameter, _missing),
    (click.BadParameter, _bad),
    (click.BadOptionUsage, _bad_option),
    (click.UsageError, _other),
)
