import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from core.errors import StoreError

Sweep = Callable[[], Awaitable[None]]
_EVERY = 3600.0  # seconds
_log = logging.getLogger(__name__)


class Housekeeping:
    """Drops the rows whose time is over: at once, then every hour."""

    def __init__(self, sweeps: Sequence[Sweep]) -> None:
        self._sweeps = sweeps

    async def once(self) -> None:
        """A database that is busy or full is no reason to stop anything; there is a next time."""
        for sweep in self._sweeps:
            try:
                await sweep()
            except StoreError:
                _log.warning("the house could not be swept", exc_info=True)

    async def keep(self) -> None:
        """For as long as this process lives."""
        while True:
            await asyncio.sleep(_EVERY)
            await self.once()
