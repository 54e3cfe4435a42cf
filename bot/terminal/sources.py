"""What stands on the command line: files of this machine, or ids of kept images."""

import asyncio
import os
import re
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

from core.ids import ImageId
from core.models.tool import Brought, Kept, Source, ToolFailed, ToolFailureKind

FRONT_END = "terminal"
_ID = re.compile(r"[a-z2-7]{20}")


def source_of(text: str) -> Source:
    """A file wins over an id that is written alike."""
    if _ID.fullmatch(text) and not _exists(text):
        return Kept(image=ImageId(text))
    path = Path(text).absolute()
    return Brought(front_end=FRONT_END, reference=_reference(path), name=printable(path.name))


async def fetch_file(reference: str) -> Path:
    """The `Fetch` of the terminal: a file is read where it lies."""
    path = path_of(reference)
    if not await asyncio.to_thread(_exists, str(path)):
        raise ToolFailed(ToolFailureKind.MISSING)
    return path


def path_of(reference: str) -> Path:
    return Path(os.fsdecode(unquote_to_bytes(reference)))


def printable(text: str) -> str:
    """A name of bytes that are no UTF-8, as it can be shown and kept."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "ignore")


def _reference(path: Path) -> str:
    """Any name that a file can have, as text that can be kept."""
    return quote(os.fsencode(path))


def _exists(text: str) -> bool:
    try:
        return Path(text).exists()
    except (OSError, ValueError):
        return False
