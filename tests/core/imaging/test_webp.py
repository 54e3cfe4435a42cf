import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms

from core.errors import BadImage
from core.imaging.formats import decoded, measure
from core.imaging.metadata import embed, text_of
from core.imaging.webp import as_lossless_webp, preview

PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
TEXT = "雪中的狐狸\nSteps: 4, Seed: 7, Size: 64x48, Model: x"


def encoded(image: Image.Image, format_: str = "PNG", **how) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format_, **how)
    return buffer.getvalue()


def drawing() -> Image.Image:
    """Smooth, as paintings are, where WebP is the smaller."""
    return Image.linear_gradient("L").resize((320, 240)).convert("RGB")


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "LA", "RGBA"])
def test_the_pixels_are_the_same_to_the_last_bit(mode):
    image = drawing().convert(mode)
    if mode in ("LA", "RGBA"):  # what lies under full transparency too
        image.putalpha(Image.radial_gradient("L").resize(image.size).point(lambda a: a // 9 * 9))
    small = as_lossless_webp(encoded(image))
    assert small is not None
    with Image.open(io.BytesIO(small)) as written:
        assert written.format == "WEBP"
    before, after = decoded(encoded(image)).convert("RGBA"), decoded(small).convert("RGBA")
    assert after.tobytes() == before.tobytes()


def test_it_is_smaller_and_keeps_its_colours_and_no_words():
    data = embed(encoded(drawing(), icc_profile=PROFILE), TEXT)
    small = as_lossless_webp(data)
    assert small is not None
    assert len(small) < len(data)
    assert text_of(small) is None
    assert decoded(small).info == {"icc_profile": PROFILE}


def deep_colours() -> bytes:
    row = b"\0" + struct.pack(">3H", 1, 2, 3)
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 16, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(row)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


@pytest.mark.parametrize(
    "data",
    [
        encoded(Image.new("I;16", (4, 4), 1)),
        deep_colours(),
        encoded(Image.new("CMYK", (4, 4)), "JPEG"),
        encoded(Image.new("L", (16_384, 1))),
    ],
    ids=["grey of 16 bits", "colours of 16 bits", "printing inks", "too wide"],
)
def test_what_webp_cannot_hold_as_it_is_stays_what_it_is(data):
    assert as_lossless_webp(data) is None


def test_what_is_no_still_picture_is_refused():
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    moving = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    for data, kind in ((b"", "empty"), (b"junk", "garbage"), (moving, "animated")):
        with pytest.raises(BadImage) as refused:
            as_lossless_webp(data)
        assert refused.value.kind == kind


def test_a_preview_is_a_webp_that_fits():
    noise = np.random.default_rng(7).integers(0, 256, (900, 1200, 3), np.uint8)
    data = encoded(Image.fromarray(noise))
    large, small = preview(data, 10**7), preview(data, 200_000)
    assert measure(large).format == measure(small).format == "webp"
    assert (measure(large).width, measure(large).height) == (1200, 900)
    assert len(small) <= 200_000
    assert measure(small).width < 1200
