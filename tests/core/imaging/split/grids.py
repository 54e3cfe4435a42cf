"""Grids made on purpose, the same ones every time, and how many of them are found."""

import io
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from PIL import Image

from core.models.grid import Grid
from tests.core.imaging.split.sources import distinct, variations

COLUMNS = {
    "2x2": ("2x2",),
    "2x3, 3x2, 3x3": ("2x3", "3x2", "3x3"),
    "4x4": ("4x4",),
    "1x2, 2x1": ("1x2", "2x1"),
    "1x4, 4x1": ("1x4", "4x1"),
}
CODECS = ("png", "jpeg75", "jpeg90", "webp80", "small")
GUTTERS = (6, 8, 16)
_GROUNDS = ((255, 255, 255), (0, 0, 0), (24, 26, 31), (240, 238, 232))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    grid: Grid
    gutter: int
    varied: bool  # variations of one picture, not distinct ones
    codec: str
    number: int

    @property
    def row(self) -> str:
        gutter = "gutters" if self.gutter else "no gutter"
        return f"{gutter}, {'variations' if self.varied else 'distinct'}"

    @property
    def column(self) -> str:
        return next(name for name, grids in COLUMNS.items() if str(self.grid) in grids)

    def picture(self) -> Image.Image:
        rng = random.Random(repr((self.grid, self.gutter, self.varied, self.number)))  # noqa: S311
        count = self.grid.rows * self.grid.columns
        size = (rng.randint(150, 420), rng.randint(150, 420))
        if self.number % 2 and not self.varied:
            size = (size[0] | 1, size[1] | 1)
        tiles = (variations if self.varied else distinct)(rng, count, size)
        frame = rng.choice((0, self.gutter, 2 * self.gutter))
        return lay(tiles, self.grid, gutter=self.gutter, frame=frame, ground=rng.choice(_GROUNDS))

    def data(self) -> bytes:
        return encoded(self.picture(), self.codec)


ROWS = tuple(
    f"{gutter}, {tiles}"
    for gutter in ("gutters", "no gutter")
    for tiles in ("distinct", "variations")
)


def cases(numbers: Sequence[int], rows: Sequence[str] = ROWS) -> Iterator[Case]:
    """Every layout, gutter and codec of the table's rows, once for each number."""
    names = [name for column in COLUMNS.values() for name in column]
    choices = product(names, (False, True), (0, *GUTTERS), CODECS, numbers)
    for name, varied, gutter, codec, number in choices:
        case = Case(grid=Grid.read(name), gutter=gutter, varied=varied, codec=codec, number=number)
        if case.row in rows:
            yield case


def lay(
    tiles: Sequence[Image.Image],
    grid: Grid,
    *,
    gutter: int = 0,
    frame: int = 0,
    ground: tuple[int, ...] = (255, 255, 255),
) -> Image.Image:
    """Tiles of one size in reading order, `gutter` apart, with `frame` around."""
    width, height = tiles[0].size
    size = (
        grid.columns * width + (grid.columns - 1) * gutter + 2 * frame,
        grid.rows * height + (grid.rows - 1) * gutter + 2 * frame,
    )
    picture = Image.new(tiles[0].mode, size, ground)
    for number, tile in enumerate(tiles):
        row, column = divmod(number, grid.columns)
        picture.paste(tile, (frame + column * (width + gutter), frame + row * (height + gutter)))
    return picture


def encoded(picture: Image.Image, codec: str) -> bytes:
    buffer = io.BytesIO()
    match codec:
        case "png":
            picture.save(buffer, "PNG", compress_level=1)
        case "jpeg75" | "jpeg90":
            picture.save(buffer, "JPEG", quality=int(codec[4:]))
        case "webp80":
            picture.save(buffer, "WEBP", quality=80, method=0)
        case "small":
            size = (round(picture.width * 0.63), round(picture.height * 0.63))
            picture.resize(size, Image.Resampling.LANCZOS).save(buffer, "JPEG", quality=85)
        case _:
            raise ValueError(codec)
    return buffer.getvalue()
