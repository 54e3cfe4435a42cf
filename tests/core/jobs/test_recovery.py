"""What a process that was killed leaves behind, and what the next one makes of it."""

import time

import pytest

from core.adapters.sqlite.database import connected
from core.adapters.sqlite.jobs import SqliteJobs
from core.adapters.sqlite.migrate import migrate, shipped
from core.errors import LostJob
from core.ids import JobId, ModelId, PlaceId, RunnerId
from core.models.failure import Failure, FailureKind
from core.models.job import Comparison, JobKind, NewDelivery, Slot
from core.models.order import Order
from core.ports.jobs import Landed, NewJob
from tests.fakes import FakeModels, at_once, never
from tests.houses import ANN, ASKER, finished, house, kinds, request, stands, until

GONE = RunnerId("gone")
CHAT = NewDelivery(front_end="telegram", place=PlaceId("telegram:chat:1"), locale="en", address="")
DATABASE = "omniimage.db"


async def left_behind(folder, *, sent: int, delivery: NewDelivery | None = None) -> Comparison:
    """Two attempts of a runner that is dead, the first `sent` of them already paid."""
    slots = (
        Slot(model=ModelId("fake/one"), number=1),
        Slot(model=ModelId("fake/two"), number=1),
    )
    new = NewJob(
        kind=JobKind.COMPARISON,
        owner=ANN.owner,
        place=ANN.place,
        work=request("one", "two"),
        parts=slots,
        runner=GONE,
        delivery=delivery,
    )
    async with connected(folder / DATABASE) as database:
        await migrate(database, folder / "backups", shipped())
        store = SqliteJobs(database)
        job, _ = await store.insert(new, lambda _: None)
        assert isinstance(job, Comparison)
        orders = {a.id: Order(model=a.model, prompt="a fox") for a in job.attempts[:sent]}
        await store.sent(job.id, GONE, lambda: orders)
    return job


async def test_sent_and_queued_attempts_of_a_dead_process_are_interrupted(tmp_path):
    job = await left_behind(tmp_path, sent=1, delivery=CHAT)
    models = FakeModels({"one": at_once, "two": at_once})
    async with house(tmp_path, models) as app:
        found = await app.history.find(ANN, job.id)
    assert stands(found) == ["interrupted", "interrupted"]
    assert kinds(found) == ["interrupted", "interrupted"]
    assert found.state.value == "interrupted"
    assert [attempt.sent is not None for attempt in found.attempts] == [True, False]
    assert not models.calls


async def test_run_adopts_what_a_chat_still_waits_for_and_never_what_was_sent(tmp_path):
    job = await left_behind(tmp_path, sent=1, delivery=CHAT)
    models = FakeModels({"one": at_once, "two": at_once})
    async with house(tmp_path, models, adopt=True) as app:
        end = await finished(app, job.id)
    assert stands(end) == ["interrupted", "done"]
    assert models.calls == {"two": 1}


async def test_run_adopts_nothing_that_no_chat_waits_for(tmp_path):
    job = await left_behind(tmp_path, sent=0)
    models = FakeModels({"one": at_once, "two": at_once})
    async with house(tmp_path, models, adopt=True) as app:
        assert stands(await app.history.find(ANN, job.id)) == ["interrupted", "interrupted"]
    assert not models.calls


async def test_run_adopts_nothing_older_than_ten_minutes(tmp_path):
    job = await left_behind(tmp_path, sent=0, delivery=CHAT)
    async with connected(tmp_path / DATABASE) as database, database.write() as tx:
        await tx.run("update deliveries set created = ?", time.time() - 601)
    async with house(tmp_path, FakeModels({"one": at_once}), adopt=True) as app:
        assert stands(await app.history.find(ANN, job.id)) == ["interrupted", "interrupted"]


async def test_a_retry_after_a_kill_sends_every_missing_one(tmp_path):
    job = await left_behind(tmp_path, sent=1)
    models = FakeModels({"one": at_once, "two": at_once})
    async with house(tmp_path, models) as app:
        await app.jobs.retry(ANN, job.id)
        assert stands(await finished(app, job.id)) == ["done", "done"]
    assert models.calls == {"one": 1, "two": 1}


async def test_a_living_process_is_left_alone(tmp_path):
    async with house(tmp_path, FakeModels({"hangs": never})) as mine:
        job, _ = await mine.jobs.submit(ASKER, request("hangs"))
        await until(mine, job.id, ["running"])
        async with house(tmp_path, FakeModels({}), adopt=True) as other:
            assert stands(await other.history.find(ASKER, job.id)) == ["running"]


async def test_whoever_lost_a_job_writes_nothing_more_to_it(tmp_path):
    job = await left_behind(tmp_path, sent=1)
    async with house(tmp_path, FakeModels({})) as app:
        before = await app.history.find(ANN, job.id)
    async with connected(tmp_path / DATABASE) as database:
        store = SqliteJobs(database)
        attempt = job.attempts[0].id
        with pytest.raises(LostJob):
            await store.landed(attempt, GONE, Landed(images=(), seconds=1.0))
        with pytest.raises(LostJob):
            await store.failed(attempt, GONE, Failure(kind=FailureKind.TIMEOUT), 1.0)
        with pytest.raises(LostJob):
            await store.finish(job.id, GONE)
        assert await store.load(job.id) == before
        assert await store.version(JobId("nothing")) == 0
