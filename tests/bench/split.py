"""Split against what no program can leave out: `python -m tests.bench.split` measures it alone."""

import io
import statistics
import sys
import time
from collections.abc import Callable, Iterator

from PIL import Image

from core.imaging.demo import grid
from core.imaging.split import split
from tests.bench.figures import Figure, print_figures

_SIDE = 2048
_ROUNDS = 9


def splitting() -> Iterator[Figure]:
    buffer = io.BytesIO()
    grid("a red fox", seed=7, width=_SIDE, height=_SIDE).save(buffer, "PNG", compress_level=1)
    data = buffer.getvalue()
    found = split(data)
    if found is None or str(found.grid) != "2x2":
        raise RuntimeError("the grid is not seen")
    ratios = []
    for _ in range(_ROUNDS):
        bare = _timed(lambda: _bare(data))
        ratios.append(_timed(lambda: split(data)) / bare)
    yield Figure(
        what=f"split of {_SIDE} x {_SIDE}, over bare Pillow: decode, crop, save of the same tiles",
        value=statistics.median(ratios),
        goal=1.15,
        unit="x",
    )


def _bare(data: bytes) -> None:
    half = _SIDE // 2
    with Image.open(io.BytesIO(data)) as picture:
        picture.load()
        for top in (0, half):
            for left in (0, half):
                tile = picture.crop((left, top, left + half, top + half))
                tile.save(io.BytesIO(), "PNG", compress_level=1)


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(0 if print_figures(splitting()) else 1)
