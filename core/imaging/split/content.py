"""What lies inside the tiles: a chessboard has lines and gutters, too."""

import numpy as np
import numpy.typing as npt
from PIL import Image

from core.imaging.split.layout import Layout
from core.imaging.split.samples import Samples, distance, few

_PLAIN = 0.93  # of a tile has one colour
_NEAR = 9
_SMALL = 24
_ALIKE, _NOISE = 0.15, 2  # a share of the contrast, and levels
_MARGIN = 10  # of 64
_COARSE = 8
_UNEVEN = 11  # levels, what is left of a tile without its plane
_STEPS = np.linspace(-1, 1, _COARSE)
_PLANE = np.stack(
    [np.ones(_COARSE * _COARSE), np.repeat(_STEPS, _COARSE), np.tile(_STEPS, _COARSE)], axis=1
)
_PLANE /= np.linalg.norm(_PLANE, axis=0)  # an orthonormal basis of all planes


def mostly_plain(picture: Image.Image, layout: Layout) -> bool:
    """More than half of the tiles are of one colour: a wall, a table, a flag."""
    plain = sum(_is_plain(few(picture, box)) for box in layout.boxes)
    return 2 * plain > len(layout.boxes)


def _is_plain(pixels: Samples) -> bool:
    """Its middle alone: walls have joints, and subjects stand on plain grounds."""
    pixels = pixels[_MARGIN:-_MARGIN, _MARGIN:-_MARGIN]
    colour = np.median(pixels, axis=(0, 1)).astype(np.uint8)
    return bool((distance(pixels, colour) <= _NEAR).mean() >= _PLAIN)


def is_even(tile: Samples) -> bool:
    """Nothing but a colour that changes evenly, and a texture: a sky, a sea, a wall."""
    small = _shrunk(tile, _COARSE).reshape(_COARSE * _COARSE, -1)
    plane = _PLANE @ (_PLANE.T @ small)
    return float((small - plane).std(axis=0).max()) < _UNEVEN


def all_alike(lines: Samples, rows: int, columns: int) -> bool:
    """Every tile repeats the first, as a chessboard or a wallpaper does."""
    high, wide = lines.shape[0] // rows, lines.shape[1] // columns
    tiles = []
    for number in range(rows * columns):
        top, left = number // columns * high, number % columns * wide
        small = _shrunk(lines[top : top + high, left : left + wide], _SMALL)
        tiles.append(small - small.mean(axis=(0, 1)))
    first = tiles[0]
    most = _ALIKE * np.abs(first).mean() + _NOISE
    return all(np.abs(tile - first).mean() < most for tile in tiles)


def _shrunk(tile: Samples, side: int) -> npt.NDArray[np.float64]:
    picture = Image.fromarray(np.ascontiguousarray(tile.squeeze()))
    return np.asarray(picture.resize((side, side), Image.Resampling.BOX), dtype=np.float64)
