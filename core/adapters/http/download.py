"""Fetching a picture that a provider names: guarded redirects, a cap of bytes."""

import asyncio
from urllib.parse import urljoin

import httpx

from core.adapters.http.addresses import AddressRefused

_LARGE = 2**19  # bytes; from there on a body counts
_REDIRECTS = 5
_REDIRECT = (301, 302, 303, 307, 308)


class TooLarge(Exception):
    """A reply passes the cap of bytes."""


class Unfetchable(Exception):
    """The server answered, but with no file: `status`, or an encoding that was not asked for."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


async def fetch(
    client: httpx.AsyncClient, url: str, *, limit: int, bodies: asyncio.Semaphore
) -> bytes:
    """AddressRefused, TooLarge, Unfetchable or httpx's own errors say why nothing came.

    The client carries no key: a result lies on another host, and needs none.
    """
    for _ in range(_REDIRECTS + 1):
        answer = await _once(client, url, limit, bodies)
        if isinstance(answer, bytes):
            return answer
        url = answer
    raise Unfetchable(_REDIRECT[0])


async def _once(
    client: httpx.AsyncClient, url: str, limit: int, bodies: asyncio.Semaphore
) -> bytes | str:
    """The body, or where the server sends us on to."""
    if httpx.URL(url).scheme not in ("https", "http"):
        raise AddressRefused
    headers = {"accept": "image/*", "accept-encoding": "identity"}
    async with client.stream("GET", url, headers=headers) as reply:
        if reply.status_code in _REDIRECT and "location" in reply.headers:
            return urljoin(url, reply.headers["location"])
        if not reply.is_success:
            raise Unfetchable(reply.status_code)
        slot = Slot(bodies)
        try:
            return await read_capped(reply, limit, slot)
        finally:
            slot.free()


class Slot:
    """One of the few places for large bodies; small ones, however slow they drip, need none."""

    def __init__(self, bodies: asyncio.Semaphore) -> None:
        self._bodies = bodies
        self._held = False

    async def hold(self) -> None:
        if not self._held:
            await self._bodies.acquire()
            self._held = True

    def free(self) -> None:
        if self._held:
            self._held = False
            self._bodies.release()


async def read_capped(reply: httpx.Response, limit: int, slot: Slot) -> bytes:
    """The whole body as it came, given up as soon as it is known to pass the limit."""
    coding = reply.headers.get("content-encoding") or "identity"  # some stores send it empty
    if coding.lower() != "identity":
        raise Unfetchable(reply.status_code)  # asked for none: an attempt to blow it up
    declared = reply.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        raise TooLarge
    chunks: list[bytes] = []
    size = 0
    async for chunk in reply.aiter_raw():
        size += len(chunk)
        if size > limit:
            raise TooLarge
        if size > _LARGE:
            await slot.hold()
        chunks.append(chunk)
    return b"".join(chunks)
