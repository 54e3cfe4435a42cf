import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from core.adapters.http import belt
from core.adapters.http.addresses import Addresses, host_and_port
from core.adapters.http.calls import OneCall
from core.adapters.http.download import fetch
from core.adapters.http.files import Target, Told, fetch_file
from core.adapters.http.guard import GuardedTransport
from core.adapters.http.redaction import in_use

_BODIES = 6  # large replies in memory at the same time; each takes a few times its size
_DOWNLOADS = 16
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
_NO_TIMEOUT = httpx.Timeout(None, connect=15.0)  # every call runs under its attempt's deadline


class Clients:
    """Every connection of one process: guarded, no redirects, no cookies, no environment."""

    def __init__(self, addresses: Addresses, *, proxy: str | None, limit: int) -> None:
        self._addresses = addresses
        self._proxy = proxy
        self._limit = limit  # bytes of one reply or download
        self._bodies = asyncio.Semaphore(_BODIES)
        self._downloads = asyncio.Semaphore(_DOWNLOADS)
        self._transports: dict[str | None, GuardedTransport] = {}

    @asynccontextmanager
    async def call(
        self, *, secret: str, named: str | None = None, limit: int | None = None
    ) -> AsyncIterator[tuple[OneCall, httpx.AsyncClient]]:
        """A client for one request with this key, which no log shows meanwhile.

        `named`: one more host:port that the key's owner may reach; `limit`: fewer bytes of reply.
        """
        one = OneCall(self._transport(named), min(limit or self._limit, self._limit), self._bodies)
        try:
            with in_use(secret), belt.only(self._addresses_with(named)):
                yield one, self._client(one)
        finally:
            one.release()

    async def download(self, url: str, named: str | None = None) -> bytes:
        """A picture's bytes, under the cap; the caller keeps the deadline."""
        client = self._client(self._transport(named))
        return await fetch(client, url, limit=self._limit, bodies=self._downloads)

    async def download_file(self, url: str, target: Target, told: Told) -> None:
        """A file that may be larger than memory; NOT_FETCHED and OSError as of `fetch_file`."""
        await fetch_file(self._client(self._transport(None)), url, target, told)

    async def close(self) -> None:
        for transport in self._transports.values():
            await transport.aclose()
        self._transports.clear()

    def _transport(self, named: str | None) -> GuardedTransport:
        if named not in self._transports:
            self._transports[named] = GuardedTransport(self._addresses_with(named), self._proxy)
        return self._transports[named]

    def _addresses_with(self, named: str | None) -> Addresses:
        """A server on this machine may call itself by any of its names."""
        if not named:
            return self._addresses
        host, port = host_and_port(named)
        addresses = self._addresses.also(host, port)
        for name in _THIS_MACHINE if host in _THIS_MACHINE else ():
            addresses = addresses.also(name, port)
        return addresses

    @staticmethod
    def _client(transport: httpx.AsyncBaseTransport) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            transport=transport, trust_env=False, follow_redirects=False, timeout=_NO_TIMEOUT
        )
