from collections.abc import Callable
from dataclasses import dataclass

from core.errors import NotAllowed, StoreFull, TooMany, UnknownId
from core.ids import OwnerId, PlaceId
from core.models.asker import Asker
from core.models.image import Image
from core.models.job import Job, Usage
from core.ports.policy import Action


@dataclass(frozen=True, slots=True, kw_only=True)
class HousePolicy:
    """The rules of one installation. The operator at the terminal may have any number open."""

    attempts: int  # of one job
    open_jobs: int  # of one owner and one kind
    sources: int  # of one tool run
    min_free: int  # bytes of disk that must be left to begin
    free: Callable[[], int]

    def admit(self, asker: Asker, usage: Usage) -> None:
        if usage.adding > self.attempts:
            raise TooMany(what="attempts", asked=usage.adding, limit=self.attempts)
        if not asker.operator and usage.jobs >= self.open_jobs:
            raise TooMany(what="jobs", asked=usage.jobs + 1, limit=self.open_jobs)
        if not asker.operator and usage.sources > self.sources:
            raise TooMany(what="sources", asked=usage.sources, limit=self.sources)
        if self.free() < self.min_free:
            raise StoreFull

    def sees(self, owner: OwnerId, place: PlaceId, image: Image) -> bool:
        return image.owner == owner or image.place == place

    def allow(self, asker: Asker, action: Action, job: Job) -> None:
        if job.owner == asker.owner:
            return
        if job.place != asker.place:
            raise UnknownId(id=job.id)
        if action in _ANYONE or (action is Action.CANCEL and asker.moderator):
            return
        raise NotAllowed(action=action)


_ANYONE = {Action.SHOW, Action.AGAIN}
