"""Transports that dial only what `Addresses` allows, and exactly the address that was checked."""

import asyncio
import socket
import ssl
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx
from typing_extensions import override

from core.adapters.http import belt
from core.adapters.http.addresses import Addresses, AddressRefused
from core.adapters.http.streams import connect

_IDLE = 16  # connections kept open; the pool looks at every one of them for every request
_IDLE_FOR = 15.0  # seconds; a router forgets what is silent, and would swallow the next request


class _Dialler(httpcore.AnyIOBackend):
    """Dials what was checked: an answer of `_Guard`, or the operator's proxy."""

    @override
    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        with belt.checked():
            return await connect(host, port, timeout)

    @override
    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        raise AddressRefused


class _Guard(_Dialler):
    """Every new connection passes here, those of a redirect included."""

    def __init__(self, addresses: Addresses) -> None:
        self._addresses = addresses

    @override
    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        answers = await _resolved(host, port, timeout)
        self._addresses.check_answers(host, port, answers)
        failure: Exception = httpcore.ConnectError("no address")
        for answer in answers:
            try:
                return await super().connect_tcp(
                    answer, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure


class GuardedTransport(httpx.AsyncHTTPTransport):
    """httpx's own transport over a guarded pool; TLS still verifies the name of the URL."""

    def __init__(self, addresses: Addresses, proxy: str | None = None) -> None:
        context = ssl.create_default_context(cafile=_certificates())
        super().__init__(verify=context, trust_env=False)
        self._addresses = addresses
        pool: dict[str, Any] = {
            "ssl_context": context,
            "max_connections": None,
            "max_keepalive_connections": _IDLE,
            "keepalive_expiry": _IDLE_FOR,
        }
        if proxy is None:
            backend = _Guard(addresses)
            self._pool = httpcore.AsyncConnectionPool(network_backend=backend, **pool)
        else:
            # The proxy resolves names itself, so only what stands in the URL can be checked.
            via = httpx.Proxy(proxy)
            self._pool = httpcore.AsyncHTTPProxy(
                str(via.url), proxy_auth=via.raw_auth, network_backend=_Dialler(), **pool
            )

    @override
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        port = url.port or (443 if url.scheme == "https" else 80)
        self._addresses.check_url(url.scheme, url.raw_host.decode(), port)
        return await super().handle_async_request(request)


async def _resolved(host: str, port: int, within: float | None) -> list[str]:
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(within):
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except TimeoutError as error:
        raise httpcore.ConnectTimeout from error
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(str(error)) from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _certificates() -> str:
    import certifi

    return certifi.where()
