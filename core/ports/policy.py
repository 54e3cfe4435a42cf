from enum import StrEnum
from typing import Protocol

from core.ids import OwnerId, PlaceId
from core.models.asker import Asker
from core.models.image import Image
from core.models.job import Job, Usage


class Action(StrEnum):
    SHOW = "show"
    AGAIN = "again"
    CANCEL = "cancel"
    RETRY = "retry"


class Policy(Protocol):
    """Who may, and how many. Asked by use cases; buttons and codes know no rights."""

    def admit(self, asker: Asker, usage: Usage) -> None:
        """TooMany, or StoreFull when the disk is too full to begin."""

    def sees(self, owner: OwnerId, place: PlaceId, image: Image) -> bool:
        """Whether an image may be worked on by this owner in this place."""

    def allow(self, asker: Asker, action: Action, job: Job) -> None:
        """UnknownId where the asker cannot even see the job, else NotAllowed."""
