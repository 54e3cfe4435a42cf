from pathlib import Path
from typing import Protocol

from core.ids import JobId


class JobFolders(Protocol):
    """A folder for each job that makes files, kept until they are handed over, a day at most."""

    def make(self, job: JobId) -> Path:
        """StoreFull, StoreUnwritable."""

    def path(self, job: JobId) -> Path: ...

    def clear(self, job: JobId) -> None: ...
