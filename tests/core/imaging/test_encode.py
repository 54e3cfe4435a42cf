import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from core.imaging.encode import encode_png
from core.imaging.formats import measure

PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def noise(size: tuple[int, int], mode: str) -> Image.Image:
    bands = [Image.effect_noise(size, 60 + 20 * number) for number in range(len(mode))]
    return Image.merge(mode, bands) if len(mode) > 1 else bands[0]


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
@given(width=st.integers(1, 40), height=st.integers(1, 300))
def test_a_picture_written_as_png_keeps_every_pixel(mode, width, height):
    image = noise((width, height), mode)
    again = opened(encode_png(image))
    assert (again.format, again.mode, again.size) == ("PNG", mode, image.size)
    assert again.tobytes() == image.tobytes()


@pytest.mark.parametrize("mode", ["1", "P", "I;16"])
def test_pictures_of_other_kinds_are_written_too(mode):
    image = Image.linear_gradient("L").convert(mode)
    again = opened(encode_png(image))
    assert again.tobytes() == image.tobytes()


def test_a_colour_that_stands_for_nothing_stays_one():
    image = noise((9, 9), "RGB")
    image.info["transparency"] = (1, 2, 3)
    assert opened(encode_png(image)).info["transparency"] == (1, 2, 3)


def test_the_colour_profile_goes_with_it_and_nothing_else():
    image = noise((9, 9), "RGB")
    image.info = {"icc_profile": PROFILE, "parameters": "secret", "dpi": (72, 72)}
    assert opened(encode_png(image)).info == {"icc_profile": PROFILE}


def test_every_checksum_is_right():
    data = encode_png(noise((300, 700), "RGBA"))
    with Image.open(io.BytesIO(data)) as image:
        image.verify()
    assert measure(data).height == 700


def test_it_is_no_larger_than_what_pillow_writes_at_the_same_level():
    for image in (noise((256, 256), "RGB"), Image.radial_gradient("L").convert("RGB")):
        buffer = io.BytesIO()
        image.save(buffer, "PNG", compress_level=1)
        assert len(encode_png(image)) < len(buffer.getvalue()) * 1.1


def test_the_same_picture_gives_the_same_bytes():
    image = noise((30, 400), "RGBA")
    assert encode_png(image) == encode_png(image)
