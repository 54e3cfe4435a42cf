import contextlib
import io
import struct
import tracemalloc
import warnings
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import GifImagePlugin, Image, ImageCms, ImageOps, PngImagePlugin

from core.errors import BadImage
from core.imaging import formats
from core.imaging.formats import (
    DECODE_LIMIT,
    decoded,
    encode_png,
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


def chunked(header: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    parts = ((b"IHDR", header), *chunks, (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds no pixel."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return chunked(header, (b"IDAT", zlib.compress(b"")))


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
    with pytest.raises(BadImage) as refused_whole:
        decoded(data)
    kinds = {refused.value.kind, refused_small.value.kind, refused_whole.value.kind}
    return kinds.pop() if len(kinds) == 1 else str(kinds)


@pytest.mark.parametrize("format_", FORMATS)
def test_a_picture_is_measured_by_what_its_bytes_say(format_):
    measured = measure(encoded(noise(), format_))
    assert measured == Measured(format=format_.lower(), width=96, height=48)


def test_a_jpeg_with_a_second_picture_inside_as_phones_write_it_is_a_jpeg():
    data = encoded(noise(), "MPO", save_all=True, append_images=[noise()])
    assert measure(data) == Measured(format="jpeg", width=96, height=48)
    assert thumbnail(data, 48).size == (48, 24)


def animation(format_: str, count: int = 3) -> bytes:
    colours = ["red", *["blue", "lime"] * count][:count]
    frames = [Image.new("RGB", (60, 30), colour) for colour in colours]
    return encoded(frames[0], format_, save_all=True, append_images=frames[1:], duration=50)


@pytest.mark.parametrize("format_", ["GIF", "WEBP", "PNG", "AVIF"])
def test_an_animation_is_no_still_picture_but_is_measured_and_shown_by_its_first(format_):
    data = animation(format_)
    with pytest.raises(BadImage) as refused:
        decoded(data)
    assert refused.value.kind == "animated"
    assert measure(data) == Measured(format=format_.lower(), width=60, height=30)
    assert colour(thumbnail(data, 20), (10, 5)) == "red"


def test_the_frames_of_an_animation_are_not_counted(monkeypatch):
    def count(_: GifImagePlugin.GifImageFile) -> int:
        raise AssertionError

    data = animation("GIF", 9)
    monkeypatch.setattr(GifImagePlugin.GifImageFile, "n_frames", property(count))
    with pytest.raises(BadImage) as refused:
        decoded(data)
    assert refused.value.kind == "animated"


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("part", [0.02, 0.5, 0.9])
def test_a_picture_that_ends_early_is_truncated(format_, part):
    data = encoded(noise(), format_)
    assert refusal(data[: int(len(data) * part)]) == "truncated"


@pytest.mark.parametrize("format_", FORMATS)
def test_a_large_picture_that_ends_early_is_truncated(format_):
    image = Image.effect_noise((1200, 1200), 90)
    data = encoded(image, format_, **({"quality": 90} if format_ in ("WEBP", "AVIF") else {}))
    assert len(data) > 2**18
    assert measure(data).width == 1200
    assert refusal(data[: len(data) - 2000]) == "truncated"


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8\xff"])
def test_a_beginning_alone_is_a_truncated_picture(data):
    assert refusal(data) == "truncated"


@pytest.mark.parametrize("format_", FORMATS)
@given(st.floats(0, 1, exclude_max=True))
def test_wherever_a_file_is_cut_it_gives_every_pixel_or_is_refused(format_, part):
    data = encoded(noise(20, 20), format_)
    with contextlib.suppress(BadImage):
        picture = decoded(data[: int(len(data) * part)])
        assert picture.tobytes() == decoded(data).tobytes()


def test_a_jpeg_with_more_bytes_after_its_end_is_whole():
    """A phone's moving photo is a JPEG with a film behind it."""
    data = encoded(Image.effect_noise((1200, 1200), 90), "JPEG") + b"ftypmp42" * 40
    assert measure(data).width == 1200
    assert decoded(data).width == 1200


def test_no_bytes_at_all_are_told_from_bytes_that_are_no_picture():
    assert refusal(b"") == "empty"


def test_a_file_of_too_many_bytes_is_not_even_looked_at(monkeypatch):
    data = encoded(noise(), "PNG")
    monkeypatch.setattr(formats, "BYTES_LIMIT", len(data))
    assert measure(data).width == 96
    monkeypatch.setattr(formats, "BYTES_LIMIT", len(data) - 1)
    assert refusal(data) == "too_large"


@pytest.mark.parametrize(
    "data",
    [
        b"\0" * 1000,
        b"<html><body>502 Bad Gateway</body></html>",
        b'<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>',
        b'{"error": "no picture"}',
        b"%PDF-1.7\n",
        b"RIFF\0\0\0\0WEBP",
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


@pytest.mark.parametrize("format_", ["JPEG", "PNG"])
def test_a_picture_that_lies_on_its_side_fits_the_box_when_it_stands(format_):
    exif = Image.Exif()
    exif[ORIENTATION] = TURNED
    data = encoded(halves("red", "blue"), format_, exif=exif)  # 400 x 200, shown as 200 x 400
    assert thumbnail(data, (50, 300)).size == (50, 100)
    assert thumbnail(data, (300, 300)).size == (150, 300)
    assert thumbnail(encoded(halves("red", "blue"), format_), (50, 300)).size == (50, 25)


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


def rgb(data: bytes, at: tuple[int, int] = (0, 0)) -> object:
    picture = decoded(data)
    assert picture.mode == "RGB"
    return picture.getpixel(at)


def profile(space: str = "sRGB") -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(space)).tobytes()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("mode", "format_", "plain"),
    [
        *[(mode, "PNG", "RGB") for mode in ("1", "L", "P", "RGB", "I;16")],
        *[(mode, "PNG", "RGBA") for mode in ("LA", "RGBA")],
        *[(mode, "JPEG", "RGB") for mode in ("L", "RGB", "CMYK")],
        *[(mode, "GIF", "RGB") for mode in ("P", "L")],
        *[(mode, format_, mode) for mode in ("RGB", "RGBA") for format_ in ("WEBP", "AVIF")],
    ],
)
def test_whatever_was_stored_is_decoded_to_8_bits_of_rgb_or_rgba(mode, format_, plain):
    size = (30, 20)
    image = Image.new("RGBA", size, (200, 0, 0, 90)) if mode == "RGBA" else Image.new(mode, size)
    picture = decoded(encoded(image, format_))
    assert (picture.mode, picture.size) == (plain, size)


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("turn", range(1, 9))
def test_a_decoded_picture_stands_upright_as_its_exif_says(format_, turn):
    exif = Image.Exif()
    exif[ORIENTATION] = turn
    image = halves("red", "blue")
    data = encoded(image, format_, exif=exif)
    with Image.open(io.BytesIO(data)) as raw:
        wanted = ImageOps.exif_transpose(raw).convert("RGB")
    picture = decoded(data)
    assert picture.size == ((400, 200) if turn < 5 else (200, 400))
    assert picture.tobytes() == wanted.tobytes()


@pytest.mark.parametrize(
    "exif", [b"Exif\0\0", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0junk" * 9]
)
def test_broken_exif_turns_nothing_and_costs_no_pixel(exif):
    make_bombs_errors()
    assert decoded(encoded(halves("red", "blue"), "JPEG", exif=exif)).size == (400, 200)


@pytest.mark.parametrize("level", [0, 1, 128, 254, 255])
def test_16_bits_of_grey_are_scaled_and_not_clipped(level):
    image = Image.new("I;16", (4, 4), level * 257)
    assert rgb(encoded(image, "PNG")) == (level, level, level)


def test_16_bits_of_colour_are_scaled_and_not_clipped():
    row = b"\0" + struct.pack(">6H", 65535, 32768, 256, 257, 0, 65279)
    data = chunked(struct.pack(">IIBBBBB", 2, 1, 16, 2, 0, 0, 0), (b"IDAT", zlib.compress(row)))
    assert [rgb(data, (x, 0)) for x in (0, 1)] == [(255, 128, 1), (1, 0, 254)]


def test_a_grey_of_16_bits_that_stands_for_nothing_is_transparent():
    row = b"\0" + struct.pack(">2H", 1000, 1001)  # alike in 8 bits
    data = chunked(
        struct.pack(">IIBBBBB", 2, 1, 16, 0, 0, 0, 0),
        (b"tRNS", struct.pack(">H", 1001)),
        (b"IDAT", zlib.compress(row)),
    )
    picture = decoded(data)
    assert picture.mode == "RGBA"
    assert [picture.getpixel((x, 0)) for x in (0, 1)] == [(3, 3, 3, 255), (3, 3, 3, 0)]


@pytest.mark.parametrize(("depth", "key"), [(8, (7, 8, 9)), (16, (700, 800, 65535))])
def test_a_colour_that_stands_for_nothing_is_read(depth, key):
    size = depth // 8
    row = b"\0" + b"".join(level.to_bytes(size) for level in (*key, 1, 2, 3))
    data = chunked(
        struct.pack(">IIBBBBB", 2, 1, depth, 2, 0, 0, 0),
        (b"tRNS", struct.pack(">3H", *key)),
        (b"IDAT", zlib.compress(row)),
    )
    assert decoded(data).mode == "RGBA"
    assert thumbnail(data, 1).mode == "RGBA"


def test_a_palette_with_transparency_keeps_it():
    image = Image.new("P", (2, 1))
    image.putpalette([255, 0, 0, 0, 255, 0])
    image.putpixel((1, 0), 1)
    for data in (
        encoded(image, "PNG", transparency=b"\x80\xff"),
        encoded(image, "GIF", transparency=0),
    ):
        picture = decoded(data)
        assert picture.mode == "RGBA"
        assert picture.getpixel((1, 0)) == (0, 255, 0, 255)
        assert picture.getchannel("A").getpixel((0, 0)) in (0, 128)


def test_printing_inks_become_the_colours_that_they_print():
    image = Image.new("CMYK", (16, 16), (255, 0, 0, 0))
    red, green, blue = decoded(encoded(image, "JPEG", quality=95)).getpixel((8, 8))  # type: ignore[misc]
    assert red < 10
    assert min(green, blue) > 245


def test_a_colour_profile_is_kept_when_it_is_one_of_rgb():
    kept = profile()
    for format_ in ("PNG", "JPEG", "WEBP", "AVIF"):
        data = encoded(noise(), format_, icc_profile=kept)
        assert decoded(data).info == {"icc_profile": kept}
        assert thumbnail(data, 20).info == {"icc_profile": kept}


@pytest.mark.parametrize(
    "bad", [profile("LAB"), profile()[:-1], b"junk", profile() + bytes(5 * 2**20)], ids=len
)
def test_a_profile_that_does_not_fit_is_left_out(bad):
    assert decoded(encoded(noise(), "JPEG", icc_profile=bad)).info == {}


def test_nothing_else_that_a_file_says_goes_with_its_pixels():
    text = PngImagePlugin.PngInfo()
    text.add_text("parameters", "a fox")
    exif = Image.Exif()
    exif[0x010E] = "at home"
    data = encoded(noise(), "PNG", pnginfo=text, exif=exif, dpi=(72, 72))
    assert decoded(data).info == {}


@pytest.mark.parametrize("kind", [b"zTXt", b"iTXt", b"iCCP"])
def test_a_small_chunk_that_swells_is_stopped(kind):
    """100 MB of one letter, in 100 kB."""
    between = b"a\0\1\0\0\0" if kind == b"iTXt" else b"a\0\0"
    chunk = between + zlib.compress(b"a" * (100 * 2**20), 9)
    row = zlib.compress(b"\0\1\2\3")
    data = chunked(struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0), (kind, chunk), (b"IDAT", row))
    tracemalloc.start()
    try:
        assert rgb(data) == (1, 2, 3)
    except BadImage:
        pass
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 16 * 2**20


def test_a_palette_is_reduced_smoothly():
    image = halves("white", "black").convert("P")
    small = thumbnail(encoded(image, "PNG"), 5)
    greys = {small.getpixel((x, 1)) for x in range(5)}
    assert len(greys) > 2
