"""Single pictures that tempt a detection: none of them is a grid."""

import random
from collections.abc import Iterator
from itertools import count

import numpy as np
from PIL import Image, ImageDraw, ImageFont, ImageOps

from core.imaging import demo
from tests.core.imaging.split.sources import crop, pictures

_WIDE, _HIGH = 768, 512
_PAPERS = ("white", "black", (230, 220, 200))
_PROMPTS = (
    (demo.landscape, "a castle by the sea"),
    (demo.landscape, "a forest in fog"),
    (demo.landscape, "a harbour at sunset"),
    (demo.subject, "an owl"),
    (demo.subject, "a robot"),
)

Named = tuple[str, Image.Image]


def singles(crops: int) -> Iterator[Named]:
    """Photos, paintings and made-up pictures; `crops` of each photo."""
    yield from _photos(crops)
    yield from _lights()
    yield from _patterns()
    yield from _pages()
    yield from _mounted()
    yield from _collages(4 * crops)


def _photos(crops: int) -> Iterator[Named]:
    rng = random.Random(9)  # noqa: S311
    for number, picture in enumerate(pictures()):
        yield f"picture {number}", picture
        for turn in range(crops):
            size = (rng.randint(300, 900), rng.randint(300, 900))
            part = crop(rng, picture, size, least=0.4)
            yield f"picture {number}, part {turn}", ImageOps.mirror(part) if turn % 2 else part
    for draw, prompt in _PROMPTS:
        for seed in range(crops):
            yield f"{prompt} {seed}", draw(prompt, seed=seed, width=512, height=384)


def _lights() -> Iterator[Named]:
    """Flat, graded and noisy grounds, and horizons at regular places."""
    rng = np.random.default_rng(5)
    rows, columns = np.mgrid[0:_HIGH, 0:_WIDE]
    yield "flat", Image.new("RGB", (_WIDE, _HIGH), (120, 130, 90))
    yield "graded across", _picture(columns / 3)
    yield "graded down", _picture(rows / 2)
    yield "noise", _picture(rng.integers(0, 255, (_HIGH, _WIDE, 3)))
    sky = np.linspace(220, 150, _HIGH)[:, None, None] * np.array([0.7, 0.85, 1])
    sky = sky + rng.normal(0, 2, (_HIGH, _WIDE, 1))
    sea = rng.normal(90, 14, (_HIGH, _WIDE, 1)) * np.array([0.5, 0.8, 1.0])
    for part in (1 / 4, 1 / 3, 1 / 2, 2 / 3, 3 / 4):
        above = (rows < round(_HIGH * part))[..., None]
        yield f"horizon at {part:.2f}", _picture(np.where(above, sky, sea))
    for number, picture in enumerate(pictures()[:4]):
        photo = np.asarray(picture.resize((_WIDE, _HIGH)))
        left, above = columns < _WIDE // 2, rows < _HIGH // 2
        yield f"under a sky {number}", _picture(np.where(above[..., None], sky, photo))
        wall = rng.normal((200, 190, 170), 3, photo.shape)
        yield f"beside a wall {number}", _picture(np.where(left[..., None], wall, photo))


def _patterns() -> Iterator[Named]:
    rows, columns = np.mgrid[0:_HIGH, 0:_WIDE]
    rng = np.random.default_rng(6)
    for squares in (2, 4, 5, 8, 10):
        board = 200.0 * ((columns * squares // _WIDE + rows * squares // _HIGH) % 2) + 20
        yield f"chessboard {squares}", _picture(board)
        yield f"photo of a chessboard {squares}", _picture(board + rng.normal(0, 4, board.shape))
    for stripes in (3, 6, 9):
        yield f"stripes {stripes}", _picture(255.0 * (columns * stripes // _WIDE % 2))
    for width, height in ((96, 32), (128, 64), (64, 32), (192, 128)):
        yield f"wall of {width}", _wall(width, height, shift=width // 2)
        yield f"bathroom of {width}", _wall(width, height, shift=0)
    flag = Image.new("RGB", (900, 600), "white")
    flag.paste((0, 40, 160), (0, 0, 300, 600))
    flag.paste((220, 30, 40), (600, 0, 900, 600))
    yield "flag", flag
    for across in (1, 2, 3):
        icons = Image.new("RGB", (900, 300 * across), "white")
        pen = ImageDraw.Draw(icons)
        for left in range(60, 900, 300):
            for top in range(60, 300 * across, 300):
                pen.ellipse((left, top, left + 180, top + 180), (200, left // 5, 90))
        yield f"icons 3x{across}", icons


def _wall(width: int, height: int, *, shift: int) -> Image.Image:
    rng = random.Random(width)  # noqa: S311
    picture = Image.new("RGB", (_WIDE, _HIGH), (190, 185, 180))
    pen = ImageDraw.Draw(picture)
    for row, top in enumerate(range(0, _HIGH, height)):
        for left in range(-width + row % 2 * shift, _WIDE, width):
            clay = rng.randint(120, 170)
            box = (left, top, left + width - 6, top + height - 6)
            pen.rectangle(box, (clay, clay // 2, clay // 3))
    return picture


def _pages() -> Iterator[Named]:
    rng = random.Random(7)  # noqa: S311
    font = ImageFont.load_default(18)
    for columns in (1, 2, 3):
        page = Image.new("RGB", (800, 1000), "white")
        pen = ImageDraw.Draw(page)
        width = (800 - 60 * (columns + 1)) // columns
        for left in range(60, 800 - width, width + 60):
            for top in range(60, 940, 34):
                line = ""
                while pen.textlength(line, font) < width - 40:
                    line += "".join(rng.choices("abcdefghilmnorstu", k=rng.randint(2, 9))) + " "
                pen.text((left, top), line.strip(), "black", font)
        yield f"text in {columns} columns", page
    screen = Image.new("RGB", (1000, 700), (246, 247, 249))
    pen = ImageDraw.Draw(screen)
    pen.rectangle((0, 0, 1000, 52), (35, 40, 60))
    pen.rectangle((0, 52, 220, 700), "white")
    for left in (260, 505, 750):
        pen.rounded_rectangle((left, 80, left + 225, 200), 10, "white", (220, 220, 220))
    pen.rounded_rectangle((260, 230, 975, 680), 10, "white", (220, 220, 220))
    yield "screen with panels", screen
    table = Image.new("RGB", (800, 600), "white")
    pen = ImageDraw.Draw(table)
    for place in range(0, 800, 200):
        pen.line((place, 0, place, 600), "black", 2)
        pen.line((0, place * 3 // 4, 800, place * 3 // 4), "black", 2)
        for top in range(60, 600, 150):
            pen.text((place + 30, top), f"{rng.random():.3f}", "black", font)
    yield "table", table


def _mounted() -> Iterator[Named]:
    """One picture with something around it."""
    for number, picture in enumerate(pictures()):
        paper = _PAPERS[number % 3]
        yield f"framed {number}", ImageOps.expand(picture, (10, 30, 60)[number // 3 % 3], paper)
        poster = Image.new("RGB", (picture.width + 80, picture.height + 260), (245, 240, 230))
        poster.paste(picture, (40, 40))
        title = (60, picture.height + 90)
        ImageDraw.Draw(poster).text(title, "A GRAND TITLE", "black", ImageFont.load_default(30))
        yield f"poster {number}", poster
        yield f"letterbox {number}", ImageOps.expand(picture, (0, 80), "black")
        yield f"pillarbox {number}", ImageOps.expand(picture, (100, 0), "black")


def _collages(number: int) -> Iterator[Named]:
    """Three pictures of three sizes."""
    rng = random.Random(8)  # noqa: S311
    for turn in count():
        if turn == number:
            return
        gap = (0, 8, 14)[turn % 3]
        across, down = rng.choice((290, 350, 560, 620)), rng.choice((210, 270, 430, 480))
        boxes = [
            (0, 0, across, 700),
            (across + gap, 0, 900, down),
            (across + gap, down + gap, 900, 700),
        ]
        picture = Image.new("RGB", (900, 700), rng.choice(("white", "black")))
        for left, top, right, bottom in boxes:
            part = crop(rng, rng.choice(pictures()), (right - left, bottom - top), least=0.6)
            picture.paste(part, (left, top))
        yield (
            f"collage {turn}",
            picture if turn % 2 else picture.transpose(Image.Transpose.ROTATE_90),
        )


def _picture(values: np.ndarray) -> Image.Image:
    levels = np.clip(values, 0, 255).astype(np.uint8)
    return Image.fromarray(levels).convert("RGB")
