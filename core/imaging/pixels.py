"""Pixels of any kind made plain: 8 bits, RGB or RGBA, upright."""

import io
from typing import cast

from PIL import Image, ImageCms

_ORIENTATION = 0x0112
_TURNS = {  # EXIF's numbers
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_LYING = range(5, 9)
_PROFILE_LIMIT = 4 * 2**20  # bytes; the largest in use have two million


def plain(image: Image.Image) -> Image.Image:
    """RGB, or RGBA where anything is transparent, 8 bits each; itself if it is that already."""
    if image.mode.startswith("I;16"):
        image = _eight_bits(image)
    if image.mode == "CMYK":
        return _from_cmyk(image)
    mode = "RGBA" if image.has_transparency_data else "RGB"
    return image if image.mode == mode else image.convert(mode)


def turned(image: Image.Image, source: Image.Image) -> Image.Image:
    """Upright as the source's EXIF says; what it says wrongly turns nothing."""
    turn = _TURNS.get(_orientation(source))
    return image if turn is None else image.transpose(turn)


def is_turned(source: Image.Image) -> bool:
    """Whether it lies on its side, so that its width becomes its height."""
    return _orientation(source) in _LYING


def _orientation(source: Image.Image) -> int:
    try:
        return int(source.getexif().get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001 - hostile tags raise anything, and the pixels are sound
        return 1


def clean(image: Image.Image, source: Image.Image) -> Image.Image:
    """Leaves of what the source says beside its pixels only a colour profile that fits them."""
    profile = profile_of(source, b"RGB ")
    image.info = {} if profile is None else {"icc_profile": profile}
    return image


def profile_of(image: Image.Image, space: bytes) -> bytes | None:
    """The embedded ICC profile, if it is whole and for that space: `RGB `, `CMYK`, `GRAY`."""
    profile = image.info.get("icc_profile")
    if not isinstance(profile, bytes) or len(profile) > _PROFILE_LIMIT:
        return None
    sound = profile[36:40] == b"acsp" and int.from_bytes(profile[:4]) == len(profile)
    return profile if sound and profile[16:20] == space else None


def _eight_bits(image: Image.Image) -> Image.Image:
    """Pillow would cut 16 bits of grey off at 255: all white."""
    grey = image.point(lambda level: level * (1 / 256)).convert("L")
    key = grey.info.pop("transparency", None)
    if isinstance(key, int):
        import numpy as np

        opaque = np.asarray(image) != key
        grey.putalpha(Image.fromarray(opaque.astype(np.uint8) * 255))
    return grey


def _from_cmyk(image: Image.Image) -> Image.Image:
    """By its own profile where it has one: the bare formula makes printing inks glow."""
    profile = profile_of(image, b"CMYK")
    if profile is not None:
        try:
            inks = ImageCms.getOpenProfile(io.BytesIO(profile))
            screen = ImageCms.createProfile("sRGB")
            found = ImageCms.profileToProfile(image, inks, screen, outputMode="RGB")
            return cast("Image.Image", found)  # None is for work in place
        except ImageCms.PyCMSError:
            pass
    return image.convert("RGB")
