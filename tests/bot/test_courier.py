"""The courier over the whole house, with a front end that remembers what it was given."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.courier import Courier, Shown
from core.app import App
from core.ids import PlaceId
from core.models.job import Comparison, Delivery, Job, NewDelivery
from tests.fakes import FakeModels, after, at_once
from tests.houses import ANN, finished, house, request

CHAT = NewDelivery(front_end="chat", place=PlaceId("chat:1"), locale="en", address="here")


@dataclass(slots=True)
class FakePlace:
    """Fails as often as `fails` says, then shows; `gone`: nobody is there."""

    shown: list[tuple[str, Job]] = field(default_factory=list)
    fails: int = 0
    gone: bool = False
    name: str = "chat"
    told: asyncio.Event = field(default_factory=asyncio.Event)

    def pause(self, delivery: Delivery) -> float:
        del delivery
        return 0.01

    async def deliver(self, delivery: Delivery, job: Job) -> Shown | None:
        if self.fails:
            self.fails -= 1
            raise OSError
        if self.gone:
            return None
        self.shown.append((delivery.memo, job))
        self.told.set()
        return Shown(address=delivery.address, memo=f"{delivery.memo}.")

    @property
    def states(self) -> list[str]:
        return [job.state.value for _, job in self.shown]


@asynccontextmanager
async def courier(app: App, place: FakePlace) -> AsyncIterator[Courier]:
    carrying = Courier(app, place)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(carrying.run())
        try:
            yield carrying
        finally:
            task.cancel()


async def until_closed(app: App) -> None:
    """Nothing is left to be told."""
    async with asyncio.timeout(10):
        while await app.deliveries.open("chat"):  # noqa: ASYNC110 - rows set no event
            await asyncio.sleep(0.01)


async def until_told(app: App, place: FakePlace) -> None:
    await place.told.wait()
    await until_closed(app)


async def test_a_job_is_shown_from_its_beginning_to_its_end_and_then_left_alone(tmp_path):
    gate, place = asyncio.Event(), FakePlace()
    async with house(tmp_path, FakeModels({"one": after(gate)})) as app, courier(app, place) as it:
        await app.jobs.submit(ANN, request("one"), CHAT)
        it.wake()
        await place.told.wait()
        gate.set()
        await until_told(app, place)
        assert place.states[-1] == "done"
        assert [memo for memo, _ in place.shown] == ["." * n for n in range(len(place.shown))]
        count = len(place.shown)
        it.wake()
        await asyncio.sleep(0.05)
        assert len(place.shown) == count


async def test_what_ended_while_nobody_looked_is_shown_by_the_next_process(tmp_path):
    place = FakePlace()
    async with house(tmp_path, FakeModels({"one": at_once})) as app:
        job, _ = await app.jobs.submit(ANN, request("one"), CHAT)
        await finished(app, job.id)
    async with house(tmp_path, FakeModels({"one": at_once})) as app, courier(app, place):
        await until_told(app, place)
    [(_, shown)] = place.shown
    assert isinstance(shown, Comparison)
    assert shown.state.value == "done"


async def test_a_retry_is_shown_at_the_same_place_without_being_told(tmp_path):
    gate, place = asyncio.Event(), FakePlace()
    paints = {"one": after(gate)}
    async with house(tmp_path, FakeModels(paints)) as app, courier(app, place):
        job, _ = await app.jobs.submit(ANN, request("one", deadline=0.05), CHAT)
        await finished(app, job.id)
        await until_told(app, place)
        gate.set()
        await app.jobs.retry(ANN, job.id)
        await finished(app, job.id)
        await until_told(app, place)
        assert "failed" in place.states
        assert place.states[-1] == "done"


async def test_a_delivery_where_nobody_is_any_more_is_lost_and_takes_no_other_down(tmp_path):
    place = FakePlace(gone=True)
    async with house(tmp_path, FakeModels({"one": at_once})) as app, courier(app, place):
        job, _ = await app.jobs.submit(ANN, request("one"), CHAT)
        await finished(app, job.id)
        await until_closed(app)
        place.gone = False
        await app.jobs.show(ANN, job.id, CHAT)
        await until_told(app, place)
    assert place.states == ["done"]


async def test_what_failed_to_be_shown_is_shown_later(tmp_path, monkeypatch):
    monkeypatch.setattr("bot.courier._AGAIN_AFTER", 0.05)
    place = FakePlace(fails=2)
    async with house(tmp_path, FakeModels({"one": at_once})) as app, courier(app, place):
        await app.jobs.submit(ANN, request("one"), CHAT)
        await until_told(app, place)
    assert place.states[-1] == "done"
