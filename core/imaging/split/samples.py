"""What the detection looks at: a large picture costs it hardly more than a small one."""

from functools import reduce

import numpy as np
import numpy.typing as npt
from PIL import Image

Samples = npt.NDArray[np.uint8]  # lines x samples along each line x channels

_ALONG = 256  # samples of a line
_SIDE = 768  # the longer side of a reduced picture
_DEEP = ("I;16", "I;16L", "I;16B", "I;16N")


def eight_bits(picture: Image.Image) -> Image.Image:
    """A picture that may be thinned and reduced; the same one unless it has 16 bits of grey."""
    if picture.mode in _DEEP:
        grey = picture.point(lambda level: level * (1 / 256)).convert("L")
        grey.info = {}  # a transparent level would mean another one now
        return grey
    return picture


def row_lines(picture: Image.Image) -> Samples:
    """Every row at full resolution, its pixels thinned out."""
    size = (min(_ALONG, picture.width), picture.height)
    return _channels(picture.resize(size, Image.Resampling.NEAREST))


def column_lines(picture: Image.Image) -> Samples:
    """Every column at full resolution, its pixels thinned out."""
    size = (picture.width, min(_ALONG, picture.height))
    thinned = _channels(picture.resize(size, Image.Resampling.NEAREST))
    return np.ascontiguousarray(thinned.swapaxes(0, 1))


def reduced(picture: Image.Image, box: tuple[int, int, int, int]) -> Samples:
    """The part in `box`, rows first, no side longer than 768 pixels."""
    width, height = box[2] - box[0], box[3] - box[1]
    factor = max(width, height, _SIDE) / _SIDE
    size = (max(round(width / factor), 1), max(round(height / factor), 1))
    if picture.mode in {"P", "PA", "1"}:
        picture = _plain(picture)
    return _channels(picture.resize(size, Image.Resampling.BOX, box=box, reducing_gap=1.0))


def _channels(picture: Image.Image) -> Samples:
    """Colours that nobody sees are all one: fully transparent pixels become black."""
    values = np.asarray(_plain(picture))
    if values.ndim == 2:  # noqa: PLR2004 - grey
        return values[:, :, np.newaxis]
    if values.shape[2] == 4:  # noqa: PLR2004 - with alpha
        return values * (values[:, :, 3:] > 0)
    return values


def _plain(picture: Image.Image) -> Image.Image:
    if picture.has_transparency_data:
        return picture.convert("RGBA")
    return picture if picture.mode in {"L", "RGB"} else picture.convert("RGB")


def distance(values: Samples, colour: Samples) -> Samples:
    """How far each pixel is from the colour, in the channel where it is farthest."""
    apart = np.maximum(values, colour) - np.minimum(values, colour)
    return farthest(apart)


def farthest(apart: Samples) -> Samples:
    """The largest of the channels: by whole planes, as NumPy is slow along a short axis."""
    return reduce(np.maximum, (apart[..., channel] for channel in range(apart.shape[-1])))


def few(picture: Image.Image, box: tuple[int, int, int, int]) -> Samples:
    """64 x 64 pixels of the part in `box`."""
    return _channels(picture.resize((64, 64), Image.Resampling.NEAREST, box=box))
