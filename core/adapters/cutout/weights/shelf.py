"""The folder of the weights: what lies there is used only when its bytes are right."""

import errno
import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from typing_extensions import override

from core.adapters.cutout.weights.catalog import Release
from core.errors import StoreError, StoreFull, StoreUnwritable

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A file's sum, and by what it is known to be still the same file."""

    size: int
    changed: int  # nanoseconds
    sha256: str

    @classmethod
    def read(cls, path: Path) -> Self | None:
        try:
            size, changed, sha256 = path.read_text("utf-8").split()
            return cls(size=int(size), changed=int(changed), sha256=sha256)
        except (OSError, ValueError):
            return None

    @override
    def __str__(self) -> str:
        return f"{self.size} {self.changed} {self.sha256}\n"


class Shelf:
    """Files under their release names.

    One that somebody put there is read when it is first seen; a small file beside it keeps the
    sum, so that a later start need not read it again.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._seen: dict[str, _Seen] = {}

    def part(self, release: Release) -> Path:
        return self.folder / f".{release.file}.part"

    def lock(self, release: Release) -> Path:
        return self.folder / f".{release.file}.lock"

    def find(self, release: Release) -> Path | None:
        """Where it lies, as it was released or as a person said to trust it."""
        path = self.folder / release.file
        try:
            found = path.stat()
            trusted = self._trusted(release)
            if not stat.S_ISREG(found.st_mode) or (
                found.st_size != release.bytes and trusted is None
            ):
                return None
            return path if self._sum(path, found) in (release.sha256, trusted) else None
        except OSError:
            return None

    def trust(self, release: Release, sha256: str) -> None:
        """By its sum: whatever else comes to lie under that name is not trusted with it."""
        _write(self._beside(release.file, "trusted"), sha256)

    def accept(self, release: Release) -> Path | None:
        """The whole part moves in; one with another sum is deleted."""
        part = self.part(release)
        if sha256_of(part) != release.sha256:
            part.unlink(missing_ok=True)
            return None
        return self._put(part, release, release.sha256)

    def copy(self, file: Path, release: Release, sha256: str) -> bool:
        """False when the file is no longer what was summed."""
        handle, name = tempfile.mkstemp(prefix=".tmp-", dir=self.folder)
        try:
            with os.fdopen(handle, "wb") as copy, file.open("rb") as original:
                shutil.copyfileobj(original, copy, 2**20)
            if sha256_of(Path(name)) != sha256:
                return False
            self._put(Path(name), release, sha256)
        finally:
            Path(name).unlink(missing_ok=True)
        return True

    def check_room(self, need: int) -> None:
        if shutil.disk_usage(self.folder).free < need:
            raise StoreFull

    @contextmanager
    def writing(self) -> Iterator[None]:
        """The folder is there; what the disk refuses inside becomes a StoreError."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            yield
        except StoreError:
            raise
        except OSError as error:
            if error.errno in _FULL:
                raise StoreFull from error
            raise StoreUnwritable(path=self.folder) from error

    def _put(self, file: Path, release: Release, sha256: str) -> Path:
        path = self.folder / release.file
        _sync(file)
        if self.find(release) is None:
            _step_aside(path)
        file.replace(path)
        _sync(self.folder)
        self._remember(path, path.stat(), sha256)
        return path

    def _trusted(self, release: Release) -> str | None:
        try:
            return self._beside(release.file, "trusted").read_text("utf-8").strip() or None
        except (OSError, UnicodeDecodeError):
            return None

    def _sum(self, path: Path, found: os.stat_result) -> str:
        seen = self._seen.get(path.name) or _Seen.read(self._beside(path.name, "seen"))
        if seen and (seen.size, seen.changed) == (found.st_size, found.st_mtime_ns):
            self._seen[path.name] = seen
            return seen.sha256
        sha256 = sha256_of(path)
        if path.stat().st_mtime_ns == found.st_mtime_ns:  # else it is still being written
            self._remember(path, found, sha256)
        return sha256

    def _remember(self, path: Path, found: os.stat_result, sha256: str) -> None:
        seen = _Seen(size=found.st_size, changed=found.st_mtime_ns, sha256=sha256)
        self._seen[path.name] = seen
        with suppress(OSError):  # a folder that may only be read serves as well
            _write(self._beside(path.name, "seen"), str(seen))

    def _beside(self, file: str, what: str) -> Path:
        return self.folder / f".{file}.{what}"


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _step_aside(path: Path) -> None:
    """A wrong file of the person's is not ours to delete."""
    if not path.exists() and not path.is_symlink():
        return
    number = 1
    while (aside := path.with_name(f"{path.name}.wrong-{number}")).exists():
        number += 1
    path.rename(aside)


def _write(path: Path, text: str) -> None:
    """Whole or not at all: another process may be reading it."""
    handle, name = tempfile.mkstemp(prefix=".tmp-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def _sync(path: Path) -> None:
    """Make it survive a power cut; Windows has no handle on folders and needs none."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
