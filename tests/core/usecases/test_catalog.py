from dataclasses import replace

import pytest

from core.errors import UnknownModel, UnknownProvider
from core.ids import ModelId, ProviderId
from core.models.card import CardChange, Span
from core.models.provider import Provider
from core.models.request import Size
from core.usecases.catalog import Catalog
from tests.fakes import FakeModels, at_once, card

FAKE, DEMO = ProviderId("fake"), ProviderId("demo")


def models(*names: str, hidden: tuple[str, ...] = ()) -> FakeModels:
    changes = {name: replace(card(name), hidden=True) for name in hidden}
    return FakeModels(paints=dict.fromkeys((*names, *hidden), at_once), changes=changes)


def demo(*names: str) -> FakeModels:
    changes = {
        name: replace(card(name), model=ModelId(f"demo/{name}"), demo=True) for name in names
    }
    provider = Provider(id=DEMO, takes_key=False, needs_key=False)
    paints = dict.fromkeys(names, at_once)
    return FakeModels(paints=paints, changes=changes, provider=provider)


def listed(catalog: Catalog, **asked) -> list[str]:
    return [one.model for one in catalog.cards(**asked)]


def test_every_model_of_every_provider_is_listed_in_their_order():
    catalog = Catalog([models("two", "one"), demo("landscape")], {})
    assert listed(catalog) == ["fake/two", "fake/one", "demo/landscape"]
    assert listed(catalog, provider=DEMO) == ["demo/landscape"]


def test_a_hidden_model_is_listed_only_where_that_is_asked_but_can_be_used():
    catalog = Catalog([models("one", hidden=("old",))], {})
    assert listed(catalog) == ["fake/one"]
    assert listed(catalog, provider=FAKE, hidden=True) == ["fake/one", "fake/old"]
    assert catalog.card(ModelId("fake/old")).hidden


def test_an_unknown_provider_is_refused_with_those_that_are_known():
    catalog = Catalog([models("one"), demo("landscape")], {})
    with pytest.raises(UnknownProvider) as refused:
        catalog.cards(provider=ProviderId("openai"))
    assert (refused.value.provider, refused.value.known) == ("openai", ("fake", "demo"))


def test_an_operators_settings_change_a_card_and_leave_the_rest_of_it():
    change = CardChange(sizes=(Size.read("64x64"),), hidden=True)
    catalog = Catalog([models("one", "two")], {ModelId("fake/one"): change})
    changed = catalog.card(ModelId("fake/one"))
    assert changed == replace(card("one"), sizes=(Size.read("64x64"),), hidden=True)
    assert changed.seed == Span(least=0, most=2**32 - 1)
    assert listed(catalog) == ["fake/two"]


def test_settings_for_a_model_that_does_not_exist_are_refused_with_the_nearest():
    with pytest.raises(UnknownModel) as refused:
        Catalog([models("painter")], {ModelId("fake/pianter"): CardChange(hidden=True)})
    assert (refused.value.model, refused.value.nearest) == ("fake/pianter", "fake/painter")


@pytest.mark.parametrize(
    ("asked", "nearest"),
    [
        ("fake/flux-por", "fake/flux-pro"),
        ("FAKE/FLUX-PRO", "fake/flux-pro"),
        ("flux-pro", "fake/flux-pro"),
        ("landscape", "demo/landscape"),
        ("other/landscap", "demo/landscape"),
        ("sunflowers", None),
        ("", None),
        ("雪", None),
    ],
)
def test_an_unknown_model_is_refused_with_the_nearest_that_is_not_hidden(asked, nearest):
    catalog = Catalog([models("flux-pro", hidden=("sunflower",)), demo("landscape")], {})
    with pytest.raises(UnknownModel) as refused:
        catalog.card(ModelId(asked))
    assert (refused.value.model, refused.value.nearest) == (asked, nearest)


def test_where_nothing_was_chosen_the_demo_models_that_exist_are_asked():
    everything = Catalog([demo("grid", "slow", "subject", "landscape")], {})
    assert everything.defaults() == ("demo/landscape", "demo/subject", "demo/grid")
    assert Catalog([demo("grid")], {}).defaults() == ("demo/grid",)
    assert Catalog([models("one")], {}).defaults() == ()


def test_a_demo_is_told_from_a_model_and_from_one_that_is_gone():
    catalog = Catalog([models("one"), demo("grid")], {})
    names = ("demo/grid", "fake/one", "demo/gone")
    assert [catalog.is_demo(ModelId(name)) for name in names] == [True, False, False]


def test_each_model_is_painted_by_its_own_provider():
    fake, painting = models("one"), demo("grid")
    catalog = Catalog([fake, painting], {})
    assert catalog.painter(ModelId("fake/one")) is fake
    assert catalog.painter(ModelId("demo/grid")) is painting
