"""What is cut out of: its colours, apart from what is transparent in it already."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageStat

from core.imaging.formats import Picture, decoded

_FLAT = 3  # levels between the darkest and the lightest place, of 255
_MIDDLE = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """`picture` is RGB; `visible` is L, None where all of it is; nothing of the EXIF is left."""

    picture: Picture
    visible: Picture | None
    profile: bytes | None  # ICC, for RGB


def read(data: bytes) -> Source:
    """BadImage for what does not become a picture."""
    image = decoded(data)
    profile = image.info.get("icc_profile")
    if image.mode == "RGB":
        return Source(picture=image, visible=None, profile=profile)
    visible = image.getchannel("A")
    opaque = visible.getextrema() == (255, 255)
    return Source(
        picture=image.convert("RGB"), visible=None if opaque else visible, profile=profile
    )


def as_seen(source: Source) -> Picture:
    """RGB; the transparent lies on black or white, whichever the rest stands out from."""
    if source.visible is None:
        return source.picture
    shade = ImageStat.Stat(source.picture.convert("L"), source.visible).mean[0]
    ground = Image.new("RGB", source.picture.size, "white" if shade < _MIDDLE else "black")
    return Image.composite(source.picture, ground, source.visible)


def is_flat(picture: Picture) -> bool:
    """One colour all over, but for what a lossy format leaves: there is no subject in it."""
    small = np.asarray(picture.resize((64, 64), Image.Resampling.BOX))
    return int(np.ptp(small, axis=(0, 1)).max()) <= _FLAT
