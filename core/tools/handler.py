import asyncio

from core.models.attempt import Progress
from core.models.job import Part
from core.models.tool import (
    Archive,
    Cutout,
    Item,
    ItemState,
    Split,
    ToolRequest,
)
from core.ports.jobs import Made
from core.ports.run import ToolsRun
from core.tools.archive import pack
from core.tools.cutout import cut_out
from core.tools.kit import Kit
from core.tools.split import split
from core.tools.spoiling import spoiling

_LANES = 2  # sources of one run in hand at the same time


class Tools:
    """Runs tools: every source on its own, failure as a value, results as they are made."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    def plan(self, work: ToolRequest) -> tuple[Part, ...]:
        if not work.sources:
            raise ValueError("a tool needs a source")
        if isinstance(work.tool, Cutout):
            self._kit.cutter.check(work.tool)
        return work.sources

    async def __call__(self, run: ToolsRun) -> None:
        queued = [item for item in run.job.items if item.state is ItemState.QUEUED]
        tool = run.job.work.tool
        if isinstance(tool, Archive):
            await pack(self._kit, run, queued, tool)
            return
        lanes = asyncio.Semaphore(_LANES)
        async with asyncio.TaskGroup() as group:
            for item in queued:
                group.create_task(self._item(run, item, tool, lanes))

    async def _item(
        self, run: ToolsRun, item: Item, tool: Split | Cutout, lanes: asyncio.Semaphore
    ) -> None:
        async with lanes, spoiling(run, item):
            await run.working(item.id, Progress())
            made = await self._made(run, item, tool)
            await run.made({item.id: made})
            if not all(self._kit.blobs.path(one.sha256).exists() for one in made.images):
                # Equal bytes were deleted with another image before this row stood: once more.
                await self._made(run, item, tool)

    async def _made(self, run: ToolsRun, item: Item, tool: Split | Cutout) -> Made:
        async def report(progress: Progress) -> None:
            await run.working(item.id, progress)

        match tool:
            case Split():
                return await split(self._kit, run.job, item.source, tool)
            case Cutout():
                return await cut_out(self._kit, run.job, item.source, tool, report)
