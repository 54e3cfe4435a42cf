"""What a task may take of the memory, and whether there is enough to begin it."""

from contextlib import suppress

from core.adapters.cutout.memory import available
from core.adapters.cutout.models import LEAN
from core.models.tool import ToolFailed, ToolFailureKind

_MIB = 2**20
_LEAST = 512 * _MIB  # the limit is never lower: u2netp runs in it
_HEAVY = 3600 * _MIB  # BiRefNet at its 1024 x 1024, weights included
_LIGHTER = {"u2net_human_seg": 700 * _MIB, "birefnet-general-lite": 2000 * _MIB}
_FINE = 300 * _MIB  # alpha matting's libraries, compiled
_FINE_PIXEL = 600  # bytes more for each pixel of the picture; 540 were measured
_COMPILING = 600 * _MIB  # those libraries, the first time on a machine


def confine(limit: int | None) -> int | None:
    """Hold this process to `limit` bytes, by default to what is free as it starts.

    Beyond it an allocation fails, instead of the kernel ending somebody. Returns the limit.
    """
    if limit is None:
        free = available()
        limit = None if free is None else max(free, _LEAST)
    if limit is not None:
        with suppress(ImportError, OSError, ValueError):  # no Windows, and a lower limit stands
            import resource

            resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    return limit


def check(model: str, size: tuple[int, int], *, fine: bool, limit: int | None) -> None:
    """ToolFailed where the heavier engine would not come to an end in the memory that is there.

    The lean engine is always tried.
    """
    needed = 0 if model in LEAN else _LIGHTER.get(model, _HEAVY)
    if fine:
        needed += max(_COMPILING, _FINE + _FINE_PIXEL * size[0] * size[1])
    bounds = [bound for bound in (limit, available()) if bound is not None]
    if needed > min(bounds, default=needed):
        raise ToolFailed(ToolFailureKind.NO_MEMORY)
