"""From bytes to bytes, for every kind of picture that people bring."""

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from core.adapters.cutout.work import Work
from core.models.tool import Cutout, CutoutFormat, ToolFailed, ToolFailureKind
from tests.core.adapters.cutout.children import disc, is_cut, saved, task

ORIENTATION = 0x0112
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.fixture(scope="module")
def work() -> Work:
    return Work(1, None)


def cut(work: Work, data: bytes, **how: object) -> Image.Image:
    with Image.open(io.BytesIO(work.do(task(data, Cutout(**how))))) as picture:  # type: ignore[arg-type]
        picture.load()
        return picture


def middle(picture: Image.Image) -> tuple[int, ...]:
    found = picture.getpixel((picture.width // 2, picture.height // 2))
    assert isinstance(found, tuple)
    return found


def sixteen_bits() -> Image.Image:
    """Grey: a ground of a tenth, a disc of half of the brightest."""
    levels = np.full((96, 96), 6_000, np.uint16)
    inside = np.asarray(disc().getchannel("R")) > 128
    levels[inside] = 48_000
    return Image.fromarray(levels)


@pytest.mark.parametrize(
    "data",
    [
        saved(disc(), "PNG"),
        saved(disc(), "JPEG", quality=92),
        saved(disc(), "WEBP"),
        saved(disc(), "GIF"),
        saved(disc(), "AVIF"),
        saved(disc().quantize(16)),
        saved(disc().convert("CMYK"), "JPEG", quality=92),
        saved(disc().convert("RGBA")),
    ],
    ids=["png", "jpeg", "webp", "gif", "avif", "palette", "cmyk", "rgba"],
)
def test_every_kind_of_picture_keeps_its_subject_and_its_colours(work: Work, data: bytes):
    picture = cut(work, data)
    assert (picture.format, picture.mode, picture.size) == ("PNG", "RGBA", (96, 96))
    assert picture.getpixel((0, 0)) == (0, 0, 0, 0)
    red, green, blue, alpha = middle(picture)
    assert alpha > 250
    assert red > 220
    assert max(green, blue) < 40


def test_sixteen_bits_of_grey_are_scaled_and_not_cut_off(work: Work):
    assert middle(cut(work, saved(sixteen_bits()))) == pytest.approx((187, 187, 187, 255), abs=2)


def test_a_picture_on_its_side_is_cut_out_upright(work: Work):
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    tall = disc((60, 120))
    tall.paste("red", (0, 0, 60, 30))
    picture = cut(work, saved(tall, "JPEG", exif=exif, quality=95))
    assert picture.size == (120, 60)
    alpha = picture.getchannel("A")
    assert alpha.getpixel((110, 30)) > alpha.getpixel((10, 30))  # type: ignore[operator]


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_was_half_transparent_is_no_more_than_that(work: Work, mode: str):
    picture = disc()
    alpha = Image.new("L", picture.size, 255)
    alpha.paste(128, (0, 0, 96, 48))
    alpha.paste(0, (0, 0, 20, 96))
    picture.putalpha(alpha)
    if mode == "LA":
        grey = picture.convert("L").point(lambda level: 3 * level)
        picture = Image.merge("LA", (grey, alpha))
    found = cut(work, saved(picture.convert(mode))).getchannel("A")
    assert found.getpixel((48, 60)) == pytest.approx(255, abs=5)
    assert found.getpixel((48, 36)) == pytest.approx(128, abs=5)
    assert found.getpixel((10, 48)) == 0


def test_a_subject_that_stands_on_nothing_is_cut_out_as_it_stands(work: Work):
    """Stickers come back: their transparent ground is as good as any."""
    once = work.do(task())
    assert is_cut(once)
    assert is_cut(work.do(task(once)))


def test_the_colour_profile_is_kept_and_all_that_the_exif_said_is_gone(work: Work):
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    data = saved(disc(), "JPEG", exif=exif, icc_profile=SRGB, quality=95)
    assert b"taken at home" in data
    made = work.do(task(data))
    picture = Image.open(io.BytesIO(made))
    assert picture.info.keys() == {"icc_profile"}
    assert picture.info["icc_profile"] == SRGB
    assert b"taken at home" not in made
    assert b"eXIf" not in made


@pytest.mark.parametrize(
    "picture",
    [
        Image.new("RGB", (80, 60), "teal"),
        Image.new("RGB", (1, 1)),
        Image.new("RGBA", (80, 60)),
        Image.new("I;16", (40, 40), 300),
    ],
    ids=["one colour", "one pixel", "nothing", "sixteen bits"],
)
def test_a_flat_picture_has_no_subject(work: Work, picture: Image.Image):
    with pytest.raises(ToolFailed) as failed:
        work.do(task(saved(picture)))
    assert failed.value.failure.kind is ToolFailureKind.NO_SUBJECT


@pytest.mark.parametrize("format_", list(CutoutFormat))
def test_every_choice_can_be_made_at_once(work: Work, format_: CutoutFormat):
    picture = cut(
        work, saved(disc()), background=(0, 128, 0), trim=True, feather=6, format=format_
    )
    assert not picture.has_transparency_data
    assert middle(picture)[:3] == pytest.approx((255, 0, 0), abs=8)


@pytest.mark.parametrize("size", [(1, 90), (700, 3)])
def test_thin_pictures_are_cut_out_as_well(work: Work, size: tuple[int, int]):
    picture = Image.new("RGB", size, "white")
    picture.paste("black", (0, 0, max(1, size[0] // 2), max(1, size[1] // 2)))
    assert cut(work, saved(picture)).size == size
