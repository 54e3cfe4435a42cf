import logging
import time
from collections.abc import Sequence
from dataclasses import replace

from core.errors import StoreError, VaultError
from core.ids import DeliveryId, OwnerId, PlaceId
from core.models.job import Delivery, NewDelivery
from core.ports.jobs import DeliveryStore
from core.ports.keys import Sealer

_BOUND = "delivery"
_log = logging.getLogger(__name__)


class Deliveries:
    """Where jobs are being shown; the chat's token for it lies sealed, and only until its end."""

    def __init__(self, store: DeliveryStore, sealer: Sealer) -> None:
        self._store = store
        self._sealer = sealer

    def new(  # noqa: PLR0913 - what a front end knows of one message
        self,
        front_end: str,
        place: PlaceId,
        locale: str,
        address: str,
        *,
        private: bool = False,
        token: str | None = None,
        token_until: float | None = None,
    ) -> NewDelivery:
        """To be handed to the desk. A token that cannot be sealed now is left out."""
        sealed = self._sealed(token, front_end, place)
        return NewDelivery(
            front_end=front_end,
            place=place,
            locale=locale,
            address=address,
            private=private,
            token=sealed,
            token_until=token_until,
        )

    def token(self, delivery: Delivery) -> str | None:
        """None when there is none, its time is over, or no master key opens it any more."""
        over = delivery.token_until is not None and delivery.token_until <= time.time()
        if delivery.token is None or over:
            return None
        try:
            return self._sealer.open(delivery.token, _BOUND, delivery.front_end, delivery.place)
        except VaultError as error:
            _log.warning("a token does not open: %s", type(error).__name__)
            return None

    async def take_over(
        self, delivery: DeliveryId, token: str, token_until: float
    ) -> Delivery | None:
        """Put a press's fresh token on the delivery of its message; None when it is gone."""
        found = await self._store.find(delivery)
        if found is None:
            return None
        sealed = self._sealed(token, found.front_end, found.place)
        if sealed is None:
            return found
        await self._store.renew(delivery, sealed, token_until)
        return replace(found, lost=False, token=sealed, token_until=token_until)

    async def find(self, delivery: DeliveryId) -> Delivery | None:
        """As it now stands: a press may have put a fresh token on it."""
        return await self._store.find(delivery)

    async def by_address(self, front_end: str, address: str) -> Delivery | None:
        """The newest delivery at that address, as `told` left it."""
        return await self._store.by_address(front_end, address)

    async def open(self, front_end: str) -> Sequence[Delivery]:
        """Those still to be told something: the job runs, or has a version not told yet."""
        return await self._store.open(front_end)

    async def told(self, delivery: DeliveryId, version: int, *, address: str, memo: str) -> None:
        """Note what was shown; a smaller version than before changes nothing."""
        await self._store.told(delivery, version, address=address, memo=memo)

    async def lose(self, delivery: DeliveryId) -> None:
        """Nobody can be told there any more; the token is wiped."""
        await self._store.lose(delivery)

    async def waiting(self, owner: OwnerId) -> Sequence[Delivery]:
        """What an owner's finished jobs could tell nobody, newest first: history offers it.

        It waits no longer once a delivery of that job has told all of it.
        """
        return await self._store.waiting(owner, time.time())

    async def sweep(self) -> None:
        await self._store.wipe(time.time())

    def _sealed(self, token: str | None, front_end: str, place: PlaceId) -> bytes | None:
        """Without a token the vault is left alone: it would make a master key."""
        if token is None:
            return None
        try:
            return self._sealer.seal(token, _BOUND, front_end, place)
        except (VaultError, StoreError) as error:
            _log.warning("a token cannot be sealed: %s", type(error).__name__)
            return None
