"""A busy database, a slow disk, two cancels, an early end: what is paid for is kept."""

import asyncio
import sqlite3

import pytest

from core.adapters.blobs import DiskBlobs
from core.adapters.sqlite import database
from core.adapters.sqlite.jobs import SqliteJobs
from core.errors import StoreLocked
from core.ids import JobId, RunnerId
from core.jobs import runner
from core.models.attempt import Painted, Progress
from core.models.order import Order
from core.ports.models import Report
from tests.fakes import FakeModels, after, at_once, never, png
from tests.houses import ASKER, finished, house, kinds, request, stands, until


@pytest.fixture
def slow_disk(monkeypatch):
    """A picture on its way to the disk waits for `go`, after `reached`."""

    class Disk:
        reached, go = asyncio.Event(), asyncio.Event()

    put = DiskBlobs.put

    async def slowly(self: DiskBlobs, data: bytes) -> str:
        Disk.reached.set()
        await Disk.go.wait()
        return await put(self, data)

    monkeypatch.setattr(DiskBlobs, "put", slowly)
    return Disk


async def test_a_picture_on_its_way_to_the_disk_survives_the_end_of_the_program(
    tmp_path, slow_disk
):
    models = FakeModels({"good": at_once})
    async with house(tmp_path, models) as app:
        job, _ = await app.jobs.submit(ASKER, request("good"))
        await slow_disk.reached.wait()
        asyncio.get_running_loop().call_later(0.05, slow_disk.go.set)
    async with house(tmp_path, models) as app:
        assert stands(await app.history.find(ASKER, job.id)) == ["done"]


async def test_cancels_that_come_twice_leave_every_row_in_order(tmp_path, monkeypatch):
    finish = SqliteJobs.finish
    ending = asyncio.Event()

    async def slowly(self: SqliteJobs, job: JobId, me: RunnerId) -> None:
        ending.set()
        await asyncio.sleep(0.1)
        await finish(self, job, me)

    monkeypatch.setattr(SqliteJobs, "finish", slowly)
    monkeypatch.setattr(runner, "_LOOK_EVERY", 0.01)
    async with house(tmp_path, FakeModels({"hangs": never})) as app:
        job, _ = await app.jobs.submit(ASKER, request("hangs"))
        await until(app, job.id, ["running"])
        await app.jobs.cancel(ASKER, job.id)
        await ending.wait()
        await app.jobs.cancel(ASKER, job.id)
        assert stands(await finished(app, job.id)) == ["cancelled"]


async def test_a_lock_of_another_program_is_waited_for_and_sinks_no_model(tmp_path, monkeypatch):
    monkeypatch.setattr(database, "BUSY", 0.05)
    locked, gate = asyncio.Event(), asyncio.Event()

    async def reports(order: Order, report: Report) -> Painted:
        await locked.wait()
        await report(Progress(share=0.5))
        return await at_once(order, report)

    models = FakeModels({"slow": after(gate), "reports": reports})
    async with house(tmp_path, models) as app:
        job, _ = await app.jobs.submit(ASKER, request("slow", "reports"))
        await until(app, job.id, ["running", "running"])
        holder = sqlite3.connect(tmp_path / "omniimage.db")
        holder.execute("begin immediate")
        locked.set()
        gate.set()
        await asyncio.sleep(0.3)
        holder.rollback()
        holder.close()
        assert stands(await finished(app, job.id)) == ["done", "done"]


async def test_the_listener_goes_on_after_an_error_of_the_database(tmp_path, monkeypatch):
    looks = 0
    data_version = SqliteJobs.data_version

    async def fails_once(self: SqliteJobs) -> int:
        nonlocal looks
        looks += 1
        if looks == 1:
            raise StoreLocked
        return await data_version(self)

    monkeypatch.setattr(SqliteJobs, "data_version", fails_once)
    monkeypatch.setattr(runner, "_LOOK_EVERY", 0.01)
    models = FakeModels({"hangs": never})
    async with house(tmp_path, models) as mine, house(tmp_path, models) as other:
        job, _ = await mine.jobs.submit(ASKER, request("hangs"))
        await until(other, job.id, ["running"])
        await other.jobs.cancel(ASKER, job.id)
        assert stands(await finished(mine, job.id)) == ["cancelled"]


async def test_a_picture_folder_that_turns_unwritable_fails_that_attempt_alone(tmp_path):
    gate = asyncio.Event()
    models = FakeModels({"early": at_once, "late": after(gate)})
    async with house(tmp_path, models) as app:
        job, _ = await app.jobs.submit(ASKER, request("early", "late"))
        await until(app, job.id, ["done", "running"])
        kept = next((tmp_path / "images").glob("*/*"))
        kept.rename(tmp_path / "away")
        kept.parent.rmdir()
        kept.parent.touch()
        gate.set()
        end = await finished(app, job.id)
    assert kinds(end) == [None, "no_space"]


@pytest.mark.parametrize("seed", [2**64 - 1, 2**63, -(2**63) - 1])
async def test_a_seed_that_no_database_holds_is_left_out_and_the_picture_kept(tmp_path, seed):
    async def states_it(order: Order, report: Report) -> Painted:  # noqa: ARG001 - a `Paint`
        return Painted(pictures=(png(),), seed=seed)

    async with house(tmp_path, FakeModels({"one": states_it, "two": at_once})) as app:
        job, _ = await app.jobs.submit(ASKER, request("one", "two"))
        end = await finished(app, job.id)
    assert stands(end) == ["done", "done"]
    assert end.attempts[0].seed is None
