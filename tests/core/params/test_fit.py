import math
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from core.ids import ModelId
from core.models.card import Card, FreeSize, Span
from core.models.order import Order
from core.models.request import RATIOS, SEED_LIMIT, Parameters, Quality, Ratio, Request, Size
from core.params import fit

MODEL = ModelId("fake/one")
SQUARE, TALL, BROAD = (Size.read(text) for text in ("1024x1024", "1024x1536", "1536x1024"))
FREE = FreeSize(side=Span(least=256, most=1440), multiple=32, natural=SQUARE)

spans = st.builds(lambda a, b: Span(least=min(a, b), most=max(a, b)), *[st.integers(0, 2**32)] * 2)
sides = st.integers(64, 8192)
sizes = st.builds(Size, width=sides, height=sides)
ratios = st.sampled_from([Ratio.read(text) for text in (*RATIOS, "10:1", "1:10", "7:5")])
parameters = st.builds(
    Parameters,
    ratio=st.none() | ratios,
    size=st.none() | sizes,
    seed=st.none() | st.integers(0, SEED_LIMIT),
    steps=st.none() | st.integers(1, 500),
    quality=st.none() | st.sampled_from(Quality),
    negative=st.none() | st.text(min_size=1),
)
shapes: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({}),
    st.fixed_dictionaries({"sizes": st.lists(sizes, min_size=1).map(tuple)}),
    st.fixed_dictionaries({"ratios": st.lists(ratios, min_size=1).map(tuple)}),
    st.just({"free_size": FREE}),
)
cards = st.builds(
    lambda shape, **rest: Card(model=MODEL, **shape, **rest),
    shapes,
    seed=st.none() | spans,
    steps=st.none() | spans,
    qualities=st.lists(st.sampled_from(Quality), unique=True).map(tuple),
    negative=st.booleans(),
)


def ordered(card: Card, number: int = 1, **asked: Any) -> Order:
    request = Request(
        prompt="a fox", models=(MODEL,), parameters=Parameters(**asked), drawn_seed=1000
    )
    return fit(request, card, number)


def test_a_card_that_names_nothing_gets_the_prompt_and_nothing_else():
    order = ordered(
        Card(model=MODEL),
        size=SQUARE,
        ratio=Ratio.read("16:9"),
        seed=7,
        steps=30,
        quality=Quality.HIGH,
        negative="text",
    )
    assert order == Order(
        model=MODEL,
        prompt="a fox",
        ignored=("ratio", "size", "seed", "steps", "quality", "negative"),
    )


def test_where_nothing_was_asked_nothing_is_ignored_and_the_model_chooses():
    order = ordered(Card(model=MODEL))
    assert order == Order(model=MODEL, prompt="a fox")


@given(cards, parameters, st.integers(1, 10))
def test_nothing_is_sent_that_the_card_does_not_name(card, asked, number):
    order = fit(Request(prompt="a fox", models=(MODEL,), parameters=asked), card, number)
    named = {
        "size": bool(card.sizes or card.free_size),
        "ratio": bool(card.ratios),
        **{name: name in card.takes for name in ("seed", "steps", "quality", "negative")},
    }
    for name, does in named.items():
        assert does or getattr(order, name) is None
    assert order.size is None or order.ratio is None
    for name in ("steps", "quality", "negative"):
        assert getattr(asked, name) is not None or getattr(order, name) is None
    assert (order.prompt, order.model) == ("a fox", MODEL)


@given(cards, parameters, st.integers(1, 10))
def test_ignored_names_exactly_what_was_asked_and_not_sent(card, asked, number):
    order = fit(Request(prompt="a fox", models=(MODEL,), parameters=asked), card, number)
    shape = order.size or order.ratio
    sent = {"ratio": shape, "size": shape}
    unmet = [
        field.name
        for field in fields(Parameters)
        if field.name != "count"
        and getattr(asked, field.name) is not None
        and sent.get(field.name, getattr(order, field.name)) is None
    ]
    assert sorted(order.ignored) == sorted(unmet)


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ("1:1", "1024x1024"),
        ("16:9", "1536x1024"),
        ("21:9", "1536x1024"),
        ("9:16", "1024x1536"),
        ("5:4", "1536x1024"),
        ("10:9", "1024x1024"),
    ],
)
def test_a_ratio_becomes_the_real_size_nearest_in_shape(asked, sent):
    order = ordered(Card(model=MODEL, sizes=(SQUARE, TALL, BROAD)), ratio=Ratio.read(asked))
    assert (str(order.size), order.ratio, order.ignored) == (sent, None, ())


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ("1024x1024", "1024x1024"),
        ("600x600", "512x512"),
        ("4000x4000", "2048x2048"),
        ("1600x900", "1820x1024"),
        ("4096x2304", "1820x1024"),
    ],
)
def test_a_size_becomes_the_real_one_nearest_in_shape_and_then_in_area(asked, sent):
    real = tuple(map(Size.read, ("512x512", "1024x1024", "2048x2048", "910x512", "1820x1024")))
    assert str(ordered(Card(model=MODEL, sizes=real), size=Size.read(asked)).size) == sent


def test_among_sizes_of_the_asked_ratio_the_first_listed_is_taken():
    real = tuple(map(Size.read, ("1024x1024", "512x512", "2048x2048")))
    assert ordered(Card(model=MODEL, sizes=real), ratio=Ratio.read("1:1")).size == SQUARE


@given(st.lists(sizes, min_size=1, unique=True), st.data())
def test_a_size_that_the_card_lists_is_kept(real, data):
    asked = data.draw(st.sampled_from(real))
    sent = ordered(Card(model=MODEL, sizes=tuple(real)), size=asked).size
    assume(all(one == asked or _apart(one, asked) > 0.001 for one in real))
    assert sent == asked


@pytest.mark.parametrize(
    ("asked", "sent"),
    [("16:9", "16:9"), ("2:1", "16:9"), ("1:1", "1:1"), ("1:3", "9:16"), ("640x480", "4:3")],
)
def test_a_model_with_words_for_ratios_gets_the_nearest_word(asked, sent):
    card = Card(model=MODEL, ratios=tuple(map(Ratio.read, ("1:1", "4:3", "16:9", "9:16"))))
    wanted = {"size": Size.read(asked)} if "x" in asked else {"ratio": Ratio.read(asked)}
    order = ordered(card, **wanted)
    assert (str(order.ratio), order.size) == (sent, None)


def test_a_size_wins_over_a_ratio_where_both_are_asked():
    card = Card(model=MODEL, sizes=(SQUARE, TALL, BROAD))
    order = ordered(card, size=Size.read("800x1200"), ratio=Ratio.read("16:9"))
    assert order.size == TALL


@pytest.mark.parametrize(
    ("asked", "sent"),
    [("1:1", "1024x1024"), ("16:9", "1376x768"), ("9:16", "768x1376"), ("3:2", "1248x832")],
)
def test_a_ratio_is_painted_at_the_models_natural_area_where_sizes_are_free(asked, sent):
    order = ordered(Card(model=MODEL, free_size=FREE), ratio=Ratio.read(asked))
    assert str(order.size) == sent


@given(st.integers(8, 45), st.integers(8, 45))
def test_a_free_size_is_kept_exactly_where_the_model_paints_it(width, height):
    asked = Size(width=width * 32, height=height * 32)
    assert ordered(Card(model=MODEL, free_size=FREE), size=asked).size == asked


@given(
    sizes | ratios,
    st.integers(1, 64),
    st.integers(64, 512),
    st.integers(1024, 4096),
)
@example(Ratio(width=1, height=1), 64, 65, 1025)
@example(Size(width=1024, height=1000), 64, 100, 1000)
@example(Size(width=64, height=145), 58, 64, 1024)
def test_a_free_size_keeps_the_span_the_multiple_and_the_shape(wanted, multiple, least, most):
    free = FreeSize(side=Span(least=least, most=most), multiple=multiple, natural=SQUARE)
    asked = {"size": wanted} if isinstance(wanted, Size) else {"ratio": wanted}
    size = ordered(Card(model=MODEL, free_size=free), **asked).size
    assert size is not None
    for side in (size.width, size.height):
        assert least <= side <= most
        assert side % multiple == 0
    reachable = (most - multiple) / (least + multiple)
    if max(wanted.width, wanted.height) / min(wanted.width, wanted.height) < reachable:
        assert _apart(size, wanted) <= 2 * math.log1p(multiple / min(size.width, size.height))


@pytest.mark.parametrize(("asked", "sent"), [(1, 4), (4, 4), (30, 30), (50, 50), (500, 50)])
def test_steps_are_clamped_to_what_the_model_takes(asked, sent):
    order = ordered(Card(model=MODEL, steps=Span(least=4, most=50)), steps=asked)
    assert (order.steps, order.ignored) == (sent, ())


def test_a_quality_that_the_model_does_not_name_is_ignored():
    card = Card(model=MODEL, qualities=(Quality.LOW, Quality.MEDIUM))
    assert ordered(card, quality=Quality.LOW).quality is Quality.LOW
    refused = ordered(card, quality=Quality.HIGH)
    assert (refused.quality, refused.ignored) == (None, ("quality",))


def test_unwanted_things_are_sent_only_to_a_model_that_takes_them():
    assert ordered(Card(model=MODEL, negative=True), negative="text").negative == "text"
    refused = ordered(Card(model=MODEL), negative="text")
    assert (refused.negative, refused.ignored) == (None, ("negative",))


@pytest.mark.parametrize(("asked", "first"), [(7, 7), (0, 0), (None, 1000)])
def test_number_k_of_a_model_gets_the_seed_plus_k_minus_1(asked, first):
    card = Card(model=MODEL, seed=Span(least=0, most=2**31 - 1))
    seeds = [ordered(card, number, seed=asked).seed for number in (1, 2, 3)]
    assert seeds == [first, first + 1, first + 2]


def test_a_drawn_seed_is_shared_by_every_model_that_takes_one_and_never_reported_ignored():
    request = Request(prompt="a fox", models=(MODEL,))
    wide = Span(least=0, most=2**31 - 1)
    one, two, none = (
        fit(request, Card(model=ModelId(f"fake/{name}"), seed=span), 1)
        for name, span in (("one", wide), ("two", wide), ("none", None))
    )
    assert one.seed == two.seed == request.drawn_seed
    assert (none.seed, none.ignored) == (None, ())


@pytest.mark.parametrize(("number", "ignored"), [(1, ()), (2, ("seed",))])
def test_a_seed_outside_the_cards_span_is_ignored(number, ignored):
    order = ordered(Card(model=MODEL, seed=Span(least=1, most=99)), number, seed=99)
    assert order.ignored == ignored
    assert order.seed == (None if ignored else 99)


def test_drawn_seeds_fit_31_bits_for_every_number_that_can_be_asked():
    card = Card(model=MODEL, seed=Span(least=0, most=2**31 - 1))
    for _ in range(100):
        assert fit(Request(prompt="a fox", models=(MODEL,)), card, 999).seed is not None


def _apart(one: Size | Ratio, other: Size | Ratio) -> float:
    return abs(math.log(one.width * other.height / (one.height * other.width)))
