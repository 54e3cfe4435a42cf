"""How many made grids are found, and how many single pictures are taken for one.

`python -m tests.bench.grids [NUMBER ...]`: the numbers make other tiles, 0 and 1 if none is given.
"""

import io
import sys
import time
from collections import Counter
from statistics import median

from PIL import Image
from rich.console import Console
from rich.table import Table

from core.imaging.split import find_grid
from tests.core.imaging.split.grids import CODECS, COLUMNS, ROWS, cases, encoded
from tests.core.imaging.split.singles import singles


def main() -> None:
    numbers = [int(number) for number in sys.argv[1:]] or [0, 1]
    console = Console()
    console.print(_grids(numbers))
    taken = [
        (name, codec, str(grid))
        for name, picture in singles(6)
        for codec in CODECS
        if (grid := find_grid(Image.open(io.BytesIO(encoded(picture, codec)))))
    ]
    total = sum(len(CODECS) for _ in singles(6))
    console.print(f"single pictures taken for a grid: {len(taken)} of {total}", *taken, sep="\n  ")


def _grids(numbers: list[int]) -> Table:
    found: Counter[tuple[str, str]] = Counter()
    tried: Counter[tuple[str, str]] = Counter()
    wrong: Counter[str] = Counter()
    times = []
    for case in cases(numbers):
        picture = Image.open(io.BytesIO(case.data()))
        picture.load()
        start = time.perf_counter()
        grid = find_grid(picture)
        times.append(time.perf_counter() - start)
        tried[case.row, case.column] += 1
        found[case.row, case.column] += grid == case.grid
        wrong[case.row] += grid not in (None, case.grid)
    title = f"grids found; {1000 * median(times):.0f} ms each, {1000 * max(times):.0f} at most"
    table = Table("", *COLUMNS, "all", "taken for another", title=title)
    for row in ROWS:
        counts = [(found[row, column], tried[row, column]) for column in COLUMNS]
        counts.append((sum(one for one, _ in counts), sum(all_ for _, all_ in counts)))
        table.add_row(row, *(f"{one}/{all_}" for one, all_ in counts), str(wrong[row]))
    return table


if __name__ == "__main__":
    main()
