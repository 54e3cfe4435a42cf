"""Colours as people write them."""

import re

from PIL import ImageColor

from core.models.tool import Colour


def read_colour(text: str) -> Colour:
    """`#rgb`, `#rrggbb` or a CSS name; ValueError for anything else."""
    word = text.strip().lower()
    if not re.fullmatch(r"#[0-9a-f]{3}|#[0-9a-f]{6}", word) and word not in ImageColor.colormap:
        raise ValueError(text)
    red, green, blue = ImageColor.getrgb(word)[:3]
    return red, green, blue
