import io
from itertools import pairwise

import pytest
from PIL import Image

from core.errors import BadImage
from core.imaging.containers import (
    PARTS,
    SCANS,
    is_cut,
    is_tangled,
    jpeg_segments,
    png_chunks,
    webp_chunks,
)
from core.imaging.formats import decoded, measure

FORMATS = ("PNG", "JPEG", "WEBP", "AVIF", "GIF")


def encoded(format_: str, **how) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise((96, 48), 60).save(buffer, format_, **how)
    return buffer.getvalue()


@pytest.mark.parametrize("format_", FORMATS)
def test_a_whole_file_is_not_cut_and_every_beginning_of_it_is(format_):
    data = encoded(format_)
    assert not is_cut(data)
    assert not is_cut(data + b"\0" * 9) or format_ == "AVIF"
    missed = [data[:end] for end in range(12, len(data)) if not is_cut(data[:end])]
    # The end mark of a GIF may also stand within.
    assert all(format_ == "GIF" and part.rstrip(b"\0").endswith(b";") for part in missed)


@pytest.mark.parametrize("data", [b"", b"\x89PNG", b"RIFF", b"<html>", b"\0" * 40])
def test_of_no_known_format_nobody_can_say_that_it_is_cut(data):
    assert not is_cut(data)


def test_chunks_and_segments_follow_each_other_up_to_the_end():
    png, jpeg, webp = encoded("PNG"), encoded("JPEG"), encoded("WEBP", exif=b"Exif\0\0II*\0")
    for data, parts, first in (
        (png, list(png_chunks(png)), 8),
        (jpeg, list(jpeg_segments(jpeg)), 2),
        (webp, list(webp_chunks(webp)), 12),
    ):
        assert parts[0].start == first
        assert all(a.end == b.start for a, b in pairwise(parts))
        assert all(part.start < part.body.start <= part.body.stop <= part.end for part in parts)
        assert parts[-1].end == len(data) or data is jpeg
    assert [chunk.kind for chunk in png_chunks(png)] == [b"IHDR", b"IDAT", b"IEND"]
    assert [chunk.kind for chunk in webp_chunks(webp)] == [b"VP8X", b"VP8 ", b"EXIF"]
    assert jpeg[list(jpeg_segments(jpeg))[-1].end :].startswith(b"\xff\xda")


def refused(data: bytes) -> bool:
    assert is_tangled(data)
    for look in (measure, decoded):
        with pytest.raises(BadImage) as error:
            look(data)
        assert error.value.kind == "too_large"
    return True


def test_a_png_of_very_many_chunks_is_refused():
    """Pillow takes half a minute for 64 MiB of them."""
    data = encoded("PNG")
    empty = bytes.fromhex("00000000") + b"abCd" + bytes.fromhex("7b98a4bf")
    assert refused(data[:33] + empty * PARTS + data[33:])


def test_a_jpeg_of_very_many_segments_is_refused():
    data = encoded("JPEG")
    assert refused(data[:2] + b"\xff\xfe\0\2" * PARTS + data[2:])


def test_a_jpeg_of_very_many_scans_is_refused():
    """Each goes through all pixels: a small file could keep a core busy for hours."""
    data = encoded("JPEG", progressive=True)
    scan = data[data.rindex(b"\xff\xda") : -2]
    assert refused(data[:-2] + scan * SCANS + data[-2:])
    assert decoded(data[:-2] + scan * 9 + data[-2:]).width == 96


@pytest.mark.parametrize("format_", FORMATS)
def test_an_honest_file_is_not_tangled(format_):
    assert not is_tangled(encoded(format_))
    assert not is_tangled(b"")


def test_a_film_behind_a_photo_has_no_scans():
    assert not is_tangled(encoded("JPEG") + b"\xff\xda" * 999)
