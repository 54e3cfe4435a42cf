"""A skyline: rows of buildings with lit windows."""

import numpy as np

from core.imaging.demo.colour import blend, mix, plane, smoothstep, times
from core.imaging.demo.noise import Floats
from core.imaging.demo.terrain import Light

_STONE = (0.42, 0.45, 0.52)


def paint_city(
    canvas: Floats, base: float, light: Light, lit: float, rng: np.random.Generator
) -> None:
    """Paint three rows of buildings standing at row `base` (fraction of the height).

    `lit` is the share of windows with a lamp behind them, 0..1.
    """
    centre = float(rng.uniform(0.3, 0.7))
    _paint_dome(canvas, base, centre, lit)
    for row in range(3):
        _paint_row(canvas, base, row, centre, light, lit, rng)


def _paint_dome(canvas: Floats, base: float, centre: float, lit: float) -> None:
    """The warm dome of light that a city throws on the air above it."""
    _, height, width = canvas.shape
    y = (np.linspace(0, 1, height, dtype=np.float32)[:, None] - np.float32(base)) * 2.6
    x = (np.linspace(0, 1, width, dtype=np.float32)[None, :] - np.float32(centre)) * 1.7
    dome = np.exp(-(x * x) - y * y * 1.8) * np.float32(0.50 * lit)
    blend(canvas, plane((0.86, 0.62, 0.50)), dome)


def _paint_row(  # noqa: PLR0913, PLR0917 - a painter's full outfit, private
    canvas: Floats,
    base: float,
    row: int,
    centre: float,
    light: Light,
    lit: float,
    rng: np.random.Generator,
) -> None:
    _, height, width = canvas.shape
    tops, starts, ends = _buildings(height, width, base, row, centre, rng)
    foot = int(np.clip(base * height + 1, 2, height))
    top = int(np.clip(tops.min(), 0, foot - 1))
    y = np.arange(top, foot, dtype=np.float32)[:, None]
    alpha = np.clip(y - tops + 0.5, 0, 1).astype(np.float32)
    across = np.linspace(0, 1, width, dtype=np.float32)
    part = (np.arange(width) - starts) / np.maximum(ends - starts, 1)
    facing = part if light.sun_x > float(across.mean()) else 1 - part
    wall = plane(times(_STONE, light.shade)) + plane(times(_STONE, light.light)) * (
        np.float32(0.42) * (facing.astype(np.float32) > 0.62)  # noqa: PLR2004 - the lit face
        + np.float32(0.10)
    )
    paint = np.broadcast_to(wall, (3, *alpha.shape)).copy()
    lamps = _windows(y, starts, ends, height, row, lit, rng)
    warm = plane(mix((1.0, 0.80, 0.46), (0.80, 0.90, 1.0), float(rng.uniform(0, 0.35))))
    haze = (0.50, 0.26, 0.06)[row]
    depth = smoothstep(0.0, 1.0, (y - top) / max(foot - top, 1))
    blend(paint, light.haze_at(base), haze + (1 - haze) * np.float32(0.30) * depth)
    blend(paint, warm, lamps * np.float32(0.35 + 0.22 * row))
    blend(canvas[:, top:foot], paint, alpha)


def _buildings(
    height: int, width: int, base: float, row: int, centre: float, rng: np.random.Generator
) -> tuple[Floats, Floats, Floats]:
    """For each column: the roof's row, and the first and last column of its building."""
    tops = np.full(width, base * height, dtype=np.float32)
    starts, ends = np.zeros(width, np.float32), np.full(width, width, np.float32)
    x = -rng.uniform(0, 0.03) * height
    while x < width:
        broad = height * rng.uniform(0.025, 0.07) * (0.8 + 0.25 * row)
        left, right = int(max(x, 0)), int(min(x + broad, width))
        x += broad * rng.uniform(0.92, 1.25)
        if right <= left:
            continue
        middle = (left + right) / 2 / width
        tall = 0.10 + 0.30 * np.exp(-(((middle - centre) * 3.2) ** 2))
        tall *= rng.uniform(0.35, 1.15) * (1.0, 0.85, 0.52)[row]
        tops[left:right] = (base - tall) * height
        starts[left:right], ends[left:right] = left, right
        step = int((right - left) * rng.uniform(0.15, 0.3))
        if tall > 0.14 and step > 0:  # noqa: PLR2004 - only towers step back and carry a mast
            tops[left + step : right - step] -= tall * height * rng.uniform(0.04, 0.16)
            mast = int((left + right) / 2)
            tops[mast : mast + max(height // 500, 1)] -= tall * height * rng.uniform(0.0, 0.3)
    return tops, starts, ends


def _windows(  # noqa: PLR0913, PLR0917 - the grid and its lamps; private
    y: Floats,
    starts: Floats,
    ends: Floats,
    height: int,
    row: int,
    lit: float,
    rng: np.random.Generator,
) -> Floats:
    """Lamp light per pixel, 0..1: a window grid, random cells of it lit."""
    pitch = max(height * (0.0052 + 0.0012 * row), 3.0)
    x = np.arange(len(starts), dtype=np.float32)
    column, line = (x - starts) / pitch, y / (pitch * 1.35)
    inside_x = ((column % 1) > 0.32) & (x < ends - pitch * 0.4)  # noqa: PLR2004 - wall between
    inside_y = (line % 1) > 0.45  # noqa: PLR2004 - floors between windows
    table = rng.random((211, 223), dtype=np.float32)
    cell_x = (column.astype(np.int32) + (starts * 7).astype(np.int32)) % 223
    lamp = table[line.astype(np.int32) % 211, cell_x]
    level = np.clip((lamp - (1 - 0.55 * lit)) * 5, 0, 1)
    return np.asarray(level * inside_x * inside_y, dtype=np.float32)
