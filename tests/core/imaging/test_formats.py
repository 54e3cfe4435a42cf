import io
import struct
import warnings
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.errors import BadImage
from core.imaging import formats
from core.imaging.formats import (
    DECODE_LIMIT,
    encode_png,
    extension,
    make_bombs_errors,
    measure,
    thumbnail,
)
from core.models.image import Measured

FORMATS = ("PNG", "JPEG", "WEBP", "AVIF", "GIF")
TURNED = 6  # EXIF: to be turned 90 degrees clockwise
ORIENTATION = 0x0112
# 34 bytes that decode to 4200 x 4200 pixels of one colour
LARGE_WEBP = "524946461a000000574542505650384c0e0000002f67d01904071011fd0f4444ff03"


def encoded(image: Image.Image, format_: str, **how) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format_, **how)
    return buffer.getvalue()


def noise(width: int = 96, height: int = 48) -> Image.Image:
    return Image.effect_noise((width, height), 60).convert("RGB")


def halves(left: str, right: str) -> Image.Image:
    image = Image.new("RGB", (400, 200), left)
    image.paste(right, (200, 0, 400, 200))
    return image


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds no pixel."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


def colour(image: Image.Image, at: tuple[int, int]) -> str:
    """The one of its three colours that a pixel has most of, as lossy formats leave it."""
    pixel = image.convert("RGB").getpixel(at)
    assert isinstance(pixel, tuple)
    strongest, second = sorted(pixel)[:0:-1]
    assert strongest > second + 100
    return ("red", "green", "blue")[pixel.index(strongest)]


def refusal(data: bytes) -> str:
    with pytest.raises(BadImage) as refused:
        measure(data)
    with pytest.raises(BadImage) as refused_small:
        thumbnail(data, 64)
    assert refused.value.kind == refused_small.value.kind
    return refused.value.kind


@pytest.mark.parametrize("format_", FORMATS)
def test_a_picture_is_measured_by_what_its_bytes_say(format_):
    measured = measure(encoded(noise(), format_))
    assert measured == Measured(format=format_.lower(), width=96, height=48)


def test_a_jpeg_with_a_second_picture_inside_as_phones_write_it_is_a_jpeg():
    data = encoded(noise(), "MPO", save_all=True, append_images=[noise()])
    assert measure(data) == Measured(format="jpeg", width=96, height=48)
    assert thumbnail(data, 48).size == (48, 24)


@pytest.mark.parametrize("format_", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_the_first_frame_counts(format_):
    frames = [Image.new("RGB", (60, 30), colour) for colour in ("red", "blue", "lime")]
    data = encoded(frames[0], format_, save_all=True, append_images=frames[1:], duration=50)
    assert measure(data) == Measured(format=format_.lower(), width=60, height=30)
    assert colour(thumbnail(data, 20), (10, 5)) == "red"


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("part", [0.02, 0.5, 0.9])
def test_a_truncated_picture_is_garbage(format_, part):
    data = encoded(noise(), format_)
    assert refusal(data[: int(len(data) * part)]) == "garbage"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 1000,
        b"<html><body>502 Bad Gateway</body></html>",
        b'<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>',
        b'{"error": "no picture"}',
        b"%PDF-1.7\n",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
        b"RIFF\0\0\0\0WEBP",
        b"\xff\xd8\xff",
        encoded(Image.new("RGB", (8, 8)), "BMP"),
        encoded(Image.new("RGB", (8, 8)), "TIFF"),
        png_header(0, 10),
        png_header(10, 10),
    ],
    ids=lambda data: repr(data[:12]),
)
def test_what_is_no_picture_of_a_known_format_is_garbage(data):
    assert refusal(data) == "garbage"


@given(st.binary(max_size=300), st.integers(0, 200), st.sampled_from(FORMATS))
def test_broken_bytes_are_a_picture_or_a_bad_image_and_nothing_else(junk, at, format_):
    data = encoded(Image.new("RGB", (16, 16), "teal"), format_)
    try:
        measured = measure(data[:at] + junk + data[at + len(junk) :])
    except BadImage:
        return
    assert measured.width * measured.height * 4 <= DECODE_LIMIT


@pytest.mark.parametrize(("width", "height"), [(30_000, 30_000), (20_000, 10_000), (10_000, 8000)])
def test_a_png_of_a_few_bytes_that_claims_very_many_pixels_is_too_large(width, height):
    data = png_header(width, height)
    assert len(data) < 100
    assert refusal(data) == "too_large"


def test_a_webp_is_too_large_where_a_png_of_its_size_would_not_be():
    """Its decoder takes four times the memory."""
    data = bytes.fromhex(LARGE_WEBP)
    assert DECODE_LIMIT > 4200 * 4200 * 4
    assert refusal(data) == "too_large"


@pytest.mark.parametrize(
    ("format_", "cost"), [("PNG", 4), ("JPEG", 4), ("GIF", 8), ("AVIF", 9), ("WEBP", 16)]
)
def test_a_decode_is_capped_by_the_memory_that_its_format_takes(monkeypatch, format_, cost):
    data = encoded(noise(100, 100), format_)
    monkeypatch.setattr(formats, "DECODE_LIMIT", 100 * 100 * cost)
    assert measure(data).width == 100
    monkeypatch.setattr(formats, "DECODE_LIMIT", 100 * 100 * cost - 1)
    assert refusal(data) == "too_large"


def test_a_bomb_is_refused_without_a_word_on_stderr():
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        make_bombs_errors()
        assert refusal(png_header(10_000, 10_000)) == "too_large"
    assert heard == []


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_a_thumbnail_stands_upright_as_its_exif_says(format_):
    exif = Image.Exif()
    exif[ORIENTATION] = TURNED
    small = thumbnail(encoded(halves("red", "blue"), format_, exif=exif), 100)
    assert small.size == (50, 100)
    assert [colour(small, (25, y)) for y in (10, 90)] == ["red", "blue"]


@pytest.mark.parametrize(
    ("size", "small"),
    [
        ((400, 200), (100, 50)),
        ((200, 400), (50, 100)),
        ((80, 60), (80, 60)),
        ((1000, 2), (100, 1)),
    ],
)
@pytest.mark.parametrize("format_", FORMATS)
def test_a_thumbnail_fits_its_box_in_shape_and_is_never_enlarged(format_, size, small):
    assert thumbnail(encoded(Image.new("RGB", size), format_), 100).size == small


@pytest.mark.parametrize("level", [0, 64, 128, 200, 255])
def test_16_bits_of_grey_keep_their_brightness_in_a_thumbnail(level):
    image = Image.new("I;16", (200, 100), level * 257)
    data = encoded(image, "PNG")
    assert measure(data).format == "png"
    small = thumbnail(data, 50).convert("RGB")
    assert small.getpixel((25, 12)) == (level, level, level)


@pytest.mark.parametrize(
    ("mode", "format_"),
    [
        *[(mode, "PNG") for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")],
        *[(mode, "JPEG") for mode in ("L", "RGB", "CMYK")],
        *[("P", "GIF"), ("RGBA", "WEBP"), ("RGBA", "AVIF")],
    ],
)
def test_a_picture_of_any_mode_becomes_a_thumbnail_that_can_be_shown(mode, format_):
    data = encoded(Image.new(mode, (300, 150)), format_)
    assert measure(data) == Measured(format=format_.lower(), width=300, height=150)
    small = thumbnail(data, 60)
    assert small.size == (60, 30)
    assert measure(encode_png(small.convert("RGBA"))).width == 60


def test_a_picture_written_as_png_keeps_every_pixel():
    image = noise()
    with Image.open(io.BytesIO(encode_png(image))) as again:
        assert again.tobytes() == image.tobytes()


@pytest.mark.parametrize(
    ("format_", "ending"), [("png", "png"), ("jpeg", "jpg"), ("webp", "webp"), ("avif", "avif")]
)
def test_a_file_ends_as_people_expect_of_its_format(format_, ending):
    assert extension(format_) == ending
