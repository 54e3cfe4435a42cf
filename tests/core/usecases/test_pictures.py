"""Pictures that are deleted: their row, their bytes, and what still says that they were there."""

from dataclasses import replace
from typing import Any

import pytest
from typing_extensions import override

from core.adapters.blobs import DiskBlobs
from core.app import App
from core.errors import NotAllowed, NothingToRetry, UnknownId
from core.ids import ImageId
from core.models.asker import Asker
from core.models.attempt import Painted
from core.models.grid import Grid
from core.models.job import Comparison, JobKind, ToolRun
from core.models.order import Order
from core.models.tool import Kept, Split, ToolFailureKind, ToolRequest
from core.ports.models import Report
from tests.core.jobs.test_tool_runs import ended, picture
from tests.fakes import FakeModels, at_once, bringing, png
from tests.houses import ANN, ASKER, BEN, FAR, finished, house, request

MODERATOR = Asker(owner=BEN.owner, place=BEN.place, moderator=True)
HALVES = Split(grid=Grid(rows=1, columns=2))


async def painted(app: App, asker: Asker = ANN, name: str = "one", **more: Any) -> Comparison:
    job, _ = await app.jobs.submit(asker, request(name, **more))
    return await finished(app, job.id)


async def split(app: App, image: ImageId) -> ToolRun:
    work = ToolRequest(tool=HALVES, sources=(Kept(image=image),))
    job, _ = await app.jobs.submit(ANN, work)
    return await ended(app, job.id)


async def test_a_deleted_picture_is_gone_from_its_comparison_and_from_the_disk(tmp_path):
    blobs = DiskBlobs(tmp_path / "images")
    async with house(tmp_path, FakeModels({"one": at_once})) as app:
        before = await painted(app)
        [image] = before.images
        assert await app.pictures.delete(ANN, image.id) == before.id
        after = await app.history.find(ANN, before.id)
        assert after.version == before.version + 1
        assert (after.state, after.images) == (before.state, ())
        assert after.work == before.work
        assert after.attempts[0].deleted
        assert not before.attempts[0].deleted
        assert not blobs.path(image.sha256).exists()
        with pytest.raises(UnknownId):
            await app.pictures.delete(ANN, image.id)
        with pytest.raises(UnknownId):
            await app.pictures.find(ANN, image.id)


async def test_what_was_deleted_is_not_missing_and_is_never_paid_for_again(tmp_path):
    models = FakeModels({"one": at_once})
    async with house(tmp_path, models) as app:
        job = await painted(app)
        await app.pictures.delete(ANN, job.images[0].id)
        assert (await app.history.find(ANN, job.id)).missing == ()
        with pytest.raises(NothingToRetry):
            await app.jobs.retry(ANN, job.id)
    assert models.calls == {"one": 1}


async def test_its_asker_or_a_moderator_there_may_delete_and_nobody_else(tmp_path):
    elsewhere = Asker(owner=FAR.owner, place=FAR.place, moderator=True)
    async with house(tmp_path, FakeModels({"one": at_once})) as app:
        [image] = (await painted(app)).images
        with pytest.raises(NotAllowed) as refused:
            await app.pictures.delete(BEN, image.id)
        assert refused.value.action == "delete"
        for asker in (elsewhere, ASKER):
            with pytest.raises(UnknownId):
                await app.pictures.delete(asker, image.id)
        assert (await app.pictures.find(BEN, image.id)).image == image
        await app.pictures.delete(MODERATOR, image.id)


async def test_equal_bytes_stay_as_long_as_any_picture_has_them(tmp_path):
    blobs = DiskBlobs(tmp_path / "images")
    async with house(tmp_path, FakeModels({"one": at_once})) as app:
        [mine] = (await painted(app, ANN)).images
        [theirs] = (await painted(app, FAR)).images
        assert mine.sha256 == theirs.sha256
        await app.pictures.delete(ANN, mine.id)
        assert await app.results.picture(theirs) == png()
        await app.pictures.delete(FAR, theirs.id)
        assert not blobs.path(theirs.sha256).exists()


@pytest.mark.parametrize("gone", [0, 1, 2])
async def test_of_several_pictures_of_one_reply_each_can_go(tmp_path, gone):
    models = FakeModels({"one": bringing(png("red"), png("green"), png("blue"))})
    async with house(tmp_path, models) as app:
        job = await painted(app, prompt="three foxes")
        await app.pictures.delete(ANN, job.images[gone].id)
        left = await app.history.find(ANN, job.id)
        [found] = await app.history.recent(ANN, search="three", limit=5)
    assert found == left
    assert left.images == tuple(one for at, one in enumerate(job.images) if at != gone)
    assert (left.work.prompt, left.attempts[0].deleted) == ("three foxes", False)


async def test_what_was_made_of_a_deleted_picture_stays_and_has_no_line_any_more(tmp_path):
    async with house(tmp_path, FakeModels({"one": bringing(picture())})) as app:
        [image] = (await painted(app)).images
        run = await split(app, image.id)
        await app.pictures.delete(ANN, image.id)
        tile = run.items[0].images[0]
        origin = await app.pictures.find(ANN, tile.id)
        assert (origin.image.parent, origin.comparison, origin.attempt) == (None, None, None)
        assert await app.results.picture(tile)
        again = await split(app, image.id)
        assert again.items[0].failure is not None
        assert again.items[0].failure.kind is ToolFailureKind.UNKNOWN


async def test_a_tool_run_can_lose_its_pictures_one_by_one(tmp_path):
    async with house(tmp_path, FakeModels({"one": bringing(picture())})) as app:
        [image] = (await painted(app)).images
        run = await split(app, image.id)
        assert await app.history.tool_run(ANN, run.id) == await app.history.any(BEN, run.id) == run
        for asker, kind in ((ANN, app.history.find), (FAR, app.history.tool_run)):
            with pytest.raises(UnknownId):
                await kind(asker, run.id)
        first, second = run.items[0].images
        await app.pictures.delete(ANN, first.id)
        left = await ended(app, run.id)
        assert (left.items[0].images, left.items[0].deleted) == ((second,), False)
        await app.pictures.delete(ANN, second.id)
        left = await ended(app, run.id)
        assert (left.items[0].images, left.items[0].deleted) == ((), True)
        assert left.work == run.work
        assert left.version == run.version + 2


async def test_a_picture_that_is_deleted_while_an_equal_one_lands_takes_no_bytes_with_it(tmp_path):
    """Its bytes are there, so nothing is written; then they go, before the new row stands."""

    class Late(DiskBlobs):
        @override
        async def put(self, data: bytes) -> str:
            sha256 = await super().put(data)
            for image in doomed:
                await app.pictures.delete(ANN, image)
            doomed.clear()
            return sha256

    doomed: list[ImageId] = []
    blobs = Late(tmp_path / "images")
    async with house(tmp_path, FakeModels({"one": bringing(picture())})) as app:
        handlers: Any = app.jobs._handlers
        handlers[JobKind.COMPARISON]._blobs = blobs
        handlers[JobKind.TOOL]._kit = replace(handlers[JobKind.TOOL]._kit, blobs=blobs)
        first = await painted(app)
        doomed.append(first.images[0].id)
        second = await painted(app)
        assert doomed == []
        assert await app.results.picture(second.images[0]) == picture()
        tiles = (await split(app, second.images[0].id)).items[0].images
        doomed.append(tiles[0].id)
        again = (await split(app, second.images[0].id)).items[0].images
        assert doomed == []
        assert again[0].sha256 == tiles[0].sha256
        assert [bool(await app.results.picture(tile)) for tile in again] == [True, True]


async def test_a_running_job_is_shown_anew_at_once(tmp_path):
    deleted: list[int] = []

    async def deletes(order: Order, report: Report) -> Painted:
        seen = await app.history.find(ANN, job.id)
        if not seen.attempts[0].images:
            raise AssertionError
        await app.pictures.delete(ANN, seen.images[0].id)
        deleted.append((await app.history.find(ANN, job.id)).version - seen.version)
        return await at_once(order, report)

    models = FakeModels({"one": at_once, "two": at_once})
    async with house(tmp_path, models, parallel=1) as app:
        models.paints = {"one": at_once, "two": deletes}
        job, _ = await app.jobs.submit(ANN, request("one", "two"))
        end = await finished(app, job.id)
    assert deleted == [1]
    assert [len(attempt.images) for attempt in end.attempts] == [0, 1]
