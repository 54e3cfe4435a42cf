"""Tools on what a comparison brought: `omniimage try --split --cutout`."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import click
from typing_extensions import override

from bot.terminal.folder import Folder
from bot.terminal.terminal import Terminal
from bot.terminal.toolviews import ToolJson, ToolLines, ToolView, item_event, item_line
from bot.terminal.use import Target, use
from bot.terminal.views import print_json
from bot.words.errors import say_error
from core.app import App
from core.errors import OmniImageError
from core.models.job import Comparison
from core.models.tool import Cutout, Item, ItemState, Kept, Split, ToolRequest

_FOLDERS = {Split: "splits", Cutout: "cutouts"}
_EVENTS = {Split: "split", Cutout: "cutout"}


class _JsonOfTry(ToolJson):
    """`done` is the last line of a comparison, so here the tool's name is the event."""

    def __init__(self, terminal: Terminal, given: Sequence[str], event: str) -> None:
        super().__init__(terminal.speech, given)
        self._event = event

    @override
    def item(self, at: int, item: Item, outputs: Sequence[Path]) -> None:
        line = item_line(self._speech, self._event, self._given[at], item, outputs)
        print_json({**line, "state": item_event(item)})


class _LinesOfTry(ToolLines):
    @override
    def item(self, at: int, item: Item, outputs: Sequence[Path]) -> None:
        if item.state is not ItemState.UNSURE:
            super().item(at, item, outputs)
            return
        _ = self._speech
        click.echo(_("{name}: no grid", name=self._names[at]))


async def use_after(
    terminal: Terminal,
    app: App,
    job: Comparison,
    folder: Folder,
    tool: Split | Cutout,
    stopped: asyncio.Event,
    *,
    as_json: bool,
) -> bool:
    """Results lie in `splits/` or `cutouts/`; False when the tool failed over a picture.

    A picture that is no grid is none of split's business, and no failure.
    """
    images = job.images
    if not images or stopped.is_set():
        return True
    given = [str(folder.where(image.id) or image.id) for image in images]
    request = ToolRequest(tool=tool, sources=tuple(Kept(image=image.id) for image in images))

    def view() -> ToolView:
        if as_json:
            return _JsonOfTry(terminal, given, _EVENTS[type(tool)])
        return _LinesOfTry(terminal.speech, given)

    target = Target(folder=folder.path / _FOLDERS[type(tool)])
    try:
        states = await use(terminal, app, request, target, view, stopped)
    except OmniImageError as error:  # refused: the comparison is there all the same
        click.echo(say_error(terminal.speech, error), err=True)
        return False
    return ItemState.FAILED not in states
