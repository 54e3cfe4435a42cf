import io
import struct
import tracemalloc
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from core.imaging.formats import measure
from core.imaging.metadata import Made, embed, parse, read, text_of
from core.imaging.metadata.infotext import TEXT_LIMIT

TAGS, COMMENT, MAKER, TURN = 0x8769, 0x9286, 0x010F, 0x0112
SETTINGS = "Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x512, Model: x"
TEXT = f"a fox, (red:1.2)\nNegative prompt: text\n{SETTINGS}"
TEXTS = [
    TEXT,
    f"café\n{SETTINGS}",
    f"雪中的狐狸 🦊\n{SETTINGS}",
    "",
    "\n",
    "x" * 30_000 + SETTINGS,
]
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

# Every layout of the three formats that an encoder writes: format, mode, how.
LAYOUTS = [
    ("PNG", "RGB", {}),
    ("PNG", "RGBA", {"icc_profile": PROFILE}),
    ("PNG", "P", {"transparency": 0}),
    ("JPEG", "RGB", {}),
    ("JPEG", "L", {"progressive": True, "icc_profile": PROFILE}),
    ("JPEG", "CMYK", {"comment": b"before"}),
    ("WEBP", "RGB", {}),
    ("WEBP", "RGBA", {}),
    ("WEBP", "RGB", {"lossless": True}),
    ("WEBP", "RGBA", {"lossless": True, "exact": True}),
    ("WEBP", "RGBA", {"lossless": True, "exact": True, "icc_profile": PROFILE, "xmp": b"<x/>"}),
]


def encoded(
    format_: str = "PNG", mode: str = "RGB", how: dict[str, object] | None = None
) -> bytes:
    image = Image.effect_noise((31, 18), 60).convert(mode)
    if mode == "RGBA":
        image.putpixel((3, 3), (1, 2, 3, 0))
    buffer = io.BytesIO()
    image.save(buffer, format_, **(how or {}))
    return buffer.getvalue()


def loaded(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def comment(data: bytes) -> object:
    return loaded(data).getexif().get_ifd(TAGS)[COMMENT]


@pytest.mark.parametrize(("format_", "mode", "how"), LAYOUTS)
@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text[:8])
def test_a_picture_keeps_every_pixel_and_says_how_it_was_made(format_, mode, how, text):
    data = encoded(format_, mode, how)
    made = embed(data, text)
    before, after = loaded(data), loaded(made)
    assert text_of(made) == (text or None if format_ != "PNG" else text)
    assert (after.format, after.mode, after.size) == (format_, mode, (31, 18))
    assert after.tobytes() == before.tobytes()
    for kept in ("icc_profile", "transparency", "xmp", "comment"):
        assert after.info.get(kept) == before.info.get(kept)
    assert measure(made).format == format_.lower()


@pytest.mark.parametrize("text", TEXTS[:3])
def test_a_png_says_it_where_every_tool_looks(text):
    assert loaded(embed(encoded(), text)).info["parameters"] == text


def test_a_png_says_it_plainly_where_it_can_and_before_its_pixels():
    for text, kind in ((TEXTS[1], b"tEXt"), (TEXTS[2], b"iTXt")):
        made = embed(encoded(), text)
        assert made[33 + 4 : 33 + 8] == kind
        with Image.open(io.BytesIO(made)) as image:
            image.verify()


@pytest.mark.parametrize("format_", ["JPEG", "WEBP"])
def test_jpeg_and_webp_say_it_as_a1111_does(format_):
    made = embed(encoded(format_), TEXTS[2])
    assert comment(made) == b"UNICODE\0" + TEXTS[2].encode("utf-16-be")
    assert loaded(made).getexif().endian == ">"


@pytest.mark.parametrize("side", [1, 16, 16383])
@pytest.mark.parametrize("lossless", [True, False])
def test_a_webp_of_any_size_tells_its_size_to_the_whole_file(side, lossless):
    buffer = io.BytesIO()
    Image.new("RGB", (side, 3)).save(buffer, "WEBP", lossless=lossless, method=0)
    made = embed(buffer.getvalue(), TEXT)
    assert made[12:16] == b"VP8X"
    assert 1 + int.from_bytes(made[24:27], "little") == side
    assert loaded(made).size == (side, 3)


@pytest.mark.parametrize(("format_", "mode", "how"), LAYOUTS)
def test_what_was_said_before_is_replaced(format_, mode, how):
    data = encoded(format_, mode, how)
    made = embed(embed(data, "an older text"), TEXT)
    assert text_of(made) == TEXT
    assert b"older" not in made.replace(b"\0", b"")
    assert made == embed(made, TEXT)


@pytest.mark.parametrize("format_", ["JPEG", "WEBP"])
def test_other_tags_stay(format_):
    exif = Image.Exif()
    exif[MAKER], exif[TURN] = "a camera", 6
    made = embed(encoded(format_, how={"exif": exif}), TEXT)
    assert (loaded(made).getexif()[MAKER], loaded(made).getexif()[TURN]) == ("a camera", 6)
    assert text_of(made) == TEXT


def test_other_texts_of_a_png_stay():
    info = PngImagePlugin.PngInfo()
    for name in ("Title", "parameters", "prompt"):
        info.add_text(name, f"old {name}", zip=name == "parameters")
    made = embed(encoded(how={"pnginfo": info}), TEXT)
    found = loaded(made)
    assert isinstance(found, PngImagePlugin.PngImageFile)
    assert found.text == {"parameters": TEXT, "Title": "old Title", "prompt": "old prompt"}


@pytest.mark.parametrize("word", ["x", "雪", "🦊"])
def test_a_text_that_no_jpeg_can_hold_loses_the_end_of_its_prompt(word):
    made = embed(encoded("JPEG"), f"{word * 40_000}\n{SETTINGS}")
    found = read(made)
    assert found is not None
    assert (found.seed, found.model) == (1, "x")
    assert 14_000 < len(found.prompt) < 33_000
    assert found.prompt.strip(word) == "…"
    assert loaded(made).size == (31, 18)
    assert text_of(embed(encoded("JPEG"), word * 40_000)) is not None


@given(st.text(max_size=300), st.sampled_from(["PNG", "JPEG", "WEBP"]))
@settings(max_examples=60)
def test_any_text_comes_back(text, format_):
    found = text_of(embed(encoded(format_), text))
    kept = text.replace("\0", "")
    assert (found or "").strip() == kept.strip()


def test_what_no_encoding_can_say_is_replaced():
    for format_ in ("PNG", "JPEG", "WEBP"):
        assert (
            text_of(embed(encoded(format_), "\ud83d fox \0"))
            == "? fox "[: 6 if format_ == "PNG" else 5]
        )


@pytest.mark.parametrize("format_", ["GIF", "AVIF"])
def test_of_other_formats_nothing_is_changed(format_):
    data = encoded(format_, "L" if format_ == "GIF" else "RGB")
    assert embed(data, TEXT) == data


@pytest.mark.parametrize("junk", [b"", b"junk", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP"])
def test_what_is_no_picture_is_left_alone(junk):
    assert embed(junk, TEXT) == junk
    assert text_of(junk) is None
    assert read(junk) is None


# What other tools write.


def with_comment(value: bytes | str, endian: str = ">", format_: str = "JPEG") -> bytes:
    exif = Image.Exif()
    exif.endian = endian
    exif.get_ifd(TAGS)[COMMENT] = value
    return encoded(format_, how={"exif": exif.tobytes()})


@pytest.mark.parametrize("format_", ["JPEG", "WEBP", "AVIF"])
@pytest.mark.parametrize(
    ("code", "encoding", "text"),
    [
        (b"UNICODE\0", "utf-16-be", TEXTS[2]),
        (b"UNICODE\0", "utf-16-le", TEXTS[2]),
        (b"UNICODE\0", "utf-16", TEXTS[2]),
        (b"ASCII\0\0\0", "ascii", TEXT),
        (bytes(8), "utf-8", TEXTS[2]),
        (b"", "utf-8", TEXTS[2]),
    ],
)
@pytest.mark.parametrize("endian", ["<", ">"])
def test_a_comment_is_read_in_whichever_encoding(format_, code, encoding, text, endian):
    assert text_of(with_comment(code + text.encode(encoding), endian, format_)) == text


@pytest.mark.parametrize(("endian", "encoding"), [("<", "utf-16-le"), (">", "utf-16-be")])
def test_a_comment_without_a_hint_goes_as_its_tags_go(endian, encoding):
    assert text_of(with_comment(b"UNICODE\0" + "雪狐".encode(encoding), endian)) == "雪狐"


@pytest.mark.parametrize(("packed", "international"), [(True, False), (False, True), (True, True)])
def test_a_text_of_a_png_is_read_in_whichever_chunk(packed, international):
    info = PngImagePlugin.PngInfo()
    add = info.add_itxt if international else info.add_text
    add("parameters", TEXT, zip=packed)
    assert read(encoded(how={"pnginfo": info})) == parse(TEXT)


def test_a_picture_that_says_nothing_gives_nothing():
    for format_ in ("PNG", "JPEG", "WEBP", "AVIF", "GIF"):
        assert text_of(encoded(format_)) is None
        assert read(encoded(format_)) is None


def test_a_workflow_is_no_parameters():
    info = PngImagePlugin.PngInfo()
    info.add_text("prompt", '{"3": {"class_type": "KSampler"}}')
    assert read(encoded(how={"pnginfo": info})) is None


# Hostile files.


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


@pytest.mark.parametrize(("kind", "between"), [(b"zTXt", b"\0"), (b"iTXt", b"\1\0\0\0")])
def test_a_text_that_swells_is_stopped(kind, between):
    data = encoded()
    bomb = b"parameters\0" + between + zlib.compress(b"x" * (64 * 2**20), 9)
    tracemalloc.start()
    try:
        found = text_of(data[:33] + chunk(kind, bomb) + data[33:])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found is not None
    assert len(found) <= 4 * TEXT_LIMIT
    assert peak < 8 * 2**20


@pytest.mark.parametrize("kind", [b"zTXt", b"iTXt", b"tEXt"])
@pytest.mark.parametrize("body", [b"", b"\0", b"\1", b"\1\0\0", b"\0\0\0\0", b"junk" * 9])
def test_a_broken_text_harms_nothing(kind, body):
    data = encoded()
    text_of(data[:33] + chunk(kind, b"parameters\0" + body) + data[33:])


@given(st.binary(max_size=200), st.integers(0, 400), st.sampled_from(["PNG", "JPEG", "WEBP"]))
def test_broken_files_give_a_text_or_none_and_nothing_else(junk, at, format_):
    data = embed(encoded(format_), TEXT)
    broken = data[:at] + junk + data[at + len(junk) :]
    assert isinstance(text_of(broken), str | None)
    assert isinstance(read(broken[: at + 300]), Made | None)
    assert isinstance(embed(broken, TEXT), bytes)


@given(st.floats(0, 1), st.sampled_from(["PNG", "JPEG", "WEBP"]))
def test_cut_files_give_a_text_or_none_and_nothing_else(part, format_):
    data = embed(encoded(format_), TEXT)
    assert text_of(data[: int(len(data) * part)]) in (TEXT, None)
