"""Words before pictures, through the whole house and a local text model over real sockets."""

from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from core.adapters.sqlite.database import connected
from core.adapters.sqlite.jobs import SqliteJobs
from core.adapters.sqlite.migrate import migrate, shipped
from core.app import App, open_app
from core.config.settings import TextsSetting
from core.errors import EmptyPrompt, LongPrompt, NoTextKey, UnknownId, UnknownLanguage
from core.ids import ModelId, PlaceId, ProviderId, RunnerId
from core.models.attempt import AttemptState
from core.models.failure import FailureKind
from core.models.job import JobKind, JobState, NewDelivery, TextRun
from core.models.request import PROMPT_LIMIT
from core.models.text import StepKind, TextRequest
from core.ports.jobs import NewJob
from tests.houses import ANN, ASKER, BEN, FAR, request, settings
from tests.servers.openai_chat import SAYS, OpenAIChat

BOTH = (StepKind.TRANSLATE, StepKind.ENHANCE)
CUSTOM = ProviderId("custom")
SECRET = "sk-someone's-own-key"  # noqa: S105
CHAT = NewDelivery(front_end="telegram", place=PlaceId("telegram:chat:1"), locale="en", address="")


@asynccontextmanager
async def house(data: Path, *, deadline: float = 60.0, adopt: bool = False) -> AsyncIterator[App]:
    chosen = settings(data).model_copy(update={"texts": TextsSetting(deadline=deadline)})
    async with open_app(chosen, adopt=adopt) as app:
        yield app


@asynccontextmanager
async def keyed(data: Path, *, deadline: float = 60.0) -> AsyncIterator[tuple[App, OpenAIChat]]:
    async with OpenAIChat() as server, house(data, deadline=deadline) as app:
        await app.keys.set(ASKER, CUSTOM, SECRET, server.base_url)
        yield app, server


def text(model: str = "say", *steps: StepKind, words: str = "雪地里的红狐狸") -> TextRequest:
    return TextRequest(text=words, steps=steps or BOTH, model=ModelId(f"custom/{model}"))


async def ended(app: App, run: TextRun) -> TextRun:
    async with aclosing(app.jobs.watch(run.id, TextRun)) as seen:
        return [state async for state in seen][-1]


async def done(app: App, work: TextRequest) -> TextRun:
    run, _ = await app.jobs.submit(ASKER, work)
    return await ended(app, run)


async def test_the_second_step_works_on_what_the_first_one_made(tmp_path):
    async with keyed(tmp_path) as (app, server):
        server.says = lambda message: "a red fox" if "狐狸" in message else f"vivid, {SAYS}"
        run = await done(app, text())
        draft = run.draft
        assert draft.texts == ("雪地里的红狐狸", "a red fox", f"vivid, {SAYS}")
        assert draft.text == f"vivid, {SAYS}"
        assert run.state is JobState.DONE
        assert server.paid == {"say": 2}
        assert server.invalid == []
        assert [step.sent is not None for step in run.steps] == [True, True]


async def test_what_follows_a_failure_fails_with_it_and_is_never_sent(tmp_path):
    async with keyed(tmp_path) as (app, server):
        run = await done(app, text("status-401"))
        assert [step.failure and step.failure.kind for step in run.steps] == ["bad_key"] * 2
        assert [step.sent is not None for step in run.steps] == [True, False]
        assert run.state is JobState.FAILED
        assert run.draft.text == "雪地里的红狐狸"
        assert server.paid == {"status-401": 1}


async def test_a_useless_answer_still_says_what_it_took(tmp_path):
    async with keyed(tmp_path) as (app, _):
        run = await done(app, text("rude", StepKind.ENHANCE))
        [step] = run.steps
        assert step.failure
        assert step.failure.kind is FailureKind.NOT_A_PROMPT
        assert step.seconds is not None


async def test_each_call_has_its_deadline(tmp_path):
    async with keyed(tmp_path, deadline=0.3) as (app, server):
        run = await done(app, text("hang"))
        assert run.failure
        assert run.failure.kind is FailureKind.TIMEOUT
        assert server.paid == {"hang": 1}


async def test_a_cancel_ends_the_wait_and_sends_nothing_more(tmp_path):
    async with keyed(tmp_path) as (app, server):
        run, _ = await app.jobs.submit(ASKER, text("hang"))
        async with aclosing(app.jobs.watch(run.id, TextRun)) as seen:
            async for state in seen:
                if state.steps[0].sent:
                    break
        await app.jobs.cancel(ASKER, run.id)
        run = await ended(app, run)
        assert [step.state for step in run.steps] == [AttemptState.CANCELLED] * 2
        assert sum(server.paid.values()) <= 1


async def test_the_same_press_is_one_call(tmp_path):
    async with keyed(tmp_path) as (app, server):
        work = text("slow-0.3", StepKind.ENHANCE, words="a red fox")
        first, fresh = await app.jobs.submit(ASKER, work, press="enhance:1")
        second, again = await app.jobs.submit(ASKER, work, press="enhance:1")
        assert (fresh, again, second.id) == (True, False, first.id)
        await ended(app, first)
        assert server.paid == {"slow-0.3": 1}


async def test_nobody_elses_key_pays(tmp_path):
    async with keyed(tmp_path) as (app, server):
        with pytest.raises(NoTextKey) as refused:
            await app.prompts.choose(ANN, "a fox", BOTH)
        assert "openai" in refused.value.providers
        run, _ = await app.jobs.submit(ANN, text())
        run = await ended(app, run)
        assert run.failure
        assert run.failure.kind is FailureKind.NO_KEY
        assert server.requests == []


async def test_the_cheapest_model_that_a_key_is_there_for_is_chosen(tmp_path):
    async with house(tmp_path) as app:
        await app.keys.set(ANN, ProviderId("xai"), SECRET, None)
        assert (await app.prompts.choose(ANN, "a fox", BOTH)).startswith("xai/")
        await app.keys.set(ANN, ProviderId("openai"), SECRET, None)
        assert (await app.prompts.choose(ANN, "a fox", BOTH)).startswith("openai/")
        await app.keys.set(ANN, ProviderId("recraft"), SECRET, None)
        await app.keys.forget(ANN, ProviderId("openai"))
        assert (await app.prompts.choose(ANN, "a fox", BOTH)).startswith("xai/")


async def test_a_draft_becomes_the_comparison_that_it_was_meant_for(tmp_path):
    async with keyed(tmp_path) as (app, _):
        purpose = request("one", prompt="雪地里的红狐狸", seed=7)
        run = await done(app, replace(text("say", StepKind.TRANSLATE), purpose=purpose))
        kept = await app.history.draft(ASKER, run.id)
        made = kept.request()
        assert (made.prompt, made.parameters) == (SAYS, purpose.parameters)
        assert made.draft == run.draft
        own = kept.request("雪地里的红狐狸")
        assert (own.prompt, own.draft) == ("雪地里的红狐狸", run.draft)


async def test_a_draft_is_shown_to_nobody_in_another_place(tmp_path):
    async with house(tmp_path) as app:
        run, _ = await app.jobs.submit(ANN, text())
        await ended(app, run)
        assert (await app.history.draft(BEN, run.id)).id == run.id
        with pytest.raises(UnknownId):
            await app.history.draft(FAR, run.id)
        with pytest.raises(UnknownId):
            await app.history.find(ANN, run.id)
        assert [one.id for one in await app.history.drafts(ANN, search="狐", limit=9)] == [run.id]
        assert await app.history.drafts(BEN, search=None, limit=9) == []


@pytest.mark.parametrize(
    ("work", "error"),
    [
        (text(words=" \n"), EmptyPrompt),
        (text(words="--ar 16:9 --no 文字"), EmptyPrompt),
        (text(words="狐" * (PROMPT_LIMIT + 1)), LongPrompt),
        (replace(text(), language="not a code"), UnknownLanguage),
    ],
)
async def test_what_cannot_be_asked_is_refused_before_a_row_is_written(tmp_path, work, error):
    async with house(tmp_path) as app:
        with pytest.raises(error):
            await app.jobs.submit(ANN, work)
        assert await app.history.drafts(ANN, search=None, limit=9) == []


async def left_behind(data: Path, *, sent: int) -> TextRun:
    """Two steps of a runner that is dead, the first `sent` of them already paid."""
    gone = RunnerId("gone")
    new = NewJob(
        kind=JobKind.TEXT,
        owner=ASKER.owner,
        place=ASKER.place,
        work=text(),
        parts=BOTH,
        runner=gone,
        delivery=CHAT,
    )
    async with connected(data / "omniimage.db") as database:
        await migrate(database, data / "backups", shipped())
        store = SqliteJobs(database)
        job, _ = await store.insert(new, lambda _: None)
        assert isinstance(job, TextRun)
        for step in job.steps[:sent]:
            await store.asking(step.id, gone)
    return job


async def test_what_a_dead_process_had_sent_is_interrupted_and_nothing_is_sent_again(tmp_path):
    job = await left_behind(tmp_path, sent=1)
    async with keyed(tmp_path) as (app, server):
        run = await app.history.draft(ASKER, job.id)
        assert [step.state for step in run.steps] == [AttemptState.INTERRUPTED] * 2
        assert run.state is JobState.INTERRUPTED
        assert server.requests == []


@pytest.mark.parametrize(
    ("sent", "stands", "paid"), [(1, "interrupted", {}), (0, "done", {"say": 2})]
)
async def test_a_text_that_a_chat_waits_for_is_adopted_unless_it_was_sent(
    tmp_path, sent, stands, paid
):
    async with OpenAIChat() as server:
        async with house(tmp_path) as app:
            await app.keys.set(ASKER, CUSTOM, SECRET, server.base_url)
        job = await left_behind(tmp_path, sent=sent)
        async with house(tmp_path, adopt=True) as app:
            run = await ended(app, job)
        assert [step.state.value for step in run.steps] == [stands] * 2
        assert server.paid == paid
