"""Tiles that touch: where the picture jumps along a whole line, at regular places."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.imaging.split.content import all_alike, is_even
from core.imaging.split.samples import Samples
from core.models.grid import GRID_SIDE, Grid

Flags = npt.NDArray[np.bool_]
Levels = npt.NDArray[np.int16]

_STEP = 10  # levels, of the sum of two pixels
_CHUNKS = 60  # of a line: every number of tiles up to five divides it
_LINE = 0.3  # of a line is a jump: chance reaches 0.2 on both axes of no photo that was seen
_WEAK = 0.2  # enough for a line where the others are far beyond doubt
_SURE = 0.5
_STRIP = 0.45  # a strip has one axis to show; horizons and doors have whole lines, too
_DENIED = 0.1  # less than this of what is not flat jumps: the picture goes on there
_FLAT = 0.6
_FEW = 0.12  # of the places between two tiles may be denied: tiles can mirror each other
_RIVAL = 0.9  # no stripes, steps or lines of text
_PATTERN = 0.95
_NOTHING = 0.25
_BESIDE = 4  # lines on each side, without the nearest one, which compression blurs
_ALONG = 4  # samples of a line that a change is measured over
_ONE = 0.3  # as a correlation: what chance hardly reaches between two pictures
_MANY = 4  # tiles of a strip: so many regular lines are no horizon
_SIDES = range(1, GRID_SIDE + 1)
_LAYOUTS = [
    Grid(rows=rows, columns=columns) for rows in _SIDES for columns in _SIDES if rows * columns > 1
]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Jumps:
    """Of every boundary between two lines, along it: where it jumps, where there is nothing."""

    beaten: Flags
    flat: Flags
    shares: npt.NDArray[np.float64]

    def places(self, count: int) -> list[int]:
        """The boundaries between `count` tiles; a line more or less is allowed."""
        length = len(self.shares)
        middles = [round(length * number / count) for number in range(1, count)]
        return [place - 1 + int(self.shares[place - 1 : place + 2].argmax()) for place in middles]

    def at(self, count: int) -> list[float]:
        return [float(self.shares[place]) for place in self.places(count)]

    def denied(self, count: int, tiles: int) -> list[bool]:
        """Beside which tiles the picture simply goes on across the boundaries."""
        found = []
        for place in self.places(count):
            jumps = np.array_split(self.beaten[place], tiles)
            flats = np.array_split(self.flat[place], tiles)
            found += [
                bool(flat.mean() < _FLAT and jump.sum() < _DENIED * (~flat).sum())
                for jump, flat in zip(jumps, flats, strict=True)
            ]
        return found

    def rival(self, count: int) -> float:
        """The clearest other boundary, as a share of the faintest one between the tiles."""
        places = self.places(count)
        others = self.shares.copy()
        for place in places:
            others[max(place - 4, 0) : place + 5] = 0
        return float(others.max() / self.shares[places].min())


def find(lines: Samples) -> Grid | None:
    """The layout of a reduced picture whose tiles touch; None when it is not sure."""
    if min(lines.shape[:2]) < 8 * GRID_SIDE:
        return None
    down, across = _jumps(lines), _jumps(lines.swapaxes(0, 1))
    grid = _finest(down, across)
    if grid is None:
        return None
    denied = down.denied(grid.rows, grid.columns) + across.denied(grid.columns, grid.rows)
    if np.mean(denied) > _FEW or all_alike(lines, grid.rows, grid.columns):
        return None
    if grid.columns == 1:
        sure = _is_strip(lines, grid.rows, down, across)
    elif grid.rows == 1:
        sure = _is_strip(lines.swapaxes(0, 1), grid.columns, across, down)
    else:
        sure = min(down.rival(grid.rows), across.rival(grid.columns)) <= _PATTERN
    return grid if sure else None


def _finest(down: _Jumps, across: _Jumps) -> Grid | None:
    """The layout with the most tiles; None where another one contradicts it."""
    likely = [grid for grid in _LAYOUTS if _shows(grid, down, across)]
    if not likely:
        return None
    finest = max(likely, key=lambda grid: grid.rows * grid.columns)
    contradicted = any(finest.rows % grid.rows or finest.columns % grid.columns for grid in likely)
    finer = _finer(finest.rows, down) or _finer(finest.columns, across)
    return None if contradicted or finer else finest


def _is_strip(lines: Samples, count: int, along: _Jumps, other: _Jumps) -> bool:
    """Nothing on the other axis; and where few tiles could be a horizon, both sides are pictures.

    Skies, seas and walls change evenly, and much of a picture crosses any line inside it.
    """
    seen = max(float(np.mean(other.at(number))) for number in _SIDES[1:])
    if seen >= _NOTHING or along.rival(count) >= _RIVAL:
        return False
    places = along.places(count)
    return count >= _MANY or not (
        any(is_even(tile) for tile in np.split(lines, places))
        or any(_goes_on(lines, place) for place in places)
    )


def _jumps(lines: Samples) -> _Jumps:
    """A boundary jumps where the step across beats the change on both of its sides.

    Means of two lines: the boundary may lie inside a line, and compression blurs it.
    """
    steps = _steps(lines)
    sides = np.maximum(steps[:-4], steps[4:])
    beaten = np.zeros(lines.shape[:2], dtype=np.bool_)
    flat = np.ones(lines.shape[:2], dtype=np.bool_)
    inner = slice(4, 4 + len(sides))
    beaten[inner] = steps[2:-2] > sides + sides // 2 + _STEP
    flat[inner] = np.maximum(sides, steps[2:-2]) < _STEP
    return _Jumps(beaten=beaten, flat=flat, shares=beaten.mean(axis=1))


def _steps(lines: Samples) -> Levels:
    """From each pair of lines to the next but one, in the channel that changes most."""
    most = np.zeros((len(lines) - 3, lines.shape[1]), dtype=np.int16)
    for channel in range(lines.shape[2]):
        plane = np.ascontiguousarray(lines[:, :, channel], dtype=np.int16)
        pairs = plane[:-1] + plane[1:]
        np.maximum(most, np.abs(pairs[2:] - pairs[:-2]), out=most)
    return most


def _shows(grid: Grid, down: _Jumps, across: _Jumps) -> bool:
    found = down.at(grid.rows) + across.at(grid.columns)
    if min(grid.rows, grid.columns) == 1:
        return min(found) >= (_LINE if len(found) >= _MANY - 1 else _STRIP)
    return min(found) >= _LINE or (min(found) >= _WEAK and float(np.mean(found)) >= _SURE)


def _finer(count: int, jumps: _Jumps) -> bool:
    """Signs of twice as many tiles: rather none than too few."""
    if count == 1 or 2 * count > GRID_SIDE:
        return False
    return max(jumps.at(2 * count)[::2]) >= _SURE


def _goes_on(lines: Samples, place: int) -> bool:
    """What changes along the line changes on its other side, too: one picture, in two tones."""
    near = lines[place - _BESIDE : place + _BESIDE].mean(axis=2)
    above, below = near[: _BESIDE - 1].mean(axis=0), near[_BESIDE + 1 :].mean(axis=0)
    above, below = (side[_ALONG:] - side[:-_ALONG] for side in (above, below))
    alike = (above * below).mean() - above.mean() * below.mean()
    return bool(alike > _ONE * above.std() * below.std())
