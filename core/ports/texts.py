from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from core.ids import ModelId, ProviderId
from core.models.attempt import Cost
from core.models.key import Key
from core.models.provider import Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a text model said, untouched."""

    text: str
    cost: Cost | None = None


class TextModels(Protocol):
    """Every provider's text models; any name may be asked, as the provider alone knows them."""

    @property
    def providers(self) -> Mapping[ProviderId, Provider]: ...

    @property
    def defaults(self) -> tuple[ModelId, ...]:
        """One sensible model for each provider that has one, the most wanted first."""

    async def ready(self) -> None:
        """Load what asking needs; nothing is sent."""

    async def ask(
        self, model: ModelId, instructions: str, question: str, key: Key | None
    ) -> Reply:
        """Make exactly one paid call; CallFailed says why it brought nothing.

        Neither retries nor keeps a deadline, as with `ImageModel.paint`.
        """
