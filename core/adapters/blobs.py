import asyncio
import errno
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from core.errors import StoreDamaged, StoreError, StoreFull, StoreUnwritable

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_STALE = 3600.0  # seconds after which a temporary file has no writer any more


class DiskBlobs:
    """Files `ab/<sha256>`: written to a temporary one, fsync, rename, fsync of the folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def put(self, data: bytes) -> str:
        return await asyncio.to_thread(self._put, data)

    async def get(self, sha256: str) -> bytes:
        return await asyncio.to_thread(self._get, sha256)

    async def drop(self, sha256: str) -> None:
        await asyncio.to_thread(self._drop, sha256)

    def path(self, sha256: str) -> Path:
        return self._root / sha256[:2] / sha256

    def free(self) -> int:
        return shutil.disk_usage(self._root).free

    def open(self) -> None:
        """Make the folder and sweep what a killed writer left there."""
        with _translated(self._root):
            self._root.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._root.mkdir(mode=0o700, exist_ok=True)
            with tempfile.TemporaryFile(dir=self._root):
                pass  # said now, before anything is paid
            for left in self._root.glob("*/.tmp-*"):
                with suppress(FileNotFoundError):  # another process has just finished it
                    if time.time() - left.stat().st_mtime > _STALE:
                        left.unlink()

    def _get(self, sha256: str) -> bytes:
        path = self.path(sha256)
        try:
            data = path.read_bytes()
        except OSError as error:
            raise StoreDamaged(path=path) from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise StoreDamaged(path=path)
        return data

    def _drop(self, sha256: str) -> None:
        path = self.path(sha256)
        with _translated(self._root), suppress(FileNotFoundError):
            path.unlink()
            _sync_folder(path.parent)

    def _put(self, data: bytes) -> str:
        sha256 = hashlib.sha256(data).hexdigest()
        path = self.path(sha256)
        with _translated(self._root):
            if path.exists() and path.stat().st_size == len(data):
                return sha256
            if not path.parent.exists():
                path.parent.mkdir(mode=0o700, exist_ok=True)
                _sync_folder(self._root)
            _write(path, data)
        return sha256


def _write(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=".tmp-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)  # noqa: PTH105 - mkstemp gives a text
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(path: Path) -> None:
    """Make a rename survive a power cut; Windows has no handle on folders and needs none."""
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _translated(root: Path) -> Iterator[None]:
    try:
        yield
    except StoreError:
        raise
    except OSError as error:
        if error.errno in _FULL:
            raise StoreFull from error
        raise StoreUnwritable(path=root) from error
