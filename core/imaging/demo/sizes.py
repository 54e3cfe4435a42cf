"""Working sizes: very large pictures are painted smaller and enlarged."""

import math
from collections.abc import Callable
from typing import Final

from PIL import Image

# Above this the float canvases would take more memory and time than a demo deserves.
MOST_PIXELS: Final = 2_400_000


def at_working_size(
    paint: Callable[[int, int], Image.Image], width: int, height: int, most: int = MOST_PIXELS
) -> Image.Image:
    """Paint at `width` x `height`, or above `most` pixels at a smaller size and enlarge."""
    factor = math.sqrt(most / (width * height))
    if factor >= 1:
        return paint(width, height)
    small = paint(max(round(width * factor), 16), max(round(height * factor), 16))
    return small.resize((width, height), Image.Resampling.LANCZOS)
