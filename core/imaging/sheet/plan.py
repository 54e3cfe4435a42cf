"""Where everything on a contact sheet goes, and how large it is."""

from bisect import bisect_left
from dataclasses import dataclass
from typing import Literal

from PIL import Image

from core.imaging.text import Block, Style, fit

TILE = 768  # the box in pixels in which a tile's image is fitted: more is never shown
MAX_TILES = 32
MAX_SIDE = 4096

Size = tuple[int, int]
Theme = Literal["light", "dark"]

_ENLARGED_AT_MOST = 2
_UPRIGHT_ROWS = 3  # more rows of tall pictures would make a tower
_CAPTION_LINES = 6

_TILES = (1, 4, 12, 16, 25)  # at most, for one, two, three, four, five columns; six for more
# For one to six columns:
_COLUMN = (768, 640, 512, 480, 456, 440)
_NARROWEST_COLUMN = (560, 440, 400, 380, 370, 360)  # when all pictures are upright
_MARGIN = (56, 64, 72, 80, 88, 96)
_GAP = (28, 32, 32, 32, 32, 32)
_HEADER, _SUBTITLE = (34, 42, 46, 52, 58, 64), (23, 27, 28, 32, 36, 40)
_FOOTER = (20, 23, 24, 27, 30, 33)
_TITLE, _SMALL = (28, 30, 30, 30, 30, 30), (24, 26, 26, 26, 26, 26)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One attempt: its picture, or the notice why there is none, and its ready-worded caption."""

    title: str
    lines: tuple[str, ...] = ()
    image: Image.Image | None = None
    notice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All that is on a contact sheet; the header is the prompt."""

    header: str
    subtitle: str = ""
    footer: str = ""
    tiles: tuple[Tile, ...]
    theme: Theme = "light"


@dataclass(frozen=True, slots=True)
class Scale:
    """Turns the lengths of the design into pixels."""

    columns: int
    factor: float

    def px(self, length: float) -> int:
        return max(1, round(length * self.factor))

    def of(self, lengths: tuple[int, ...]) -> int:
        """The length for this number of columns."""
        return self.px(lengths[self.columns - 1])

    def style(self, sizes: tuple[int, ...], weight: int = 400) -> Style:
        return Style(size=max(8, self.of(sizes)), weight=weight)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A tile measured: the size of its picture as shown, its words in lines."""

    image: Image.Image | None
    size: Size
    title: Block
    lines: tuple[Block, ...]
    notice: Block


@dataclass(frozen=True, slots=True)
class Row:
    """Cells side by side; the pictures share one height, the captions hang below."""

    cells: tuple[Cell, ...]
    picture_height: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A sheet measured, ready to be painted."""

    scale: Scale
    column: int
    header: Block
    subtitle: Block
    footer: Block
    rows: tuple[Row, ...]

    @property
    def margin(self) -> int:
        return self.scale.of(_MARGIN)

    @property
    def step(self) -> int:
        """From the left side of a column to that of the next."""
        return self.column + self.scale.of(_GAP)

    @property
    def width(self) -> int:
        return 2 * self.margin + self.scale.columns * self.step - self.scale.of(_GAP)

    @property
    def subtitle_top(self) -> int:
        between = self.scale.px(12) if self.header.lines else 0
        return self.margin + self.header.height + between

    @property
    def rows_top(self) -> int:
        if not self.header.lines and not self.subtitle.lines:
            return self.margin
        return self.subtitle_top + self.subtitle.height + self.scale.px(40)

    @property
    def height(self) -> int:
        below = self.scale.px(64) + self.footer.height if self.footer.lines else 0
        return self.rows_top + sum(row.height for row in self.rows) + below


def tile_box(count: int) -> Size:
    """What one picture fills at most on a sheet of so many: more pixels are never shown."""
    width = _COLUMN[_columns(count) - 1]
    return width, min(TILE, width * 3 // 2)


def plan_sheet(sheet: Sheet) -> Plan:
    """The largest plan that keeps to the limit of the sides."""
    factor = 1.0
    plan = _plan(sheet, factor)
    while plan.height > MAX_SIDE:
        factor *= min(0.98, MAX_SIDE / plan.height)
        plan = _plan(sheet, factor)
    return plan


def _plan(sheet: Sheet, factor: float) -> Plan:
    count = len(sheet.tiles)
    columns = _columns(count)
    scale = Scale(columns, factor)
    box = _box(sheet, scale)
    sizes = [_fitted(tile.image, box) for tile in sheet.tiles]
    shown = [size[0] for size in sizes if size[0]] or [box[0]]
    column = max(*shown, scale.of(_NARROWEST_COLUMN))
    cells = [
        _cell(tile, size, scale, column) for tile, size in zip(sheet.tiles, sizes, strict=True)
    ]
    words = columns * (column + scale.of(_GAP)) - scale.of(_GAP)
    return Plan(
        scale=scale,
        column=column,
        header=fit(sheet.header, scale.style(_HEADER, 560), width=words, max_lines=4),
        subtitle=fit(sheet.subtitle, scale.style(_SUBTITLE), width=words, max_lines=2),
        footer=fit(sheet.footer, scale.style(_FOOTER), width=words, max_lines=2),
        rows=tuple(
            _row(tuple(cells[start : start + columns]), scale, column)
            for start in range(0, count, columns)
        ),
    )


def _columns(count: int) -> int:
    return bisect_left(_TILES, count) + 1


def _box(sheet: Sheet, scale: Scale) -> Size:
    """What a picture may fill: higher than wide only where no wide one would be left in a hole."""
    images = [tile.image for tile in sheet.tiles if tile.image is not None]
    upright = all(image.height > image.width for image in images)
    width = scale.of(_COLUMN)
    if upright and len(sheet.tiles) <= _UPRIGHT_ROWS * scale.columns:
        return (width, min(scale.px(TILE), width * 3 // 2))
    return (width, width)


def _fitted(image: Image.Image | None, box: Size) -> Size:
    if image is None:
        return (0, 0)
    ratio = min(box[0] / image.width, box[1] / image.height, _ENLARGED_AT_MOST)
    return (max(1, round(image.width * ratio)), max(1, round(image.height * ratio)))


def _cell(tile: Tile, size: Size, scale: Scale, column: int) -> Cell:
    small = scale.style(_SMALL)
    lines = (fit(line, small, width=column, max_lines=2) for line in tile.lines[:_CAPTION_LINES])
    return Cell(
        image=tile.image,
        size=size,
        title=fit(tile.title, scale.style(_TITLE, 600), width=column, max_lines=3),
        lines=tuple(lines),
        notice=fit(tile.notice, small, width=column - scale.px(72), max_lines=5),
    )


def _row(cells: tuple[Cell, ...], scale: Scale, column: int) -> Row:
    notices = [cell.notice.height + scale.px(150) for cell in cells if cell.image is None]
    picture = max(*(cell.size[1] for cell in cells), *notices, column * 3 // 10)
    caption = max(cell.title.height + sum(block.height for block in cell.lines) for cell in cells)
    return Row(cells, picture, picture + caption + scale.px(70))
