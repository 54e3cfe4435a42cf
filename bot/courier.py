"""Shows jobs where they are to be shown: live, and after a restart by the very same code."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from core.errors import OmniImageError, UnknownId
from core.models.job import Delivery, Job

if TYPE_CHECKING:
    from core.app import App
    from core.ids import DeliveryId

_LOOK_EVERY = 0.5  # seconds; for what other processes wrote
_AGAIN_AFTER = 5.0  # seconds after which a delivery that failed is tried once more
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Where a state stands now, in texts that only the front end reads."""

    address: str
    memo: str


class Place(Protocol):
    """One front end, as the courier sees it."""

    name: str

    def pause(self, delivery: Delivery) -> float:
        """Seconds to leave between two edits of one message."""

    async def deliver(self, delivery: Delivery, job: Job) -> Shown | None:
        """Show a job as it stands; None when nobody can be told there any more.

        What is raised is tried again later: a send whose answer was lost must be remembered as
        sent before it is raised, by `remember`.
        """


class Courier:
    """Follows every open delivery of one front end."""

    def __init__(self, app: "App", place: Place) -> None:
        self._app = app
        self._place = place
        self._woken = asyncio.Event()
        self._followed: set[DeliveryId] = set()

    def wake(self) -> None:
        """A delivery was just written: look at once."""
        self._woken.set()

    async def run(self) -> None:
        """Until it is cancelled; a delivery that fails takes no other one down."""
        async with asyncio.TaskGroup() as group:
            while True:
                self._woken.clear()
                for delivery in await self._open():
                    if delivery.id not in self._followed:
                        self._followed.add(delivery.id)
                        group.create_task(self._follow(delivery))
                await self._pause()

    async def _open(self) -> "list[Delivery]":
        try:
            return list(await self._app.deliveries.open(self._place.name))
        except OmniImageError:
            _log.warning("the open deliveries could not be read", exc_info=True)
            return []

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(_LOOK_EVERY):
                await self._woken.wait()
        except TimeoutError:
            pass

    async def _follow(self, delivery: Delivery) -> None:
        try:
            async with aclosing(self._states(delivery)) as states:
                async for shown in states:
                    delivery = shown
        except UnknownId:  # the job is gone
            await self._app.deliveries.lose(delivery.id)
        except Exception:  # noqa: BLE001 - whatever it was, the others go on
            _log.exception("delivery %s could not be shown", delivery.id)
            await asyncio.sleep(_AGAIN_AFTER)
        finally:
            self._followed.discard(delivery.id)
            self._woken.set()  # it may have changed again between its end and here

    async def _states(self, delivery: Delivery) -> AsyncGenerator[Delivery, None]:
        """The delivery after each state that was shown; the last one is final."""
        async with aclosing(self._app.jobs.watch(delivery.job, Job)) as states:
            async for job in states:
                if job.version <= delivery.told and job.state.final:
                    return
                shown = await self._place.deliver(delivery, job)
                if shown is None:
                    await self._app.deliveries.lose(delivery.id)
                    return
                await self._app.deliveries.told(
                    delivery.id, job.version, address=shown.address, memo=shown.memo
                )
                fresh = await self._app.deliveries.find(delivery.id)
                if fresh is None:
                    return
                delivery = fresh  # a press may have put a fresh token on it
                yield delivery
                if not job.state.final:
                    await asyncio.sleep(self._place.pause(delivery))
