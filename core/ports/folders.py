from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO, Protocol

from core.ids import JobId


class JobFolders(Protocol):
    """A folder for each job that makes files, kept until they are handed over, a day at most.

    What cannot be written raises StoreFull or StoreUnwritable.
    """

    def renew(self, job: JobId) -> None:
        """An empty one, whatever an earlier run has left there."""

    def spool(self, job: JobId, data: bytes) -> Path:
        """Bytes out of memory, until `unspool`."""

    def unspool(self, job: JobId) -> None: ...

    def writing(self, job: JobId, name: str) -> AbstractContextManager[BinaryIO]:
        """A file that is there as a whole, safe on disk, after the block; or not at all."""

    def path(self, job: JobId, name: str) -> Path: ...

    def clear(self, job: JobId) -> None: ...
