"""asyncio's own streams under httpcore: a picture comes in a few large reads, not in many."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpcore
from typing_extensions import override

_READ = 2**18  # bytes; asyncio's transports read that much at once


async def connect(address: str, port: int, within: float | None) -> httpcore.AsyncNetworkStream:
    """Dial a literal address; ConnectError, ConnectTimeout."""
    with _translated(httpcore.ConnectTimeout, httpcore.ConnectError):
        async with asyncio.timeout(within):
            return _Stream(*await asyncio.open_connection(address, port, limit=4 * _READ))


class _Stream(httpcore.AsyncNetworkStream):
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @override
    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        with _translated(httpcore.ReadTimeout, httpcore.ReadError):
            async with asyncio.timeout(timeout):
                return await self._reader.read(max(max_bytes, _READ))

    @override
    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        with _translated(httpcore.WriteTimeout, httpcore.WriteError):
            async with asyncio.timeout(timeout):
                self._writer.write(buffer)
                await self._writer.drain()

    @override
    async def aclose(self) -> None:
        """At once: a server that says no goodbye would hold a polite end for half a minute."""
        self._writer.transport.abort()
        await asyncio.sleep(0)

    @override
    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        with _translated(httpcore.ConnectTimeout, httpcore.ConnectError):
            async with asyncio.timeout(timeout):
                await self._writer.start_tls(ssl_context, server_hostname=server_hostname)
        return self

    @override
    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":  # asked of idle connections: hung up, reset, or talking unasked?
            lost = self._reader.at_eof() or self._reader.exception() is not None
            return lost or bool(self._reader._buffer)  # type: ignore[attr-defined]  # noqa: SLF001
        return self._writer.get_extra_info(info)


@contextmanager
def _translated(late: type[Exception], broken: type[Exception]) -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise late(str(error)) from error
    except OSError as error:
        raise broken(str(error)) from error
