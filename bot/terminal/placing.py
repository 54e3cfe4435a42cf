"""What a tool made, put where the person wants it: whole or not at all, nothing overwritten."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from core.errors import StoreFull, StoreUnwritable
from core.files.names import names
from core.ids import new_id

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def place(content: bytes | Path, folder: Path, name: str) -> Path:
    """Write bytes, or a copy of a file, to the first free name; StoreFull, StoreUnwritable.

    A file on the same disk only gets one more name, at no cost.
    """
    stem, _, ending = name.rpartition(".")
    free = (folder / name for name in names(stem, ending))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if isinstance(content, Path):
            with suppress(OSError, NotImplementedError):  # another disk, or one without links
                return next(path for path in free if _linked(content, path))
        return _written(content, folder, free)
    except OSError as error:
        raise StoreFull if error.errno in _FULL else StoreUnwritable(path=folder) from error


def _written(content: bytes | Path, folder: Path, free: Iterator[Path]) -> Path:
    temporary = folder / f".tmp-{new_id()}"
    try:
        with temporary.open("xb") as file:
            if isinstance(content, bytes):
                file.write(content)
            else:
                with content.open("rb") as source:
                    shutil.copyfileobj(source, file, 2**18)
        return next(path for path in free if _named(temporary, path))
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _named(temporary: Path, target: Path) -> bool:
    """Give the whole file its name, unless something lies there; also where nobody knows links."""
    try:
        return _linked(temporary, target)
    except (OSError, NotImplementedError):
        return _claimed(temporary, target)


def _linked(source: Path, target: Path) -> bool:
    try:
        os.link(source, target)
    except FileExistsError:
        return False
    return True


def _claimed(temporary: Path, target: Path) -> bool:
    try:
        target.open("xb").close()
    except FileExistsError:
        return False
    temporary.replace(target)
    return True
