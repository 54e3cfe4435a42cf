"""The models of the cut-out on this disk, fetched from the first source that answers."""

import asyncio
import logging
import math
import stat
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout
from typing_extensions import override

from core.adapters.cutout.memory import total
from core.adapters.cutout.models import LEAN
from core.adapters.cutout.weights.catalog import RELEASES, SMALL, Release
from core.adapters.cutout.weights.shelf import Shelf, sha256_of
from core.adapters.cutout.weights.sources import NoAnswer, Source
from core.errors import NoWeights, StoreError, UnknownWeights, WrongWeights
from core.models.attempt import Progress
from core.models.tool import ToolFailed, ToolFailureKind
from core.ports.tools import Report, Weights, WeightsNote

_log = logging.getLogger(__name__)
_POLL = 0.2  # seconds between two looks whether another fetch has ended
_TELL = 0.1  # seconds between two reports
_AGAIN = 3600.0  # seconds until a better model that could not be had is asked for again
_SILENCE = 60.0  # seconds after which sources that all failed are asked again
_ROOM = 3  # times the better model's size has to be free
_MEMORY = 1536 * 2**20  # bytes; below it the better model does not fit beside the bot


class DiskWeights(Weights):
    """`sources` are tried in this order; `reserve` bytes stay free on the disk.

    `better` is preferred once it is here, and is what `upgrade` fetches; empty: the small one is
    all there is. UnknownWeights when it is no model of the list. Sources that all failed are asked
    again after `silence` seconds: fifty pictures need not wait for each of them fifty times.
    """

    def __init__(
        self,
        folder: Path,
        sources: Sequence[Source],
        *,
        better: str,
        reserve: int = 0,
        silence: float = _SILENCE,
    ) -> None:
        self._shelf = Shelf(folder)
        self._sources = sources
        self._better = _release(better) if better else None
        self._reserve = reserve
        self._silence = silence
        self._not_before = 0.0  # on the monotonic clock
        self._silent: dict[str, float] = {}  # until when no source is asked for it again

    @override
    def notes(self) -> Sequence[WeightsNote]:
        """A file that somebody put there is read whole, once; `look` does it off the loop."""
        preferred = self.preferred()
        return [self._note(release, preferred) for release in RELEASES]

    async def look(self) -> None:
        """Check files that were put there by hand, in a thread."""
        await asyncio.to_thread(self.notes)

    @override
    async def fetch(self, name: str, report: Report) -> Path:
        release = _release(name)
        if path := await asyncio.to_thread(self._shelf.find, release):
            return path
        if time.monotonic() < self._silent.get(name, 0):
            raise await asyncio.to_thread(self._none, release)
        with self._shelf.writing():
            async with self._alone(release, report):
                if path := await asyncio.to_thread(self._shelf.find, release):
                    return path
                if path := await self._fetched(release, _Telling(release, report)):
                    return path
        self._silent[name] = time.monotonic() + self._silence
        raise await asyncio.to_thread(self._none, release)

    @override
    async def install(self, file: Path, *, trust: bool) -> WeightsNote:
        return await asyncio.to_thread(self._installed, file, trust=trust)

    async def upgrade(self, report: Report) -> None:
        """Fetch the better model where it fits; says nothing when it cannot.

        Cheap to call often: it never runs twice at the same time, nor within an hour.
        """
        release = self._better
        if release is None or time.monotonic() < self._not_before:
            return
        self._not_before, again = math.inf, 0.0
        try:
            if await asyncio.to_thread(self._fits, release):
                await self.fetch(release.name, report)
            again = time.monotonic() + _AGAIN
        except (NoWeights, StoreError) as error:
            _log.info("No %s for now: %s", release.name, type(error).__name__)
            again = time.monotonic() + _AGAIN
        finally:
            self._not_before = again

    def _none(self, release: Release) -> NoWeights:
        folder = self._shelf.folder
        found = None
        with suppress(OSError):
            found = f"sha256:{sha256_of(folder / release.file)}"
        return NoWeights(file=release.file, checksum=release.checksum, folder=folder, found=found)

    def preferred(self) -> str:
        """What is used when nobody names one."""
        better = self._better
        return better.name if better and self._shelf.find(better) else SMALL

    def _note(self, release: Release, preferred: str) -> WeightsNote:
        return WeightsNote(
            name=release.name,
            engine="lean" if release.name in LEAN else "rembg",
            file=release.file,
            bytes=release.bytes,
            checksum=release.checksum,
            licence=release.licence,
            path=self._shelf.find(release),
            preferred=release.name == preferred,
        )

    def _fits(self, release: Release) -> bool:
        """Nothing is begun in the background that would crowd the machine."""
        if self._shelf.find(release):
            return False
        memory = total()
        if memory is not None and memory < _MEMORY:
            _log.info("Too little memory for %s", release.name)
            return False
        with self._shelf.writing():
            self._shelf.check_room(_ROOM * release.bytes + self._reserve)
        return True

    async def _fetched(self, release: Release, telling: "_Telling") -> Path | None:
        part = self._shelf.part(release)
        here = part.stat().st_size if part.exists() else 0
        self._shelf.check_room(release.bytes - here + self._reserve)
        await telling(here)
        for source in self._sources:
            try:
                if path := await self._from(source, release, telling):
                    return path
            except NoAnswer:
                continue
        return None

    async def _from(self, source: Source, release: Release, telling: "_Telling") -> Path | None:
        """A piece that another source began may be what was wrong: then once more, all of it."""
        part = self._shelf.part(release)
        for begun in (part.exists(), False):
            await source.bring(release, part, telling)
            if path := await asyncio.to_thread(self._shelf.accept, release):
                return path
            _log.info("A wrong %s was given", release.file)
            if not begun:
                break
        return None

    @asynccontextmanager
    async def _alone(self, release: Release, report: Report) -> AsyncIterator[None]:
        """One fetch of a file at a time, in whatever process; the others see how far it is."""
        lock = FileLock(self._shelf.lock(release), thread_local=False)
        part = self._shelf.part(release)
        while True:
            try:
                lock.acquire(blocking=False)
                break
            except Timeout:
                here = part.stat().st_size if part.exists() else 0
                await report(Progress(loading=release.name, share=min(1, here / release.bytes)))
                await asyncio.sleep(_POLL)
        try:
            yield
        finally:
            lock.release()

    def _installed(self, file: Path, *, trust: bool) -> WeightsNote:
        sha256 = _sum(file)
        released = next((each for each in RELEASES if each.sha256 == sha256), None)
        if released is None and not trust:
            raise WrongWeights(path=file, checksum=f"sha256:{sha256}")
        release = released or _release(file.stem)
        with self._shelf.writing():
            place = self._shelf.folder / release.file
            if not (place.exists() and place.samefile(file)):
                self._shelf.check_room(file.stat().st_size + self._reserve)
                if not self._shelf.copy(file, release, sha256):
                    raise ToolFailed(ToolFailureKind.UNREADABLE, str(file))
            if not released:
                self._shelf.trust(release, sha256)
        return self._note(release, self.preferred())


class _Telling:
    """Passes on how much is here, not more often than a person could see."""

    def __init__(self, release: Release, report: Report) -> None:
        self._release = release
        self._report = report
        self._at = -math.inf

    async def __call__(self, here: int) -> None:
        now = time.monotonic()
        if now - self._at < _TELL and here < self._release.bytes:
            return
        self._at = now
        share = min(1.0, here / self._release.bytes)
        await self._report(Progress(loading=self._release.name, share=share))


def _release(name: str) -> Release:
    """By its name, or by its file's name without the ending."""
    for release in RELEASES:
        if name in (release.name, release.file.removesuffix(".onnx")):
            return release
    raise UnknownWeights(name=name, known=tuple(release.name for release in RELEASES))


def _sum(file: Path) -> str:
    """ToolFailed for what cannot be read, or never ends."""
    try:
        found = file.stat()
        if stat.S_ISDIR(found.st_mode):
            raise ToolFailed(ToolFailureKind.FOLDER, str(file))
        if not stat.S_ISREG(found.st_mode):
            raise ToolFailed(ToolFailureKind.UNREADABLE, str(file))
        if not found.st_size:
            raise ToolFailed(ToolFailureKind.EMPTY, str(file))
        return sha256_of(file)
    except FileNotFoundError:
        raise ToolFailed(ToolFailureKind.MISSING, str(file)) from None
    except OSError:
        raise ToolFailed(ToolFailureKind.UNREADABLE, str(file)) from None
