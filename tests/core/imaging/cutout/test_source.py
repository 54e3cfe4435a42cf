import numpy as np
import pytest
from PIL import Image, ImageCms

from core.errors import BadImage
from core.imaging.cutout.source import as_seen, is_flat, read
from tests.core.imaging.cutout.pictures import disc, encoded, same


def deep() -> Image.Image:
    levels = np.linspace(0, 65535, 64 * 64).reshape(64, 64)
    return Image.fromarray(levels.astype(np.uint16))


@pytest.mark.parametrize(
    "data",
    [
        encoded(disc()[0]),
        encoded(disc()[0].convert("P")),
        encoded(disc()[0].convert("1")),
        encoded(disc()[0].convert("L")),
        encoded(disc()[0].convert("CMYK"), "JPEG"),
        encoded(deep()),
    ],
    ids=["rgb", "palette", "bitmap", "grey", "cmyk", "16 bits"],
)
def test_a_picture_of_any_kind_becomes_rgb_of_which_all_is_visible(data):
    source = read(data)
    assert (source.picture.mode, source.visible) == ("RGB", None)
    assert not is_flat(source.picture)


def test_what_is_transparent_stands_apart():
    picture, mask = disc()
    picture.putalpha(mask)
    for data in (encoded(picture), encoded(picture, "WEBP", lossless=True)):
        source = read(data)
        assert source.picture.mode == "RGB"
        assert source.visible is not None
        assert same(source.visible, mask)


def test_a_transparency_that_hides_nothing_is_none():
    picture, _ = disc()
    picture.putalpha(255)
    assert read(encoded(picture)).visible is None


def test_it_stands_upright_and_leaves_its_exif():
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned 90 degrees clockwise
    source = read(encoded(Image.new("RGB", (40, 20)), "JPEG", exif=exif))
    assert source.picture.size == (20, 40)
    assert "exif" not in source.picture.info


def test_a_colour_profile_is_kept_where_it_fits():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert read(encoded(disc()[0], icc_profile=profile)).profile == profile
    assert read(encoded(disc()[0].convert("L"), icc_profile=profile)).profile in (None, profile)


def test_what_is_no_picture_is_a_bad_image():
    with pytest.raises(BadImage):
        read(b"no picture")


@pytest.mark.parametrize(("shade", "ground"), [("black", 255), ("white", 0)])
def test_the_network_sees_a_transparent_picture_on_what_it_stands_out_from(shade, ground):
    picture = Image.new("RGB", (64, 64), shade)
    picture.putalpha(disc()[1])
    seen = as_seen(read(encoded(picture)))
    assert seen.getpixel((0, 0)) == (ground,) * 3
    assert seen.getpixel((32, 32)) == (255 - ground,) * 3


def test_one_colour_is_flat_even_as_a_jpeg_and_a_disc_is_not():
    assert is_flat(read(encoded(Image.new("RGB", (90, 50), "teal"), "JPEG")).picture)
    assert not is_flat(disc()[0])
