"""The archive that people read as "zip": stored, not deflated, and always the same bytes."""

import io
import shutil
import zipfile
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

ARCHIVE_LIMIT = 2**31 - 1  # bytes; beyond it the format needs extensions that not all can read
FILES_LIMIT = 2**16 - 2

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that the format can say
_UNIX = 3
_MODE = 0o100644
# Bytes beside name and content: before each file, in the list of files, after that list; and
# behind each file where the target cannot be gone back in.
_HEADER, _LISTED, _END, _STREAMED = 30, 46, 22, 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One file of an archive: its name inside, and its bytes or where they lie on disk."""

    name: str
    source: Path | bytes

    @property
    def size(self) -> int:
        """In bytes."""
        source = self.source
        return len(source) if isinstance(source, bytes) else source.stat().st_size


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The files of each part, in order; `refused` fit into no part, not even alone."""

    parts: tuple[tuple[Entry, ...], ...]
    refused: tuple[Entry, ...]


def archive_size(entries: Iterable[Entry], *, streamed: bool = False) -> int:
    """The exact bytes that `write_archive` will write; `streamed`: to a pipe or a socket."""
    each = _HEADER + _LISTED + (_STREAMED if streamed else 0)
    return _END + sum(each + 2 * len(entry.name.encode()) + entry.size for entry in entries)


def plan_parts(
    entries: Sequence[Entry],
    extra: Callable[[Sequence[Entry]], Sequence[Entry]],
    most_bytes: int | None = None,
) -> Parts:
    """As few parts as keep the order, each of at most so many bytes.

    `extra` gives what goes with some of the entries into their part: a manifest, a page. More
    entries must not make it smaller.
    """
    most = min(most_bytes or ARCHIVE_LIMIT, ARCHIVE_LIMIT)
    left, parts, refused = list(entries), [], []
    while left:
        count = _fitting(left, extra, most)
        if count:
            parts.append((*left[:count], *extra(left[:count])))
        else:
            refused.append(left[0])
        del left[: max(count, 1)]
    return Parts(parts=tuple(parts), refused=tuple(refused))


def part_names(name: str, count: int) -> list[str]:
    """`NAME.zip`, or `NAME-01.zip`, `NAME-02.zip` ... where one is not enough."""
    if count == 1:
        return [f"{name}.zip"]
    digits = max(2, len(str(count)))
    return [f"{name}-{number:0{digits}}.zip" for number in range(1, count + 1)]


def _fitting(
    entries: Sequence[Entry], extra: Callable[[Sequence[Entry]], Sequence[Entry]], most: int
) -> int:
    """How many of the first entries go into one part together."""

    def over(count: int) -> bool:
        part = [*entries[:count], *extra(entries[:count])]
        return len(part) > FILES_LIMIT or archive_size(part) > most

    return bisect_left(range(1, len(entries) + 1), True, key=over)  # noqa: FBT003 - the key's


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
    info.file_size = entry.size
    return info
