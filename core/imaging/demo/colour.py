"""Colours as float triples, and the few operations the painters share.

A canvas is a float32 array (3, height, width) with values 0..1 in display space; planar,
because a mask of (height, width) then broadcasts without copies.
"""

import colorsys
from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
from PIL import Image

from core.imaging.demo.noise import Field, Floats

Colour: TypeAlias = tuple[float, float, float]

# Named colours: hue 0..1, saturation 0..1 and value 0..1 of a good-looking example of each.
NAMED: Final[dict[str, Colour]] = {
    "red": (0.01, 0.78, 0.82),
    "orange": (0.065, 0.80, 0.93),
    "gold": (0.12, 0.72, 0.95),
    "green": (0.37, 0.55, 0.62),
    "teal": (0.49, 0.60, 0.70),
    "blue": (0.59, 0.65, 0.82),
    "purple": (0.76, 0.50, 0.72),
    "pink": (0.94, 0.42, 0.95),
    "white": (0.10, 0.03, 0.96),
    "black": (0.62, 0.15, 0.22),
    "grey": (0.60, 0.08, 0.62),
    "brown": (0.07, 0.52, 0.50),
}


def rgb(code: str) -> Colour:
    """The triple of a six-digit hexadecimal code."""
    red, green, blue = bytes.fromhex(code)
    return red / 255, green / 255, blue / 255


def named(name: str) -> Colour:
    return colorsys.hsv_to_rgb(*NAMED[name])


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """`first` with `share` (0..1) of `second`."""
    a, b = first, second
    return (
        a[0] + (b[0] - a[0]) * share,
        a[1] + (b[1] - a[1]) * share,
        a[2] + (b[2] - a[2]) * share,
    )


def scaled(colour: Colour, factor: float) -> Colour:
    return colour[0] * factor, colour[1] * factor, colour[2] * factor


def times(first: Colour, second: Colour) -> Colour:
    return first[0] * second[0], first[1] * second[1], first[2] * second[2]


def luminance(colour: Colour) -> float:
    return 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]


def tinted(colour: Colour, names: Sequence[str], strength: float) -> Colour:
    """`colour` moved towards the named colours, its brightness kept."""
    for name in names:
        target = named(name)
        level = luminance(colour) / max(luminance(target), 0.05)
        colour = mix(colour, scaled(target, min(level, 1.25)), strength / len(names))
    return colour


def varied(colour: Colour, hue: float, saturation: float, value: float) -> Colour:
    """`colour` with its hue turned by `hue` turns and the other two scaled."""
    h, s, v = colorsys.rgb_to_hsv(*(min(max(part, 0.0), 1.0) for part in colour))
    return colorsys.hsv_to_rgb((h + hue) % 1, min(s * saturation, 1), min(v * value, 1))


def plane(colour: Colour) -> Floats:
    """The colour as an array (3, 1, 1), ready to broadcast over a canvas."""
    return np.array(colour, dtype=np.float32).reshape(3, 1, 1)


def smoothstep(low: float, high: float, values: Field) -> Floats:
    """0 below `low`, 1 above `high`, smooth between."""
    t = np.clip((values - np.float32(low)) / np.float32(high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), dtype=np.float32)


def blend(region: Floats, paint: Field, alpha: Field) -> None:
    """Lay `paint` over `region` (3, h, w) in place, with `alpha` (h, w) or broadcastable."""
    region += (paint - region) * alpha


def to_image(canvas: Floats) -> Image.Image:
    """The canvas as an RGB image."""
    levels = np.clip(canvas * 255 + 0.5, 0, 255).astype(np.uint8)
    return Image.fromarray(np.ascontiguousarray(levels.transpose(1, 2, 0)))


def bytes_plane(image: Image.Image) -> Floats:
    """An L image as floats 0..1, (height, width)."""
    return np.asarray(image, dtype=np.float32) / np.float32(255)
