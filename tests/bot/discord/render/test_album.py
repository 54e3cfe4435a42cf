import pytest

from bot.actions import Action, Press, code_of, read_code
from bot.discord.render import Showing, comparison_pages
from bot.words import speech_for
from core.models.attempt import AttemptState
from core.models.job import JobState
from tests.bot.discord.render.looking import (
    buttons,
    choices,
    labels,
    outside_code,
    passes,
    passes_classic,
    texts,
    tiles,
)
from tests.bot.discord.render.making import (
    CANCELLED,
    DONE,
    FAILED,
    INTERRUPTED,
    JOB,
    QUEUED,
    RUNNING,
    attempt,
    comparison,
    image,
    model,
)

EN, ZH = speech_for(["en"]), speech_for(["zh"])
BOTH = pytest.mark.parametrize("speech", [EN, ZH], ids=["en", "zh"])
COUNTS = [(m, n) for m in range(1, 13) for n in range(1, 11) if m * n <= 32]
MIXED: dict[str, list[AttemptState]] = {
    "waiting": [QUEUED],
    "running": [RUNNING, QUEUED],
    "half": [DONE, RUNNING, FAILED, QUEUED, DONE],
    "late": [RUNNING, RUNNING, RUNNING, DONE, DONE],
    "done": [DONE],
    "mixed": [DONE, FAILED, DONE, INTERRUPTED, CANCELLED],
    "failed": [FAILED],
    "interrupted": [INTERRUPTED],
}
HOSTILE = [
    "@everyone <@1> <#2> <@&3> </keys:4> <t:5>",
    "https://evil.example [a](https://evil.example) **x** ||y||",
    "`` ` ``` \n```\n# big\n> quote\n-# small",
    "\u202egnp.exe\u200b \u2028 \\`",
    "🦊" * 5000,
    "\ud800 alone",
    "`",
]


@pytest.mark.parametrize("name", MIXED)
def test_an_album_of_any_size_stays_within_all_limits_and_shows_all_once(name):
    for at, (models, count) in enumerate(COUNTS):
        speech, private = (EN, ZH)[at % 2], at % 3 == 0
        job = comparison(models, count, MIXED[name])
        pages = comparison_pages(speech, job, "sheet.webp", Showing(private=private, hint="Hi."))
        passes(pages)
        shown = [p.image for page in pages for p in page.pictures if p.image]
        assert shown == list(job.images)
        pressed = [button.code for button in buttons(pages)]
        for each in job.images:
            for action in (Action.SPLIT, Action.CUTOUT, Action.ZIP):
                assert pressed.count(code_of(Press(action=action, target=each.id))) == 1
        said = texts(pages)
        for asked in job.work.models:
            assert f"`{asked}`" in said
        if count == 1:
            assert [said.count(f"`{asked}`") for asked in job.work.models] == [1] * models
        else:  # a line for each attempt
            assert sum(line.startswith(tuple("⏳🎨✅❌🚫⚠")) for line in said.splitlines()) == (
                models * count
            )


@pytest.mark.parametrize("name", MIXED)
def test_a_classic_album_of_any_size_stays_within_its_limits(name):
    for models, count in COUNTS:
        job = comparison(models, count, MIXED[name])
        pages = comparison_pages(EN, job, "sheet.webp", Showing(classic=True, private=True))
        passes_classic(pages)
        assert [p.image for page in pages for p in page.pictures if p.image] == list(job.images)


def test_each_picture_is_followed_by_its_own_row():
    for models, count in COUNTS:
        for page in comparison_pages(EN, comparison(models, count, [DONE])):
            for name, codes in tiles(page):
                picture = next(p for p in page.pictures if p.name == name)
                assert picture.image
                assert {press.target for c in codes if (press := read_code(c))} == {
                    picture.image.id
                }


def test_a_picture_keeps_its_message_and_its_name_while_others_land():
    for models, count in COUNTS:
        places: dict[str, int] = {}
        for landed in range(models * count + 1):
            states = [DONE] * landed + [RUNNING] * (models * count - landed)
            job = comparison(models, count, states)
            for at, page in enumerate(comparison_pages(EN, job, "sheet.webp")):
                for picture in page.pictures:
                    assert places.setdefault(picture.name, at) == at


@pytest.mark.parametrize("models", range(1, 33))
def test_an_album_begins_as_one_message_with_a_line_for_each_model(models):
    pages = comparison_pages(EN, comparison(models, 1, [RUNNING]))
    assert len(pages) == 1
    assert all(f"`{model(at)}`" in texts(pages) for at in range(1, models + 1))


@pytest.mark.parametrize(
    ("models", "count", "messages"),
    [(1, 1, 1), (4, 1, 1), (5, 1, 1), (7, 1, 1), (8, 1, 2), (12, 1, 2), (1, 4, 1), (2, 3, 1)],
)
def test_common_albums_take_few_messages(models, count, messages):
    job = comparison(models, count, [DONE])
    assert len(comparison_pages(EN, job, "sheet.webp")) == messages


def test_messages_are_evenly_filled():
    pages = comparison_pages(EN, comparison(8, 1, [DONE]))
    assert [len(page.pictures) for page in pages] == [4, 4]


def test_a_running_album_has_only_cancel_beside_the_pictures_buttons():
    pages = comparison_pages(EN, comparison(2, 1, [DONE, RUNNING]))
    assert labels(pages) == ["Split", "Cut out", "Zip", "Cancel"]
    assert choices(pages) == []


@BOTH
def test_an_album_that_ended_offers_what_may_come_next_in_english_for_everybody(speech):
    pages = comparison_pages(speech, comparison(3, 1, [DONE, FAILED, INTERRUPTED]))
    assert labels(pages)[-4:] == ["Zip all", "Retry failed (2)", "Again", "Edit prompt"]
    assert [choice.placeholder for choice in choices(pages)] == ["More for picture..."]


def test_nothing_is_offered_that_would_do_nothing():
    assert "Retry failed" not in str(labels(comparison_pages(EN, comparison(2, 1, [DONE]))))
    failed = comparison_pages(EN, comparison(2, 1, [FAILED]))
    assert labels(failed) == ["Retry failed (2)", "Again", "Edit prompt"]
    assert choices(failed) == []


def test_only_a_private_album_can_be_shared():
    job = comparison(1, 1, [DONE])
    assert "Share" in labels(comparison_pages(EN, job, None, Showing(private=True)))
    assert "Share" not in labels(comparison_pages(EN, job))


def test_several_pictures_of_a_model_are_numbered_on_their_buttons():
    pages = comparison_pages(EN, comparison(1, 2, [DONE]))
    assert labels(pages)[:6] == [
        "Split 1", "Cut out 1", "Zip 1", "Split 2", "Cut out 2", "Zip 2",
    ]  # fmt: skip
    (menu,) = choices(pages)
    assert [one.label for one in menu.options] == [f"1 · {model(1)}", f"2 · {model(1)}"]
    press = read_code(menu.options[1].value)
    assert press == Press(action=Action.PANEL, target=image(1).id)


def test_in_a_grid_line_buttons_and_menu_carry_the_same_number():
    pages = comparison_pages(EN, comparison(6, 1, [DONE]))
    assert "Split 6" in labels(pages)
    assert f"✅ **6** **`{model(6)}`**" in texts(pages)
    assert choices(pages)[0].options[5].label == f"6 · {model(6)}"


def test_the_contact_sheet_is_the_first_picture_once_all_has_ended():
    ended = comparison_pages(EN, comparison(4, 1, [DONE]), "sheet.webp")
    assert ended[0].pictures[0].name == "sheet.webp"
    assert all(p.name != "sheet.webp" for p in ended[0].pictures[1:])
    for job in (comparison(1, 1, [DONE]), comparison(2, 1, [DONE, RUNNING])):
        assert "sheet.webp" not in comparison_pages(EN, job, "sheet.webp")[0].files


def test_all_pictures_of_a_reply_are_shown_under_its_number():
    more = attempt(1, model(1), 1, DONE, images=(image(1), image(2)))
    job = comparison(1, 1, [DONE], attempts=(more,))
    pages = comparison_pages(EN, job)
    assert [p.image for p in pages[0].pictures] == [image(1), image(2)]
    assert "Split 1.2" in labels(pages)
    passes(pages)


def test_a_retry_hides_no_message_that_was_there():
    states = [DONE] * 4 + [FAILED] * 4
    ended = comparison_pages(EN, comparison(8, 1, states))
    job = comparison(8, 1, states)
    again = (
        *job.attempts[:4],
        *(attempt(a, model(a + 1), 1, QUEUED, round=2) for a in (4, 5, 6, 7)),
    )
    running = comparison(8, 1, states, attempts=again, state=JobState.RUNNING)
    assert len(comparison_pages(EN, running)) == len(ended) == 2


@BOTH
@pytest.mark.parametrize("prompt", HOSTILE)
def test_a_prompt_can_neither_ping_nor_link_nor_break_the_markup(speech, prompt):
    pages = comparison_pages(speech, comparison(3, 1, [DONE, RUNNING], prompt=prompt))
    passes(pages)
    read = outside_code(texts(pages))
    assert not any(sign in read for sign in ("@e", "<", "http", "`", "||", "\u202e", "# big"))
    assert len(texts(pages).splitlines()[0]) <= 302
    assert prompt[:4] not in str([p.alt for page in pages for p in page.pictures])


def test_a_withheld_prompt_is_nowhere_and_the_pictures_stay():
    job = comparison(2, 1, [DONE], prompt="a forbidden fox")
    pages = comparison_pages(EN, job, "sheet.webp", Showing(withheld=True))
    assert "fox" not in texts(pages)
    assert "everyone" not in texts(pages)
    assert "AutoMod" in texts(pages)
    assert len(pages[0].pictures) == 3


def test_a_picture_that_cannot_be_uploaded_keeps_its_buttons_and_says_why():
    job = comparison(2, 1, [DONE])
    pages = comparison_pages(EN, job, None, Showing(unshown={image(0).id: "Too large."}))
    assert [p.image for p in pages[0].pictures] == [image(1)]
    assert labels(pages).count("Split") == 2
    assert texts(pages).count("Too large.") == 1


def test_a_flagged_picture_is_veiled():
    pages = comparison_pages(
        EN, comparison(2, 1, [DONE]), None, Showing(spoilers=frozenset({image(1).id}))
    )
    assert [p.spoiler for p in pages[0].pictures] == [False, True]


def test_each_state_is_said_in_words_in_both_languages():
    job = comparison(6, 1, [QUEUED, RUNNING, DONE, FAILED, CANCELLED, INTERRUPTED])
    english, chinese = texts(comparison_pages(EN, job)), texts(comparison_pages(ZH, job))
    for said in ("waiting", "running, ", "done · 12.3 s", "failed · ", "cancelled", "interrupted"):
        assert said in english
    for said in ("等待中", "完成 · ", "失败 · ", "已取消", "中断"):
        assert said in chinese


def test_a_deleted_picture_is_said_to_be_deleted():
    job = comparison(1, 1, [DONE], attempts=(attempt(1, model(1), 1, DONE, images=()),))
    pages = comparison_pages(EN, job)
    assert "· deleted" in texts(pages)
    assert labels(pages) == ["Again", "Edit prompt"]


def test_what_ended_names_seconds_cost_and_what_was_honoured():
    done = attempt(1, model(1), 1, DONE, cost=None)
    said = texts(comparison_pages(EN, comparison(1, 1, [DONE], attempts=(done,))))
    assert "12.3 s · cost unknown · seed 7 · ignored: steps, negative" in said


def test_the_menu_goes_on_in_another_one_where_there_are_many_pictures():
    pages = comparison_pages(EN, comparison(32, 1, [DONE]))
    passes(pages)
    assert [len(choice.options) for choice in choices(pages)] == [25, 7]
    assert code_of(Press(action=Action.AGAIN, target=JOB)) in [b.code for b in pages[-1].buttons]
