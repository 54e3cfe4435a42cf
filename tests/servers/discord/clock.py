"""The server's time, which a test may put forward, and the ids that carry it."""

import asyncio
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

_EPOCH: Final = 1_420_070_400_000  # milliseconds, the first second of 2015
_TICK: Final = 0.05  # seconds between looks at what no request of ours changes


@dataclass(slots=True, kw_only=True)
class Clock:
    """Seconds since 1970, `ahead` of this machine by what a test has advanced."""

    ahead: float = 0.0
    changes: "Changes"
    _count: "itertools.count[int]" = field(default_factory=itertools.count)

    def now(self) -> float:
        return time.time() + self.ahead

    def advance(self, seconds: float) -> None:
        self.ahead += seconds
        self.changes.notify()

    def snowflake(self) -> int:
        """A new id, unique, made now."""
        milliseconds = int(self.now() * 1000) - _EPOCH
        return (milliseconds << 22) | (next(self._count) & 0x3FFFFF)


class Changes:
    """Whoever waits for something looks again after each change."""

    def __init__(self) -> None:
        self._changed = asyncio.Event()

    def notify(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def wait(self, at_most: float) -> None:
        """Return at the next change, or after so many seconds."""
        try:
            async with asyncio.timeout(max(at_most, 0.001)):
                await self._changed.wait()
        except TimeoutError:
            return

    async def until(
        self, condition: Callable[[], Any], within: float, state: Callable[[], str]
    ) -> Any:
        """The first true value of the condition; one that asserts is not true yet.

        AssertionError with the state when it is late.
        """
        end = time.monotonic() + within
        while True:
            try:
                if value := condition():
                    return value
                said = ""
            except AssertionError as error:
                said = str(error)
            left = end - time.monotonic()
            if left <= 0:
                raise AssertionError(f"not within {within} s: {said}\n{state()}")
            await self.wait(min(left, _TICK))
