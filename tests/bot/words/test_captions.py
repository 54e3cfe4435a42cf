from dataclasses import fields
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.words import captions, speech_for
from bot.words.captions import (
    say_attempt,
    say_card,
    say_cost,
    say_ignored,
    say_parameters,
    say_seed,
    say_told,
    sheet_captions,
)
from bot.words.failures import say_failure
from bot.words.parameters import say_names
from core.ids import LOCAL, AttemptId, JobId, ModelId, PlaceId, provider_of
from core.models.attempt import Attempt, AttemptState, Cost, Progress
from core.models.card import Card, Span
from core.models.failure import Failure, FailureKind
from core.models.job import Comparison, JobState
from core.models.order import Order
from core.models.request import Parameters, Quality, Ratio, Request

EN, ZH = speech_for(["en"]), speech_for(["zh"])
FOX = ModelId("openai/gpt-image-2")
OWL = ModelId("black_forest_labs/flux-pro-1.1")
BOTH = pytest.mark.parametrize("speech", [EN, ZH], ids=["en", "zh"])


def order(**changes: Any) -> Order:
    return Order(**{"model": FOX, "prompt": "a red fox", "seed": 7, **changes})


def attempt(state: AttemptState = AttemptState.DONE, **changes: Any) -> Attempt:
    values = {
        "id": AttemptId("attempt"),
        "model": FOX,
        "number": 1,
        "round": 1,
        "order": order(),
        "seconds": 3.5,
        "cost": Cost(amount=Decimal("0.04"), exact=True),
        **changes,
    }
    return Attempt(state=state, **values)


def failed(kind: FailureKind = FailureKind.REFUSED, **changes: Any) -> Attempt:
    values = {"failure": Failure(kind=kind), "cost": None, **changes}
    return attempt(AttemptState.FAILED, **values)


def running(**changes: Any) -> Attempt:
    return attempt(AttemptState.RUNNING, seconds=None, cost=None, sent=100.0, **changes)


def job(*attempts: Attempt, **parameters: Any) -> Comparison:
    return Comparison(
        id=JobId("job"),
        owner=LOCAL,
        place=PlaceId(LOCAL),
        state=JobState.DONE,
        version=9,
        work=Request(
            prompt="a red fox",
            models=tuple(dict.fromkeys(each.model for each in attempts)),
            parameters=Parameters(**parameters),
        ),
        created=1_700_000_000.0,  # 2023-11-14 22:13 UTC: already the 15th in China
        attempts=attempts,
    )


@pytest.fixture
def at_112(monkeypatch):
    """Twelve seconds after the running attempts were sent."""
    monkeypatch.setattr(captions, "time", SimpleNamespace(time=lambda: 112.0))


@BOTH
def test_an_unknown_cost_is_said_to_be_unknown_and_never_nothing(speech):
    said = say_cost(speech, None)
    assert said == {"en": "cost unknown", "zh": "费用未知"}[speech.language]
    assert say_cost(speech, Cost(amount=Decimal(0), exact=True)) not in said
    assert not any(char.isdigit() for char in said)


@BOTH
@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize("amount", ["0", "0.00", "0E-7"])
def test_what_costs_nothing_is_free(speech, amount, exact):
    said = say_cost(speech, Cost(amount=Decimal(amount), exact=exact))
    assert said == {"en": "free", "zh": "免费"}[speech.language]


@BOTH
@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("0.04", "$0.04"),
        ("0.01", "$0.01"),
        ("2", "$2.00"),
        ("12.5", "$12.50"),
        ("0.003", "$0.003"),
        ("0.00300", "$0.003"),
        ("0.0000004", "$0.0000004"),
    ],
)
def test_a_price_is_shown_in_cents_or_finer_and_an_estimate_is_marked(speech, amount, shown):
    assert say_cost(speech, Cost(amount=Decimal(amount), exact=True)) == shown
    assert say_cost(speech, Cost(amount=Decimal(amount), exact=False)) == f"≈ {shown}"


@given(st.decimals(min_value="0.0000001", max_value=1000, places=7))
def test_what_costs_anything_is_never_shown_as_nothing_nor_a_cent_off(amount):
    shown = Decimal(say_cost(EN, Cost(amount=amount, exact=True)).removeprefix("$"))
    assert shown > 0
    assert abs(shown - amount) <= Decimal("0.005")


@BOTH
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"seed": 7}, {"en": "seed 7, honoured", "zh": "种子 7，已采用"}),
        ({"seed": 8}, {"en": "seed 7, not honoured", "zh": "种子 7，未采用"}),
        ({}, {"en": "seed 7", "zh": "种子 7"}),
        ({"order": order(seed=0), "seed": 0}, {"en": "seed 0, honoured", "zh": "种子 0，已采用"}),
        ({"order": order(seed=None)}, {"en": "no seed", "zh": "无种子"}),
        ({"order": None}, {"en": "no seed", "zh": "无种子"}),
    ],
    ids=["same", "another", "untold", "zero", "none sent", "nothing sent"],
)
def test_a_seed_is_called_honoured_only_as_the_reply_shows_it(speech, changes, said):
    assert say_seed(speech, attempt(**changes)) == said[speech.language]


@BOTH
def test_what_was_asked_in_vain_is_named_as_the_reader_names_it(speech):
    said = say_ignored(speech, attempt(order=order(seed=None, ignored=("seed", "negative"))))
    names = {"en": ("ignored", "seed", "negative"), "zh": ("已忽略", "种子", "反向提示词")}
    assert [name for name in names[speech.language] if name not in said] == []


@BOTH
@pytest.mark.parametrize("sent", [order(), None], ids=["all taken", "nothing sent"])
def test_nothing_is_said_of_parameters_when_none_was_ignored(speech, sent):
    assert say_ignored(speech, attempt(order=sent)) == ""


@BOTH
def test_every_parameter_that_can_be_asked_has_its_own_name(speech):
    names = say_names(speech)
    assert set(names) == {field.name for field in fields(Parameters)}
    assert len(set(names.values())) == len(names)


@BOTH
def test_parameters_are_said_as_they_were_asked(speech):
    asked = job(ratio=Ratio(width=16, height=9), count=4, seed=0, steps=30, quality=Quality.HIGH)
    said = {
        "en": ["ratio 16:9", "count 4", "seed 0", "steps 30", "quality high"],
        "zh": ["比例 16:9", "数量 4", "种子 0", "步数 30", "质量 high"],
    }
    assert say_parameters(speech, asked) == said[speech.language]


def test_one_picture_of_each_model_is_not_worth_a_word():
    assert say_parameters(EN, job(negative="snow")) == ["negative snow"]
    assert say_parameters(EN, job()) == []


def test_an_attempt_is_numbered_only_where_its_model_has_several():
    assert say_attempt(attempt(number=2), several=True) == "openai/gpt-image-2 · 2"
    assert say_attempt(attempt(), several=False) == "openai/gpt-image-2"


@BOTH
@pytest.mark.usefixtures("at_112")
@pytest.mark.parametrize(
    ("now", "said"),
    [
        (
            attempt(AttemptState.QUEUED, order=None, seconds=None, cost=None),
            {"en": "waiting", "zh": "等待中"},
        ),
        (running(), {"en": "running, 12 s", "zh": "生成中，12 秒"}),
        (
            running(progress=Progress(queue_position=3)),
            {"en": "running, 12 s · place 3 in the queue", "zh": "生成中，12 秒 · 排队第 3 位"},
        ),
        (
            running(progress=Progress(queue_position=0, share=0.5)),
            {"en": "running, 12 s · 50%", "zh": "生成中，12 秒 · 50%"},
        ),
        (
            running(progress=Progress(share=0.0)),
            {"en": "running, 12 s · 0%", "zh": "生成中，12 秒 · 0%"},
        ),
    ],
    ids=["queued", "running", "in the queue", "half", "begun"],
)
def test_what_has_not_ended_says_how_far_it_is(speech, now, said):
    assert say_told(speech, now) == said[speech.language]


def test_a_clock_that_was_set_back_shows_no_negative_time(monkeypatch):
    monkeypatch.setattr(captions, "time", SimpleNamespace(time=lambda: 40.0))
    assert say_told(EN, running()) == "running, 0 s"


def test_a_landed_picture_is_told_in_one_line_without_gaps():
    assert say_told(EN, attempt(seed=7)) == "3.5 s · $0.04 · seed 7, honoured"
    vain = attempt(order=order(ignored=("steps",)), cost=None)
    assert say_told(EN, vain) == "3.5 s · cost unknown · seed 7 · ignored: steps"
    assert say_told(ZH, attempt(seed=7)) == "3.5 秒 · $0.04 · 种子 7，已采用"


@BOTH
def test_a_failed_attempt_is_told_by_its_reason_and_by_no_price(speech):
    said = say_told(speech, failed())
    assert said.endswith(say_failure(speech, Failure(kind=FailureKind.REFUSED), provider_of(FOX)))
    assert say_cost(speech, None) not in said


@BOTH
def test_a_card_names_what_a_model_takes_beside_the_prompt(speech):
    rich = Card(model=FOX, seed=Span(least=0, most=9), negative=True)
    said = {"en": ("seed", "negative"), "zh": ("种子", "反向提示词")}[speech.language]
    assert [name for name in said if name not in say_card(speech, rich)] == []
    only = {"en": "the prompt only", "zh": "只有提示词"}[speech.language]
    assert say_card(speech, Card(model=FOX)) == only


@BOTH
def test_the_sheet_has_a_caption_for_every_attempt_in_their_order(speech):
    attempts = (
        attempt(number=1),
        failed(number=2),
        attempt(AttemptState.CANCELLED, model=OWL, failure=Failure(kind=FailureKind.CANCELLED)),
        attempt(AttemptState.INTERRUPTED, model=OWL, number=2),
    )
    tiles = sheet_captions(speech, job(*attempts, count=2), demo=False).tiles
    assert [tile.title for tile in tiles] == [
        "openai/gpt-image-2 · 1",
        "openai/gpt-image-2 · 2",
        "black_forest_labs/flux-pro-1.1 · 1",
        "black_forest_labs/flux-pro-1.1 · 2",
    ]
    assert [tile.notice for tile in tiles] == [
        "",
        say_failure(speech, Failure(kind=FailureKind.REFUSED), provider_of(FOX)),
        say_failure(speech, Failure(kind=FailureKind.CANCELLED), provider_of(FOX)),
        {"en": "not finished", "zh": "未完成"}[speech.language],
    ]


def test_a_tile_of_the_sheet_says_time_cost_seed_and_what_was_ignored():
    landed = attempt(order=order(ignored=("steps",)), seed=7)
    plain = attempt(model=OWL, order=order(model=OWL, seed=None), cost=None)
    lost = failed(seconds=None)
    tiles = sheet_captions(EN, job(landed, plain, lost), demo=False).tiles
    assert [tile.lines for tile in tiles] == [
        ("3.5 s · $0.04", "seed 7, honoured", "ignored: steps"),
        ("3.5 s · cost unknown", "no seed"),
        (),
    ]


@BOTH
def test_the_sheet_says_its_day_and_its_parameters_above_the_pictures(speech):
    said = sheet_captions(speech, job(attempt(), seed=7), demo=False).subtitle
    assert said == {"en": "2023-11-14 · seed 7", "zh": "2023-11-14 · 种子 7"}[speech.language]


def test_only_a_sheet_of_demo_models_owns_up_to_them():
    assert sheet_captions(EN, job(attempt()), demo=False).footer == "OmniImage"
    assert "demo" in sheet_captions(EN, job(attempt()), demo=True).footer
    assert "演示" in sheet_captions(ZH, job(attempt()), demo=True).footer
