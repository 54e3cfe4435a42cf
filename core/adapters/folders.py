import asyncio
import errno
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from core.errors import StoreFull, StoreUnwritable
from core.ids import JobId, new_id

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_STALE = 86_400.0  # seconds
_SWEEP_EVERY = 3600.0
_SPOOL = ".spool"


class DiskFolders:
    """`data/jobs/ID/`: where archives lie until they have been handed over."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def renew(self, job: JobId) -> None:
        self.clear(job)
        with self._translated():
            (self._root / job / _SPOOL).mkdir(mode=0o700, parents=True)

    def spool(self, job: JobId, data: bytes) -> Path:
        path = self._root / job / _SPOOL / new_id()
        with self._translated():
            path.write_bytes(data)
        return path

    def unspool(self, job: JobId) -> None:
        shutil.rmtree(self._root / job / _SPOOL, ignore_errors=True)

    @contextmanager
    def writing(self, job: JobId, name: str) -> Iterator[BinaryIO]:
        path = self.path(job, name)
        temporary = path.with_name(f".tmp-{new_id()}")
        with self._translated():
            try:
                with temporary.open("xb") as target:
                    yield target
                    target.flush()
                    os.fsync(target.fileno())
                temporary.replace(path)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise

    def path(self, job: JobId, name: str) -> Path:
        return self._root / job / name

    def clear(self, job: JobId) -> None:
        shutil.rmtree(self._root / job, ignore_errors=True)

    async def keep_swept(self) -> None:
        """Drop what nobody came for, for as long as this process lives."""
        while True:
            await asyncio.to_thread(self._sweep)
            await asyncio.sleep(_SWEEP_EVERY)

    def _sweep(self) -> None:
        with suppress(FileNotFoundError):
            for path in self._root.iterdir():
                if time.time() - path.stat().st_mtime > _STALE:
                    shutil.rmtree(path, ignore_errors=True)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if error.errno in _FULL:
                raise StoreFull from error
            raise StoreUnwritable(path=self._root) from error
