import difflib
from collections.abc import Mapping
from dataclasses import replace

from core.errors import UnknownModel, UnknownProvider
from core.ids import ModelId, ProviderId, provider_of
from core.models.card import Card, CardChange
from core.ports.models import ImageModel


class Catalog:
    """Every model that can be asked, with its card as the operator's settings change it."""

    def __init__(
        self,
        models: Mapping[ProviderId, ImageModel],
        changes: Mapping[ModelId, CardChange],
    ) -> None:
        self._models = models
        cards = {card.model: card for model in models.values() for card in model.cards()}
        for name, change in changes.items():
            if name not in cards:
                raise UnknownModel(model=name, nearest=_nearest(name, cards))
            cards[name] = replace(cards[name], **change.given())
        self._cards = cards

    def cards(
        self, *, provider: ProviderId | None = None, hidden: bool = False
    ) -> tuple[Card, ...]:
        """All models, or one provider's; UnknownProvider."""
        if provider is not None and provider not in self._models:
            raise UnknownProvider(provider=provider, known=tuple(self._models))
        return tuple(
            card
            for card in self._cards.values()
            if provider in (None, provider_of(card.model)) and (hidden or not card.hidden)
        )

    def defaults(self) -> tuple[ModelId, ...]:
        """What is asked when nothing was chosen: the demo models that finish at once."""
        names = ("demo/landscape", "demo/subject", "demo/grid")
        return tuple(ModelId(name) for name in names if name in self._cards)

    def card(self, model: ModelId) -> Card:
        """UnknownModel with the nearest name that exists."""
        if model not in self._cards:
            raise UnknownModel(model=model, nearest=_nearest(model, self._cards))
        return self._cards[model]

    def is_demo(self, model: ModelId) -> bool:
        return model in self._cards and self._cards[model].demo

    def painter(self, model: ModelId) -> ImageModel:
        return self._models[provider_of(model)]


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
