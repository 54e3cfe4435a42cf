"""Where jobs are shown: tokens that lie sealed, and results that wait for their owner."""

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.adapters.sqlite.database import connected
from core.app import App
from core.ids import DeliveryId, PlaceId
from core.models.job import Comparison, Delivery, NewDelivery
from tests.fakes import FakeModels, at_once, never
from tests.houses import ANN, BEN, finished, house, request

TOKEN = "aW50ZXJhY3Rpb246canary"  # noqa: S105 - nobody's
CHANNEL = PlaceId("discord:channel:5")
LATER = 900.0  # seconds: as long as Discord's tokens live


def new(app: App, address: str = "message 1", **said: Any) -> NewDelivery:
    told = {"token": TOKEN, "token_until": time.time() + LATER, **said}
    return app.deliveries.new("discord", CHANNEL, "zh", address, **told)


async def shown(app: App, **said: Any) -> tuple[Comparison, Delivery]:
    """A finished job of Ann's, and its delivery, which has told nothing yet."""
    job, _ = await app.jobs.submit(ANN, request("one"), new(app, **said))
    done = await finished(app, job.id)
    found = await app.deliveries.by_address("discord", said.get("address", "message 1"))
    assert found is not None
    return done, found


async def tell(app: App, delivery: Delivery, version: int) -> None:
    await app.deliveries.told(delivery.id, version, address=delivery.address, memo="")


def everything_on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("omniimage.db*"))


def one() -> FakeModels:
    return FakeModels({"one": at_once})


async def test_a_token_lies_sealed_and_opens_where_it_belongs(tmp_path):
    async with house(tmp_path, one()) as app:
        _, delivery = await shown(app, private=True)
        assert app.deliveries.token(delivery) == TOKEN
        assert (delivery.private, delivery.locale, delivery.place) == (True, "zh", CHANNEL)
        assert delivery.token is not None
        assert TOKEN.encode() not in delivery.token + everything_on_disk(tmp_path)
        for moved in (
            replace(delivery, front_end="telegram"),
            replace(delivery, place=PlaceId("discord:channel:6")),
            replace(delivery, token=delivery.token[:-1] + b"x"),
            replace(delivery, token=b""),
        ):
            assert app.deliveries.token(moved) is None


async def test_a_token_survives_a_restart_and_says_its_end(tmp_path):
    async with house(tmp_path, one()) as app:
        _, before = await shown(app)
    async with house(tmp_path, one()) as app:
        [delivery] = await app.deliveries.open("discord")
        assert delivery == before
        assert delivery.token_until is not None
        assert delivery.token_until > time.time() + LATER / 2
        assert app.deliveries.token(delivery) == TOKEN


async def test_a_token_whose_time_is_over_is_none_and_is_overwritten(tmp_path):
    over = time.time() - 1
    async with house(tmp_path, one()) as app:
        _, delivery = await shown(app, token_until=over)
        assert delivery.token is not None
        assert app.deliveries.token(delivery) is None
        _, living = await shown(app, address="message 2")
    async with house(tmp_path, one()) as app:
        wiped = await app.deliveries.by_address("discord", "message 1")
        assert wiped == replace(delivery, token=None)
        assert wiped.token_until == over
        assert app.deliveries.token(wiped) is None
        assert await app.deliveries.by_address("discord", "message 2") == living


async def test_without_a_token_no_master_key_is_made(tmp_path):
    async with house(tmp_path, one()) as app:
        _, delivery = await shown(app, token=None, token_until=None)
        assert app.deliveries.token(delivery) is None
    assert not (tmp_path / "config").exists()


async def test_a_lost_or_other_master_key_makes_a_token_unreadable_and_stops_nothing(tmp_path):
    master = tmp_path / "config" / "master.key"
    async with house(tmp_path, one()) as app:
        await shown(app)
        master.unlink()
        unsealed = new(app)
        assert (unsealed.token, unsealed.address) == (None, "message 1")
    async with house(tmp_path, one()) as app:
        [delivery] = await app.deliveries.open("discord")
        assert app.deliveries.token(delivery) is None
        assert new(app).token is not None
        assert app.deliveries.token(delivery) is None


async def test_a_folder_that_takes_no_master_key_leaves_the_token_out(tmp_path):
    (tmp_path / "config").write_text("no folder")
    async with house(tmp_path, one()) as app:
        assert new(app).token is None


async def test_a_press_puts_a_fresh_token_on_the_delivery_of_its_message(tmp_path):
    async with house(tmp_path, one()) as app:
        job, old = await shown(app, token_until=time.time() - 1)
        await app.deliveries.lose(old.id)
        assert await app.deliveries.open("discord") == []
        until = time.time() + LATER
        taken = await app.deliveries.take_over(old.id, "fresh", until)
        assert taken is not None
        assert app.deliveries.token(taken) == "fresh"
        assert await app.deliveries.open("discord") == [taken]
        assert (taken.job, taken.token_until, taken.lost) == (job.id, until, False)
        assert await app.deliveries.find(old.id) == taken
        assert await app.deliveries.find(DeliveryId("gone")) is None
        assert await app.deliveries.take_over(DeliveryId("gone"), "fresh", until) is None


async def test_a_delivery_is_found_by_where_it_stands_now(tmp_path):
    async with house(tmp_path, one()) as app:
        job, delivery = await shown(app)
        await app.deliveries.told(delivery.id, job.version, address="message 7", memo="m")
        assert await app.deliveries.by_address("discord", "message 1") is None
        assert await app.deliveries.by_address("telegram", "message 7") is None
        found = await app.deliveries.by_address("discord", "message 7")
        assert found == replace(delivery, address="message 7", memo="m", told=job.version)


@pytest.mark.parametrize(
    ("private", "over", "lost", "waits"),
    [
        (True, True, False, True),
        (True, False, True, True),
        (False, False, True, True),
        (True, False, False, False),
        (False, True, False, False),  # goes on with the bot's own token
    ],
)
async def test_what_could_be_told_to_nobody_waits_for_its_owner(
    tmp_path, private, over, lost, waits
):
    until = time.time() + (-1 if over else LATER)
    async with house(tmp_path, one()) as app:
        _, delivery = await shown(app, private=private, token_until=until)
        if lost:
            await app.deliveries.lose(delivery.id)
        waiting = await app.deliveries.waiting(ANN.owner)
        assert [one.id for one in waiting] == ([delivery.id] if waits else [])
        assert await app.deliveries.waiting(BEN.owner) == []


async def test_nothing_waits_once_any_delivery_has_told_all_of_it(tmp_path):
    async with house(tmp_path, one()) as app:
        job, lost = await shown(app, private=True)
        await app.deliveries.lose(lost.id)
        again = await app.jobs.show(ANN, job.id, new(app, address="message 2"))
        assert len(await app.deliveries.waiting(ANN.owner)) == 1
        await app.deliveries.told(again, job.version, address="message 2", memo="")
        assert await app.deliveries.waiting(ANN.owner) == []


async def test_a_running_job_does_not_wait_yet(tmp_path):
    async with house(tmp_path, FakeModels({"one": never})) as app:
        await app.jobs.submit(ANN, request("one"), new(app, private=True, token_until=1.0))
        assert await app.deliveries.waiting(ANN.owner) == []


async def test_a_deletion_is_told_where_it_can_be_and_makes_nothing_wait(tmp_path):
    async with house(tmp_path, one()) as app:
        job, over = await shown(app, private=True, token_until=time.time() - 1)
        _, dead = await shown(app, address="message 2")
        for delivery in (over, dead):
            await tell(app, delivery, job.version)
        await app.deliveries.lose(dead.id)
        public = await app.jobs.show(ANN, job.id, new(app, address="message 3"))
        await app.deliveries.told(public, job.version, address="message 3", memo="")
        assert await app.deliveries.open("discord") == []
        await app.pictures.delete(ANN, job.images[0].id)
        assert [one.id for one in await app.deliveries.open("discord")] == [public]
        assert await app.deliveries.waiting(ANN.owner) == []


async def test_the_address_is_looked_up_in_an_index(tmp_path):
    async with house(tmp_path, one()):
        pass
    async with connected(tmp_path / "omniimage.db") as database:
        plan = await database.rows(
            "explain query plan select * from deliveries where front_end = 'd' and address = 'a'"
        )
    assert "deliveries_by_address" in plan[0]["detail"]
