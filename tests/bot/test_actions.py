"""What each button does, over the whole house."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.actions import (
    Action,
    Begun,
    Ended,
    Handed,
    Looked,
    Opened,
    Outcome,
    Prefilled,
    Press,
    Pressed,
    code_of,
    perform,
    read_code,
)
from bot.words import speech_for
from core.app import App
from core.errors import NotAllowed, StillRunning, UnknownId
from core.ids import new_id
from core.models.asker import Asker
from core.models.grid import Grid
from core.models.job import Comparison, NewDelivery, ToolRun
from core.models.tool import Archive, Cutout, CutoutFormat, Split
from tests.bot.test_courier import CHAT
from tests.fakes import FakeModels, Paint, after, at_once, bringing, png
from tests.houses import ANN, BEN, FAR, finished, house, request

PICTURE = png("teal", (256, 256))
Do = Callable[..., Awaitable[Outcome]]


def doer(app: App) -> Do:
    async def do(
        action: Action,
        target: str,
        argument: str = "",
        *,
        asker: Asker = BEN,
        delivery: NewDelivery | None = None,
        once: str | None = None,
    ) -> Outcome:
        press = Press(action=action, target=target, argument=argument)
        speech = speech_for(["en"])
        return await perform(
            Pressed(app=app, press=press, asker=asker, speech=speech, delivery=delivery, once=once)
        )

    return do


async def painted(app: App, *names: str, asker: Asker = ANN, **more: Any) -> Comparison:
    job, _ = await app.jobs.submit(asker, request(*names, **more))
    return await finished(app, job.id)


async def run_of(app: App, outcome: Outcome) -> ToolRun:
    assert isinstance(outcome, Begun)
    async with aclosing(app.jobs.watch(outcome.job.id, ToolRun)) as seen:
        return [state async for state in seen][-1]


def models(**paints: Paint) -> FakeModels:
    return FakeModels({"one": bringing(PICTURE), "two": at_once, **paints})


@pytest.mark.parametrize("action", Action)
def test_a_code_fits_every_button_and_comes_back_whole(action: Action):
    press = Press(action=action, target=new_id(), argument="5x5")
    code = code_of(press)
    assert len(code.encode()) <= 64
    assert read_code(code) == press


@pytest.mark.parametrize(
    "code",
    [
        *("", "1:split", "2:split:aaaaaaaaaaaaaaaaaaaa:", "1:split:short:", "1:fly:aaaa:"),
        "1:nothing:aaaaaaaaaaaaaaaaaaaa:",
        "1:split:aaaaaaaaaaaaaaaaaaaa:\n",
        "1:split:AAAAAAAAAAAAAAAAAAAA:",
        "1:split:aaaaaaaaaaaaaaaaaaaa:" + "x" * 40,
    ],
)
def test_what_is_no_code_of_ours_is_none(code: str):
    assert read_code(code) is None


@pytest.mark.parametrize(
    ("action", "tool"),
    [
        (Action.SPLIT, Split()),
        (Action.CUTOUT, Cutout()),
        (Action.STICKER, Cutout(trim=True, format=CutoutFormat.STICKER)),
        (Action.EMOJI, Cutout(trim=True, format=CutoutFormat.EMOJI)),
    ],
)
async def test_tools_are_anybodys_in_that_place_and_the_result_is_the_pressers(
    tmp_path, action, tool
):
    async with house(tmp_path, models()) as app:
        [image] = (await painted(app, "one")).images
        run = await run_of(app, await doer(app)(action, image.id, delivery=CHAT))
        assert run.work.tool == tool
        assert run.owner == BEN.owner
        with pytest.raises(UnknownId):
            await doer(app)(Action.PANEL, image.id, asker=FAR)


async def test_a_zip_of_one_and_of_all(tmp_path):
    async with house(tmp_path, models()) as app:
        job = await painted(app, "one", "two")
        one = await run_of(app, await doer(app)(Action.ZIP, job.images[0].id))
        everything = await run_of(app, await doer(app)(Action.ZIP_ALL, job.id, "10240"))
        assert isinstance(everything.work.tool, Archive)
        assert everything.work.tool.most_bytes == 10 * 2**20
        assert (len(one.items), len(everything.items)) == (1, 2)
        assert [item.state.value for item in everything.items] == ["done", "done"]


async def test_the_same_press_at_the_same_time_is_one_job(tmp_path):
    gate = asyncio.Event()
    async with house(tmp_path, models(slow=after(gate))) as app:
        job = await painted(app, "one")
        app_models = replace(job.work, models=request("slow").models)
        slow, _ = await app.jobs.submit(ANN, app_models)
        first = await doer(app)(Action.AGAIN, slow.id)
        second = await doer(app)(Action.AGAIN, slow.id)
        other = await doer(app)(Action.AGAIN, slow.id, asker=ANN)
        assert isinstance(first, Begun)
        assert isinstance(second, Begun)
        assert isinstance(other, Begun)
        assert (first.fresh, second.fresh, other.fresh) == (True, False, True)
        assert second.job.id == first.job.id != other.job.id
        gate.set()
        await finished(app, first.job.id)


async def test_again_draws_other_seeds_and_keeps_one_that_was_named(tmp_path):
    async with house(tmp_path, models()) as app:
        drawn, named = await painted(app, "two"), await painted(app, "two", seed=7)
        for job, same in ((drawn, False), (named, True)):
            outcome = await doer(app)(Action.AGAIN, job.id)
            assert isinstance(outcome, Begun)
            again = await finished(app, outcome.job.id)
            seeds = [one.attempts[0].order.seed for one in (job, again) if one.attempts[0].order]
            assert (seeds[0] == seeds[1]) is same
            assert again.owner == BEN.owner


async def test_same_seed_paints_that_one_picture_again(tmp_path):
    async with house(tmp_path, models()) as app:
        job = await painted(app, "one", "two", count=2)
        image, attempt = job.images[3], job.attempts[3]
        outcome = await doer(app)(Action.SAME_SEED, image.id)
        assert isinstance(outcome, Begun)
        [again] = (await finished(app, outcome.job.id)).attempts
        assert again.model == "fake/two"
        assert again.order
        assert attempt.order
        assert again.order.seed == attempt.order.seed


async def test_retry_and_cancel_are_the_askers(tmp_path):
    gate = asyncio.Event()
    async with house(tmp_path, models(slow=after(gate))) as app:
        job, _ = await app.jobs.submit(ANN, request("slow"))
        with pytest.raises(NotAllowed):
            await doer(app)(Action.CANCEL, job.id)
        with pytest.raises(StillRunning):
            await doer(app)(Action.RETRY, job.id, asker=ANN)
        assert (
            await doer(app)(Action.CANCEL, job.id, asker=replace(BEN, moderator=True)) == Ended()
        )
        await finished(app, job.id)
        with pytest.raises(NotAllowed):
            await doer(app)(Action.RETRY, job.id)
        gate.set()
        outcome = await doer(app)(Action.RETRY, job.id, asker=ANN)
        assert isinstance(outcome, Begun)
        assert len((await finished(app, job.id)).images) == 1


async def test_edit_hands_the_prompt_and_original_the_untouched_bytes(tmp_path):
    async with house(tmp_path, models()) as app:
        job = await painted(app, "one", prompt="一只狐狸")
        edit = await doer(app)(Action.EDIT, job.id)
        assert isinstance(edit, Prefilled)
        assert edit.prompt == "一只狐狸"
        handed = await doer(app)(Action.ORIGINAL, job.images[0].id)
        assert isinstance(handed, Handed)
        assert handed.data == PICTURE
        looked = await doer(app)(Action.INFO, job.images[0].id)
        assert isinstance(looked, Looked)
        assert looked.facts.made
        assert looked.facts.made.prompt == "一只狐狸"
        opened = await doer(app)(Action.PANEL, job.images[0].id)
        assert isinstance(opened, Opened)


async def test_a_deleted_picture_is_gone_and_said_so(tmp_path):
    async with house(tmp_path, models()) as app:
        job = await painted(app, "one")
        image = job.images[0].id
        with pytest.raises(NotAllowed):
            await doer(app)(Action.DELETE, image)
        assert await doer(app)(Action.DELETE, image, asker=ANN) == Ended()
        for action in (Action.ORIGINAL, Action.INFO, Action.PANEL, Action.SAME_SEED):
            with pytest.raises(UnknownId):
                await doer(app)(action, image)
        with pytest.raises(UnknownId):
            await doer(app)(Action.ZIP_ALL, job.id)


async def test_a_grid_that_was_not_sure_is_cut_by_the_persons_word(tmp_path):
    async with house(tmp_path, models()) as app:
        [image] = (await painted(app, "one")).images
        unsure = await run_of(app, await doer(app)(Action.SPLIT, image.id))
        assert [item.state.value for item in unsure.items] == ["unsure"]
        cut = await run_of(app, await doer(app)(Action.GRID, unsure.id, "2x2"))
        assert cut.items[0].outcome
        assert cut.items[0].outcome.grid == Grid(rows=2, columns=2)
        assert len(cut.items[0].images) == 4
        with pytest.raises(UnknownId):
            await doer(app)(Action.GRID, cut.id, "2x2")


async def test_sharing_shows_a_result_in_one_more_place(tmp_path: Path):
    async with house(tmp_path, models()) as app:
        [image] = (await painted(app, "one")).images
        run = await run_of(app, await doer(app)(Action.CUTOUT, image.id))
        assert await doer(app)(Action.SHARE, run.id, delivery=CHAT) == Ended()
        assert [one.job for one in await app.deliveries.open("chat")] == [run.id]
