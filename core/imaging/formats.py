"""Safe decoding in one place: the format by magic bytes, the cost of a decode capped in memory."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image

from core.errors import BadImage
from core.imaging.containers import is_cut, is_tangled
from core.imaging.encode import encode_png as encode_png  # noqa: PLC0414 - also found here
from core.imaging.pixels import clean, is_turned, plain, turned
from core.models.image import Measured

BYTES_LIMIT = 64 * 2**20  # bytes of a file that is looked at
DECODE_LIMIT = 256 * 2**20  # bytes of memory that one decode may take

Picture = Image.Image

# Peak bytes per pixel of Pillow's decoders; they differ as some hold several whole copies.
_COST = {"PNG": 4, "JPEG": 4, "WEBP": 16, "AVIF": 9, "GIF": 8}
_PROGRESSIVE = 10  # such a JPEG: all its coefficients lie there until the last scan
_SMALL = 2**18  # bytes; below it a decode costs nothing to speak of
_SCALABLE = ("L", "LA", "RGB", "RGBA", "CMYK")  # what Pillow reduces well


def make_bombs_errors() -> None:
    """Pillow only warns of a picture twice its limit, on stderr; from here on it refuses it.

    What else it finds odd in a file is nobody's concern on stderr.
    """
    warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\b")
    warnings.simplefilter("error", Image.DecompressionBombWarning)


def measure(data: bytes) -> Measured:
    """Say what it is, an animation too; BadImage for what is cut, damaged, or too costly.

    A decode takes twenty times as long as a checksum or an end mark, so a large picture is only
    decoded where its format has neither.
    """
    with opened(data, animated=True) as image:
        measured = Measured(format=_format(image).lower(), width=image.width, height=image.height)
        if measured.format == "png" and len(data) >= _SMALL:
            image.verify()  # every checksum up to the end mark; raises for a wrong one
        elif len(data) < _SMALL or measured.format not in ("jpeg", "webp") or is_cut(data):
            image.load()  # a phone's JPEG may go on after its end: only a decode can tell
        return measured


def decoded(data: bytes) -> Picture:
    """The one still picture: upright, 8 bits RGB or RGBA, its RGB colour profile kept.

    BadImage says what is wrong, an animation included.
    """
    with opened(data) as image:
        image.load()
        picture = turned(plain(image), image)
        # These two decoders hold their own copies of the pixels for as long as they live.
        stays = picture is image and image.format in ("WEBP", "AVIF")
        return clean(picture.copy() if stays else picture, image)


def thumbnail(data: bytes, box: int | tuple[int, int]) -> Picture:
    """As `decoded`, fitted into a box of pixels; JPEG decoded straight at a reduced scale.

    Of an animation the first frame.
    """
    with opened(data, animated=True) as image:
        scalable = image.mode in _SCALABLE and "transparency" not in image.info
        small = image if scalable else plain(image)
        width, height = (box, box) if isinstance(box, int) else box
        turn = is_turned(image)
        # Whole steps by plain averages, the rest smoothly: a sixth of the time, no eye can tell.
        small.thumbnail((height, width) if turn else (width, height), reducing_gap=1.0)
        small.load()
        return clean(turned(plain(small), image), image)


@contextmanager
def opened(data: bytes, *, animated: bool = False) -> Iterator[Picture]:
    """A picture by its magic bytes, its header read and its cost checked, its pixels not yet.

    BadImage for whatever goes wrong inside, a decode in the block included. Several frames are
    refused, unless `animated`.
    """
    try:
        _check_bytes(data)
        with Image.open(io.BytesIO(data), formats=tuple(_COST)) as image:
            _check(image, animated=animated)
            yield image
    except BadImage:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as error:
        raise BadImage(kind="too_large") from error
    except Exception as error:  # hostile bytes make the decoders raise anything
        raise BadImage(kind="truncated" if is_cut(data) else "garbage") from error


def _format(image: Picture) -> str:
    """A JPEG that holds a second picture, as phones write it, is called MPO by Pillow."""
    return "JPEG" if image.format == "MPO" else str(image.format)


def _check_bytes(data: bytes) -> None:
    if not data:
        raise BadImage(kind="empty")
    if len(data) > BYTES_LIMIT or is_tangled(data):
        raise BadImage(kind="too_large")


def _check(image: Picture, *, animated: bool) -> None:
    """Opening reads the header alone: what a decode would take is known before it starts."""
    format_ = _format(image)
    cost = _PROGRESSIVE if "progressive" in image.info else _COST[format_]
    if image.width * image.height * cost > DECODE_LIMIT:
        raise BadImage(kind="too_large")
    # Asked whether there is a second frame, never how many: counting walks through all of them.
    if not animated and format_ != "JPEG" and getattr(image, "is_animated", False):
        raise BadImage(kind="animated")
