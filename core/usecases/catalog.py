import difflib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from core.errors import BadSetting, RetiredModel, UnknownModel, UnknownProvider
from core.ids import ModelId, ProviderId, provider_of
from core.models.card import Card, CardChange, Retired
from core.models.grid import Grid
from core.models.provider import Provider
from core.ports.models import ImageModel


class Catalog:
    """Every model that can be asked, with its card as the operator's settings change it."""

    def __init__(
        self, models: Iterable[ImageModel], changes: Mapping[ModelId, CardChange]
    ) -> None:
        self._models: dict[ProviderId, ImageModel] = {}
        for one in models:
            if one.provider.id in self._models:  # the settings name a server after a provider
                raise BadSetting(path=f"servers.{one.provider.id}", problem="invalid")
            self._models[one.provider.id] = one
        self._changes = changes
        self._cards = {card.model: card for one in self._models.values() for card in one.cards()}
        self._retired = {old.model: old for one in self._models.values() for old in one.retired()}
        for model, change in changes.items():
            self._cards[model] = replace(self.card(model), **change.given())

    @property
    def providers(self) -> Mapping[ProviderId, Provider]:
        return {name: one.provider for name, one in self._models.items()}

    def cards(
        self, *, provider: ProviderId | None = None, hidden: bool = False
    ) -> tuple[Card, ...]:
        """All models, or one provider's; UnknownProvider."""
        if provider is not None and provider not in self._models:
            raise UnknownProvider(provider=provider, known=tuple(self._models))
        return tuple(
            card
            for card in self._cards.values()
            if provider in (None, provider_of(card.model))
            and (hidden or not card.hidden)
            and not self._over(card.model)
        )

    def defaults(self) -> tuple[ModelId, ...]:
        """What is asked when nothing was chosen: the demo models that finish at once."""
        names = ("demo/landscape", "demo/subject", "demo/grid")
        return tuple(ModelId(name) for name in names if name in self._cards)

    def card(self, model: ModelId) -> Card:
        """RetiredModel with its successor, UnknownModel with the nearest name that exists."""
        if old := self._over(model):
            raise RetiredModel(model=model, successor=old.successor)
        found = self._cards.get(model) or self._unlisted(model)
        if found is None:
            raise UnknownModel(model=model, nearest=_nearest(model, self._cards))
        return found

    def is_demo(self, model: ModelId) -> bool:
        return model in self._cards and self._cards[model].demo

    def grid_of(self, model: ModelId) -> Grid | None:
        """The layout of every picture of this model; also None for one that is no more."""
        card = self._cards.get(model)
        return card.grid if card else None

    def painter(self, model: ModelId) -> ImageModel:
        return self._models[provider_of(model)]

    def _unlisted(self, model: ModelId) -> Card | None:
        """Where any name may be asked; and where the settings describe a new model themselves."""
        provider, _, name = model.partition("/")
        one = self._models.get(ProviderId(provider))
        if one is None or not name:
            return None
        described = model in self._changes and one.provider.takes_key
        return one.unlisted(model) or (Card(model=model) if described else None)

    def _over(self, model: ModelId) -> Retired | None:
        old = self._retired.get(model)
        return old if old and old.since <= datetime.now(UTC).date() else None


def _nearest(model: str, cards: Mapping[ModelId, Card]) -> str | None:
    """By the whole id, else by the name alone, as people leave the provider out."""
    ids = [name for name, card in cards.items() if not card.hidden]
    by_name = {name.partition("/")[2]: name for name in ids}
    wanted = model.lower()
    near = difflib.get_close_matches(wanted, ids, n=1)
    if near:
        return near[0]
    named = difflib.get_close_matches(wanted.rpartition("/")[2], list(by_name), n=1)
    return by_name[named[0]] if named else None
