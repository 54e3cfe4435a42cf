"""A layer made into the file that was asked for."""

import io
from collections.abc import Iterator
from typing import cast

from PIL import Image, ImageCms

from core.errors import BadImage
from core.imaging.cutout.layers import FAINT
from core.imaging.formats import Picture, encode_png
from core.models.tool import Colour, Cutout, CutoutFormat

_WEBP_SIDE = 16_383  # pixels; the format has no more
_STICKER_SIDE = 512
_EMOJI_SIDE = 128  # 64 KiB of pixels: always below Discord's 256 KiB
_QUALITIES = (95, 85, 75, 60, 40, 20, 5)
_UNSEEN = [255 * (level == 0) for level in range(256)]
_SEEN = [255 * (level > FAINT) for level in range(256)]


def export(layer: Picture, cutout: Cutout, profile: bytes | None) -> bytes:
    """RGBA to bytes: trimmed, fitted, laid on its background, encoded.

    `profile` is the layer's ICC profile; what chats show is changed to sRGB, as they ignore it.
    """
    emoji = cutout.format is CutoutFormat.EMOJI
    if cutout.trim or emoji:
        layer = _trimmed(layer)
    if emoji:
        fitted = _screen(_fitted(layer, _EMOJI_SIDE), profile)
        return encode_png(_on(cutout.background, _centred(fitted, _EMOJI_SIDE)))
    if cutout.format is CutoutFormat.STICKER:
        fitted = _screen(_fitted(layer, _STICKER_SIDE), profile)
        return _sticker(_on(cutout.background, fitted))
    picture = _on(_as_seen(cutout.background, profile), layer)
    picture.info = {"icc_profile": profile} if profile else {}
    return encode_png(picture) if cutout.format is CutoutFormat.PNG else _webp(picture)


def _trimmed(layer: Picture) -> Picture:
    """To the box of what can be seen."""
    return layer.crop(layer.getchannel("A").point(_SEEN).getbbox())


def _on(background: Colour | None, layer: Picture) -> Picture:
    """RGB on a colour, or as it is."""
    if background is None:
        return layer
    ground = Image.new("RGB", layer.size, background)
    ground.paste(layer, mask=layer.getchannel("A"))
    return ground


def _fitted(layer: Picture, side: int) -> Picture:
    """The longest side exactly `side` pixels; Pillow weighs colours by their alpha in this."""
    scale = side / max(layer.size)
    width, height = (max(1, round(length * scale)) for length in layer.size)
    fitted = layer.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
    fitted.paste((0, 0, 0, 0), mask=fitted.getchannel("A").point(_UNSEEN))
    return fitted


def _centred(layer: Picture, side: int) -> Picture:
    square = Image.new("RGBA", (side, side))
    left, top = ((side - length) // 2 for length in layer.size)
    square.paste(layer, (left, top))
    return square


def _screen(layer: Picture, profile: bytes | None) -> Picture:
    """Its colours as sRGB; a profile that cannot be used changes nothing."""
    if profile is None:
        return layer
    colours, alpha = layer.convert("RGB"), layer.getchannel("A")
    try:
        ImageCms.profileToProfile(
            colours, io.BytesIO(profile), ImageCms.createProfile("sRGB"), inPlace=True
        )
    except ImageCms.PyCMSError:
        return layer
    colours.putalpha(alpha)
    colours.info = {}
    return colours


def _as_seen(colour: Colour | None, profile: bytes | None) -> Colour | None:
    """An sRGB colour in the numbers of `profile`, so that it looks as it was asked for."""
    if colour is None or profile is None:
        return colour
    dot = Image.new("RGB", (1, 1), colour)
    try:
        ImageCms.profileToProfile(
            dot, ImageCms.createProfile("sRGB"), io.BytesIO(profile), inPlace=True
        )
    except ImageCms.PyCMSError:
        return colour
    return cast("Colour", dot.getpixel((0, 0)))


def _webp(picture: Picture) -> bytes:
    if max(picture.size) > _WEBP_SIDE:
        raise BadImage(kind="too_large")
    return _saved(picture, lossless=True, quality=20, method=0)


def _sticker(picture: Picture) -> bytes:
    """Without loss where that is small enough, else at the best quality that is."""
    most = CutoutFormat.STICKER.most_bytes or 0
    tries = _encodings(picture)
    data = next(tries)
    for smaller in tries:
        if len(data) <= most:
            break
        data = smaller
    return data


def _encodings(picture: Picture) -> Iterator[bytes]:
    yield _saved(picture, lossless=True, quality=80, method=4)
    for quality in _QUALITIES:
        yield _saved(picture, lossless=False, quality=quality, method=4)


def _saved(picture: Picture, *, lossless: bool, quality: int, method: int) -> bytes:
    """WebP. `exact` keeps transparent pixels black, where the encoder would invent colours."""
    buffer = io.BytesIO()
    picture.save(
        buffer,
        "WEBP",
        lossless=lossless,
        quality=quality,
        method=method,
        exact=True,
        icc_profile=picture.info.get("icc_profile", b""),
    )
    return buffer.getvalue()
