import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

T = TypeVar("T")
_log = logging.getLogger(__name__)


class Supervisor:
    """The one owner of tasks that outlive the call that starts them: jobs and pollers.

    A task that raises is logged and takes nobody down. Leaving stops what was started, and waits
    for what must be kept: a paid picture on its way to the disk, a row about to be written.
    """

    def __init__(self) -> None:
        self._started: set[asyncio.Task[Any]] = set()
        self._kept: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, T], *, name: str) -> asyncio.Task[T]:
        return self._add(self._started, work, name)

    async def keep(self, work: Coroutine[Any, Any, T], *, name: str) -> T:
        """Run `work` to its end even if the caller is cancelled, who hears of that after it."""
        task = self._add(self._kept, work, name)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if not task.done():
                await asyncio.wait([task])
            raise

    async def stop(self) -> None:
        while self._started or self._kept:
            for task in self._started:
                task.cancel()
            await asyncio.wait(self._started or self._kept)

    def _add(
        self, tasks: set[asyncio.Task[Any]], work: Coroutine[Any, Any, T], name: str
    ) -> asyncio.Task[T]:
        task = asyncio.create_task(work, name=name)  # noqa: TID251 - this is the owner
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        task.add_done_callback(_log_error)
        return task


@asynccontextmanager
async def supervised() -> AsyncIterator[Supervisor]:
    supervisor = Supervisor()
    try:
        yield supervisor
    finally:
        await supervisor.stop()


def _log_error(task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and (error := task.exception()):
        _log.error("%s ended by an error", task.get_name(), exc_info=error)
