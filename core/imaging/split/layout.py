"""Where the tiles of a picture lie."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Self

from core.models.grid import Grid

LEAST_SIDE = 48  # pixels; a smaller tile is of no use to anybody

Span = tuple[int, int]  # first pixel, and the one after the last


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Every row crossed with every column is a tile; what lies between them is no tile's."""

    rows: tuple[Span, ...]
    columns: tuple[Span, ...]

    @classmethod
    def even(cls, grid: Grid, rows: Span, columns: Span) -> Self:
        """Tiles that touch: every pixel of the area lands in exactly one of them."""
        return cls(rows=_cut(rows, grid.rows), columns=_cut(columns, grid.columns))

    @property
    def grid(self) -> Grid:
        return Grid(rows=len(self.rows), columns=len(self.columns))

    @property
    def is_strip(self) -> bool:
        return 1 in (len(self.rows), len(self.columns))

    @property
    def least_side(self) -> int:
        return min(stop - start for start, stop in (*self.rows, *self.columns))

    @property
    def boxes(self) -> list[tuple[int, int, int, int]]:
        """Left, top, right, bottom of each tile, in reading order."""
        return [
            (left, top, right, bottom) for top, bottom in self.rows for left, right in self.columns
        ]


def _cut(span: Span, count: int) -> tuple[Span, ...]:
    start, length = span[0], span[1] - span[0]
    edges = [start + round(length * number / count) for number in range(count + 1)]
    return tuple(pairwise(edges))
