from typing import Protocol

from core.models.attempt import Painted, Progress
from core.models.card import Card
from core.models.key import Key
from core.models.order import Order


class Report(Protocol):
    async def __call__(self, progress: Progress) -> None:
        """Tell how far the waiting is; cheap to call often."""


class ImageModel(Protocol):
    """One provider's image models."""

    def cards(self) -> tuple[Card, ...]:
        """Every model that this provider offers."""

    async def paint(self, order: Order, key: Key | None, report: Report) -> Painted:
        """Make exactly one paid call; PaintFailed says why it brought nothing.

        Neither retries nor keeps a deadline: the fan-out cancels it at the attempt's own.
        """
