import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from core.errors import BadImage, LostJob, StoreDamaged, StoreFull, StoreUnwritable
from core.models.tool import Item, ToolFailed, ToolFailure, ToolFailureKind
from core.ports.run import ToolsRun

_log = logging.getLogger(__name__)


@asynccontextmanager
async def spoiling(run: ToolsRun, *items: Item) -> AsyncIterator[None]:
    """What goes wrong with these sources becomes their failure, and takes no others down."""
    try:
        yield
    except LostJob:
        raise
    except Exception as error:  # noqa: BLE001 - a tool may stumble over anything
        failure = _failure(error)
        for item in items:
            await run.spoiled(item.id, failure)


def _failure(error: Exception) -> ToolFailure:
    match error:
        case ToolFailed():
            return error.failure
        case BadImage():
            return ToolFailure(kind=ToolFailureKind(error.kind))
        case StoreFull() | StoreUnwritable():
            return ToolFailure(kind=ToolFailureKind.NO_SPACE)
        case StoreDamaged():
            return ToolFailure(kind=ToolFailureKind.DAMAGED)
        case _:
            _log.error("a tool stumbled", exc_info=error)
            return ToolFailure(kind=ToolFailureKind.CRASHED)
