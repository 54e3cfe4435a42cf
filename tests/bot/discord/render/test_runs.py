import pytest

from bot.actions import Action, Press, code_of, read_code
from bot.discord.render import Showing, panel_page, text_pages, tool_pages
from bot.discord.render.values import Attached
from bot.words import speech_for
from core.ids import ModelId, StepId
from core.models.attempt import AttemptState
from core.models.failure import Failure, FailureKind
from core.models.grid import Grid
from core.models.job import JobState, TextRun
from core.models.origin import Origin
from core.models.request import Request
from core.models.text import Step, StepKind, TextRequest
from core.models.tool import (
    Archive,
    Cutout,
    ItemState,
    Outcome,
    PageWords,
    ToolFailure,
    ToolFailureKind,
)
from tests.bot.discord.render.looking import (
    choices,
    labels,
    outside_code,
    passes,
    passes_classic,
    texts,
)
from tests.bot.discord.render.making import (
    DONE,
    JOB,
    OWNER,
    PLACE,
    WAITING,
    comparison,
    image,
    item,
    model,
    tool_run,
)

EN, ZH = speech_for(["en"]), speech_for(["zh"])
ARCHIVE = Archive(name="omniimage", words=PageWords(language="en", title="", names=()))
PURPOSE = Request(prompt="fuchs", models=(model(1),))
HOSTILE = "``` @everyone <@1> https://evil.example ||x||"


def text(state: JobState, *steps: Step, purpose: Request | None = PURPOSE) -> TextRun:
    kinds = tuple(step.kind for step in steps)
    work = TextRequest(text=HOSTILE, steps=kinds, model=ModelId("openai/gpt"), purpose=purpose)
    return TextRun(
        id=JOB,
        owner=OWNER,
        place=PLACE,
        state=state,
        version=1,
        created=0.0,
        work=work,
        steps=steps,
    )


def step(state: AttemptState, text: str | None = None, failure: Failure | None = None) -> Step:
    return Step(
        id=StepId("s" * 20), kind=StepKind.TRANSLATE, state=state, text=text, failure=failure
    )


@pytest.mark.parametrize("pieces", range(2, 26))
@pytest.mark.parametrize("classic", [False, True])
def test_a_split_shows_each_piece_once_with_its_three_buttons(pieces, classic):
    outcome = Outcome(name="fox", grid=Grid(rows=1, columns=4))
    run = tool_run(item(1, ItemState.DONE, pieces, outcome=outcome))
    pages = tool_pages(EN, run, Showing(private=True, classic=classic))
    (passes_classic if classic else passes)(pages)
    assert [p.image for page in pages for p in page.pictures] == list(run.items[0].images)
    assert labels(pages)[-1] == "Share"
    assert len(labels(pages)) == 3 * pieces + 1
    assert f"1x4: {pieces} pictures" in texts(pages)


def test_four_pieces_come_in_one_message():
    outcome = Outcome(name="fox", grid=Grid(rows=2, columns=2))
    pages = tool_pages(EN, tool_run(item(1, ItemState.DONE, 4, outcome=outcome)))
    assert len(pages) == 1
    assert labels(pages)[:4] == ["Split 1", "Cut out 1", "Zip 1", "Split 2"]


def test_an_unsure_split_offers_grids_that_are_codes_of_the_run():
    pages = tool_pages(ZH, tool_run(item(1, ItemState.UNSURE)))
    passes(pages)
    assert labels(pages) == ["2x2", "3x3", "1x4"]
    (menu,) = choices(pages)
    assert len(menu.options) == 21
    assert read_code(menu.options[0].value) == Press(
        action=Action.GRID, target=JOB, argument=menu.options[0].label
    )
    assert "无法确定宫格布局" in texts(pages)


def test_a_cut_out_that_waits_says_its_place_in_the_queue():
    run = tool_run(item(1, ItemState.QUEUED, progress=WAITING), tool=Cutout())
    pages = tool_pages(EN, run)
    assert "place 3 in the queue" in texts(pages)
    assert labels(pages) == ["Cancel"]


def test_a_cut_out_keeps_its_own_format_unless_it_had_to_shrink():
    run = tool_run(item(1, ItemState.DONE, 1), tool=Cutout())
    made = run.items[0].images[0]
    assert tool_pages(EN, run)[0].files == ("1-1-split.png",)
    assert labels(tool_pages(EN, run)) == ["Split", "Cut out", "Zip"]
    shrunk = tool_pages(EN, run, Showing(shrunk=frozenset({made.id})))
    assert shrunk[0].files == ("1-1-split.webp",)


@pytest.mark.parametrize("count", [1, 4, 5, 16, 32])
def test_many_sources_each_have_their_line_whatever_became_of_them(count):
    failure = ToolFailure(kind=ToolFailureKind.NO_SUBJECT)
    for final in (True, False):
        last = ItemState.DONE if final else ItemState.RUNNING
        items = [
            item(at, ItemState.FAILED, failure=failure)
            if at % 3 == 0
            else item(at, ItemState.DONE, 1)
            for at in range(1, count)
        ]
        run = tool_run(*items, item(count, last, int(final)), tool=Cutout())
        pages = tool_pages(EN, run)
        passes(pages)
        shown = [p.image for page in pages for p in page.pictures]
        assert shown == [each for source in run.items for each in source.images]
        assert texts(pages).count(" · ") >= count
        if final:
            passes_classic(tool_pages(EN, run, Showing(classic=True)))


def test_failures_alone_are_said_and_offer_nothing():
    failure = ToolFailure(kind=ToolFailureKind.NO_SUBJECT)
    pages = tool_pages(EN, tool_run(item(1, ItemState.FAILED, failure=failure)))
    passes(pages)
    assert "No subject was found" in texts(pages)
    assert labels(pages) == []


def test_an_archive_posts_each_of_its_parts_once():
    names = [f"omniimage-{part}.zip" for part in range(1, 13)]
    items = [
        item(at, ItemState.DONE, outcome=Outcome(name="fox", files=(names[at % 12],)))
        for at in range(24)
    ]
    pages = tool_pages(EN, tool_run(*items, tool=ARCHIVE), Showing(private=True))
    passes(pages)
    found = [part.name for page in pages for part in page.parts if isinstance(part, Attached)]
    assert found == names
    assert "24 pictures, untouched" in texts(pages)
    assert labels(pages) == ["Share"]


def test_the_names_of_files_cannot_break_the_markup():
    source = item(1, ItemState.UNSURE).source
    nasty = tool_run(item(1, ItemState.DONE, 1, outcome=Outcome(name=HOSTILE), source=source))
    read = outside_code(texts(tool_pages(EN, nasty)))
    assert not any(sign in read for sign in ("@e", "<", "http", "`", "||"))


def test_a_preview_shows_all_texts_and_lets_a_person_choose():
    run = text(JobState.DONE, step(DONE, "a fox"))
    pages = text_pages(EN, run)
    passes(pages)
    assert labels(pages) == ["Use", "Edit", "Use original"]
    assert "**translated**\n```\na fox\n```" in texts(pages)
    assert "**original**" in texts(pages)
    assert "@everyone" not in outside_code(texts(pages))


def test_a_text_without_a_purpose_can_only_be_edited():
    assert labels(text_pages(EN, text(JobState.DONE, step(DONE, "a fox"), purpose=None))) == [
        "Edit"
    ]


def test_a_text_that_failed_says_why_and_leaves_the_own_words():
    failed = step(AttemptState.FAILED, failure=Failure(kind=FailureKind.NOT_A_PROMPT))
    pages = text_pages(ZH, text(JobState.FAILED, failed))
    assert labels(pages) == ["Edit", "Use original"]
    assert "❌" in texts(pages)


def test_a_text_at_work_says_so_and_can_be_cancelled():
    pages = text_pages(EN, text(JobState.RUNNING, step(AttemptState.RUNNING)))
    assert "translating" in texts(pages)
    assert labels(pages) == ["Cancel"]


def test_the_longest_texts_fit_a_message():
    long = step(DONE, "🦊`" * 9000)
    for classic in (False, True):
        pages = text_pages(EN, text(JobState.DONE, long, long), Showing(classic=classic))
        (passes_classic if classic else passes)(pages)


def test_a_panel_offers_what_goes_beyond_the_three_buttons():
    job = comparison(2, 2, [DONE])
    origin = Origin(image=image(0), comparison=job, attempt=job.attempts[0])
    page = panel_page(EN, image(0), origin)
    passes([page])
    assert labels([page]) == [
        "Original", "Sticker", "Emoji", "Same seed", "Info", "Cut out all", "Delete",
    ]  # fmt: skip
    assert f"`{model(1)} · 1`" in texts([page])
    assert code_of(Press(action=Action.CUTOUT_ALL, target=JOB)) in [b.code for b in page.buttons]


def test_a_panel_of_a_lonely_brought_picture_offers_no_seed():
    page = panel_page(EN, image(0, attempt=None))
    assert "Same seed" not in labels([page])


def test_a_panel_of_an_album_of_one_does_not_offer_all():
    job = comparison(1, 1, [DONE])
    page = panel_page(EN, image(0), Origin(image=image(0), comparison=job))
    assert "Cut out all" not in labels([page])
