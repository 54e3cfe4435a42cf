"""The archive that people read as "zip": stored, not deflated, and always the same bytes."""

import io
import shutil
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that the format can say
_UNIX = 3
_MODE = 0o100644


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One file of an archive: its name inside, and its bytes or where they lie on disk."""

    name: str
    source: Path | bytes


def write_archive(target: BinaryIO, entries: Iterable[Entry]) -> None:
    """Stream the entries to `target` in their order, one buffer of memory at a time."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for entry in entries:
            with _open(entry.source) as source, archive.open(_info(entry), "w") as inside:
                shutil.copyfileobj(source, inside, 2**18)


def _open(source: Path | bytes) -> BinaryIO:
    return io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")


def _info(entry: Entry) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(entry.name, _EPOCH)
    info.create_system = _UNIX
    info.external_attr = _MODE << 16
    source = entry.source
    info.file_size = len(source) if isinstance(source, bytes) else source.stat().st_size
    return info
