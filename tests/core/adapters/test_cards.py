import pytest

from core.adapters.cards import load_cards
from core.models.card import Span
from core.models.request import SEED_LIMIT, SIDES

DEMO = load_cards("demo")


def test_the_demo_models_ship_with_their_cards():
    names = [card.model for card in DEMO]
    assert names == ["demo/landscape", "demo/subject", "demo/grid", "demo/slow"]


@pytest.mark.parametrize("card", DEMO, ids=lambda card: str(card.model))
def test_a_demo_model_says_that_it_is_one_costs_nothing_and_needs_no_key(card):
    assert (card.demo, card.needs_key, card.hidden) == (True, False, False)
    assert card.price is not None
    assert card.price.amount == 0


@pytest.mark.parametrize("card", DEMO, ids=lambda card: str(card.model))
def test_a_demo_model_takes_every_ratio_size_and_seed_that_people_may_ask(card):
    assert {"ratio", "size", "seed"} <= set(card.takes)
    assert card.seed == Span(least=0, most=SEED_LIMIT)
    span = card.free_size.side
    assert span.least == SIDES.start
    assert span.least <= card.free_size.natural.width <= span.most


def test_each_demo_model_shows_what_the_others_cannot():
    special = {name: [card.model for card in DEMO if getattr(card, name)] for name in _SPECIAL}
    assert special == _SPECIAL


_SPECIAL = {"negative": ["demo/landscape"], "grid": ["demo/grid"], "steps": ["demo/slow"]}
