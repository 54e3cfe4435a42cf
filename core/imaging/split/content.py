"""What lies inside the tiles: a chessboard has lines and gutters, too."""

import numpy as np
from PIL import Image

from core.imaging.split.layout import Layout
from core.imaging.split.samples import Samples, distance, few

_PLAIN = 0.93  # of a tile has one colour
_NEAR = 9
_SMALL = (24, 24)
_ALIKE, _NOISE = 0.15, 2  # a share of the contrast, and levels
_MARGIN = 10  # of 64


def mostly_plain(picture: Image.Image, layout: Layout) -> bool:
    """More than half of the tiles are of one colour: a wall, a table, a flag."""
    plain = sum(_is_plain(few(picture, box)) for box in layout.boxes)
    return 2 * plain > len(layout.boxes)


def _is_plain(pixels: Samples) -> bool:
    """Its middle alone: walls have joints, and subjects stand on plain grounds."""
    pixels = pixels[_MARGIN:-_MARGIN, _MARGIN:-_MARGIN]
    colour = np.median(pixels, axis=(0, 1)).astype(np.uint8)
    return bool((distance(pixels, colour) <= _NEAR).mean() >= _PLAIN)


def all_alike(lines: Samples, rows: int, columns: int) -> bool:
    """Every tile repeats the first, as a chessboard or a wallpaper does."""
    high, wide = lines.shape[0] // rows, lines.shape[1] // columns
    tiles = []
    for number in range(rows * columns):
        top, left = number // columns * high, number % columns * wide
        tile = Image.fromarray(
            np.ascontiguousarray(lines[top : top + high, left : left + wide].squeeze())
        )
        small = np.asarray(tile.resize(_SMALL, Image.Resampling.BOX), dtype=np.float64)
        tiles.append(small - small.mean(axis=(0, 1)))
    first = tiles[0]
    most = _ALIKE * np.abs(first).mean() + _NOISE
    return all(np.abs(tile - first).mean() < most for tile in tiles)


def _image(pixels: Samples) -> Image.Image:
    return Image.fromarray(
        np.ascontiguousarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels)
    )
