from dataclasses import dataclass

from core.ids import LOCAL, OwnerId, PlaceId


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who types or presses, as the front end sees them at this moment."""

    owner: OwnerId
    place: PlaceId
    roles: frozenset[str] = frozenset()
    moderator: bool = False
    language: str = "en"

    @property
    def operator(self) -> bool:
        """The person at the terminal, who owns the machine."""
        return self.owner == LOCAL
