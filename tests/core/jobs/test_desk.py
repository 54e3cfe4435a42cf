import asyncio
from contextlib import aclosing

import pytest

from core.adapters.sqlite.database import connected
from core.errors import (
    BlockedWord,
    ModelNotAllowed,
    NotAllowed,
    NotHere,
    NothingToRetry,
    StillRunning,
    TooMany,
    UnknownId,
)
from core.ids import JobId, PlaceId
from core.models.asker import Asker
from core.models.failure import CallFailed, FailureKind
from core.models.job import Comparison, NewDelivery
from tests.fakes import FakeModels, after, at_once, never, raising
from tests.houses import ANN, ASKER, BEN, FAR, finished, house, request, stands, states, until

HERE = NewDelivery(
    front_end="discord", place=PlaceId("discord:channel:5"), locale="zh", address="message 1"
)


async def test_the_same_update_is_one_job_for_ever(tmp_path):
    models = FakeModels({"good": at_once})
    async with house(tmp_path, models) as app:
        first, fresh = await app.jobs.submit(ANN, request("good"), once="telegram:7:1001")
        await finished(app, first.id)
        second, again = await app.jobs.submit(ANN, request("good"), once="telegram:7:1001")
    assert (fresh, again) == (True, False)
    assert first.id == second.id
    assert models.calls["good"] == 1


async def test_two_equal_presses_at_the_same_time_are_one_job(tmp_path):
    gate = asyncio.Event()
    models = FakeModels({"good": after(gate)})
    async with house(tmp_path, models) as app:
        presses = await asyncio.gather(
            *(app.jobs.submit(ANN, request("good"), press="again:1") for _ in range(5))
        )
        assert len({job.id for job, _ in presses}) == 1
        assert sorted(fresh for _, fresh in presses) == [False] * 4 + [True]
        other, fresh = await app.jobs.submit(BEN, request("good"), press="again:1")
        assert fresh
        gate.set()
        await finished(app, presses[0][0].id)
        await finished(app, other.id)
        _, fresh = await app.jobs.submit(ANN, request("good"), press="again:1")
        assert fresh


async def test_retry_sends_only_what_brought_no_picture(tmp_path):
    models = FakeModels({"good": at_once, "bad": raising(CallFailed(FailureKind.TIMEOUT))})
    async with house(tmp_path, models) as app:
        job, _ = await app.jobs.submit(ASKER, request("good", "bad"))
        before = await finished(app, job.id)
        models.paints = {**models.paints, "bad": at_once}
        reopened = await app.jobs.retry(ASKER, job.id)
        assert stands(reopened) == ["done", "queued"]
        after_it = await finished(app, job.id)
    assert stands(after_it) == ["done", "done"]
    assert models.calls == {"good": 1, "bad": 2}
    assert after_it.attempts[0] == before.attempts[0]
    assert [attempt.round for attempt in after_it.attempts] == [1, 2]
    assert after_it.version > before.version


async def test_retry_says_when_there_is_nothing_to_do_or_it_still_runs(tmp_path):
    gate = asyncio.Event()
    async with house(tmp_path, FakeModels({"good": after(gate)})) as app:
        job, _ = await app.jobs.submit(ASKER, request("good"))
        with pytest.raises(StillRunning):
            await app.jobs.retry(ASKER, job.id)
        gate.set()
        await finished(app, job.id)
        with pytest.raises(NothingToRetry):
            await app.jobs.retry(ASKER, job.id)


async def test_two_retries_at_once_make_one_round(tmp_path):
    models = FakeModels({"bad": raising(CallFailed(FailureKind.TIMEOUT))})
    async with house(tmp_path, models) as app:
        job, _ = await app.jobs.submit(ASKER, request("bad"))
        await finished(app, job.id)
        gate = asyncio.Event()
        models.paints = {"bad": after(gate)}
        tries = await asyncio.gather(
            *(app.jobs.retry(ASKER, job.id) for _ in range(4)), return_exceptions=True
        )
        gate.set()
        await finished(app, job.id)
    assert sum(isinstance(one, StillRunning) for one in tries) == 3
    assert models.calls["bad"] == 2


async def test_a_cancelled_comparison_can_be_completed(tmp_path):
    models = FakeModels({"hangs": never})
    async with house(tmp_path, models) as app:
        job, _ = await app.jobs.submit(ASKER, request("hangs"))
        await until(app, job.id, ["running"])
        await app.jobs.cancel(ASKER, job.id)
        await finished(app, job.id)
        models.paints = {"hangs": at_once}
        await app.jobs.retry(ASKER, job.id)
        assert stands(await finished(app, job.id)) == ["done"]


async def test_rights_are_asked_of_the_policy(tmp_path):
    moderator = Asker(owner=BEN.owner, place=BEN.place, moderator=True)
    async with house(tmp_path, FakeModels({"hangs": never})) as app:
        job, _ = await app.jobs.submit(ANN, request("hangs"))
        with pytest.raises(NotAllowed):
            await app.jobs.cancel(BEN, job.id)
        with pytest.raises(NotAllowed):
            await app.jobs.retry(moderator, job.id)
        with pytest.raises(UnknownId):
            await app.jobs.cancel(FAR, job.id)
        with pytest.raises(UnknownId):
            await app.history.find(ASKER, job.id)
        await app.jobs.cancel(moderator, job.id)
        assert stands(await finished(app, job.id)) == ["cancelled"]


async def test_a_person_in_a_chat_has_only_so_many_open_jobs(tmp_path):
    async with house(tmp_path, FakeModels({"hangs": never}), policy={"running": 2}) as app:
        for _ in range(2):
            await app.jobs.submit(ANN, request("hangs"))
            await app.jobs.submit(ASKER, request("hangs"))
        with pytest.raises(TooMany):
            await app.jobs.submit(ANN, request("hangs"))
        _, fresh = await app.jobs.submit(ASKER, request("hangs"))
        assert fresh


async def test_watching_what_is_not_there_says_so(tmp_path):
    async with house(tmp_path, FakeModels({})) as app:
        with pytest.raises(UnknownId):
            await states(app, JobId("nothing"))


async def test_a_slow_reader_gets_only_the_newest_state(tmp_path):
    async with house(tmp_path, FakeModels({"good": at_once})) as app:
        job, _ = await app.jobs.submit(ASKER, request("good", count=8))
        async with aclosing(app.jobs.watch(job.id, Comparison)) as seen:
            first = await anext(seen)
            await finished(app, job.id)
            newest = await anext(seen)
    assert not first.state.final
    assert newest.state.final


async def test_a_job_of_another_process_can_be_watched_and_cancelled(tmp_path):
    async with (
        house(tmp_path, FakeModels({"hangs": never})) as mine,
        house(tmp_path, FakeModels({"hangs": never})) as other,
    ):
        job, _ = await mine.jobs.submit(ASKER, request("hangs"))
        await until(other, job.id, ["running"])
        await other.jobs.cancel(ASKER, job.id)
        assert stands(await finished(other, job.id)) == ["cancelled"]


async def test_a_retry_waits_its_turn_behind_another_process(tmp_path):
    async with (
        house(tmp_path, FakeModels({"hangs": never})) as mine,
        house(tmp_path, FakeModels({"hangs": never})) as other,
    ):
        job, _ = await mine.jobs.submit(ASKER, request("hangs"))
        with pytest.raises(StillRunning):
            await other.jobs.retry(ASKER, job.id)


async def test_leaving_the_house_marks_what_was_running_as_interrupted(tmp_path):
    models = FakeModels({"hangs": never, "good": at_once})
    async with house(tmp_path, models) as app:
        job, _ = await app.jobs.submit(ASKER, request("hangs", "good"))
        await until(app, job.id, ["running", "done"])
    async with house(tmp_path, models) as app:
        end = await app.history.find(ASKER, job.id)
    assert stands(end) == ["interrupted", "done"]
    assert end.state.value == "interrupted"


async def test_a_delivery_is_open_until_the_newest_version_is_told(tmp_path):
    async with house(tmp_path, FakeModels({"good": at_once})) as app:
        job, _ = await app.jobs.submit(ANN, request("good"), HERE)
        end = await finished(app, job.id)
        [delivery] = await app.deliveries.open("discord")
        assert (delivery.job, delivery.locale, delivery.told) == (job.id, "zh", 0)
        await app.deliveries.told(delivery.id, end.version, address="message 1", memo="all")
        assert await app.deliveries.open("discord") == []
        await app.deliveries.told(delivery.id, 1, address="message 1", memo="older")
        assert await app.deliveries.open("discord") == []


async def test_a_retry_opens_every_delivery_of_its_job_again(tmp_path):
    models = FakeModels({"bad": raising(CallFailed(FailureKind.TIMEOUT))})
    async with house(tmp_path, models) as app:
        job, _ = await app.jobs.submit(ANN, request("bad"), HERE)
        end = await finished(app, job.id)
        second = await app.jobs.show(BEN, job.id, HERE)
        for delivery in await app.deliveries.open("discord"):
            await app.deliveries.told(delivery.id, end.version, address="", memo="")
        await app.jobs.retry(ANN, job.id)
        await finished(app, job.id)
        opened = await app.deliveries.open("discord")
        assert len(opened) == 2
        await app.deliveries.lose(second)
        assert [one.id for one in await app.deliveries.open("discord")] != [second]
        assert len(await app.deliveries.open("discord")) == 1
        assert await app.deliveries.open("telegram") == []


async def test_losing_a_delivery_wipes_its_token(tmp_path):
    sealed = NewDelivery(
        front_end="discord",
        place=HERE.place,
        locale="en",
        address="",
        private=True,
        token=b"a token under seal",
        token_until=9e9,
    )
    async with house(tmp_path, FakeModels({"good": at_once})) as app:
        job, _ = await app.jobs.submit(ANN, request("good"), sealed)
        await finished(app, job.id)
        [delivery] = await app.deliveries.open("discord")
        assert delivery.token == b"a token under seal"
        await app.deliveries.lose(delivery.id)
    assert b"a token under seal" not in (tmp_path / "omniimage.db").read_bytes()


async def test_a_person_begins_only_so_many_comparisons_a_day_and_retries_count_as_none(tmp_path):
    models = FakeModels({"good": at_once, "bad": raising(CallFailed(FailureKind.TIMEOUT))})
    async with house(tmp_path, models, policy={"per_day": 2}) as app:
        good, _ = await app.jobs.submit(ANN, request("good"), once="good")
        await finished(app, good.id)
        job, _ = await app.jobs.submit(ANN, request("bad"))
        await finished(app, job.id)
        with pytest.raises(TooMany) as refused:
            await app.jobs.submit(ANN, request("good"))
        assert refused.value.what == "day"
        assert (await app.jobs.submit(ANN, request("good"), once="good"))[1] is False
        await app.jobs.retry(ANN, job.id)
        await finished(app, job.id)
        for other in (BEN, ASKER, ASKER, ASKER):
            _, fresh = await app.jobs.submit(other, request("good"))
            assert fresh
    async with connected(tmp_path / "omniimage.db") as database, database.write() as tx:
        await tx.run("update jobs set created = created - 86401 where id = ?", job.id)
    async with house(tmp_path, models, policy={"per_day": 2}) as app:
        _, fresh = await app.jobs.submit(ANN, request("good"))
        assert fresh


async def test_what_the_operator_does_not_let_in_begins_nothing(tmp_path):
    models = FakeModels({"good": at_once, "bad": raising(CallFailed(FailureKind.TIMEOUT))})
    async with house(tmp_path, models) as app:
        job, _ = await app.jobs.submit(ANN, request("bad"))
        await finished(app, job.id)
    rules = {"users": ["1"], "models": ["fake/good"], "block_words": ["hat"]}
    async with house(tmp_path, models, policy=rules) as app:
        with pytest.raises(NotHere):
            await app.jobs.submit(BEN, request("good"))
        with pytest.raises(NotHere):
            await app.jobs.show(BEN, job.id, HERE)
        with pytest.raises(ModelNotAllowed):
            await app.jobs.submit(ANN, request("bad"))
        with pytest.raises(ModelNotAllowed):
            await app.jobs.retry(ANN, job.id)
        with pytest.raises(BlockedWord):
            await app.jobs.submit(ANN, request("good", prompt="a hat"))
        _, fresh = await app.jobs.submit(ASKER, request("bad", prompt="a hat"))
        assert fresh
        assert await app.deliveries.open("discord") == []
        assert len(await app.history.recent(ANN, search=None, limit=9)) == 1
