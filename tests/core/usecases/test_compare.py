import asyncio
from decimal import Decimal
from typing import Any

import pytest

from core.adapters.blobs import DiskBlobs
from core.errors import EmptyPrompt, LongPrompt, StoreFull, TooMany, UnknownModel
from core.models.attempt import Cost, Painted, Progress
from core.models.card import Price
from core.models.failure import CallFailed, FailureKind
from core.models.job import Comparison
from core.models.order import Order
from core.models.request import PROMPT_LIMIT
from core.ports.models import Report
from tests.fakes import FakeModels, after, at_once, bomb, bringing, card, never, png, raising
from tests.houses import ASKER, finished, house, kinds, request, stands, states, until


async def test_results_are_told_as_they_land_and_in_the_order_asked(tmp_path):
    gate = asyncio.Event()
    models = FakeModels({"slow": after(gate), "quick": at_once})
    async with house(tmp_path, models) as app:
        job, fresh = await app.jobs.submit(ASKER, request("slow", "quick"))
        assert fresh
        assert len((await until(app, job.id, ["running", "done"])).images) == 1
        gate.set()
        assert stands(await finished(app, job.id)) == ["done", "done"]


async def test_a_row_with_the_order_stands_before_anything_is_paid(tmp_path):
    seen: list[tuple[str, float | None, Order | None]] = []

    async def looks(order: Order, report: Report) -> Painted:
        job = await app.history.find(ASKER, started.id)
        seen.append((job.attempts[0].state.value, job.attempts[0].sent, job.attempts[0].order))
        return await at_once(order, report)

    async with house(tmp_path, FakeModels({"one": looks})) as app:
        started, _ = await app.jobs.submit(ASKER, request("one", seed=7))
        await finished(app, started.id)
    [(state, sent, order)] = seen
    assert state == "running"
    assert sent is not None
    assert order is not None
    assert order.seed == 7


@pytest.mark.parametrize("kind", list(FailureKind))
async def test_a_failure_is_a_value_and_its_siblings_go_on(tmp_path, kind):
    models = FakeModels({"bad": raising(CallFailed(kind, retry_after=9)), "good": at_once})
    async with house(tmp_path, models) as app:
        job, _ = await app.jobs.submit(ASKER, request("bad", "good"))
        end = await finished(app, job.id)
    assert kinds(end) == [kind.value, None]
    assert end.attempts[0].failure is not None
    assert end.attempts[0].failure.retry_after == 9
    assert end.attempts[0].seconds is not None
    assert len(end.images) == 1


@pytest.mark.parametrize(
    ("paint", "kind"),
    [
        (raising(RuntimeError("a bug of an adapter")), "garbage"),
        (bringing(), "empty"),
        (bringing(b"<html>busy</html>"), "garbage"),
        (bringing(b""), "garbage"),
        (bringing(png()[:50]), "garbage"),
        (bringing(bomb()), "too_large"),
    ],
)
async def test_a_reply_without_a_sound_picture_fails_alone(tmp_path, paint, kind):
    async with house(tmp_path, FakeModels({"bad": paint, "good": at_once})) as app:
        job, _ = await app.jobs.submit(ASKER, request("bad", "good"))
        end = await finished(app, job.id)
    assert kinds(end) == [kind, None]
    assert end.state.value == "done"


async def test_of_several_pictures_the_sound_ones_are_kept_under_one_number(tmp_path):
    paint = bringing(png("red"), b"broken", png("blue"))
    async with house(tmp_path, FakeModels({"many": paint})) as app:
        job, _ = await app.jobs.submit(ASKER, request("many"))
        end = await finished(app, job.id)
    assert [image.attempt for image in end.images] == [end.attempts[0].id] * 2


async def test_every_attempt_has_its_own_deadline(tmp_path):
    models = FakeModels({"hangs": never, "good": at_once})
    async with house(tmp_path, models, deadline=0.05) as app:
        job, _ = await app.jobs.submit(ASKER, request("hangs", "good"))
        assert kinds(await finished(app, job.id)) == ["timeout", None]


async def test_a_request_may_bring_its_own_deadline(tmp_path):
    async with house(tmp_path, FakeModels({"hangs": never})) as app:
        job, _ = await app.jobs.submit(ASKER, request("hangs", deadline=0.05))
        end = await finished(app, job.id)
    assert kinds(end) == ["timeout"]
    assert end.state.value == "failed"


async def test_cancelling_stops_what_runs_and_keeps_what_landed(tmp_path):
    models = FakeModels({"hangs": never, "good": at_once})
    async with house(tmp_path, models) as app:
        job, _ = await app.jobs.submit(ASKER, request("hangs", "good"))
        await until(app, job.id, ["running", "done"])
        await app.jobs.cancel(ASKER, job.id)
        end = await finished(app, job.id)
    assert stands(end) == ["cancelled", "done"]
    assert kinds(end) == ["cancelled", None]
    assert end.state.value == "cancelled"


async def test_a_picture_that_is_being_kept_survives_a_cancel(tmp_path, monkeypatch):
    entered, leave = asyncio.Event(), asyncio.Event()
    put = DiskBlobs.put

    async def slowly(self: DiskBlobs, data: bytes) -> str:
        entered.set()
        await leave.wait()
        return await put(self, data)

    monkeypatch.setattr(DiskBlobs, "put", slowly)
    async with house(tmp_path, FakeModels({"good": at_once})) as app:
        job, _ = await app.jobs.submit(ASKER, request("good"))
        await entered.wait()
        await app.jobs.cancel(ASKER, job.id)
        leave.set()
        assert stands(await finished(app, job.id)) == ["done"]


async def test_a_full_disk_fails_an_attempt_in_words(tmp_path, monkeypatch):
    async def full(_: DiskBlobs, __: bytes) -> str:
        raise StoreFull

    monkeypatch.setattr(DiskBlobs, "put", full)
    async with house(tmp_path, FakeModels({"good": at_once})) as app:
        job, _ = await app.jobs.submit(ASKER, request("good"))
        assert kinds(await finished(app, job.id)) == ["no_space"]


async def test_one_owner_has_only_so_many_attempts_at_one_provider(tmp_path):
    running, most, order_of_start = 0, 0, []

    async def counts(order: Order, report: Report) -> Painted:
        nonlocal running, most
        running, most = running + 1, max(most, running + 1)
        order_of_start.append((order.model, order.seed))
        await asyncio.sleep(0.01)
        running -= 1
        return await at_once(order, report)

    models = FakeModels({"a": counts, "b": counts})
    async with house(tmp_path, models, parallel=2) as app:
        job, _ = await app.jobs.submit(ASKER, request("a", "b", count=3, seed=0))
        assert stands(await finished(app, job.id)) == ["done"] * 6
    assert most == 2
    assert {model for model, _ in order_of_start[:2]} == {"fake/a", "fake/b"}


async def test_a_drawn_seed_is_shared_and_counts_up_with_the_number(tmp_path):
    async with house(tmp_path, FakeModels({"a": at_once, "b": at_once})) as app:
        job, _ = await app.jobs.submit(ASKER, request("a", "b", count=2))
        end = await finished(app, job.id)
    seeds = [attempt.order.seed for attempt in end.attempts if attempt.order]
    drawn = end.work.drawn_seed
    assert seeds == [drawn, drawn + 1, drawn, drawn + 1]
    assert [attempt.seed_honoured for attempt in end.attempts] == [True] * 4


async def test_cost_is_of_the_reply_else_estimated_else_unknown(tmp_path):
    price = Price(amount=Decimal("0.04"), as_of="2026-11-01")  # type: ignore[arg-type]

    async def exact(order: Order, report: Report) -> Painted:  # noqa: ARG001 - a `Paint`
        return Painted(pictures=(png(),), cost=Cost(amount=Decimal("0.03"), exact=True))

    priced: dict[str, Any] = {"model": card("x").model, "price": price, "needs_key": False}
    models = FakeModels(
        {"exact": exact, "priced": at_once, "unknown": at_once},
        changes={
            name: card(name).__class__(**{**priced, "model": card(name).model})
            for name in ("exact", "priced")
        },
    )
    async with house(tmp_path, models) as app:
        job, _ = await app.jobs.submit(ASKER, request("exact", "priced", "unknown"))
        end = await finished(app, job.id)
    assert [attempt.cost for attempt in end.attempts] == [
        Cost(amount=Decimal("0.03"), exact=True),
        Cost(amount=Decimal("0.04"), exact=False),
        None,
    ]


async def test_progress_reaches_whoever_watches(tmp_path):
    gate = asyncio.Event()

    async def reports(order: Order, report: Report) -> Painted:
        await report(Progress(queue_position=3, share=0.25))
        await gate.wait()
        return await at_once(order, report)

    async with house(tmp_path, FakeModels({"one": reports})) as app:
        job, _ = await app.jobs.submit(ASKER, request("one"))
        async for state in app.jobs.watch(job.id, Comparison):
            if state.attempts[0].progress.share:
                assert state.attempts[0].progress == Progress(queue_position=3, share=0.25)
                gate.set()
    assert gate.is_set()


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        (request("good", prompt=" \n"), EmptyPrompt),
        (request("good", prompt="x" * (PROMPT_LIMIT + 1)), LongPrompt),
        (request("bad"), UnknownModel),
        (request("good", count=4), TooMany),
        (request("good", "other", "third"), TooMany),
        (request("good", "other", count=3), TooMany),
    ],
)
async def test_what_cannot_be_met_is_refused_and_leaves_no_row(tmp_path, asked, error):
    models = FakeModels({"good": at_once, "other": at_once, "third": at_once})
    async with house(tmp_path, models, models=2, count=3, attempts=5) as app:
        with pytest.raises(error):
            await app.jobs.submit(ASKER, asked)
        assert await app.history.recent(ASKER, search=None, limit=5) == []
    assert not models.calls


async def test_a_model_asked_twice_is_asked_once(tmp_path):
    models = FakeModels({"good": at_once})
    async with house(tmp_path, models) as app:
        job, _ = await app.jobs.submit(ASKER, request("good", "good"))
        assert stands(await finished(app, job.id)) == ["done"]


async def test_fifty_comparisons_at_once_pay_each_call_once(tmp_path):
    names = ["a", "b", "c", "d"]
    models = FakeModels(dict.fromkeys(names, at_once))
    async with house(tmp_path, models) as app:
        jobs = await asyncio.gather(
            *(app.jobs.submit(ASKER, request(*names, prompt=f"fox {n}")) for n in range(50))
        )
        ends = await asyncio.gather(*(finished(app, job.id) for job, _ in jobs))
    assert [stands(end) for end in ends] == [["done"] * 4] * 50
    assert models.calls == dict.fromkeys(names, 50)


async def test_versions_only_grow_and_the_last_state_is_final(tmp_path):
    async with house(tmp_path, FakeModels({"good": at_once})) as app:
        job, _ = await app.jobs.submit(ASKER, request("good", count=3))
        seen = await states(app, job.id)
    versions = [state.version for state in seen]
    assert versions == sorted(set(versions))
    assert seen[-1].state.final
    assert not any(state.state.final for state in seen[:-1])
