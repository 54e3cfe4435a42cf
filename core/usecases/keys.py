import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from ipaddress import ip_address
from typing import TypeVar
from urllib.parse import urlsplit

from core.errors import BadBaseUrl, EmptyKey, KeyNotNeeded, MasterKeyWrong, UnknownProvider
from core.ids import LOCAL, OwnerId, ProviderId
from core.models.asker import Asker
from core.models.key import Key, KeyNote
from core.models.provider import Provider, is_server
from core.ports.keys import KeyStore, SealedKey, Sealer

T = TypeVar("T")
_CHECK = "omniimage"
_LOOKS = 5  # at a row that seems to be sealed with another master key
_USED_EVERY = 60.0  # seconds between two notes that a key is in use
_LONG = 8  # up to it, four signs would say half a key or more


class Keys:
    """Each owner's API keys: sealed at once, opened as late as possible, never cached."""

    def __init__(
        self,
        store: KeyStore,
        sealer: Sealer,
        providers: Mapping[ProviderId, Provider],
        allow: Sequence[str],
    ) -> None:
        self._store = store
        self._sealer = sealer
        self._providers = providers
        self._allow = frozenset(_bare(text) for text in allow)

    async def verify(self) -> None:
        """MasterKeyMissing or MasterKeyWrong before anything else is done with sealed keys."""

        async def check() -> None:
            if sealed := await self._store.check():
                self._sealer.open(sealed, _CHECK)

        await _between_rotations(check)

    def check(self, asker: Asker, provider: ProviderId, base_url: str | None) -> None:
        """Refuse before a secret is asked for; UnknownProvider, KeyNotNeeded, BadBaseUrl."""
        self._address(asker, self.provider(provider), base_url)

    async def set(
        self, asker: Asker, provider: ProviderId, secret: str, base_url: str | None
    ) -> KeyNote:
        """Keep a key; UnknownProvider, KeyNotNeeded, EmptyKey, BadBaseUrl."""
        known = self.provider(provider)
        url = self._address(asker, known, base_url)
        secret = secret.strip()
        if not secret or " " in secret or not (secret.isascii() and secret.isprintable()):
            raise EmptyKey(provider=provider)
        await self.verify()  # the master key may have been lost since the start
        last_four = secret[-4:] if len(secret) > _LONG else "****"
        note = KeyNote(provider=provider, last_four=last_four, base_url=url, added=time.time())

        def make() -> tuple[SealedKey, bytes]:
            sealed = self._sealer.seal(secret, *_bound(asker.owner, note))
            key = SealedKey(owner=asker.owner, note=note, sealed=sealed)
            return key, self._sealer.seal(_CHECK, _CHECK)

        await self._store.put(make)
        return note

    async def list(self, asker: Asker) -> Sequence[KeyNote]:
        return [key.note for key in await self._store.all(asker.owner)]

    async def forget(self, asker: Asker, provider: ProviderId | None) -> int:
        """How many were forgotten; None forgets all."""
        return await self._store.forget(asker.owner, provider)

    async def rotate(self) -> int:
        """A new master key; every key of every owner is sealed anew, in one transaction."""
        with self._sealer.rotation():
            check = self._sealer.seal(_CHECK, _CHECK)
            return await self._store.reseal(self._resealed, check)

    async def open(self, owner: OwnerId, provider: ProviderId) -> Key | None:
        return await _between_rotations(lambda: self._opened(owner, provider))

    async def _opened(self, owner: OwnerId, provider: ProviderId) -> Key | None:
        sealed = await self._store.get(owner, provider)
        if sealed is None:
            return None
        if sealed.note.used is None or time.time() - sealed.note.used > _USED_EVERY:
            await self._store.used(owner, provider)
        url = sealed.note.base_url
        return Key(
            provider=provider,
            secret=self._sealer.open(sealed.sealed, *_bound(owner, sealed.note)),
            base_url=url,
            reach=host_port(url) if url and owner == LOCAL and _is_loopback(url) else None,
        )

    def provider(self, provider: ProviderId) -> Provider:
        """One that takes a key; UnknownProvider, KeyNotNeeded."""
        known = self._providers.get(provider)
        if known is None:
            raise UnknownProvider(provider=provider, known=tuple(self._providers))
        if not known.takes_key:
            raise KeyNotNeeded(provider=provider)
        return known

    def _resealed(self, key: SealedKey) -> bytes:
        bound = _bound(key.owner, key.note)
        return self._sealer.seal(self._sealer.open(key.sealed, *bound), *bound)

    def _address(self, asker: Asker, provider: Provider, base_url: str | None) -> str | None:
        """https, or what the operator allows; at the terminal his own machine as well."""
        if base_url is None:
            if provider.base_url is None:
                raise BadBaseUrl(provider=provider.id, problem="missing")
            return None
        if not provider.takes_base_url:
            raise BadBaseUrl(provider=provider.id, problem="not_taken")
        url = base_url.strip().rstrip("/")
        if not is_server(url):
            raise BadBaseUrl(provider=provider.id, problem="invalid")
        named = _bare(host_port(url)) in self._allow
        mine = asker.operator and _is_loopback(url)
        if urlsplit(url).scheme != "https" and not named and not mine:
            raise BadBaseUrl(provider=provider.id, problem="not_https")
        return url


async def _between_rotations(look: Callable[[], Awaitable[T]]) -> T:
    """A rotation may pass between the row that was read and the master key that opens it."""
    for _ in range(_LOOKS - 1):
        with suppress(MasterKeyWrong):
            return await look()
    return await look()


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _bare(server: str) -> str:
    """host:port, with the brackets off an IPv6 address as `host_port` leaves them."""
    return server.lower().replace("[", "").replace("]", "")


def _bound(owner: OwnerId, note: KeyNote) -> tuple[str, str, str]:
    """Whose key, for which provider, at which server: moved to another, it does not open."""
    return owner, note.provider, origin(note.base_url)


def origin(base_url: str | None) -> str:
    """Scheme, host and port of an address; none has its own word."""
    return f"{urlsplit(base_url).scheme}://{host_port(base_url)}" if base_url else ""


def host_port(base_url: str) -> str:
    """host:port of an http or https address; ValueError for a port that is none."""
    parts = urlsplit(base_url)
    return f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"
