"""Gutters and frames: lines of one colour all along, at regular places."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

import numpy as np
import numpy.typing as npt

from core.imaging.split.layout import LEAST_SIDE, Layout, Span
from core.imaging.split.samples import Samples, distance
from core.models.grid import GRID_SIDE

Shares = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_NEAR = (5, 12, 28)  # levels of a channel: lossless, compressed, strongly compressed
_COLOURS = 4
_REACH = 0.02  # of the picture, that a frame may move its gutters by
_SIDES = range(1, GRID_SIDE + 1)
_PARTS = sorted({number / count for count in _SIDES for number in range(count + 1)})
_BINS = 16 ** np.arange(4)
_MOSTLY, _LESS = 0.93, 0.8  # of a gutter's line; of one whose crossing ones were already found
_SHARP, _SOFT = 0.5, 0.3  # of the lines beside gutters that must have another colour
_ALL_SHARP = 0.4
_THIN = 12  # lines
_LEAST = 2  # lines of a strip's gutters: one alone may be a blurred edge
_LABEL = 0.5  # of a line through words has the ground's colour
_LABEL_HEIGHT = 0.1  # of the picture
_FRAME = 0.15  # of the picture, one side of a frame
_WIDEST = 0.35  # of a tile
_INSIDE = 2  # lines that blurred edges take, in a picture that was made smaller


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """How far a picture is from one colour, along its rows and its columns; what is near."""

    rows: Samples
    columns: Samples
    near: int

    @property
    def shares(self) -> tuple[Shares, Shares]:
        """Of every row and of every column, how much is near."""
        near = self.near
        return (self.rows <= near).mean(axis=1), (self.columns <= near).mean(axis=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Axis:
    """The tiles along one axis, and how sharply they end against the ground.

    `edges` is the mean share of their outermost lines that is not of the ground's colour;
    an object on a plain ground has low ones, as only its tips touch them.
    """

    spans: tuple[Span, ...]
    edges: float
    weakest: float = 1.0  # the same of the one edge where it is lowest

    @property
    def alone(self) -> bool:
        """Good enough for a strip, which has no second axis to confirm it."""
        gaps = [after[0] - before[1] for before, after in pairwise(self.spans)]
        return self.weakest >= _ALL_SHARP and min(gaps) >= _LEAST


def grounds(axes: tuple[Samples, Samples]) -> list[Ground]:
    """One for each colour of whole lines, the most frequent first, and for each tolerance."""
    found: list[Ground] = []
    for colour in islice(_colours(axes), _COLOURS):
        rows, columns = (distance(lines, colour) for lines in axes)
        found += [Ground(rows=rows, columns=columns, near=near) for near in _NEAR]
    return found


def layouts(found: Sequence[Ground], counts: tuple[int, int] | None = None) -> Iterator[Layout]:
    """What the gutters of each ground make of the picture; of `counts` rows and columns alone."""
    wanted = counts or (None, None)
    for ground in found:
        shares = ground.shares
        rows, columns = (
            _sharp(_regular(one, _MOSTLY, count), _SHARP)
            for one, count in zip(shares, wanted, strict=True)
        )
        if rows is None and columns is None:
            continue
        rows = rows or _other(shares[0], wanted[0])
        columns = columns or _other(shares[1], wanted[1])
        if rows is None or columns is None:
            continue
        strip = rows if len(columns.spans) == 1 else columns if len(rows.spans) == 1 else None
        if strip is None or counts or strip.alone:
            layout = Layout(rows=rows.spans, columns=columns.spans)
            if counts or not (_divided(ground, layout) or _vague(ground, layout)):
                yield layout


def frames(found: Sequence[Ground]) -> list[tuple[Span, Span]]:
    """What frames leave of the rows and of the columns, each once."""
    return list(
        dict.fromkeys((_framed(ground.shares[0]), _framed(ground.shares[1])) for ground in found)
    )


def _other(shares: Shares, count: int | None) -> _Axis | None:
    """The axis without sharp gutters: with less clear ones, or none."""
    axis = _sharp(_regular(shares, _LESS, count), _SOFT)
    if axis is None and count in {None, 1}:
        axis = _Axis(spans=(_framed(shares),), edges=1.0)
    return axis


def _sharp(axes: Iterator[_Axis], least: float) -> _Axis | None:
    return next((axis for axis in axes if axis.edges >= least), None)


def _regular(shares: Shares, mostly: float, count: int | None) -> Iterator[_Axis]:
    """Equal tiles with the ground between them, the most first."""
    runs = _runs(shares >= mostly)
    both = (runs, _over_labels(runs, shares))
    for number in range(GRID_SIDE, 1, -1) if count is None else range(count, 1, -GRID_SIDE):
        found = [
            _axis(spans, shares)
            for gaps in both
            for area in _areas(gaps, len(shares))
            if (spans := _tiles(gaps, area, number))
        ]
        yield from sorted(found, key=lambda axis: -axis.edges)


def _areas(runs: Sequence[Span], length: int) -> list[Span]:
    """Where the tiles may begin and end, without a frame and with it, the smallest first."""
    starts = {0, *(stop for start, stop in runs if start == 0 and stop < length)}
    stops = {length, *(start for start, stop in runs if stop == length and start > 0)}
    areas = [(start, stop) for start in starts for stop in stops]
    return sorted(areas, key=lambda area: area[1] - area[0])


def _framed(shares: Shares) -> Span:
    """What a frame leaves: the whole length where there is none."""
    last = len(shares)
    start, stop = 0, last
    for first, end in _runs(shares >= _MOSTLY):
        if first == 0 and end < _FRAME * last and 1 - shares[end + _INSIDE] >= _SHARP:
            start = end
        if (
            end == last
            and first > (1 - _FRAME) * last
            and 1 - shares[first - 1 - _INSIDE] >= _SHARP
        ):
            stop = first
    return start, stop


def _tiles(runs: Sequence[Span], area: Span, count: int) -> tuple[Span, ...]:
    """Tiles of one size between gutters of one width; nothing where one is missing."""
    length = area[1] - area[0]
    inner = [run for run in runs if area[0] < run[0] and run[1] < area[1]]
    gaps = [_nearest(inner, area[0] + length * number / count) for number in range(1, count)]
    if not inner:
        return ()
    gutter = min(stop - start for start, stop in gaps)
    tile = (length - (count - 1) * gutter) / count
    if tile < LEAST_SIDE / 2 or gutter > _WIDEST * tile:
        return ()
    uneven = max(2.0, 0.01 * tile)
    edges = [area[0]]
    for number, (start, stop) in enumerate(gaps, 1):
        ideal = area[0] + number * (tile + gutter) - gutter
        if start > ideal + uneven or stop < ideal + gutter - uneven:
            return ()
        if stop - start > gutter + 2 * uneven:  # ground that belongs to a tile beside it
            edges += [round(ideal), round(ideal) + gutter]
        else:
            edges += [start, stop]
    edges.append(area[1])
    return tuple(zip(edges[::2], edges[1::2], strict=True))


def _nearest(runs: Sequence[Span], place: float) -> Span:
    return min(runs, key=lambda run: abs(run[0] + run[1] - 2 * place), default=(0, 0))


def _colours(axes: Sequence[Samples]) -> Iterator[Samples]:
    """The colours of whole lines where gutters and frames lie: the flattest, then the commonest.

    A sky at night has many lines that are almost of one colour, a strip has one flat gutter.
    """
    found = [flat for lines in axes for flat in _flat_colours(lines)]
    while found:
        flattest = min(near for near, _ in found)
        places = [place for near, place in found if near == flattest]
        bins = [np.unique(_bins(place)) for place in places]
        values, counts = np.unique(np.concatenate(bins), return_counts=True)
        most = values[counts.argmax()]
        colours = np.concatenate([place[_bins(place) == most] for place in places])
        colour = np.median(colours, axis=0).astype(np.uint8)
        yield colour
        found = [(near, place[distance(place, colour) > _NEAR[1]]) for near, place in found]
        found = [(near, place) for near, place in found if len(place)]


def _bins(colours: Samples) -> npt.NDArray[np.int64]:
    binned: npt.NDArray[np.int64] = (colours >> 4).astype(np.int64) @ _BINS[: colours.shape[1]]
    return binned


def _flat_colours(lines: Samples) -> Iterator[tuple[int, Samples]]:
    """The colours of the lines that have one, and how nearly they have only that one.

    By places that a regular grid could be cut at.
    """
    length = len(lines)
    reach = max(round(length * _REACH), 8)
    few = lines[:, :: max(lines.shape[1] // 32, 1)]
    for part in _PARTS:
        middle = round(length * part)
        place = few[max(middle - reach, 0) : middle + reach]
        colours = np.median(place, axis=1).astype(np.uint8)
        apart = distance(place, colours[:, np.newaxis])
        seen = np.zeros(len(place), dtype=np.bool_)
        for near in _NEAR:
            flat = ((apart <= near).mean(axis=1) >= _MOSTLY) & ~seen
            seen |= flat
            if flat.any():
                yield near, colours[flat]


def _runs(mask: npt.NDArray[np.bool_]) -> list[Span]:
    edges = np.flatnonzero(np.diff(mask, prepend=False, append=False))
    return [(int(start), int(stop)) for start, stop in zip(edges[::2], edges[1::2], strict=True)]


def _over_labels(runs: Sequence[Span], shares: Shares) -> list[Span]:
    """Words beside the tiles interrupt the ground, but most of their lines is ground."""
    joined: list[Span] = []
    for start, stop in runs:
        if joined:
            first, end = joined[-1]
            if start - end < _LABEL_HEIGHT * len(shares) and shares[end:start].mean() > _LABEL:
                joined[-1] = (first, stop)
                continue
        joined.append((start, stop))
    return joined


def _axis(spans: tuple[Span, ...], shares: Shares) -> _Axis:
    lines = [start + _INSIDE for start, _ in spans[1:]]
    lines += [stop - 1 - _INSIDE for _, stop in spans[:-1]]
    others = 1 - shares[lines]
    return _Axis(spans=spans, edges=float(others.mean()), weakest=float(others.min()))


def _vague(ground: Ground, layout: Layout) -> bool:
    """Compression spoils the colour of thin gutters only."""
    gaps = [
        after[0] - before[1]
        for spans in (layout.rows, layout.columns)
        for before, after in pairwise(spans)
    ]
    return ground.near == _NEAR[-1] and max(gaps) > _THIN


def _divided(ground: Ground, layout: Layout) -> bool:
    """Some tile has gutters of its own: a wall of bricks, a collage that is not regular."""
    rows, columns = ground.rows <= _NEAR[-1], ground.columns <= _NEAR[-1]
    for top, bottom in layout.rows:
        for left, right in layout.columns:
            inside = _part(rows, (top, bottom), (left, right), len(columns))
            beside = _part(columns, (left, right), (top, bottom), len(rows))
            if _has_gutter(inside) or _has_gutter(beside):
                return True
    return False


def _part(lines: Flags, across: Span, along: Span, length: int) -> Shares:
    """The shares of the lines `across`, of their pixels `along` alone."""
    samples = lines.shape[1]
    first, last = (place * samples // length for place in along)
    shares: Shares = lines[across[0] : across[1], first + 1 : last - 1].mean(axis=1)
    return shares


def _has_gutter(shares: Shares) -> bool:
    last = len(shares)
    return any(
        start > 3 * _INSIDE
        and stop < last - 3 * _INSIDE
        and max(shares[start - 1 - _INSIDE], shares[stop + _INSIDE]) <= 1 - _SOFT
        for start, stop in _runs(shares >= _MOSTLY)
    )
