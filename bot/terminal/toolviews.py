"""How a tool at work is shown: JSON lines, plain lines, or lines above a bar."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import click
from typing_extensions import override

from bot.terminal.plain import one_line
from bot.terminal.views import print_json, tool_line
from bot.words.tools import say_item, say_tool_failure, say_unsure, say_working
from core.models.tool import Item, ItemState

if TYPE_CHECKING:
    from rich.progress import TaskID

    from bot.words import Speech
    from core.models.job import ToolRun


class ToolView(Protocol):
    def item(self, at: int, item: Item, outputs: Sequence[Path]) -> None:
        """One source has ended."""

    def look(self, run: "ToolRun") -> None:
        """The whole run as it now stands."""

    def close(self) -> None: ...


class _OnlyEnds(ToolView):
    """Shows nothing of what is still going on."""

    @override
    def look(self, run: "ToolRun") -> None:
        pass

    @override
    def close(self) -> None:
        pass


def tool_view(speech: "Speech", given: Sequence[str], *, as_json: bool) -> ToolView:
    if as_json:
        return ToolJson(speech, given)
    return ToolBar(speech, given) if sys.stdout.isatty() else ToolLines(speech, given)


class ToolJson(_OnlyEnds):
    def __init__(self, speech: "Speech", given: Sequence[str]) -> None:
        self._speech = speech
        self._given = given

    @override
    def item(self, at: int, item: Item, outputs: Sequence[Path]) -> None:
        print_json(item_line(self._speech, item_event(item), self._given[at], item, outputs))


class ToolLines(_OnlyEnds):
    """For a log or a pipe: one line for each source."""

    def __init__(self, speech: "Speech", given: Sequence[str]) -> None:
        self._speech = speech
        self._names = [one_line(text) for text in given]

    @override
    def item(self, at: int, item: Item, outputs: Sequence[Path]) -> None:
        good = item.state is ItemState.DONE
        click.echo(_say(self._speech, self._names[at], item, outputs), err=not good)


class ToolBar(ToolView):
    """For a person: what has ended above, a bar with what is in hand below."""

    def __init__(self, speech: "Speech", given: Sequence[str]) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        self._speech = speech
        self._names = [one_line(text) for text in given]
        self._bar = Progress(
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.description}", markup=False),
            transient=True,
        )
        self._task: TaskID = self._bar.add_task("", total=len(given))
        self._bar.start()

    @override
    def item(self, at: int, item: Item, outputs: Sequence[Path]) -> None:
        from rich.text import Text

        style = "" if item.state is ItemState.DONE else "yellow"
        text = _say(self._speech, self._names[at], item, outputs)
        self._bar.console.print(Text(text, style=style), soft_wrap=True)
        self._bar.advance(self._task)

    @override
    def look(self, run: "ToolRun") -> None:
        left = [at for at, item in enumerate(run.items) if not item.state.final]
        begun = [at for at in left if run.items[at].state is ItemState.RUNNING]
        for at in (*begun[-1:], *left[:1]):  # an archive is done with all of them at once
            name = Path(self._names[at]).name
            doing = f"{name}: {say_working(self._speech, run.items[at])}"
            self._bar.update(self._task, description=doing)
            return

    @override
    def close(self) -> None:
        self._bar.stop()


def item_event(item: Item) -> str:
    return item.state.value if item.state in (ItemState.DONE, ItemState.UNSURE) else "failed"


def item_line(
    _: "Speech", event: str, source: str, item: Item, outputs: Sequence[Path]
) -> dict[str, Any]:
    outcome = item.outcome
    return tool_line(
        event,
        source,
        outputs,
        _error(_, item),
        images=[image.id for image in item.images],
        grid=str(outcome.grid) if outcome and outcome.grid else None,
        engine=outcome.engine if outcome else None,
    )


def _error(_: "Speech", item: Item) -> dict[str, str] | None:
    if item.failure:
        message = say_tool_failure(_, item.failure)
        return {"kind": item.failure.kind.value, "message": message}
    if item.state is ItemState.UNSURE:
        return {"kind": "unsure", "message": _say_unsure(_)}
    return None


def _say(_: "Speech", name: str, item: Item, outputs: Sequence[Path]) -> str:
    if item.state is ItemState.UNSURE:
        return f"{name}: {_say_unsure(_)}"
    return say_item(_, name, item, outputs)


def _say_unsure(_: "Speech") -> str:
    how = _("If it is one, say so: --grid 2x2.")
    return f"{say_unsure(_)} {how}"
