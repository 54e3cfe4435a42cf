from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from core.ids import OwnerId, ProviderId
from core.models.key import Key, KeyNote


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedKey:
    """A key as it lies in the store; `sealed` opens only for the same owner and address."""

    owner: OwnerId
    note: KeyNote
    sealed: bytes


class Sealer(Protocol):
    """Seals short secrets under the master key, bound to the texts that they belong to."""

    def seal(self, secret: str, *bound: str) -> bytes:
        """Makes the master key if there is none yet."""

    def open(self, sealed: bytes, *bound: str) -> str:
        """SealBroken for what was altered, cut, or belongs elsewhere; MasterKeyMissing, -Wrong."""

    def rotation(self) -> AbstractContextManager[None]:
        """Inside, a new master key seals and both open; after it the old one is gone."""


class KeyStore(Protocol):
    async def put(self, make: Callable[[], tuple[SealedKey, bytes]]) -> None:
        """Keep a key in place of an older one, and a fresh check beside.

        `make` is asked inside the transaction: a rotation comes before it or after it.
        """

    async def get(self, owner: OwnerId, provider: ProviderId) -> SealedKey | None: ...

    async def all(self, owner: OwnerId) -> Sequence[SealedKey]: ...

    async def used(self, owner: OwnerId, provider: ProviderId) -> None:
        """Note that it is being used now."""

    async def forget(self, owner: OwnerId, provider: ProviderId | None) -> int:
        """One provider's, or all of an owner's; how many there were."""

    async def check(self) -> bytes | None:
        """A sealed value that only the right master key opens, as long as there are keys."""

    async def reseal(self, change: Callable[[SealedKey], bytes], check: bytes) -> int:
        """Seal the keys of all owners anew, in one transaction; how many there are."""


class KeyRing(Protocol):
    """Where a paid call gets its key from."""

    async def open(self, owner: OwnerId, provider: ProviderId) -> Key | None: ...
