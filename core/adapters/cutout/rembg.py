"""The rembg engine: its other local models, and alpha matting.

rembg is never let choose or fetch a model: its default has a licence that forbids commercial use,
two of its models send the picture away, and a file that it finds is not checked.
"""

from typing import Any, cast

from core.adapters.cutout.lean import is_memory, options
from core.adapters.cutout.models import REMBG
from core.imaging.formats import Picture
from core.models.tool import ToolFailed, ToolFailureKind


class Rembg:
    """Keeps the session of the last model, until another one is asked for."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._path: str | None = None
        self._session: Any = None

    def mask(self, model: str, weights: str, picture: Picture) -> Picture:
        """L, of the picture's size."""
        if weights != self._path:
            self._session = None  # first: two models at a time are one too many
            self._session, self._path = _session(model, weights, self._threads), weights
        return cast("Picture", self._session.predict(picture)[0])


class _Given:
    """A session that has its mask already."""

    def __init__(self, mask: Picture) -> None:
        self._mask = mask

    def predict(self, *_: Any, **__: Any) -> list[Picture]:
        return [self._mask]


def matting(picture: Picture, mask: Picture) -> Picture:
    """RGBA: what of each pixel along the mask's edge is subject, and its own colour there."""
    import rembg  # type: ignore[import-untyped]

    return cast("Picture", rembg.remove(picture, session=_Given(mask), alpha_matting=True))


def _session(model: str, weights: str, threads: int) -> Any:
    """One of the list, over the file that was handed in. ToolFailed if that holds no model."""
    from rembg.sessions import sessions  # type: ignore[import-untyped]

    kind = sessions[model if model in REMBG else ""]

    def handed(*_: Any, **__: Any) -> str:
        return weights

    local = type(kind.__name__, (kind,), {"download_models": staticmethod(handed)})
    try:
        return local(model, options(threads), providers=["CPUExecutionProvider"])
    except Exception as error:
        if is_memory(error):
            raise
        raise ToolFailed(ToolFailureKind.NO_WEIGHTS) from error
