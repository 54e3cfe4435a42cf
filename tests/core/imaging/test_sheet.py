import colorsys
from collections.abc import Iterable

import pytest
from PIL import Image

from core.imaging.sheet import MAX_SIDE, TILE, Sheet, Tile, draw_sheet, tile_box
from core.imaging.sheet.plan import plan_sheet

RED, GREEN, BLUE = (220, 30, 40), (30, 180, 60), (40, 60, 220)


def plain(colour: tuple[int, ...] = RED, size: tuple[int, int] = (256, 256)) -> Image.Image:
    return Image.new("RGBA" if len(colour) == 4 else "RGB", size, colour)


def hues(count: int) -> list[tuple[int, int, int]]:
    found = (colorsys.hsv_to_rgb(number / count, 0.9, 0.8) for number in range(count))
    return [(round(r * 255), round(g * 255), round(b * 255)) for r, g, b in found]


def sheet(images: Iterable[Image.Image | None], **fields) -> Sheet:
    tiles = tuple(Tile(title=f"demo/{n}", image=image) for n, image in enumerate(images))
    return Sheet(**{"header": "A red fox", "tiles": tiles, **fields})


def where(picture: Image.Image, colour: tuple[int, int, int]) -> tuple[int, int, int, int]:
    """The box of all pixels close to a colour."""
    near = [
        band.point([255 if abs(level - want) <= 6 else 0 for level in range(256)])
        for band, want in zip(picture.split(), colour, strict=True)
    ]
    both = Image.composite(near[0], Image.new("L", picture.size), near[1])
    box = Image.composite(both, Image.new("L", picture.size), near[2]).getbbox()
    assert box is not None, colour
    return box


@pytest.mark.parametrize(
    ("count", "columns"),
    [
        (1, 1),
        (2, 2),
        (4, 2),
        (5, 3),
        (12, 3),
        (13, 4),
        (16, 4),
        (17, 5),
        (25, 5),
        (26, 6),
        (32, 6),
    ],
)
def test_columns_follow_the_number_of_tiles(count, columns):
    plan = plan_sheet(sheet(plain(RED, (8, 8)) for _ in range(count)))
    assert plan.scale.columns == columns
    assert max(len(row.cells) for row in plan.rows) == columns


@pytest.mark.parametrize(("count", "columns"), [(1, 1), (5, 3), (32, 6)])
def test_the_order_is_kept_in_that_many_columns(count, columns):
    colours = hues(count)
    picture = draw_sheet(sheet(plain(colour) for colour in colours))
    boxes = [where(picture, colour) for colour in colours]
    assert len({box[0] for box in boxes}) == columns
    assert boxes == sorted(boxes, key=lambda box: (box[1], box[0]))
    assert max(picture.size) <= MAX_SIDE
    assert picture.mode == "RGB"


@pytest.mark.parametrize("size", [(2100, 900), (900, 1600), (640, 480), (1024, 1024), (3000, 60)])
def test_a_picture_is_shown_whole(size):
    picture = draw_sheet(sheet([plain(RED, size), plain(GREEN, (300, 300))]))
    left, top, right, bottom = where(picture, RED)
    assert (right - left) / (bottom - top) == pytest.approx(size[0] / size[1], rel=0.06)
    assert max(right - left, bottom - top) <= TILE


def test_the_edges_of_a_picture_are_not_cut():
    framed = plain(BLUE, (400, 300))
    framed.paste(GREEN, (12, 12, 388, 288))
    picture = draw_sheet(sheet([framed]))
    outer, inner = where(picture, BLUE), where(picture, GREEN)
    assert all(abs(a - b) > 15 for a, b in zip(outer, inner, strict=True))


@pytest.mark.parametrize("count", [1, 5, 17])
@pytest.mark.parametrize("size", [(1024, 1024), (900, 1600), (1600, 900)])
def test_more_pixels_than_the_box_of_a_tile_are_never_shown(count, size):
    small = plain(RED, size)
    small.thumbnail(tile_box(count))
    whole, fitted = (draw_sheet(sheet([each] * count)) for each in (plain(RED, size), small))
    assert fitted.width == whole.width
    assert fitted.height == pytest.approx(whole.height, abs=8)  # rounded row by row


def test_a_small_picture_is_at_most_doubled_and_centred():
    picture = draw_sheet(sheet([plain(RED, (40, 40))]))
    left, top, right, bottom = where(picture, RED)
    assert (right - left, bottom - top) == (80, 80)
    assert abs(left - (picture.width - right)) <= 1


def test_wide_pictures_make_low_rows():
    wide = draw_sheet(sheet([plain(RED, (2100, 900))] * 4))
    square = draw_sheet(sheet([plain(RED)] * 4))
    assert wide.height < square.height * 0.7


def test_upright_pictures_alone_make_narrow_columns():
    upright = draw_sheet(sheet([plain(RED, (720, 1280))] * 3))
    assert upright.width < draw_sheet(sheet([plain(RED)] * 3)).width


def test_transparency_shows_a_checkerboard_of_two_tones():
    picture = draw_sheet(sheet([plain((0, 0, 0, 0), (400, 400))]))
    left, top = picture.width // 2 - 40, picture.height // 2 - 40
    colours = picture.crop((left, top, left + 80, top + 80)).getcolors()
    assert colours is not None
    assert len(colours) == 2


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "I;16", "I", "F", "YCbCr", "PA"])
def test_any_mode_of_picture_is_drawn(mode):
    source = Image.new("L", (90, 60), 200)
    picture = source.convert("P").convert(mode) if mode == "PA" else source.convert(mode)
    assert draw_sheet(sheet([picture])).mode == "RGB"


def test_sixteen_bit_greys_keep_their_tone():
    picture = draw_sheet(sheet([Image.new("I;16", (400, 400), 128 * 256)]))
    assert where(picture, (128, 128, 128))[2] > 400


def test_the_callers_picture_is_left_alone():
    image = plain(RED, (1600, 1200))
    before = image.tobytes()
    draw_sheet(sheet([image]))
    assert image.size == (1600, 1200)
    assert image.tobytes() == before


def test_a_failed_tile_shows_its_notice_and_not_a_picture_panel():
    def failed(notice: str) -> Image.Image:
        return draw_sheet(Sheet(header="x", tiles=(Tile(title="demo", notice=notice),)))

    assert failed("Rate limited.").tobytes() != failed("").tobytes()
    assert failed("该提供商暂时繁忙。").tobytes() != failed("该提供商拒绝了请求。").tobytes()


def test_a_failure_does_not_move_its_neighbours():
    whole = draw_sheet(sheet([plain(RED), plain(GREEN)]))
    half = draw_sheet(sheet([plain(RED), None]))
    assert whole.size == half.size
    assert where(whole, RED) == where(half, RED)


def test_a_sheet_of_failures_alone_is_drawn():
    long = Tile(title="demo", notice="A very long notice. " * 100)
    picture = draw_sheet(Sheet(header="x", tiles=(long,) * 32))
    assert max(picture.size) <= MAX_SIDE


@pytest.mark.parametrize("prompt", ["word " * 6400, "雪" * 32_000, "w" * 32_000, "a\n" * 16_000])
def test_a_long_prompt_takes_no_more_than_four_lines(prompt):
    short = draw_sheet(sheet([plain()] * 2, header="x")).height
    assert short < draw_sheet(sheet([plain()] * 2, header=prompt)).height < short + 250


def test_an_empty_header_leaves_no_hole():
    without = draw_sheet(sheet([plain()] * 2, header=" \n\u200b"))
    assert without.height < draw_sheet(sheet([plain()] * 2)).height
    assert where(without, RED)[1] < 80


def test_subtitle_footer_and_caption_lines_are_drawn():
    base = draw_sheet(sheet([plain()])).height
    assert draw_sheet(sheet([plain()], subtitle="today")).height > base
    assert draw_sheet(sheet([plain()], footer="OmniImage")).height > base
    tile = Tile(title="demo/0", lines=("1.2 s · free", "seed 7, honoured"), image=plain())
    assert draw_sheet(Sheet(header="A red fox", tiles=(tile,))).height > base


def test_a_caption_stays_within_its_column():
    name = "replicate/stability-ai/stable-diffusion-3.5-large-turbo" * 4
    named = Tile(title=name, lines=(name,), image=plain(RED, (900, 900)))
    bare = Tile(title="", image=plain(GREEN, (900, 900)))
    picture = draw_sheet(Sheet(header="", tiles=(named, bare)))
    red, green = where(picture, RED), where(picture, GREEN)
    gutter = picture.crop((red[2] + 2, red[3] + 20, green[0] - 2, picture.height))
    assert len(gutter.getcolors() or ()) == 1


def test_light_and_dark_differ_where_it_matters():
    light, dark = (draw_sheet(sheet([plain()], theme=theme)) for theme in ("light", "dark"))
    assert light.size == dark.size
    corners = [page.convert("L").crop((0, 0, 9, 9)).getextrema() for page in (light, dark)]
    assert corners == [(250, 250), (22, 22)]


def test_the_same_sheet_gives_the_same_pixels():
    made = sheet([plain(), None, plain((9, 9, 9, 100))], header="雪 🦊", footer="x")
    assert draw_sheet(made).tobytes() == draw_sheet(made).tobytes()


def test_32_upright_tiles_with_long_captions_keep_to_the_limit():
    tile = Tile(
        title="replicate/stability-ai/stable-diffusion-3.5-large-turbo",
        lines=("种子 42，已采用，" * 20,) * 9,
        image=plain(RED, (90, 160)),
    )
    picture = draw_sheet(Sheet(header="w" * 9000, footer="f" * 900, tiles=(tile,) * 32))
    assert max(picture.size) <= MAX_SIDE


@pytest.mark.parametrize("count", [0, 33])
def test_too_few_or_too_many_tiles_are_refused(count):
    with pytest.raises(ValueError, match="1 to 32"):
        draw_sheet(sheet([None] * count))


HOSTILE = [
    "\u202eevil\u2066",
    "\x00\x1b[31m",
    "e" + "\u0301" * 900,
    "\u200d" * 90,
    "\ud83d",
    "ก็" * 99,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_do_no_harm_anywhere(text):
    tiles = (Tile(title=text, lines=(text, text), notice=text), Tile(title=text, image=plain()))
    made = Sheet(header=text, subtitle=text, footer=text, tiles=tiles)
    assert draw_sheet(made).width > 400
