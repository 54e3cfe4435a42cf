from collections.abc import Callable, Sequence
from typing import Protocol

from core.ids import OwnerId
from core.models.preferences import ModelSet, Preferences


class PreferenceStore(Protocol):
    """What each owner likes; the names of sets are compared without regard to case."""

    async def get(self, owner: OwnerId) -> Preferences:
        """Empty ones where nothing was kept."""

    async def put(self, owner: OwnerId, preferences: Preferences) -> None: ...

    async def sets(self, owner: OwnerId) -> Sequence[ModelSet]:
        """By name."""

    async def put_set(self, owner: OwnerId, new: ModelSet, gate: Callable[[int], None]) -> None:
        """In place of one of that name. `gate` hears, inside the transaction, how many others."""

    async def forget_set(self, owner: OwnerId, name: str) -> bool:
        """False when there was none."""
