"""Into a network of the U-2-Net family and out of it, in the numbers that rembg uses."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.imaging.formats import Picture

Floats = NDArray[np.float32]
Three = tuple[float, float, float]

_SPAN = 1e-4  # between the least and the most likely pixel; below it the network saw nothing


def to_input(picture: Picture, side: int, mean: Three, std: Three) -> Floats:
    """An RGB picture as 1 x 3 x `side` x `side`: scaled to its brightest value, normalised."""
    small = np.asarray(picture.resize((side, side), Image.Resampling.LANCZOS), np.float32)
    scaled = small / max(float(small.max()), 1e-6)
    normal = (scaled - np.array(mean, np.float32)) / np.array(std, np.float32)
    return np.ascontiguousarray(normal.transpose(2, 0, 1)[None])


def to_mask(prediction: NDArray[Any], size: tuple[int, int]) -> Picture | None:
    """The first plane of 1 x 1 x side x side, spread over 0 to 255 and scaled to `size`, as L.

    None where the network saw nothing.
    """
    plane = prediction[0, 0].astype(np.float32, copy=False)
    low, high = float(plane.min()), float(plane.max())
    if not high - low >= _SPAN:  # not a number, too
        return None
    levels = ((plane - low) / np.float32(high - low) * 255).astype(np.uint8)
    return Image.fromarray(levels).resize(size, Image.Resampling.LANCZOS)
