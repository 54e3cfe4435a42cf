"""How a running comparison is shown: JSON lines, plain lines, or a live table."""

import json
from typing import TYPE_CHECKING, Any, Protocol

import click
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text
from typing_extensions import override

from bot.terminal.facts import failure_facts, landed_facts
from bot.words.captions import say_attempt, say_told
from core.models.attempt import AttemptState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.terminal.changes import Change
    from bot.terminal.folder import Folder
    from bot.words import Speech
    from core.models.job import Comparison


class View(Protocol):
    def show(self, job: "Comparison", change: "Change") -> None:
        """One thing happened to one attempt."""

    def look(self, job: "Comparison") -> None:
        """The whole job as it now stands."""

    def close(self) -> None: ...


class JsonLines(View):
    def __init__(self, speech: "Speech", folder: "Folder") -> None:
        self._speech = speech
        self._folder = folder

    @override
    def show(self, job: "Comparison", change: "Change") -> None:
        attempt = change.attempt
        line: dict[str, Any] = {
            "event": change.event,
            "model": attempt.model,
            "number": attempt.number,
        }
        if change.event == "failed":
            print_json({**line, **failure_facts(self._speech, attempt)})
        elif change.event == "started":
            print_json(line)
        for image in attempt.images if change.event == "landed" else ():
            where = self._folder.where(image.id)
            path = None if where is None else str(where)
            print_json({**line, **landed_facts(job, attempt, image, path)})

    @override
    def look(self, job: "Comparison") -> None:
        pass

    @override
    def close(self) -> None:
        pass


class PlainLines(View):
    """For a log or a pipe: one line for each end."""

    def __init__(self, speech: "Speech") -> None:
        self._speech = speech

    @override
    def show(self, job: "Comparison", change: "Change") -> None:
        if change.event != "started":
            attempt = change.attempt
            name = say_attempt(attempt, several=job.work.parameters.pictures > 1)
            click.echo(f"{name}: {say_told(self._speech, attempt)}")

    @override
    def look(self, job: "Comparison") -> None:
        pass

    @override
    def close(self) -> None:
        pass


class LiveTable(View):
    """For a person: a row for each attempt, redrawn as it goes."""

    def __init__(self, speech: "Speech", job: "Comparison") -> None:
        self._speech = speech
        self._job = job
        self._live = Live(get_renderable=self._table, console=Console(), refresh_per_second=8)
        self._live.start()

    @override
    def show(self, job: "Comparison", change: "Change") -> None:
        pass

    @override
    def look(self, job: "Comparison") -> None:
        self._job = job

    @override
    def close(self) -> None:
        self._live.stop()

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 2))
        several = self._job.work.parameters.pictures > 1
        for attempt in self._job.attempts:
            mark, style = _MARKS[attempt.state]
            table.add_row(
                Text(mark, style=style),
                Text(say_attempt(attempt, several=several), style="bold"),
                Text(say_told(self._speech, attempt), style=style),
            )
        return table


_MARKS = {
    AttemptState.QUEUED: ("·", "dim"),
    AttemptState.RUNNING: ("›", "cyan"),
    AttemptState.DONE: ("✓", "green"),
    AttemptState.FAILED: ("✗", "red"),
    AttemptState.CANCELLED: ("–", "yellow"),
    AttemptState.INTERRUPTED: ("–", "yellow"),
}


def tool_line(
    event: str,
    source: str,
    outputs: "Sequence[Path]" = (),
    error: dict[str, str] | None = None,
    **more: object,
) -> dict[str, Any]:
    """What `--json` prints of one source of a tool; every tool prints all of these."""
    return {
        "event": event,
        "source": source,
        "outputs": [str(path) for path in outputs],
        "images": [],
        "grid": None,
        "engine": None,
        "error": error,
        **more,
    }


def print_json(line: dict[str, Any]) -> None:
    """One object a line, at once: whoever reads along waits for it."""
    text = json.dumps(line, ensure_ascii=False)
    click.echo(text.encode("utf-8", "backslashreplace").decode())  # a file may have any name
