"""A tool at work in the terminal: its sources in their order, each with what came of it."""

import asyncio
import os
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path

from bot.terminal.exits import DONE, FAILED, INTERRUPTED
from bot.terminal.placing import place
from bot.terminal.sources import path_of, source_of
from bot.terminal.stopping import cancel_when, ctrl_c, unheard
from bot.terminal.terminal import Terminal
from bot.terminal.toolviews import ToolView, tool_view
from bot.words.tools import failure_of
from core.app import App
from core.errors import StoreDamaged, StoreFull, StoreUnwritable
from core.files.names import result_names
from core.models.job import ToolRun
from core.models.tool import (
    Brought,
    Item,
    ItemState,
    Source,
    Tool,
    ToolFailure,
    ToolFailureKind,
    ToolRequest,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The folder for results. None: beside each source, or here for what is kept."""

    folder: Path | None = None

    def beside(self, source: Source) -> Path:
        if self.folder is not None:
            return Path(os.path.abspath(self.folder))  # noqa: PTH100 - without ..
        if isinstance(source, Brought):
            return path_of(source.reference).parent
        return Path.cwd()


def use_tool(
    terminal: Terminal,
    tool: Callable[[], Tool],
    what: Sequence[str],
    target: Target,
    *,
    as_json: bool,
) -> int:
    """The whole of a tool's command: open the house, run, write, say; its exit code.

    `tool` is asked when the settings are read, as they may name another language.
    """

    async def work(app: App) -> int:
        request = ToolRequest(tool=tool(), sources=tuple(map(source_of, what)))

        def view() -> ToolView:
            return tool_view(terminal.speech, what, as_json=as_json)

        stopped = asyncio.Event()
        with ctrl_c(stopped):
            states = await use(terminal, app, request, target, view, stopped)
        if stopped.is_set():
            return INTERRUPTED
        return DONE if set(states) == {ItemState.DONE} else FAILED

    return terminal.run(work)


async def use(
    terminal: Terminal,
    app: App,
    request: ToolRequest,
    target: Target,
    make_view: Callable[[], ToolView],
    stopped: asyncio.Event,
) -> list[ItemState]:
    """How each source ended, results written where they belong."""
    job, _ = await app.jobs.submit(terminal.asker, request)
    writer = _Writer(app, target)
    view = make_view()  # when nothing is refused any more
    states: list[ItemState] = []
    async with asyncio.TaskGroup() as group:
        canceller = group.create_task(cancel_when(terminal, app, job.id, stopped))
        try:
            async with aclosing(app.jobs.watch(job.id, ToolRun)) as seen:
                async for now in seen:
                    with unheard():
                        view.look(now)
                    news = _news(now, len(states))
                    states += [await _told(writer, now, at, view) for at in news]
        finally:
            view.close()
            canceller.cancel()
    if not writer.failed:
        await app.results.clear(job.id)
    return states


def _news(run: ToolRun, told: int) -> Sequence[int]:
    """The sources that have ended since, in their order: none is told before those ahead of it."""
    end = told
    while end < len(run.items) and run.items[end].state.final:
        end += 1
    return range(told, end)


async def _told(writer: "_Writer", run: ToolRun, at: int, view: ToolView) -> ItemState:
    item = run.items[at]
    outputs, failure = await writer.write(run, item)
    if failure:
        item = replace(item, state=ItemState.FAILED, failure=failure)
    with unheard():
        view.item(at, item, outputs)
    return item.state


class _Writer:
    """Puts results where they belong; what cannot be written is kept in the house all the same."""

    def __init__(self, app: App, target: Target) -> None:
        self._app = app
        self._target = target
        self.failed = False
        self._files: dict[str, Path] = {}  # parts of an archive, each shared by several sources

    async def write(self, run: ToolRun, item: Item) -> tuple[list[Path], ToolFailure | None]:
        try:
            return await self._write(run, item), None
        except (StoreFull, StoreUnwritable) as error:
            failure = failure_of(error)
        except StoreDamaged:
            failure = ToolFailure(kind=ToolFailureKind.DAMAGED)
        self.failed = True
        return [], failure

    async def _write(self, run: ToolRun, item: Item) -> list[Path]:
        folder = self._target.beside(item.source)
        pictures = await self._pictures(item, folder)
        files = item.outcome.files if item.outcome else ()
        return [*pictures, *[await self._file(run, name, folder) for name in files]]

    async def _pictures(self, item: Item, folder: Path) -> list[Path]:
        """All that was made of a source, or none of it."""
        written: list[Path] = []
        try:
            for image, name in zip(item.images, result_names(item), strict=True):
                data = await self._app.results.picture(image)
                written += [await asyncio.to_thread(place, data, folder, name)]
        except BaseException:
            for path in written:
                path.unlink(missing_ok=True)
            raise
        return written

    async def _file(self, run: ToolRun, name: str, folder: Path) -> Path:
        if name not in self._files:
            source = self._app.results.file(run.id, name)
            self._files[name] = await asyncio.to_thread(place, source, folder, name)
        return self._files[name]
