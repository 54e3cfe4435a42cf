"""The lean engine: onnxruntime with nothing around it, for the U2-Net family."""

from typing import TYPE_CHECKING

from core.adapters.cutout.models import LEAN
from core.imaging.cutout.network import to_input, to_mask
from core.imaging.formats import Picture
from core.models.tool import ToolFailed, ToolFailureKind

if TYPE_CHECKING:
    from onnxruntime import (  # type: ignore[import-untyped]
        InferenceSession,
        SessionOptions,
    )


_OUT_OF_MEMORY = ("bad allocation", "bad_alloc", "failed to allocate", "cannot allocate memory")


class Lean:
    """Keeps the session of the last model, until another one is asked for."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._path: str | None = None
        self._session: InferenceSession | None = None

    def mask(self, model: str, weights: str, picture: Picture) -> Picture | None:
        """L, of the picture's size; None where the network saw nothing."""
        network = LEAN[model]
        session = self._opened(weights)
        taken, made = session.get_inputs()[0].name, session.get_outputs()[0].name
        given = to_input(picture, network.side, network.mean, network.std)
        [prediction] = session.run([made], {taken: given})
        return to_mask(prediction, picture.size)

    def _opened(self, weights: str) -> "InferenceSession":
        if self._session is None or weights != self._path:
            self._session = None  # first: two models at a time are one too many
            self._session, self._path = opened(weights, self._threads), weights
        return self._session


def opened(weights: str, threads: int) -> "InferenceSession":
    """ToolFailed for a file that holds no model."""
    from onnxruntime import InferenceSession, set_default_logger_severity

    set_default_logger_severity(4)  # what goes wrong comes as an exception, too
    try:
        return InferenceSession(weights, options(threads), providers=["CPUExecutionProvider"])
    except Exception as error:
        if is_memory(error):
            raise
        raise ToolFailed(ToolFailureKind.NO_WEIGHTS) from error


def options(threads: int) -> "SessionOptions":
    """Without the arena, which would keep the memory of the largest picture for good."""
    from onnxruntime import SessionOptions

    chosen = SessionOptions()
    chosen.intra_op_num_threads = threads
    chosen.inter_op_num_threads = 1
    chosen.enable_cpu_mem_arena = False
    chosen.enable_mem_pattern = False
    return chosen


def is_memory(error: BaseException) -> bool:
    """Whether memory ran out; onnxruntime has no type for that."""
    said = str(error).lower()
    return isinstance(error, MemoryError) or any(words in said for words in _OUT_OF_MEMORY)
