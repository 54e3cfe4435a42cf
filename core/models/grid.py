import re
from dataclasses import dataclass
from typing import Self

from typing_extensions import override

GRID_SIDE = 5  # most rows, and most columns, of a grid that is cut


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Rows by columns, as people write it: 2x2."""

    rows: int
    columns: int

    @classmethod
    def read(cls, text: str) -> Self:
        """ValueError for what is no grid, one of a single tile, or beyond 5x5."""
        match = re.fullmatch(r"\s*(\d)\s*[x×*]\s*(\d)\s*", text, re.IGNORECASE)
        if match is None:
            raise ValueError(text)
        rows, columns = int(match[1]), int(match[2])
        sides = range(1, GRID_SIDE + 1)
        if rows not in sides or columns not in sides or rows * columns == 1:
            raise ValueError(text)
        return cls(rows=rows, columns=columns)

    @override
    def __str__(self) -> str:
        return f"{self.rows}x{self.columns}"
