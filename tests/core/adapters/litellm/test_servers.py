"""What each server is sent, against its vendor's own description where there is one."""

from decimal import Decimal
from typing import Any

import pytest

from core.adapters.litellm.servers import Server, servers
from core.ids import provider_of
from core.models.card import Card
from core.models.request import Parameters, Quality, Ratio, Request, Size
from core.params import fit
from tests.servers.spec import body_findings, specs

DESCRIBED = {
    "openai": ("skeleton/openai-images-2026-11.json", "/images/generations"),
    "xai": ("skeleton/xai.json", "/images/generations"),
    "together_ai": ("official/together-images.json", "/images/generations"),
    "deepinfra": ("skeleton/deepinfra.json", "/v1/openai/images/generations"),
    "recraft": ("skeleton/recraft.json", "/v1/images/generations"),
}
EVERYTHING = Parameters(seed=7, steps=12, quality=Quality.LOW, negative="text")
SHAPES = [
    Parameters(),
    Parameters(ratio=Ratio.read("21:9")),
    Parameters(size=Size.read("4000x3000")),
    EVERYTHING,
]
CARDS = [(server, card) for server in servers() for card in server.cards]


def body(server: Server, card: Card, parameters: Parameters) -> dict[str, Any]:
    order = fit(Request(prompt="a fox", models=(card.model,), parameters=parameters), card, 1)
    spelled = server.spell(order)
    extra = spelled.pop("extra_body", {})
    name = card.model.partition("/")[2]
    return {"model": name, "prompt": order.prompt, **spelled, **extra}


@pytest.mark.skipif(
    specs() is None, reason="the vendors' descriptions are not beside the checkout"
)
@pytest.mark.parametrize(("server", "card"), CARDS, ids=[card.model for _, card in CARDS])
@pytest.mark.parametrize("parameters", SHAPES, ids=["nothing", "ratio", "size", "everything"])
def test_every_body_is_one_that_its_vendor_describes(server, card, parameters):
    if server.provider.id in DESCRIBED:
        assert body_findings(*DESCRIBED[server.provider.id], body(server, card, parameters)) == []


@pytest.mark.parametrize(("server", "card"), CARDS, ids=[card.model for _, card in CARDS])
def test_what_a_card_takes_is_spelled_and_what_it_lacks_is_not(server, card):
    text = repr(body(server, card, EVERYTHING))
    assert ("'seed': 7" in text) is ("seed" in card.takes)
    assert ("'steps': 12" in text) is ("steps" in card.takes)
    assert ("negative_prompt" in text) is ("negative" in card.takes)
    assert ("Quality.LOW" in text) is ("quality" in card.takes)


@pytest.mark.parametrize("server", servers(), ids=lambda server: server.provider.id)
def test_a_server_lists_its_own_models_and_retires_none_that_leads_nowhere(server):
    names = {card.model for card in server.cards}
    assert {provider_of(name) for name in names} <= {server.provider.id}
    assert {old.successor for old in server.retired} <= names
    retired = {old.model for old in server.retired}
    assert not retired & {old.successor for old in server.retired}
    assert server.provider.base_url is None or server.provider.base_url.startswith("https://")


@pytest.mark.parametrize(("server", "card"), CARDS, ids=[card.model for _, card in CARDS])
def test_prices_carry_their_date_and_are_never_nothing(server, card):
    del server
    for price in (card.price, card.token_price):
        assert price is None or price.as_of.year >= 2026
    assert card.price is None or card.price.amount > Decimal(0)
    assert card.needs_key
