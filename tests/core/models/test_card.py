from dataclasses import fields, replace

import pytest

from core.ids import ModelId
from core.models.card import Card, CardChange, FreeSize, Span
from core.models.request import Quality, Ratio, Size

BARE = Card(model=ModelId("fake/one"))
SQUARE = Size.read("1024x1024")
SPAN = Span(least=1, most=99)
FREE = FreeSize(side=Span(least=64, most=2048), natural=SQUARE)


@pytest.mark.parametrize(
    ("card", "takes"),
    [
        (BARE, ()),
        (replace(BARE, sizes=(SQUARE,)), ("ratio", "size")),
        (replace(BARE, free_size=FREE), ("ratio", "size")),
        (replace(BARE, ratios=(Ratio.read("1:1"),)), ("ratio", "size")),
        (replace(BARE, seed=SPAN, steps=SPAN), ("seed", "steps")),
        (replace(BARE, qualities=(Quality.LOW,), negative=True), ("quality", "negative")),
    ],
)
def test_a_card_takes_what_it_names_and_nothing_else(card, takes):
    assert card.takes == takes


def test_a_change_says_only_what_was_given_even_where_that_is_no_or_nothing():
    change = CardChange(negative=False, qualities=(), seed=SPAN)
    assert change.given() == {"negative": False, "qualities": (), "seed": SPAN}
    assert CardChange().given() == {}


def test_everything_that_can_be_changed_is_a_field_of_the_card():
    assert {field.name for field in fields(CardChange)} <= {field.name for field in fields(Card)}
