import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from core.errors import (
    BadImage,
    NoWeights,
    OmniImageError,
    StoreDamaged,
    StoreFull,
    StoreUnwritable,
)
from core.models.tool import Item, ToolFailed, ToolFailure, ToolFailureKind
from core.ports.run import ToolsRun

_log = logging.getLogger(__name__)


@asynccontextmanager
async def spoiling(run: ToolsRun, item: Item) -> AsyncIterator[None]:
    """What goes wrong with one source becomes its failure, and takes no other down."""
    try:
        yield
    except ToolFailed as error:
        await run.spoiled(item.id, error.failure)
    except OmniImageError as error:
        failure = _failure(error)
        if failure is None:
            raise
        await run.spoiled(item.id, failure)
    except Exception:  # noqa: BLE001 - one picture must not take the others down
        _log.exception("a tool stumbled over %s", item.id)
        await run.spoiled(item.id, ToolFailure(kind=ToolFailureKind.CRASHED))


def _failure(error: OmniImageError) -> ToolFailure | None:
    """What went wrong with one source alone; None for what ends the whole job."""
    match error:
        case BadImage():
            return ToolFailure(kind=ToolFailureKind(error.kind))
        case NoWeights():
            detail = (error.file, error.checksum, str(error.folder))
            return ToolFailure(kind=ToolFailureKind.NO_WEIGHTS, detail=detail)
        case StoreFull() | StoreUnwritable():
            return ToolFailure(kind=ToolFailureKind.NO_SPACE)
        case StoreDamaged():
            return ToolFailure(kind=ToolFailureKind.MISSING)
        case _:
            return None
