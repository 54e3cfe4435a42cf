"""Zip and contact sheet: `python -m tests.bench.files` measures these alone."""

import hashlib
import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from core.imaging.archive import Entry, write_archive
from core.imaging.demo import landscape
from tests.bench.figures import Figure, print_figures

_ROUNDS = 7
_FILES, _BYTES = 40, 1_500_000
_BUFFER = 2**18
_SIDE, _TILES = 1024, 8
# In a process of its own, as a peak never goes down again: seconds by round, then MiB.
_SHEET = """
import sys, time
from pathlib import Path
from core.imaging.formats import encode_png, thumbnail
from core.imaging.sheet import Sheet, Tile, draw_sheet, tile_box

pictures = [path.read_bytes() for path in sorted(Path(sys.argv[1]).iterdir())]

def sheet():
    box = tile_box(len(pictures))
    tiles = tuple(
        Tile(title=f"demo/{number}", lines=("种子 7, kept", "1.2 s"), image=thumbnail(data, box))
        for number, data in enumerate(pictures)
    )
    header = "雪中的红狐 🦊, a red fox in the snow " * 9
    encode_png(draw_sheet(Sheet(header=header, footer="x", tiles=tiles)))

for _ in range(int(sys.argv[2])):
    started = time.perf_counter()
    sheet()
    print(time.perf_counter() - started)
# Not `ru_maxrss`: that counts what the parent had when it started this process.
[peak] = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]
print(int(peak.split()[1]) / 1024)
"""


def files() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        yield from _zip(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        yield from _sheet(Path(folder))


def _zip(folder: Path) -> Iterator[Figure]:
    entries = []
    for number in range(_FILES):
        path = folder / str(number)
        path.write_bytes(os.urandom(_BYTES))
        entries.append(Entry(name=f"images/{number}.png", source=path))
    target = folder / "out"
    ratios = []
    for _ in range(_ROUNDS):
        plain = _timed(_copy, target, entries)
        ratios.append(_timed(_archive, target, entries) / plain)
    yield Figure(
        what=f"zip {_FILES} images, over copying them with CRC-32, sha256 and fsync",
        value=statistics.median(ratios),
        goal=1.2,
        unit="x",
    )
    tracemalloc.start()
    _archive(target, entries)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    yield Figure(what="its extra memory", value=peak / 2**20, goal=16, unit="MiB")


def _sheet(folder: Path) -> Iterator[Figure]:
    for number in range(_TILES):
        (folder / str(number)).write_bytes(_painting(number))
    done = subprocess.run(
        [sys.executable, "-c", _SHEET, str(folder), str(_ROUNDS)],
        check=True,
        capture_output=True,
        text=True,
    )
    *seconds, peak = map(float, done.stdout.split())
    yield Figure(
        what=f"contact sheet of {_TILES} images {_SIDE} x {_SIDE}, decoded, drawn and encoded",
        value=statistics.median(seconds),
        goal=0.5,
        unit="s",
    )
    yield Figure(what="its process at its largest", value=peak, goal=120, unit="MiB")


def _painting(number: int) -> bytes:
    """A PNG as providers write them, at the usual level."""
    buffer = io.BytesIO()
    image = landscape("a red fox in the snow", seed=number, width=_SIDE, height=_SIDE)
    image.save(buffer, "PNG")
    return buffer.getvalue()


def _timed(
    work: Callable[[Path, Sequence[Entry]], None], target: Path, entries: Sequence[Entry]
) -> float:
    started = time.perf_counter()
    work(target, entries)
    return time.perf_counter() - started


def _archive(target: Path, entries: Sequence[Entry]) -> None:
    """As the product does: written, then safe on disk."""
    with target.open("wb") as out:
        write_archive(out, entries)
        out.flush()
        os.fsync(out.fileno())


def _copy(target: Path, entries: Sequence[Entry]) -> None:
    checksum, digest = 0, hashlib.sha256()
    with target.open("wb") as out:
        for entry in entries:
            assert isinstance(entry.source, Path)
            with entry.source.open("rb") as source:
                while block := source.read(_BUFFER):
                    checksum = zlib.crc32(block, checksum)
                    digest.update(block)
                    out.write(block)
        out.flush()
        os.fsync(out.fileno())


if __name__ == "__main__":
    sys.exit(0 if print_figures(files()) else 1)
