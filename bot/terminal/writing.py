"""Words before pictures: `omniimage enhance` and `omniimage translate`."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from typing import TYPE_CHECKING

import click

from bot.terminal.exits import DONE, FAILED, INTERRUPTED
from bot.terminal.facts import text_facts
from bot.terminal.stopping import cancel_when, ctrl_c
from bot.terminal.terminal import Terminal
from bot.terminal.views import print_json
from bot.words.failures import say_text_failure
from core.ids import ModelId
from core.models.failure import OF_TEXTS
from core.models.job import TextRun
from core.models.text import StepKind, TextRequest

if TYPE_CHECKING:
    from core.app import App


def write_text(
    terminal: Terminal,
    text: str,
    step: StepKind,
    *,
    model: str | None,
    as_json: bool,
    language: str = "en",
) -> int:
    """The whole of such a command: open the house, ask, say; its exit code."""

    async def work(app: "App") -> int:
        chosen = (
            ModelId(model)
            if model is not None
            else await app.prompts.choose(terminal.asker, text, (step,), language)
        )
        request = TextRequest(text=text, steps=(step,), model=chosen, language=language)
        run, stopped = await written(terminal, app, request)
        if as_json:
            event = "failed" if run.failure else "done"
            print_json({"event": event, **text_facts(terminal.speech, run)})
        elif run.failure is None or run.failure.kind in OF_TEXTS:
            click.echo(run.draft.text)
        if not as_json:
            say_left_alone(terminal, run)
            say_unwritten(terminal, run)
        if stopped:
            return INTERRUPTED
        return FAILED if run.failure else DONE

    return terminal.run(work)


async def written(terminal: Terminal, app: "App", request: TextRequest) -> tuple[TextRun, bool]:
    """A text at its end, and whether Ctrl-C brought that about."""
    run, _ = await app.jobs.submit(terminal.asker, request)
    stopped = asyncio.Event()
    with ctrl_c(stopped), _waiting(terminal, request):
        async with asyncio.TaskGroup() as group:
            canceller = group.create_task(cancel_when(terminal, app, run.id, stopped))
            async with aclosing(app.jobs.watch(run.id, TextRun)) as states:
                async for state in states:
                    run = state
            canceller.cancel()
    return run, stopped.is_set()


def say_left_alone(terminal: Terminal, run: TextRun) -> None:
    _ = terminal.speech
    if run.failure is None and not run.draft.translated and not run.draft.enhanced:
        click.echo(_("It seems to be in that language already, so nothing was sent."), err=True)


def say_unwritten(terminal: Terminal, run: TextRun) -> None:
    if run.failure:
        click.echo(say_text_failure(terminal.speech, run, run.failure), err=True)


@contextmanager
def _waiting(terminal: Terminal, request: TextRequest) -> Iterator[None]:
    """Who looks on sees that something is going on; what is piped stays clean."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.text import Text

    _ = terminal.speech
    doing = _("asking {model}", model=request.model)
    with Console(stderr=True).status(Text(doing)):
        yield
