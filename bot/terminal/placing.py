"""What a tool made, put where the person wants it: whole or not at all, nothing overwritten."""

import errno
import os
import shutil
from contextlib import suppress
from pathlib import Path

from core.errors import StoreFull, StoreUnwritable
from core.files.names import names
from core.ids import new_id

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def place(content: bytes | Path, folder: Path, name: str) -> Path:
    """Write bytes, or move a file, to the first free name; StoreFull, StoreUnwritable."""
    stem, _, ending = name.rpartition(".")
    temporary = folder / f".tmp-{new_id()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _fill(temporary, content)
        free = (folder / name for name in names(stem, ending))
        target = next(path for path in free if _linked(temporary, path))
    except OSError as error:
        raise StoreFull if error.errno in _FULL else StoreUnwritable(path=folder) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
    return target


def _fill(temporary: Path, content: bytes | Path) -> None:
    if isinstance(content, bytes):
        with temporary.open("xb") as file:
            file.write(content)
        return
    try:
        content.rename(temporary)
    except OSError:  # another file system
        shutil.copyfile(content, temporary)


def _linked(temporary: Path, target: Path) -> bool:
    """Give the file its name in one step, unless something lies there."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        return False
    except (OSError, NotImplementedError):
        return _copied(temporary, target)
    return True


def _copied(temporary: Path, target: Path) -> bool:
    """Where the file system knows no links."""
    try:
        with target.open("xb") as file, temporary.open("rb") as source:
            shutil.copyfileobj(source, file)
    except FileExistsError:
        return False
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return True
