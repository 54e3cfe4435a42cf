"""Tool runs as jobs: rows, rights, recovery, and what goes wrong inside."""

import asyncio
import io
import zipfile
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pictures

from core.adapters.sqlite.database import connected
from core.adapters.sqlite.jobs import SqliteJobs
from core.adapters.sqlite.migrate import migrate, shipped
from core.app import App
from core.errors import UnknownId
from core.ids import JobId, PlaceId, RunnerId
from core.models.asker import Asker
from core.models.attempt import Progress
from core.models.grid import Grid
from core.models.job import Comparison, JobKind, JobState, NewDelivery, ToolRun
from core.models.tool import (
    Archive,
    Brought,
    ItemState,
    Kept,
    PageWords,
    Source,
    Split,
    ToolFailed,
    ToolFailureKind,
    ToolRequest,
)
from core.ports.jobs import NewJob
from tests.fakes import FakeModels, bringing, png
from tests.houses import ANN, BEN, FAR, finished, house, request

GONE = RunnerId("gone")
CHAT = NewDelivery(front_end="chat", place=PlaceId("chat:1"), locale="en", address="")
HALVES = Grid(rows=1, columns=2)


def picture(width: int = 200, height: int = 100) -> bytes:
    buffer = io.BytesIO()
    Pictures.new("RGB", (width, height), "teal").save(buffer, "PNG")
    return buffer.getvalue()


async def fetch(reference: str) -> bytes:
    if reference == "gone":
        raise ToolFailed(ToolFailureKind.MISSING)
    if reference == "odd":
        raise RuntimeError(reference)
    return picture()


def brought(*references: str) -> ToolRequest:
    sources = tuple(
        Brought(front_end="chat", reference=reference, name=f"{reference}.png")
        for reference in references
    )
    return ToolRequest(tool=Split(grid=HALVES), sources=sources)


def kept(*sources: Source) -> ToolRequest:
    return ToolRequest(tool=Split(grid=HALVES), sources=sources)


async def ended(app: App, job: JobId) -> ToolRun:
    async with aclosing(app.jobs.watch(job, ToolRun)) as seen:
        return [state async for state in seen][-1]


def chat_house(folder: Path, **more: Any) -> Any:
    models = FakeModels({"one": bringing(picture())})
    return house(folder, models, fetches={"chat": fetch}, **more)


async def test_every_source_ends_on_its_own(tmp_path):
    async with chat_house(tmp_path) as app:
        job, fresh = await app.jobs.submit(ANN, brought("a", "gone", "odd", "b"))
        run = await ended(app, job.id)
    assert fresh
    assert run.state is JobState.DONE
    assert [item.state for item in run.items] == [
        ItemState.DONE,
        ItemState.FAILED,
        ItemState.FAILED,
        ItemState.DONE,
    ]
    assert [item.failure and item.failure.kind for item in run.items] == [
        None,
        ToolFailureKind.MISSING,
        ToolFailureKind.CRASHED,
        None,
    ]
    assert [len(item.images) for item in run.items] == [2, 0, 0, 2]


async def test_results_belong_to_who_asked_and_know_what_they_were_made_of(tmp_path):
    async with chat_house(tmp_path) as app:
        comparison, _ = await app.jobs.submit(ANN, request("one"))
        [image] = (await finished(app, comparison.id)).images
        job, _ = await app.jobs.submit(BEN, kept(Kept(image=image.id)))
        run = await ended(app, job.id)
    [item] = run.items
    assert item.outcome is not None
    assert item.outcome.grid == HALVES
    assert {(one.owner, one.place, one.parent, one.tool) for one in item.images} == {
        (BEN.owner, BEN.place, image.id, "split")
    }
    assert [(one.width, one.height) for one in item.images] == [(100, 100)] * 2


async def test_an_image_of_another_place_is_unknown(tmp_path):
    async with chat_house(tmp_path) as app:
        comparison, _ = await app.jobs.submit(ANN, request("one"))
        [image] = (await finished(app, comparison.id)).images
        job, _ = await app.jobs.submit(FAR, kept(Kept(image=image.id)))
        run = await ended(app, job.id)
    [item] = run.items
    assert item.failure is not None
    assert item.failure.kind is ToolFailureKind.UNKNOWN
    assert run.state is JobState.FAILED


async def test_a_tool_run_is_no_comparison(tmp_path):
    async with chat_house(tmp_path) as app:
        job, _ = await app.jobs.submit(ANN, brought("a"))
        await ended(app, job.id)
        assert await app.history.recent(ANN, search=None, limit=9) == []
        with pytest.raises(UnknownId):
            await app.history.find(ANN, job.id)
        with pytest.raises(UnknownId):
            await app.jobs.retry(ANN, job.id)
        with pytest.raises(UnknownId):
            async for _ in app.jobs.watch(job.id, Comparison):
                raise AssertionError


async def test_the_same_press_starts_one_run(tmp_path):
    async with chat_house(tmp_path) as app:
        first, fresh = await app.jobs.submit(ANN, brought("a"), press="cut:a")
        second, again = await app.jobs.submit(ANN, brought("a"), press="cut:a")
        await ended(app, first.id)
    assert (fresh, again) == (True, False)
    assert second.id == first.id


async def test_cancelled_sources_say_so_and_what_was_made_stays(tmp_path):
    gate = asyncio.Event()

    async def slow(reference: str) -> bytes:
        if reference != "a":
            await gate.wait()
        return picture()

    async with house(tmp_path, FakeModels({}), fetches={"chat": slow}) as app:
        job, _ = await app.jobs.submit(ANN, brought("a", "b", "c"))
        async with aclosing(app.jobs.watch(job.id, ToolRun)) as seen:
            async for state in seen:
                if state.items[0].state is ItemState.DONE:
                    break
        await app.jobs.cancel(ANN, job.id)
        run = await ended(app, job.id)
    assert [item.state for item in run.items] == [
        ItemState.DONE,
        ItemState.CANCELLED,
        ItemState.CANCELLED,
    ]
    assert run.state is JobState.CANCELLED


async def left_behind(
    folder: Path, asker: Asker, delivery: NewDelivery | None, work: ToolRequest | None = None
) -> JobId:
    """A run of a dead process, the first of its sources in hand."""
    work = work or brought("a", "b")
    new = NewJob(
        kind=JobKind.TOOL,
        owner=asker.owner,
        place=asker.place,
        work=work,
        parts=work.sources,
        runner=GONE,
        delivery=delivery,
    )
    async with connected(folder / "omniimage.db") as database:
        await migrate(database, folder / "backups", shipped())
        store = SqliteJobs(database)
        job, _ = await store.insert(new, lambda _: None)
        assert isinstance(job, ToolRun)
        await store.working(job.items[0].id, GONE, Progress())
    return job.id


async def test_a_run_of_a_dead_process_is_interrupted(tmp_path):
    job = await left_behind(tmp_path, ANN, None)
    async with chat_house(tmp_path) as app:
        run = await ended(app, job)
    assert [item.state for item in run.items] == [ItemState.INTERRUPTED] * 2
    assert run.state is JobState.INTERRUPTED


async def test_free_work_for_a_chat_is_done_again_by_the_next_bot(tmp_path):
    job = await left_behind(tmp_path, ANN, CHAT)
    async with chat_house(tmp_path, adopt=True) as app:
        run = await ended(app, job)
    assert [item.state for item in run.items] == [ItemState.DONE] * 2


async def test_a_source_of_a_front_end_that_is_not_there_fails_alone(tmp_path):
    async with house(tmp_path, FakeModels({})) as app:
        job, _ = await app.jobs.submit(ANN, brought("a"))
        run = await ended(app, job.id)
    assert [item.failure and item.failure.kind for item in run.items] == [ToolFailureKind.MISSING]


async def test_a_picture_too_small_to_be_cut_says_so(tmp_path):
    async def small(reference: str) -> bytes:
        del reference
        return png()

    async with house(tmp_path, FakeModels({}), fetches={"chat": small}) as app:
        job, _ = await app.jobs.submit(ANN, brought("a"))
        run = await ended(app, job.id)
    assert [item.failure and item.failure.kind for item in run.items] == [
        ToolFailureKind.TOO_SMALL
    ]


WORDS = PageWords(language="en", title="Pictures", names=())


def packing(*references: str, name: str = "album") -> ToolRequest:
    sources = tuple(
        Brought(front_end="chat", reference=reference, name=f"{reference}.png")
        for reference in references
    )
    return ToolRequest(tool=Archive(name=name, words=WORDS, most_bytes=5500), sources=sources)


async def test_the_parts_of_an_archive_are_told_together_and_hold_every_picture(tmp_path):
    async with chat_house(tmp_path) as app:
        job, _ = await app.jobs.submit(ANN, packing(*"abcdef"))
        run = await ended(app, job.id)
        files = sorted({name for item in run.items if item.outcome for name in item.outcome.files})
        inside = []
        for file in files:
            with zipfile.ZipFile(app.results.file(job.id, file)) as part:
                inside += [name for name in part.namelist() if name.endswith(".png")]
    assert len(files) > 1
    assert sorted(inside) == [f"{name}.png" for name in "abcdef"]
    assert sorted(path.name for path in (tmp_path / "jobs" / job.id).iterdir()) == files


async def test_an_archive_of_a_dead_process_is_packed_anew_as_a_whole(tmp_path):
    job = await left_behind(tmp_path, ANN, CHAT, packing(*"abcdef"))
    folder = tmp_path / "jobs" / job
    folder.mkdir(parents=True)
    (folder / "album-01.zip").write_bytes(b"half")
    async with chat_house(tmp_path, adopt=True) as app:
        run = await ended(app, job)
        assert {item.state for item in run.items} == {ItemState.DONE}
        for item in run.items:
            assert item.outcome is not None
            [file] = item.outcome.files
            with zipfile.ZipFile(app.results.file(job, file)) as part:
                assert f"{item.outcome.name}.png" in part.namelist()


async def test_a_file_that_goes_away_meanwhile_is_left_out(tmp_path):
    paths: dict[str, Path] = {name: tmp_path / f"{name}.png" for name in ("first", "lost", "last")}
    for path in paths.values():
        path.write_bytes(picture())

    async def fetched(reference: str) -> Path:
        if reference == "last":
            await asyncio.to_thread(paths["lost"].unlink)
        return paths[reference]

    async with house(tmp_path / "data", FakeModels({}), fetches={"chat": fetched}) as app:
        job, _ = await app.jobs.submit(ANN, packing("first", "lost", "last"))
        run = await ended(app, job.id)
    assert [item.state for item in run.items] == [
        ItemState.DONE,
        ItemState.FAILED,
        ItemState.DONE,
    ]
    assert run.items[1].failure is not None
    assert run.items[1].failure.kind is ToolFailureKind.MISSING


async def test_an_archive_never_leaves_its_folder(tmp_path):
    async with chat_house(tmp_path / "data") as app:
        job, _ = await app.jobs.submit(ANN, packing("a", name="../../evil"))
        run = await ended(app, job.id)
        [item] = run.items
        assert item.outcome is not None
        [file] = item.outcome.files
        assert app.results.file(job.id, file).parent == tmp_path / "data" / "jobs" / job.id
        assert app.results.file(job.id, file).exists()


async def test_a_model_that_is_no_more_takes_no_one_down(tmp_path):
    async with chat_house(tmp_path) as app:
        comparison, _ = await app.jobs.submit(ANN, request("one"))
        [image] = (await finished(app, comparison.id)).images
    async with house(tmp_path, FakeModels({}), fetches={"chat": fetch}) as app:
        sources = (Kept(image=image.id), brought("a").sources[0])
        work = ToolRequest(tool=Split(), sources=sources)
        job, _ = await app.jobs.submit(ANN, work)
        run = await ended(app, job.id)
    assert [item.state for item in run.items] == [ItemState.UNSURE] * 2


async def test_a_kept_picture_whose_bytes_are_gone_says_so(tmp_path):
    async with chat_house(tmp_path) as app:
        comparison, _ = await app.jobs.submit(ANN, request("one"))
        [image] = (await finished(app, comparison.id)).images
        (tmp_path / "images" / image.sha256[:2] / image.sha256).unlink()
        job, _ = await app.jobs.submit(ANN, kept(Kept(image=image.id)))
        run = await ended(app, job.id)
    assert [item.failure and item.failure.kind for item in run.items] == [ToolFailureKind.DAMAGED]
