import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from core.errors import BadSetName, TooMany, UnknownSet
from core.ids import ModelId, provider_of
from core.models.asker import Asker
from core.models.preferences import ModelSet, Preferences
from core.models.request import Parameters, Request
from core.params import Written, last_of, read_list, read_prompt, set_name
from core.ports.policy import Policy
from core.ports.preferences import PreferenceStore
from core.usecases.catalog import Catalog
from core.usecases.keys import Keys

_MODELS, _SETS, _NAME = 12, 25, 32  # of one set, of one owner, characters
_LONGEST = 100  # characters of a completed text: what a chat takes


class Choices:
    """What a person likes to ask, and how they say it: the one road from a text to a request."""

    def __init__(
        self, store: PreferenceStore, catalog: Catalog, keys: Keys, policy: Policy
    ) -> None:
        self._store = store
        self._catalog = catalog
        self._keys = keys
        self._policy = policy

    async def get(self, asker: Asker) -> Preferences:
        return await self._store.get(asker.owner)

    async def put(self, asker: Asker, preferences: Preferences) -> Preferences:
        """As kept: each model once. UnknownModel, RetiredModel, TooMany."""
        kept = replace(preferences, models=self._checked(preferences.models))
        await self._store.put(asker.owner, kept)
        return kept

    async def sets(self, asker: Asker) -> Sequence[ModelSet]:
        """By name."""
        return await self._store.sets(asker.owner)

    async def put_set(self, asker: Asker, name: str, models: Sequence[ModelId]) -> ModelSet:
        """Keep it in place of one of that name; BadSetName, UnknownModel, RetiredModel, TooMany.

        The name may be given with its `@`. Without models it says nothing: that is forgotten.
        """
        new = ModelSet(name=_set_name(name), models=self._checked(models))
        if not new.models:
            await self._store.forget_set(asker.owner, new.name)
            return new
        await self._store.put_set(
            asker.owner, new, lambda others: _check("sets", others + 1, _SETS)
        )
        return new

    async def forget_set(self, asker: Asker, name: str) -> None:
        """UnknownSet."""
        plain = _plain(name)
        if not await self._store.forget_set(asker.owner, plain):
            raise await self._unknown(asker, plain)

    async def models(self, asker: Asker, text: str) -> tuple[ModelId, ...]:
        """The models and `@sets` that a text lists; of an empty one the saved defaults.

        UnknownModel with the nearest, RetiredModel, UnknownSet with the known ones.
        """
        names = read_list(text)
        if not names:
            return (await self.get(asker)).models or self._defaults(asker)
        models: list[ModelId] = []
        for name in names:
            if (wanted := set_name(name)) is None:
                models.append(self._catalog.card(ModelId(name)).model)
            else:
                models += await self._set(asker, wanted)
        return tuple(dict.fromkeys(models))

    async def request(
        self,
        asker: Asker,
        prompt_text: str,
        *,
        models_text: str = "",
        options: Parameters = Parameters(),  # noqa: B008 - frozen
    ) -> tuple[Request, Written]:
        """An option wins over its flag in the prompt, both over the preferences."""
        written = read_prompt(prompt_text, options)
        preferences = await self.get(asker)
        request = Request(
            prompt=written.prompt,
            models=await self.models(asker, models_text),
            parameters=preferences.under(written.parameters),
        )
        return request, written

    async def complete(self, asker: Asker, text: str, limit: int = 25) -> tuple[str, ...]:
        """The whole text, its last name completed in each likely way; 100 characters at most."""
        before, begun = last_of(text)
        chosen = {name.casefold() for name in read_list(before)}
        names = [*await self._sets_like(asker, begun, limit), *await self._like(asker, begun)]
        texts = [before + name for name in names if name.casefold() not in chosen]
        return tuple(text for text in texts if len(text) <= _LONGEST)[:limit]

    async def _sets_like(self, asker: Asker, begun: str, limit: int) -> list[str]:
        """Beside models they take no more than half the places."""
        wanted = set_name(begun)
        names = [one.name for one in await self.sets(asker)]
        found = _matching(names, begun if wanted is None else wanted)
        return [f"@{name}" for name in found][: limit // 2 if wanted is None else limit]

    async def _like(self, asker: Asker, begun: str) -> list[str]:
        """What the person can ask right now comes before what wants a key first."""
        if set_name(begun) is not None:
            return []
        keys = {note.provider for note in await self._keys.list(asker)}
        cards = [one for one in self._catalog.cards() if self._policy.offers(asker, one.model)]
        cards.sort(key=lambda one: one.needs_key and provider_of(one.model) not in keys)
        return _matching([card.model for card in cards], begun)

    async def _set(self, asker: Asker, name: str) -> tuple[ModelId, ...]:
        folded = _plain(name).casefold()
        for one in await self.sets(asker):
            if one.name.casefold() == folded:
                return one.models
        raise await self._unknown(asker, name)

    async def _unknown(self, asker: Asker, name: str) -> UnknownSet:
        return UnknownSet(name=name, known=tuple(one.name for one in await self.sets(asker)))

    def _defaults(self, asker: Asker) -> tuple[ModelId, ...]:
        """As far as the operator allows them; else all, and the policy says what it allows."""
        models = self._catalog.defaults()
        return tuple(one for one in models if self._policy.offers(asker, one)) or models

    def _checked(self, models: Sequence[ModelId]) -> tuple[ModelId, ...]:
        once = tuple(dict.fromkeys(self._catalog.card(model).model for model in models))
        _check("models", len(once), _MODELS)
        return once


def _matching(names: Sequence[str], begun: str) -> list[str]:
    """Those that contain it, first those of which any part between slashes begins with it."""
    wanted = begun.casefold()
    found = [name for name in names if wanted in name.casefold()]
    return sorted(found, key=lambda name: f"/{wanted}" not in f"/{name.casefold()}")


def _plain(name: str) -> str:
    """Without its `@`, in the one form that equal names share."""
    bare = set_name(name.strip())
    return unicodedata.normalize("NFKC", name.strip() if bare is None else bare)


def _set_name(text: str) -> str:
    """Letters (with their marks) and digits of any script, - and _."""
    name = _plain(text)
    fits = all(sign in "-_" or unicodedata.category(sign)[0] in "LMN" for sign in name)
    if not fits or not 1 <= len(name) <= _NAME:
        raise BadSetName(name=name)
    return name


def _check(what: Literal["models", "sets"], asked: int, limit: int) -> None:
    if asked > limit:
        raise TooMany(what=what, asked=asked, limit=limit)
