"""Painting a planned contact sheet: colours, rounded corners, small drawn things."""

from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw

from core.imaging.pixels import plain
from core.imaging.sheet.plan import Cell, Plan, Scale, Size, Theme
from core.imaging.text import draw

Point = tuple[int, int]
Colour = tuple[int, int, int]

_FINER = 4  # masks are drawn so many times larger, then reduced: Pillow draws without smoothing


@dataclass(frozen=True, slots=True, kw_only=True)
class _Palette:
    page: Colour
    panel: Colour
    failed: Colour
    hairline: Colour
    checks: tuple[Colour, Colour]
    ink: Colour
    muted: Colour


_Look = tuple[Scale, _Palette]

_PALETTES = {
    "light": _Palette(
        page=(251, 250, 248),
        panel=(241, 240, 237),
        failed=(245, 241, 236),
        hairline=(226, 224, 218),
        checks=((255, 255, 255), (235, 234, 231)),
        ink=(29, 29, 31),
        muted=(105, 104, 101),
    ),
    "dark": _Palette(
        page=(22, 22, 24),
        panel=(32, 32, 35),
        failed=(38, 34, 32),
        hairline=(56, 55, 58),
        checks=((36, 36, 39), (48, 48, 52)),
        ink=(240, 239, 236),
        muted=(165, 164, 162),
    ),
}


def paint(plan: Plan, theme: Theme) -> Image.Image:
    """Paints a planned sheet, as RGB."""
    palette = _PALETTES[theme]
    scale = plan.scale
    page = Image.new("RGB", (plan.width, plan.height), palette.page)
    left = plan.margin
    draw(page, plan.header, (left, plan.margin), fill=palette.ink)
    draw(page, plan.subtitle, (left, plan.subtitle_top), fill=palette.muted)
    top = plan.rows_top
    for row in plan.rows:
        for place, cell in enumerate(row.cells):
            at = (left + place * plan.step, top)
            _paint_cell(page, cell, at, (plan.column, row.picture_height), (scale, palette))
            under = (at[0], top + row.picture_height + scale.px(18))
            _paint_caption(page, cell, under, (scale, palette))
        top += row.height
    if plan.footer.lines:
        line = (left, top, plan.width - left, top + scale.px(2))
        page.paste(palette.hairline, line)
        draw(page, plan.footer, (left, top + scale.px(22)), fill=palette.muted)
    return page


def _paint_caption(page: Image.Image, cell: Cell, at: Point, look: _Look) -> None:
    scale, palette = look
    draw(page, cell.title, at, fill=palette.ink)
    top = at[1] + cell.title.height + scale.px(4)
    for block in cell.lines:
        draw(page, block, (at[0], top), fill=palette.muted)
        top += block.height


def _paint_cell(page: Image.Image, cell: Cell, at: Point, size: Size, look: _Look) -> None:
    scale, palette = look
    radius = scale.px(12)
    ground = palette.failed if cell.image is None else palette.panel
    if cell.size != size:
        page.paste(ground, at, _rounded(size, radius))
    if cell.image is None:
        _paint_failure(page, cell, at, size, look)
        return
    picture = _shown(cell.image, cell.size, look)
    inside = (at[0] + (size[0] - picture.width) // 2, at[1] + (size[1] - picture.height) // 2)
    page.paste(picture, inside, _rounded(picture.size, radius))


def _paint_failure(page: Image.Image, cell: Cell, at: Point, size: Size, look: _Look) -> None:
    scale, palette = look
    mark = _mark(scale.px(52))
    gap = scale.px(18) if cell.notice.lines else 0
    top = at[1] + (size[1] - mark.height - gap - cell.notice.height) // 2
    page.paste(palette.muted, (at[0] + (size[0] - mark.width) // 2, top), mark)
    words = (at[0] + (size[0] - cell.notice.width) // 2, top + mark.height + gap)
    draw(page, cell.notice, words, fill=palette.muted, align="centre")


def _shown(image: Image.Image, size: Size, look: _Look) -> Image.Image:
    image = plain(image)  # first: a palette cannot be scaled
    image = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    if image.mode == "RGB":
        return image
    board = _checkerboard(size, look[0].px(16), look[1].checks)
    board.paste(image, (0, 0), image)
    return board


def _checkerboard(size: Size, step: int, colours: tuple[Colour, Colour]) -> Image.Image:
    columns, rows = -(-size[0] // step), -(-size[1] // step)
    small = Image.new("RGB", (columns, rows))
    small.putdata([colours[(x + y) % 2] for y in range(rows) for x in range(columns)])
    large = small.resize((columns * step, rows * step), Image.Resampling.NEAREST)
    return large.crop((0, 0, *size))


def _rounded(size: Size, radius: int) -> Image.Image:
    """A mask with rounded corners; the rest of it costs no smoothing."""
    mask = Image.new("L", size, 255)
    radius = min(radius, size[0] // 2, size[1] // 2)
    if not radius:
        return mask
    disc = _disc(radius)
    for x, y in ((0, 0), (1, 0), (0, 1), (1, 1)):
        corner = disc.crop((x * radius, y * radius, (x + 1) * radius, (y + 1) * radius))
        mask.paste(corner, (x * (size[0] - radius), y * (size[1] - radius)))
    return mask


@lru_cache(maxsize=16)
def _disc(radius: int) -> Image.Image:
    side = 2 * radius * _FINER
    large = Image.new("L", (side, side))
    ImageDraw.Draw(large).ellipse((0, 0, side - 1, side - 1), fill=255)
    return large.reduce(_FINER)


@lru_cache(maxsize=16)
def _mark(side: int) -> Image.Image:
    """A struck-out picture, as a mask."""
    unit = side * _FINER / 24
    large = Image.new("L", (side * _FINER, side * _FINER))
    pen = ImageDraw.Draw(large)
    wide = round(unit * 1.6)
    frame = (2 * unit, 4 * unit, 22 * unit, 20 * unit)
    pen.rounded_rectangle(frame, 3 * unit, outline=255, width=wide)
    pen.ellipse((6 * unit, 7.5 * unit, 9.5 * unit, 11 * unit), fill=255)
    slash = (3 * unit, 22.5 * unit, 21 * unit, 1.5 * unit)
    pen.line(slash, fill=0, width=wide * 3)
    pen.line(slash, fill=255, width=wide)
    return large.reduce(_FINER)
