"""Cutting a grid of pictures into its tiles."""

from dataclasses import dataclass

from core.imaging.formats import Picture, opened
from core.imaging.pixels import turned
from core.imaging.split.detect import detect, fit
from core.imaging.split.layout import LEAST_SIDE
from core.imaging.split.tiles import cut, lossless_format
from core.models.grid import Grid
from core.models.tool import ToolFailed, ToolFailureKind

__all__ = ["LEAST_SIDE", "Tiles", "find_grid", "split"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiles:
    """A picture cut up: encoded tiles in reading order, as `png` or `webp`.

    Upright, pixel for pixel the picture's own, with its ICC profile and no other metadata.
    """

    grid: Grid
    format: str
    tiles: tuple[bytes, ...]


def find_grid(picture: Picture) -> Grid | None:
    """The grid of an upright picture; None for a single picture, and when not sure."""
    layout = detect(picture)
    return None if layout is None else layout.grid


def split(data: bytes, grid: Grid | None = None) -> Tiles | None:
    """Cut by `grid`, or by what is found; None when there is no grid, or not surely.

    BadImage for what is no picture; ToolFailed (too small) where a tile would have a side
    under 48 pixels.
    """
    with opened(data) as picture:
        upright = turned(picture, picture)
        layout = detect(upright) if grid is None else fit(upright, grid)
        if layout is None:
            return None
        if layout.least_side >= LEAST_SIDE:
            format_ = lossless_format(data)
            return Tiles(grid=layout.grid, format=format_, tiles=cut(upright, layout, format_))
    raise ToolFailed(ToolFailureKind.TOO_SMALL)
