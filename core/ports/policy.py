from enum import StrEnum
from typing import Protocol

from core.ids import ModelId, OwnerId, PlaceId
from core.models.asker import Asker
from core.models.image import Image
from core.models.job import Job, Usage, Work


class Action(StrEnum):
    SHOW = "show"
    AGAIN = "again"
    CANCEL = "cancel"
    RETRY = "retry"
    DELETE = "delete"


class Policy(Protocol):
    """Who may, and how many. Asked by use cases; buttons and codes know no rights."""

    def enter(self, asker: Asker) -> None:
        """NotHere for whom, or where, the operator does not let in."""

    def begin(self, asker: Asker, work: Work) -> None:
        """The same; ModelNotAllowed, BlockedWord, NotPrivate by what is asked for."""

    def offers(self, asker: Asker, model: ModelId) -> bool:
        """Whether an image model may be asked."""

    def admit(self, asker: Asker, usage: Usage) -> None:
        """TooMany, or StoreFull when the disk is too full to begin."""

    def sees(self, owner: OwnerId, place: PlaceId, image: Image) -> bool:
        """Whether an image may be worked on by this owner in this place."""

    def allow(self, asker: Asker, action: Action, thing: Job | Image) -> None:
        """UnknownId where the asker cannot even see the thing, else NotAllowed."""
