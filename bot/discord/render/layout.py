"""The one layout: blocks, each with its pictures, or one numbered grid; cut into messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.discord.render.markup import cut, plain, size
from bot.discord.render.values import Attached, Choice, Gallery, Page, Part, Picture, Row, Text

_LONGEST = 300  # characters of a line
_HEAD = 700  # characters that the head may take
_GRID_FROM = 5  # blocks of one picture each that are shown as a grid


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one message takes, and what things cost of it."""

    total: int
    files: int
    characters: int
    text: int  # a text or a gallery
    row: int  # a row, beside its buttons
    menu: int


# Components V2: each component counts.
V2 = Limits(total=40, files=10, characters=4000, text=1, row=1, menu=2)
# A classic message: 25 places for buttons; a menu takes a row of five.
CLASSIC = Limits(total=25, files=10, characters=2000, text=0, row=0, menu=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`lead` is markup of our own, `said` is read as it stands and is cut where room is short."""

    lead: str
    said: str

    def markdown(self, most: int = _LONGEST) -> str:
        return self.lead + plain(cut(self.said, max(1, most - size(self.lead))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One picture that is there, or is to come.

    `room` keeps its place free from the beginning, so that it never moves to another message.
    """

    line: Line | None = None
    picture: Picture | None = None
    row: Row | None = None
    room: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """What belongs together; at least one tile."""

    title: str
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Album:
    """`room` of head and foot is what they may come to need.

    `whole`: all messages are shown, not only those up to the last picture that landed.
    """

    head: tuple[Part, ...]
    head_room: tuple[Part, ...]
    blocks: tuple[Block, ...]
    foot: tuple[Part, ...]
    foot_room: tuple[Part, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class _Unit:
    at: int  # of its block
    title: str
    tile: Tile


def lay_out(album: Album, limits: Limits = V2) -> tuple[Page, ...]:
    """At least one message; the foot is on the last."""
    units = [_Unit(at, b.title, tile) for at, b in enumerate(album.blocks) for tile in b.tiles]
    layout = _Layout(album, limits, units)
    spans = layout.spans()
    shown = _shown(album, [units[i:j] for i, j in spans])
    left = units[spans[shown - 1][1] :] if spans else []
    most = layout.fair() if left else _LONGEST
    pages = [layout.parts(units[i:j], most) for i, j in spans[:shown]] or [[]]
    pages[0] = [*album.head, *pages[0]]
    pages[-1] += layout.rest(left, most, Page(parts=tuple(pages[-1])).characters)
    pages[-1] += album.foot
    return tuple(Page(parts=tuple(parts)) for parts in pages)


def _shown(album: Album, pages: Sequence[Sequence[_Unit]]) -> int:
    landed = [at for at, page in enumerate(pages, 1) if any(unit.tile.row for unit in page)]
    roomy = all(unit.tile.room for page in pages for unit in page)
    if album.whole and (landed or not roomy):
        return len(pages)
    return landed[-1] if landed else min(1, len(pages))


class _Layout:
    def __init__(self, album: Album, limits: Limits, units: Sequence[_Unit]) -> None:
        self._album = album
        self._limits = limits
        self._units = units
        # Counted once: every way to cut asks for it.
        self._words = [size("\n".join(_lines([unit], _LONGEST))) + 1 for unit in units]
        single = all(len(block.tiles) == 1 for block in album.blocks)
        self._grid = single and len(album.blocks) >= _GRID_FROM

    def spans(self) -> list[tuple[int, int]]:
        """Fewest messages; then fewest blocks cut in two; then evenly filled."""
        best: list[tuple[tuple[int, int, int], int]] = [((0, 0, 0), 0)]
        for end in range(1, len(self._units) + 1):
            ways: list[tuple[tuple[int, int, int], int]] = []
            for start in range(end - 1, -1, -1):
                load = self._load(start, end)
                if load > self._limits.total and ways:
                    break  # with still more in it, it only grows
                pages, cuts, uneven = best[start][0]
                ways.append(((pages + 1, cuts + self._severs(start), uneven + load**2), start))
            best.append(min(ways))
        spans, end = [], len(self._units)
        while end:
            spans.append((best[end][1], end))
            end = best[end][1]
        return spans[::-1]

    def fair(self) -> int:
        """Characters for a line when all of them may come to stand in one message."""
        titles = sum(size(block.title) + 1 for block in self._album.blocks)
        room = self._limits.characters - _HEAD - titles - len(self._units)
        return min(_LONGEST, room // len(self._units))

    def parts(self, units: Sequence[_Unit], most: int) -> list[Part]:
        if self._grid:
            return _chunk(units, most)
        chunks = (list(chunk) for _, chunk in groupby(units, key=lambda unit: unit.at))
        return [part for chunk in chunks for part in _chunk(chunk, most)]

    def rest(self, units: Sequence[_Unit], most: int, taken: int) -> list[Part]:
        """The lines of what has no message of its own yet."""
        lines = _lines(units, most)
        room = self._limits.characters - taken - 2
        while lines and size("\n".join(lines)) > room:
            lines = [*lines[:-2], "…"] if len(lines) > 1 else []
        return [Text(markdown="\n".join(lines))] if lines else []

    def _severs(self, start: int) -> int:
        return int(start > 0 and self._units[start].at == self._units[start - 1].at)

    def _load(self, start: int, end: int) -> int:
        """Of the message with these units; beyond all bounds where files or words are too many."""
        album, limits, units = self._album, self._limits, self._units[start:end]
        first, last = start == 0, end == len(self._units)
        extra = (album.head_room if first else ()) + (album.foot_room if last else ())
        tiles = sum(unit.tile.room for unit in units)
        files = tiles + sum(_files(part) for part in extra)
        words = sum(self._words[start:end]) + first * _HEAD
        if files > limits.files or words > limits.characters:
            return 1000 + max(files, words)
        chunks = 1 if self._grid else len({unit.at for unit in units})
        texts = 2 * chunks + (not last)  # a text and a gallery each; the lines of the rest
        return (
            texts * limits.text
            + tiles * (3 + limits.row)
            + sum(_cost(part, limits) for part in extra)
        )


def _chunk(units: Sequence[_Unit], most: int) -> list[Part]:
    lines = _lines(units, most)
    pictures = tuple(unit.tile.picture for unit in units if unit.tile.picture)
    parts: list[Part] = [Text(markdown="\n".join(lines))] if lines else []
    if pictures:
        parts.append(Gallery(pictures=pictures))
    return parts + [unit.tile.row for unit in units if unit.tile.row]


def _lines(units: Sequence[_Unit], most: int) -> list[str]:
    lines = []
    for _, chunk in groupby(units, key=lambda unit: unit.at):
        tiles = list(chunk)
        lines.append(tiles[0].title)
        lines += [unit.tile.line.markdown(most) for unit in tiles if unit.tile.line]
    return [line for line in lines if line]


def _cost(part: Part, limits: Limits) -> int:
    match part:
        case Row():
            return limits.row + len(part.buttons)
        case Choice():
            return limits.menu
        case _:
            return limits.text


def _files(part: Part) -> int:
    return len(part.pictures) if isinstance(part, Gallery) else int(isinstance(part, Attached))
