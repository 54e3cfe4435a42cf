import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Threads:
    """An `Offload` over a pool of its own, so that one kind of work cannot starve another."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool

    async def __call__(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, partial(work, *args, **kwargs))


@asynccontextmanager
async def threads(name: str, size: int) -> AsyncIterator[Threads]:
    """Leaving drops what has not begun and waits for what has."""
    pool = ThreadPoolExecutor(size, thread_name_prefix=name)
    try:
        yield Threads(pool)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
