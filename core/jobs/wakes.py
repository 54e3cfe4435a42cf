import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from core.ids import JobId


class Wakes:
    """Who waits for which job; a wake is only a hint to look at its row again."""

    def __init__(self) -> None:
        self._waiting: dict[JobId, set[asyncio.Event]] = {}

    @contextmanager
    def waiting(self, job: JobId) -> Iterator[asyncio.Event]:
        event = asyncio.Event()
        self._waiting.setdefault(job, set()).add(event)
        try:
            yield event
        finally:
            self._waiting[job].discard(event)
            if not self._waiting[job]:
                del self._waiting[job]

    def wake(self, job: JobId) -> None:
        for event in self._waiting.get(job, ()):
            event.set()

    def wake_all(self) -> None:
        for events in self._waiting.values():
            for event in events:
                event.set()
