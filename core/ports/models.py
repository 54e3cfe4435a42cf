from typing import Protocol

from core.ids import ModelId
from core.models.attempt import Painted, Progress
from core.models.card import Card, Retired
from core.models.key import Key
from core.models.order import Order
from core.models.provider import Provider


class Report(Protocol):
    async def __call__(self, progress: Progress) -> None:
        """Tell how far the waiting is; cheap to call often."""


class ImageModel(Protocol):
    """One provider's image models."""

    provider: Provider

    def cards(self) -> tuple[Card, ...]:
        """Every model that this provider lists."""

    def retired(self) -> tuple[Retired, ...]:
        """Those that it listed once, with their successors."""

    def unlisted(self, model: ModelId) -> Card | None:
        """The card of a model that is not listed, where any name may be asked; else None."""

    async def ready(self) -> None:
        """Load what painting needs; nothing is sent."""

    async def paint(self, order: Order, key: Key | None, report: Report) -> Painted:
        """Make exactly one paid call; CallFailed says why it brought nothing.

        Neither retries nor keeps a deadline: the fan-out cancels it at the attempt's own.
        """
