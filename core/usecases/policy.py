from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from core.errors import (
    BlockedWord,
    ModelNotAllowed,
    NotAllowed,
    NotHere,
    NotPrivate,
    StoreFull,
    TooMany,
    UnknownId,
)
from core.ids import ModelId, OwnerId, PlaceId
from core.models.asker import Asker
from core.models.image import Image
from core.models.job import Job, Usage, Work
from core.models.request import Request
from core.models.rules import HouseRules
from core.models.text import TextRequest
from core.ports.policy import Action
from core.texts import find_blocked

_ANYONE = {Action.SHOW, Action.AGAIN}
_MODERATORS = {Action.CANCEL, Action.DELETE}


@dataclass(frozen=True, slots=True, kw_only=True)
class HousePolicy:
    """The rules of one installation. The operator at the terminal is free of most of them."""

    attempts: int  # of one job
    sources: int  # of one tool run
    min_free: int  # bytes of disk that must be left to begin
    free: Callable[[], int]
    rules: HouseRules = field(default_factory=HouseRules)

    def enter(self, asker: Asker) -> None:
        rules = self.rules
        if asker.operator:
            return
        if not _listed(asker, rules.users, [asker.owner]):
            raise NotHere(what="user")
        if not _listed(asker, rules.servers, [asker.server] if asker.server else []):
            raise NotHere(what="server")
        if not _listed(asker, rules.channels, asker.channels or [asker.place]):
            raise NotHere(what="channel")
        if not _listed(asker, rules.roles, asker.roles):
            raise NotHere(what="role")

    def begin(self, asker: Asker, work: Work) -> None:
        self.enter(asker)
        if asker.operator:
            return
        request = work.purpose if isinstance(work, TextRequest) else work
        if isinstance(request, Request):
            self._check(asker, request)
        for text in _texts(work):
            if word := find_blocked(text, self.rules.block_words):
                raise BlockedWord(word=word)

    def _check(self, asker: Asker, request: Request) -> None:
        if not self.rules.private and str(asker.place) == asker.owner:
            raise NotPrivate
        for model in request.models:
            if not self.offers(asker, model):
                raise ModelNotAllowed(model=model, allowed=self.rules.models)

    def offers(self, asker: Asker, model: ModelId) -> bool:
        allowed = self.rules.models
        return asker.operator or not allowed or any(fnmatchcase(model, one) for one in allowed)

    def admit(self, asker: Asker, usage: Usage) -> None:
        if usage.adding > self.attempts:
            raise TooMany(what="attempts", asked=usage.adding, limit=self.attempts)
        if not asker.operator:
            self._admit_person(usage)
        if self.free() < self.min_free:
            raise StoreFull

    def _admit_person(self, usage: Usage) -> None:
        rules = self.rules
        if usage.jobs >= rules.running:
            raise TooMany(what="jobs", asked=usage.jobs + 1, limit=rules.running)
        if usage.sources > self.sources:
            raise TooMany(what="sources", asked=usage.sources, limit=self.sources)
        if rules.per_day and usage.today >= rules.per_day:
            raise TooMany(what="day", asked=usage.today + 1, limit=rules.per_day)

    def sees(self, owner: OwnerId, place: PlaceId, image: Image) -> bool:
        return image.owner == owner or image.place == place

    def allow(self, asker: Asker, action: Action, thing: Job | Image) -> None:
        if thing.owner == asker.owner:
            return
        if thing.place != asker.place:
            raise UnknownId(id=thing.id)
        if action in _ANYONE or (action in _MODERATORS and asker.moderator):
            return
        raise NotAllowed(action=action)


def _listed(asker: Asker, listed: Collection[str], shown: Collection[str]) -> bool:
    """Whether any of `shown` is on a list, as far as it holds for the asker's front end.

    An id stands alone, or behind its front end: 5, discord:channel:5.
    """
    front_end = asker.owner.partition(":")[0]
    here = {_bare(one) for one in listed if one.partition(":")[0] == front_end or ":" not in one}
    return not here or any(_bare(one) in here for one in shown)


def _bare(id_: str) -> str:
    return id_.rpartition(":")[2]


def _texts(work: Work) -> Iterator[str]:
    """What is asked for; what must not be in a picture is not."""
    match work:
        case Request():
            yield work.prompt
        case TextRequest():
            yield work.text
