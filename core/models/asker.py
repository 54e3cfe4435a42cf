from dataclasses import dataclass

from core.ids import LOCAL, OwnerId, PlaceId


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who types or presses, as the front end sees them at this moment.

    `place` is the owner's own for a private result; `channels` then still say where it was asked:
    the channel and what it lies in, such as a thread's parent. Without them it is the place.
    """

    owner: OwnerId
    place: PlaceId
    server: str | None = None
    channels: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    moderator: bool = False
    language: str = "en"

    @property
    def operator(self) -> bool:
        """The person at the terminal, who owns the machine."""
        return self.owner == LOCAL
