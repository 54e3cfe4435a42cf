import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from core.adapters.cutout import process
from core.adapters.cutout.models import KNOWN, engine
from core.adapters.cutout.wire import Task
from core.adapters.cutout.worker import Worker
from core.errors import NoWeights, UnknownWeights
from core.models.tool import Cutout, ToolFailed, ToolFailureKind
from core.ports.tools import Cut, Report, Take, Weights


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the cut-outs may take of the machine."""

    threads: int  # of one inference
    memory: int | None = None  # bytes of the child; None: what is free as it starts
    queue: int = 64  # tasks that may wait
    idle: float = 600.0  # seconds after which the child is ended


class Cutouts:
    """A `Cutter` over a worker and the models on this disk.

    `upgrade` is called when a cut-out that names no model is done: time to fetch a better one.
    """

    def __init__(self, weights: Weights, worker: Worker, upgrade: Callable[[], object]) -> None:
        self._weights = weights
        self._worker = worker
        self._upgrade = upgrade

    def check(self, cutout: Cutout) -> None:
        if cutout.model is not None and cutout.model not in KNOWN:
            raise UnknownWeights(name=cutout.model, known=KNOWN)

    async def cut(self, picture: Take, cutout: Cutout, report: Report) -> Cut:
        self.check(cutout)
        model = cutout.model
        if model is None:
            model = await asyncio.to_thread(self._preferred)
        path = await self._fetched(model, report)
        try:
            async with self._worker.turn(report):
                data = await picture()
                task = Task(picture=data, model=model, weights=str(path), cutout=cutout)
                cut = await self._worker.do(task)
        except ToolFailed as error:
            if error.failure.kind is ToolFailureKind.NO_WEIGHTS:
                raise await asyncio.to_thread(self._missing, model, path.parent) from error
            raise
        if cutout.model is None:
            self._upgrade()
        return Cut(picture=cut, engine=engine(model, fine=cutout.fine))

    def _preferred(self) -> str:
        return next(note.name for note in self._weights.notes() if note.preferred)

    async def _fetched(self, model: str, report: Report) -> Path:
        try:
            return await self._weights.fetch(model, report)
        except NoWeights as error:
            raise _no_weights(error.file, error.checksum, error.folder, error.found) from error

    def _missing(self, model: str, folder: Path) -> ToolFailed:
        """A file that is there but holds no model is as good as none."""
        note = next(note for note in self._weights.notes() if note.name == model)
        return _no_weights(note.file, note.checksum, folder)


def _no_weights(file: str, checksum: str, folder: Path, found: str | None = None) -> ToolFailed:
    if found is None:
        return ToolFailed(ToolFailureKind.NO_WEIGHTS, file, checksum, str(folder))
    return ToolFailed(ToolFailureKind.WRONG_WEIGHTS, str(folder / file), checksum, found)


@asynccontextmanager
async def cutouts(
    weights: Weights,
    folder: Path,
    environment: Mapping[str, str],
    limits: Limits,
    upgrade: Callable[[], object],
) -> AsyncIterator[Cutouts]:
    """Leaving ends the child. `folder` is the child's to write to.

    Of `environment` the child sees what any program needs, and no more.
    """

    async def start(*, fine: bool) -> process.Child:
        given = process.environment(environment, folder, threads=limits.threads, fine=fine)
        return await process.start(given, threads=limits.threads, memory=limits.memory)

    async with Worker(start, queue=limits.queue, idle=limits.idle) as worker:
        yield Cutouts(weights, worker, upgrade)
