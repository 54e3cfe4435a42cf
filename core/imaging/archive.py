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
    size: int = -1  # bytes; looked up once when it is not given

    def __post_init__(self) -> None:
        if self.size < 0:
            source = self.source
            size = len(source) if isinstance(source, bytes) else source.stat().st_size
            object.__setattr__(self, "size", size)


class EntryLost(Exception):
    """The file of an entry cannot be read any more."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(entry.name)
        self.entry = entry


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

    most_likely = 1
    while most_likely < len(entries) and not over(most_likely):
        most_likely *= 2  # a part is small where there are many: not all the rest is looked at
    counts = range(1, min(most_likely, len(entries)) + 1)
    return bisect_left(counts, True, key=over)  # noqa: FBT003 - the key's


def write_archive(target: BinaryIO, entries: Iterable[Entry]) -> None:
    """Stream the entries to `target` in their order, one buffer of memory at a time.

    EntryLost for what is not there any more, OSError for the target.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for entry in entries:
            with _open(entry) as source, archive.open(_info(entry), "w") as inside:
                shutil.copyfileobj(source, inside, 2**18)


def _open(entry: Entry) -> BinaryIO:
    source = entry.source
    try:
        return io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")
    except OSError as error:
        raise EntryLost(entry) from error


def _info(entry: Entry) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(entry.name, _EPOCH)
    info.create_system = _UNIX
    info.external_attr = _MODE << 16
    info.file_size = entry.size
    return info
