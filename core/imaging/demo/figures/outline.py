"""Outlines of figures: closed curves in units where the figure is about 1 high, y downwards."""

import math
from collections.abc import Sequence
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]
Outline: TypeAlias = tuple[Point, ...]


def curve(path: str) -> Outline:
    """A smooth closed curve through the points of "x,y x,y ..." (Catmull-Rom)."""
    pairs = (pair.split(",") for pair in path.split())
    return rounded([(float(x), float(y)) for x, y in pairs])


def rounded(points: Sequence[Point], steps: int = 8) -> Outline:
    """A smooth closed curve through the points (Catmull-Rom)."""
    count = len(points)
    out: list[Point] = []
    for i in range(count):
        before, start, end, after = (points[(i + k) % count] for k in (-1, 0, 1, 2))
        for step in range(steps):
            t = step / steps
            x = _spline(before[0], start[0], end[0], after[0], t)
            out.append((x, _spline(before[1], start[1], end[1], after[1], t)))
    return tuple(out)


def _spline(before: float, start: float, end: float, after: float, t: float) -> float:
    return 0.5 * (
        2 * start
        + (end - before) * t
        + (2 * before - 5 * start + 4 * end - after) * t * t
        + (3 * start - before - 3 * end + after) * t**3
    )


def ellipse(x: float, y: float, wide: float, tall: float, turn: float = 0.0) -> Outline:
    """An ellipse by its centre and radii, turned by `turn` radians."""
    cos, sin = math.cos(turn), math.sin(turn)
    out = []
    for step in range(48):
        angle = step / 48 * math.tau
        across, down = wide * math.cos(angle), tall * math.sin(angle)
        out.append((x + across * cos - down * sin, y + across * sin + down * cos))
    return tuple(out)


def slab(left: float, top: float, right: float, bottom: float, corner: float) -> Outline:
    """A rectangle with round corners."""
    out: list[Point] = []
    corners = (
        (right - corner, bottom - corner, 0.0),
        (left + corner, bottom - corner, 0.25),
        (left + corner, top + corner, 0.5),
        (right - corner, top + corner, 0.75),
    )
    for x, y, start in corners:
        for step in range(9):
            angle = (start + step / 32) * math.tau
            out.append((x + corner * math.cos(angle), y + corner * math.sin(angle)))
    return tuple(out)


def tube(path: Sequence[Point], widths: Sequence[float]) -> Outline:
    """A limb along `path` with the given half-widths, its ends round."""
    left: list[Point] = []
    right: list[Point] = []
    last = len(path) - 1
    for i, (x, y) in enumerate(path):
        ahead, behind = path[min(i + 1, last)], path[max(i - 1, 0)]
        angle = math.atan2(ahead[1] - behind[1], ahead[0] - behind[0])
        across, down = -math.sin(angle) * widths[i], math.cos(angle) * widths[i]
        left.append((x + across, y + down))
        right.append((x - across, y - down))
    return rounded([*left, *reversed(right)])


def mirrored(outline: Outline, axis: float = 0.5) -> Outline:
    return tuple((2 * axis - x, y) for x, y in outline)


def arc(
    x: float, y: float, wide: float, tall: float, start: float, end: float
) -> tuple[Point, ...]:
    """Points along part of an ellipse, angles in turns."""
    points = []
    for step in range(25):
        angle = (start + (end - start) * step / 24) * math.tau
        points.append((x + wide * math.cos(angle), y + tall * math.sin(angle)))
    return tuple(points)
