"""Smaller files: with the same pixels, or for looking at."""

import io

from core.imaging.containers import PNG
from core.imaging.formats import decoded, opened, thumbnail

_LONGEST_SIDE = 16_383  # pixels that the format can say
_PREVIEW_SIDES = (2048, 1536, 1024, 768, 512)  # pixels
_PREVIEW_QUALITY = 90
_DEPTH_AT, _DEEP = 24, 16  # where a PNG says how many bits its colours have


def as_lossless_webp(data: bytes) -> bytes | None:
    """The same picture as lossless WebP, to the last bit; None where WebP cannot hold it.

    Its colour profile goes with it, no other metadata. BadImage for what is no still picture.
    """
    with opened(data) as image:
        deep = data.startswith(PNG) and data[_DEPTH_AT] == _DEEP
        if deep or image.mode == "CMYK" or max(image.size) > _LONGEST_SIDE:
            return None
    picture = decoded(data)
    buffer = io.BytesIO()
    profile = picture.info.get("icc_profile")  # of itself, Pillow carries it to PNG alone
    picture.save(buffer, "WEBP", lossless=True, exact=True, method=4, icc_profile=profile)
    return buffer.getvalue()


def preview(data: bytes, most_bytes: int) -> bytes:
    """A WebP for looking at, the largest that fits; the smallest of all where none does.

    BadImage for what cannot be opened.
    """
    encoded = b""
    for side in _PREVIEW_SIDES:
        buffer = io.BytesIO()
        thumbnail(data, side).save(buffer, "WEBP", quality=_PREVIEW_QUALITY, method=2)
        encoded = buffer.getvalue()
        if len(encoded) <= most_bytes:
            break
    return encoded
