"""From a picture to its layout, or to nothing when it is not sure."""

from collections.abc import Sequence

from PIL import Image

from core.imaging.split import gutters, seams
from core.imaging.split.content import mostly_plain
from core.imaging.split.gutters import Ground
from core.imaging.split.layout import LEAST_SIDE, Layout
from core.imaging.split.samples import column_lines, eight_bits, reduced, row_lines
from core.models.grid import Grid


def detect(picture: Image.Image) -> Layout | None:
    """The layout of an upright picture; None for a single picture, and when not sure."""
    if min(picture.size) < LEAST_SIDE or max(picture.size) < 2 * LEAST_SIDE:
        return None
    picture = eight_bits(picture)
    grounds = gutters.grounds((row_lines(picture), column_lines(picture)))
    layout = max(gutters.layouts(grounds), key=_tiles, default=None)
    if layout is None or layout.is_strip:  # plain ground in a tile may pass for a gutter
        touching = _touching(picture, grounds)
        layout = max(filter(None, (layout, touching)), key=_tiles, default=None)
    if layout is None or layout.least_side < LEAST_SIDE or mostly_plain(picture, layout):
        return None
    return layout


def fit(picture: Image.Image, grid: Grid) -> Layout:
    """A grid that is known: along its gutters where the picture has them, else even tiles."""
    even = Layout.even(grid, (0, picture.height), (0, picture.width))
    if even.least_side < LEAST_SIDE:
        return even
    picture = eight_bits(picture)
    grounds = gutters.grounds((row_lines(picture), column_lines(picture)))
    fitting = [
        layout
        for layout in gutters.layouts(grounds, (grid.rows, grid.columns))
        if layout.grid == grid
    ]
    if fitting:
        return fitting[0]
    seen = _touching(picture, grounds)
    return seen if seen is not None and seen.grid == grid else even


def _touching(picture: Image.Image, grounds: Sequence[Ground]) -> Layout | None:
    """Tiles without gutters, in the whole picture or in what a frame leaves of it."""
    whole = ((0, picture.height), (0, picture.width))
    for rows, columns in dict.fromkeys((whole, *gutters.frames(grounds))):
        grid = seams.find(reduced(picture, (columns[0], rows[0], columns[1], rows[1])))
        if grid is not None:
            return Layout.even(grid, rows, columns)
    return None


def _tiles(layout: Layout) -> int:
    return len(layout.rows) * len(layout.columns)
