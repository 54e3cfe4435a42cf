"""Fetching a large file to the disk: resumed where it was cut, given up when it stalls."""

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urljoin

import httpx

from core.adapters.http.addresses import AddressRefused
from core.adapters.http.download import TooLarge, Unfetchable

# What `fetch_file` raises when this address does not give the file, whatever the reason.
NOT_FETCHED = (AddressRefused, TooLarge, Unfetchable, httpx.HTTPError, httpx.InvalidURL)

_REDIRECTS = 5
_REDIRECT = (301, 302, 303, 307, 308)
_WHOLE, _PIECE, _BEYOND = 200, 206, 416
_PAGES = ("text/html", "application/xhtml+xml", "application/json", "application/xml", "text/xml")
_CONNECT = 15.0  # seconds


class Told(Protocol):
    async def __call__(self, here: int) -> None:
        """Of the file's bytes, `here` are on the disk."""


class _BadRange(Unfetchable):
    """The server's idea of where we stand is not ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """`part` grows to `size` bytes; beside it stands which version of whose file it is a piece of.

    `stall`: seconds without a byte after which a server is given up.
    """

    part: Path
    size: int
    stall: float

    @property
    def here(self) -> int:
        """Bytes that are on the disk."""
        return self.part.stat().st_size if self.part.exists() else 0

    def forget(self) -> None:
        with suppress(IsADirectoryError, PermissionError):
            self.part.unlink(missing_ok=True)
        self.complete()

    def complete(self) -> None:
        """Nothing is left to go on with."""
        self._origin.unlink(missing_ok=True)

    def tag(self, url: str) -> str | None:
        """The strong ETag under which this address gave what is here."""
        if not self._origin.exists():
            return None
        origin, _, tag = self._origin.read_text("utf-8").partition("\n")
        return tag if origin == url and tag else None

    def remember(self, url: str, tag: str) -> None:
        """A weak ETag promises nothing of the bytes."""
        strong = tag if tag.startswith('"') else ""
        self._origin.write_text(f"{url}\n{strong}", "utf-8")

    @property
    def _origin(self) -> Path:
        return self.part.with_name(f"{self.part.name}.etag")


async def fetch_file(client: httpx.AsyncClient, url: str, target: Target, told: Told) -> None:
    """Ends when the part holds all the bytes; what they are worth, the caller's checksum says.

    NOT_FETCHED; OSError for the disk. A line that is cut leaves what had come.
    """
    if target.here > target.size:
        target.forget()
    if target.here == target.size:
        return
    try:
        await _follow(client, url, target, told, since=target.here)
    except _BadRange:  # asked for the whole, it may still know better
        await _follow(client, url, target, told, since=0)


async def _follow(
    client: httpx.AsyncClient, url: str, target: Target, told: Told, *, since: int
) -> None:
    """Through its redirects, each of which the guard looks at."""
    headers = {"accept": "*/*", "accept-encoding": "identity"}
    if since:
        headers["range"] = f"bytes={since}-"
        if tag := target.tag(url):
            headers["if-range"] = tag
    hop = url
    for _ in range(_REDIRECTS + 1):
        if httpx.URL(hop).scheme not in ("https", "http"):
            raise AddressRefused
        timeout = httpx.Timeout(None, connect=_CONNECT, read=target.stall)
        async with client.stream("GET", hop, headers=headers, timeout=timeout) as reply:
            if reply.status_code not in _REDIRECT or "location" not in reply.headers:
                start = _start(reply, since, target.size)
                await _append(reply, url, target, told, start)
                return
            hop = urljoin(hop, reply.headers["location"])
    raise Unfetchable(_REDIRECT[0])


def _start(reply: httpx.Response, since: int, size: int) -> int:
    """Where in the file the body begins; Unfetchable or TooLarge when it is no part of it."""
    status = reply.status_code
    if since and (status == _BEYOND or (status == _PIECE and not _continues(reply, since, size))):
        raise _BadRange(status)
    if status != _WHOLE and not (since and status == _PIECE):
        raise Unfetchable(status)
    coding = reply.headers.get("content-encoding") or "identity"
    kind = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
    if coding.lower() != "identity" or kind in _PAGES:
        raise Unfetchable(status)
    start = since if status == _PIECE else 0
    declared = reply.headers.get("content-length", "")
    if declared.isdigit() and start + int(declared) != size:
        raise TooLarge if start + int(declared) > size else Unfetchable(status)
    return start


def _continues(reply: httpx.Response, since: int, size: int) -> bool:
    pattern = r"bytes (\d{1,15})-\d{1,15}/(\d{1,15}|\*)"
    match = re.fullmatch(pattern, reply.headers.get("content-range", ""), re.IGNORECASE)
    return match is not None and int(match[1]) == since and match[2] in ("*", str(size))


async def _append(reply: httpx.Response, url: str, target: Target, told: Told, start: int) -> None:
    """Cancelled, the file is closed only after the thread that writes to it."""
    here = start
    try:
        with target.part.open("ab") as file:
            file.truncate(start)
            target.remember(url, reply.headers.get("etag", ""))
            async for chunk in reply.aiter_raw():
                here += len(chunk)
                if here > target.size:
                    break
                await asyncio.to_thread(file.write, chunk)
                await told(here)
    except OSError:
        target.forget()  # a full disk is not kept full
        raise
    if here != target.size:  # a body that ended well, but of another file
        target.forget()
        raise TooLarge if here > target.size else Unfetchable(reply.status_code)
    target.complete()
