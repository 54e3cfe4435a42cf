"""What stands on the command line: files of this machine, or ids of kept images."""

import asyncio
import re
from pathlib import Path

from core.ids import ImageId
from core.models.tool import Brought, Kept, Source, ToolFailed, ToolFailureKind

FRONT_END = "terminal"
_ID = re.compile(r"[a-z2-7]{20}")


def source_of(text: str) -> Source:
    """A file wins over an id that is written alike."""
    if _ID.fullmatch(text) and not _exists(text):
        return Kept(image=ImageId(text))
    path = Path(text).absolute()
    return Brought(front_end=FRONT_END, reference=str(path), name=path.name)


async def fetch_file(reference: str) -> Path:
    """The `Fetch` of the terminal: a file is read where it lies."""
    path = Path(reference)
    if not await asyncio.to_thread(_exists, reference):
        raise ToolFailed(ToolFailureKind.MISSING)
    return path


def _exists(text: str) -> bool:
    try:
        return Path(text).exists()
    except (OSError, ValueError):
        return False
