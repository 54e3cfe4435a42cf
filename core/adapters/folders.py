import errno
import shutil
import time
from contextlib import suppress
from pathlib import Path

from core.errors import StoreFull, StoreUnwritable
from core.ids import JobId

_STALE = 86_400.0  # seconds


class DiskFolders:
    """`data/jobs/ID/`: where archives lie until they have been handed over."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def make(self, job: JobId) -> Path:
        path = self.path(job)
        try:
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            raise StoreFull if full else StoreUnwritable(path=path) from error
        return path

    def path(self, job: JobId) -> Path:
        return self._root / job

    def clear(self, job: JobId) -> None:
        shutil.rmtree(self.path(job), ignore_errors=True)

    def sweep(self) -> None:
        """Drop what nobody came for."""
        with suppress(FileNotFoundError):
            for path in self._root.iterdir():
                if time.time() - path.stat().st_mtime > _STALE:
                    shutil.rmtree(path, ignore_errors=True)
