"""Tiles as encoded bytes: cut out of the picture and otherwise as they were."""

import io

from PIL import Image

from core.imaging.containers import is_webp, webp_chunks
from core.imaging.formats import encode_png
from core.imaging.pixels import plain, profile_of
from core.imaging.split.layout import Layout

_GREY = ("1", "L", "LA", "I;16")
_COLOURED = ("P", "RGB", "RGBA")


def cut(picture: Image.Image, layout: Layout, format_: str) -> tuple[bytes, ...]:
    """The tiles in reading order, without any loss, as `png` or `webp`.

    Of what the picture says beside its pixels, they keep what the pixels mean nothing without.
    """
    if picture.mode not in _GREY + _COLOURED:
        picture = plain(picture)
    profile = profile_of(picture, b"GRAY" if picture.mode in _GREY else b"RGB ")
    key = picture.info.get("transparency")
    picture.info = {} if key is None else {"transparency": key}
    encode = _encode_webp if format_ == "webp" else _encode_png
    return tuple(encode(picture.crop(box), profile) for box in layout.boxes)


def lossless_format(data: bytes) -> str:
    """What tiles are written as: `webp` for a lossless WebP, `png` for everything else."""
    lossless = is_webp(data) and any(chunk.kind == b"VP8L" for chunk in webp_chunks(data))
    return "webp" if lossless else "png"


def _encode_png(tile: Image.Image, profile: bytes | None) -> bytes:
    if profile is not None:
        tile.info["icc_profile"] = profile
    return encode_png(tile)


def _encode_webp(tile: Image.Image, profile: bytes | None) -> bytes:
    """As little effort as for PNG; `exact` keeps the colours of transparent pixels."""
    buffer = io.BytesIO()
    tile.save(buffer, "WEBP", lossless=True, exact=True, quality=20, method=0, icc_profile=profile)
    return buffer.getvalue()
