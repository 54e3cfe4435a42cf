"""One task from bytes to bytes, inside the child."""

from core.adapters.cutout.budget import check
from core.adapters.cutout.lean import Lean
from core.adapters.cutout.models import LEAN
from core.adapters.cutout.rembg import Rembg, matting
from core.adapters.cutout.wire import Task
from core.imaging.cutout.exports import export
from core.imaging.cutout.layers import layered, matted
from core.imaging.cutout.source import Source, as_seen, is_flat, read
from core.imaging.formats import Picture
from core.models.tool import ToolFailed, ToolFailureKind


class Work:
    """Both engines; each keeps its last model."""

    def __init__(self, threads: int, memory: int | None) -> None:
        self._lean = Lean(threads)
        self._rembg = Rembg(threads)
        self._memory = memory

    def do(self, task: Task) -> bytes:
        """BadImage, or ToolFailed for what cannot be cut out."""
        source = read(task.picture)
        layer = self._layer(task, source)
        return export(layer, task.cutout, source.profile)

    def _layer(self, task: Task, source: Source) -> Picture:
        check(task.model, source.picture.size, fine=task.cutout.fine, limit=self._memory)
        seen = as_seen(source)
        mask = None if is_flat(seen) else self._mask(task, seen)
        if mask is None:
            raise ToolFailed(ToolFailureKind.NO_SUBJECT)
        if task.cutout.fine:
            return matted(source, matting(seen, mask), task.cutout.feather)
        return layered(source, mask, task.cutout.feather)

    def _mask(self, task: Task, seen: Picture) -> Picture | None:
        engine = self._lean if task.model in LEAN else self._rembg
        return engine.mask(task.model, task.weights, seen)
