"""Where a model's file can come from."""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from core.adapters.cutout.weights.catalog import Release
from core.adapters.http import Clients
from core.adapters.http.files import NOT_FETCHED, Target, Told

_log = logging.getLogger(__name__)
_STALL = 30.0  # seconds without a byte


class NoAnswer(Exception):
    """A source that does not give a file now."""


class Source(Protocol):
    async def bring(self, release: Release, part: Path, told: Told) -> None:
        """Fill `part`, or go on with what it holds; NoAnswer, OSError for the disk.

        Its bytes are still to be checked.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirror:
    """An address with `{file}` in it, for every model."""

    clients: Clients
    template: str
    stall: float = _STALL

    async def bring(self, release: Release, part: Path, told: Told) -> None:
        url = self.template.replace("{file}", release.file)
        target = Target(part=part, size=release.bytes, stall=self.stall)
        try:
            await self.clients.download_file(url, target, told)
        except NOT_FETCHED as error:
            host = self.template.partition("://")[2].partition("/")[0].rpartition("@")[2]
            _log.info("No %s from %s: %s", release.file, host, type(error).__name__)
            raise NoAnswer from error
