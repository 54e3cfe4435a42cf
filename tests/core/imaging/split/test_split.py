import io
import random

import pytest
from PIL import Image, ImageCms, ImageDraw, ImageOps

from core.errors import BadImage
from core.imaging.split import split
from core.models.grid import Grid
from core.models.tool import ToolFailed, ToolFailureKind
from tests.core.imaging.split.grids import encoded, lay
from tests.core.imaging.split.sources import distinct

TWO = Grid(rows=2, columns=2)


def saved(picture: Image.Image, format_: str = "PNG", **options) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, format_, **options)
    return buffer.getvalue()


def read(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def tiles_of(data: bytes, grid: Grid | None = None) -> list[Image.Image]:
    found = split(data, grid)
    assert found is not None
    return [read(tile) for tile in found.tiles]


def same(first: Image.Image, second: Image.Image) -> bool:
    return (first.mode, first.size, first.tobytes()) == (
        second.mode,
        second.size,
        second.tobytes(),
    )


def noise(mode: str, size: tuple[int, int], seed: int = 1) -> Image.Image:
    length = len(Image.new(mode, size).tobytes())
    return Image.frombytes(mode, size, random.Random(seed).randbytes(length))  # noqa: S311


@pytest.fixture(name="four")
def four_tiles() -> list[Image.Image]:
    return distinct(random.Random(3), 4, (201, 153))  # noqa: S311


def test_tiles_come_in_reading_order_with_their_very_own_pixels(four):
    found = split(encoded(lay(four, TWO), "png"))
    assert found is not None
    assert (found.grid, found.format) == (TWO, "png")
    for tile, data in zip(four, found.tiles, strict=True):
        assert same(read(data), tile)


@pytest.mark.parametrize("given", [None, TWO])
@pytest.mark.parametrize(("gutter", "frame"), [(8, 0), (8, 20), (3, 7), (0, 16)])
def test_gutters_and_frames_belong_to_no_tile(four, gutter, frame, given):
    data = encoded(lay(four, TWO, gutter=gutter, frame=frame), "png")
    for tile, found in zip(four, tiles_of(data, given), strict=True):
        assert same(found, tile)


@pytest.mark.parametrize("size", [(101, 99), (256, 255), (100, 101), (333, 251)])
@pytest.mark.parametrize("name", ["2x2", "2x1", "1x2", "2x3"])
def test_an_even_cut_loses_no_pixel_of_an_odd_size(size, name):
    grid = Grid.read(name)
    picture = noise("RGB", (size[0] * 2, size[1] * 2)).crop((0, 0, size[0] * 2 - 1, size[1] * 2))
    tiles = tiles_of(saved(picture), grid)
    again = Image.new("RGB", picture.size)
    top = 0
    for row in range(grid.rows):
        line = tiles[row * grid.columns : (row + 1) * grid.columns]
        left = 0
        for tile in line:
            again.paste(tile, (left, top))
            left += tile.width
        assert left == picture.width
        top += line[0].height
    assert top == picture.height
    assert same(again, picture)


def test_a_photo_is_not_cut_unless_told_to_and_then_in_even_parts():
    picture = distinct(random.Random(1), 1, (401, 300))[0]  # noqa: S311
    assert split(saved(picture)) is None
    left, right = tiles_of(saved(picture), Grid(rows=1, columns=2))
    assert (left.size, right.size) == ((200, 300), (201, 300))


def test_words_around_and_between_tiles_are_no_part_of_them(four):
    picture = Image.new("RGB", (60 + 2 * 201 + 12 + 20, 50 + 2 * (153 + 40)), "white")
    pen = ImageDraw.Draw(picture)
    places = [(60 + x * 213, 50 + y * 193) for y in (0, 1) for x in (0, 1)]
    for number, (tile, place) in enumerate(zip(four, places, strict=True)):
        picture.paste(tile, place)
        pen.text((place[0] + 30, place[1] + 153 + 14), f"seed {number}", fill="black")
    pen.text((120, 18), "steps 20            steps 30", fill="black")
    found = tiles_of(saved(picture))
    for tile, original in zip(found, four, strict=True):
        assert same(tile, original)


def test_transparent_gutters_are_gutters_whatever_colours_they_hide(four):
    tiles = [tile.convert("RGBA") for tile in four]
    picture = lay(tiles, TWO, gutter=10, ground=(0, 0, 0, 0))
    hidden = noise("RGBA", picture.size)
    hidden.putalpha(0)
    hidden.paste(picture, mask=picture.getchannel("A"))
    for tile, found in zip(tiles, tiles_of(saved(hidden)), strict=True):
        assert same(found, tile)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_tile_keeps_the_mode_and_every_value(mode):
    picture = noise(mode, (128, 100))
    if mode == "P":
        picture.putpalette(random.Random(2).randbytes(768))  # noqa: S311
    picture = read(saved(picture))
    boxes = [(0, 0, 64, 50), (64, 0, 128, 50), (0, 50, 64, 100), (64, 50, 128, 100)]
    for box, tile in zip(boxes, tiles_of(saved(picture), TWO), strict=True):
        assert same(tile, picture.crop(box))
        assert tile.getpalette() == picture.getpalette()


def test_a_transparent_colour_of_a_palette_stays_transparent():
    picture = noise("P", (128, 100))
    picture.putpalette(bytes(range(256)) * 3)
    data = saved(picture, transparency=7)
    for tile in tiles_of(data, TWO):
        assert tile.info["transparency"] == 7


def test_sixteen_bits_of_grey_are_looked_at_and_kept(four):
    grey = lay([tile.convert("L") for tile in four], TWO, gutter=8, ground=(255,))
    deep = grey.convert("I").point(lambda level: level * 257).convert("I;16")
    found = tiles_of(saved(deep))
    assert [tile.mode for tile in found] == ["I;16"] * 4
    assert same(found[3], deep.crop((209, 161, 410, 314)))


def test_a_transparent_level_of_sixteen_bits_stays_transparent():
    found = tiles_of(saved(noise("I;16", (128, 100)), transparency=300), TWO)
    assert [tile.info["transparency"] for tile in found] == [300] * 4


def test_tiles_of_a_lossy_picture_are_png_so_that_nothing_is_lost_twice(four):
    picture = lay(four, TWO)
    for format_ in ("JPEG", "WEBP", "AVIF", "GIF"):
        data = saved(picture.quantize() if format_ == "GIF" else picture, format_)
        found = split(data, TWO)
        assert found is not None
        assert found.format == "png"
        assert [read(tile).format for tile in found.tiles] == ["PNG"] * 4
        assert same(read(found.tiles[0]), read(data).crop((0, 0, 201, 153)))


def test_tiles_of_a_lossless_webp_are_that_too_even_where_nothing_is_seen(four):
    picture = lay([tile.convert("RGBA") for tile in four], TWO)
    picture.putalpha(noise("L", picture.size).point(lambda level: 255 if level > 128 else 0))
    data = saved(picture, "WEBP", lossless=True, exact=True, exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0")
    found = split(data, TWO)
    assert found is not None
    assert found.format == "webp"
    assert all(b"VP8L" in tile[:64] for tile in found.tiles)
    assert same(read(found.tiles[1]), picture.crop((201, 0, 402, 153)))


def test_inks_become_light_and_their_profile_goes():
    data = saved(noise("CMYK", (200, 200)), "JPEG", icc_profile=b"of inks")
    for tile in tiles_of(data, TWO):
        assert tile.mode == "RGB"
        assert "icc_profile" not in tile.info


@pytest.mark.parametrize(("format_", "options"), [("PNG", {}), ("WEBP", {"lossless": True})])
def test_the_colour_profile_is_kept_and_no_other_metadata(format_, options):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exif = Image.Exif()
    exif[0x010E] = "a description"
    data = saved(noise("RGB", (128, 128)), format_, icc_profile=profile, exif=exif, **options)
    for tile in tiles_of(data, TWO):
        assert tile.info["icc_profile"] == profile
        assert not tile.getexif()
        assert "exif" not in tile.info


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_upright_before_it_is_cut(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = saved(noise("RGB", (200, 120)), exif=exif)
    upright = ImageOps.exif_transpose(read(data))
    tiles = tiles_of(data, Grid(rows=1, columns=2))
    half = upright.width // 2
    assert same(tiles[0], upright.crop((0, 0, half, upright.height)))
    assert same(tiles[1], upright.crop((half, 0, upright.width, upright.height)))
    assert 0x0112 not in tiles[0].getexif()


def test_tiles_of_no_use_are_refused():
    with pytest.raises(ToolFailed) as refused:
        split(saved(noise("RGB", (95, 300))), Grid(rows=1, columns=2))
    assert refused.value.failure.kind is ToolFailureKind.TOO_SMALL
    assert len(tiles_of(saved(noise("RGB", (96, 300))), Grid(rows=1, columns=2))) == 2


def test_a_known_grid_that_the_gutters_deny_is_cut_evenly(four):
    picture = lay(four, TWO, gutter=10)
    top, *_ = tiles_of(encoded(picture, "png"), Grid(rows=3, columns=1))
    assert top.size == (picture.width, round(picture.height / 3))


@pytest.mark.parametrize(
    "data", [b"", b"words", encoded(Image.new("RGB", (300, 300)), "png")[:60]]
)
def test_what_is_no_picture_is_refused(data):
    with pytest.raises(BadImage):
        split(data)


@pytest.mark.parametrize("size", [(1, 1), (47, 600), (600, 3), (60, 60), (97, 50)])
def test_the_smallest_pictures_are_looked_at_without_harm(size):
    assert split(saved(noise("RGB", size))) is None
