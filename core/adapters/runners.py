import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from core.errors import AlreadyRunning, StoreUnwritable
from core.ids import RunnerId, new_id

_STALE = 3600.0  # seconds; a younger file may belong to a process about to lock it


@contextmanager
def only_one(data: Path) -> Iterator[None]:
    """Hold the one place of a bot over this data folder; AlreadyRunning when it is taken.

    The kernel frees the lock of a killed process; the file itself stays, as a third process might
    hold one that was swept.
    """
    lock = FileLock(data / "run.lock", thread_local=False)
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock.acquire(blocking=False)
    except Timeout:
        raise AlreadyRunning(path=data) from None
    except OSError as error:
        raise StoreUnwritable(path=data) from error
    try:
        yield
    finally:
        lock.release()


class LockedRunners:
    """One locked file for each living process; the kernel frees the lock of a killed one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: FileLock | None = None

    def hold(self) -> RunnerId:
        me = RunnerId(new_id())
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._sweep()
            self._held = self._lock(me)
            self._held.acquire()
        except OSError as error:
            raise StoreUnwritable(path=self._folder) from error
        return me

    def dead(self, runner: RunnerId) -> bool:
        lock = self._lock(runner)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            return False
        self._drop(lock)
        return True

    def release(self) -> None:
        if self._held:
            self._drop(self._held)
            self._held = None

    def _sweep(self) -> None:
        for path in self._folder.glob("*.lock"):
            with suppress(FileNotFoundError):  # another process has just swept it
                if time.time() - path.stat().st_mtime > _STALE:
                    self.dead(RunnerId(path.stem))

    def _lock(self, runner: RunnerId) -> FileLock:
        return FileLock(self._folder / f"{runner}.lock", thread_local=False)

    @staticmethod
    def _drop(lock: FileLock) -> None:
        Path(lock.lock_file).unlink(missing_ok=True)
        lock.release()
