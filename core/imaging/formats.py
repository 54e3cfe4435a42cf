"""Safe decoding in one place: the format by magic bytes, the cost of a decode capped in memory."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, ImageOps

from core.errors import BadImage
from core.models.image import Measured

DECODE_LIMIT = 256 * 2**20  # bytes of memory that one decode may take

Picture = Image.Image

# Peak bytes per pixel of Pillow's decoders; they differ as some hold several whole copies.
_COST = {"PNG": 4, "JPEG": 4, "WEBP": 16, "AVIF": 9, "GIF": 8}
_SMALL = 2**18  # bytes; below it a decode costs nothing to speak of
_EXTENSIONS = {"jpeg": "jpg"}


def make_bombs_errors() -> None:
    """Pillow only warns of a picture twice its limit, on stderr; from here on it refuses it."""
    warnings.simplefilter("error", Image.DecompressionBombWarning)


def measure(data: bytes) -> Measured:
    """Say what it is; BadImage for what is cut, damaged, or too costly to decode.

    A decode takes twenty times as long as a checksum or an end mark, so a large picture is only
    decoded where its format has neither.
    """
    with opened(data) as image:
        measured = Measured(format=_format(image).lower(), width=image.width, height=image.height)
        if len(data) < _SMALL or measured.format not in _PROOFS:
            image.load()
        elif not _PROOFS[measured.format](image, data):
            raise BadImage(kind="garbage")
        return measured


def _png_is_whole(image: Image.Image, _: bytes) -> bool:
    image.verify()  # every checksum up to the end mark; raises for a wrong one
    return True


def _jpeg_is_whole(_: Image.Image, data: bytes) -> bool:
    return data.rstrip(b"\0").endswith(b"\xff\xd9")


def _webp_is_whole(_: Image.Image, data: bytes) -> bool:
    return len(data) >= int.from_bytes(data[4:8], "little") + 8


_PROOFS = {"png": _png_is_whole, "jpeg": _jpeg_is_whole, "webp": _webp_is_whole}


def thumbnail(data: bytes, box: int) -> Image.Image:
    """Decode to fit a box of `box` pixels, upright; JPEG straight at a reduced scale."""
    with opened(data) as image:
        deep = image.mode.startswith("I;16")
        image.thumbnail((box, box), reducing_gap=None if deep else 2.0)  # no 16 bits are reduced
        upright = ImageOps.exif_transpose(image)
        return _eight_bits(upright) if deep else upright


def extension(format_: str) -> str:
    return _EXTENSIONS.get(format_, format_)


@contextmanager
def opened(data: bytes) -> Iterator[Image.Image]:
    """A picture by its magic bytes, its header read and its cost checked, its pixels not yet.

    BadImage for whatever goes wrong inside, a decode in the block included.
    """
    try:
        with Image.open(io.BytesIO(data), formats=tuple(_COST)) as image:
            _check(image)
            yield image
    except BadImage:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadImage(kind="too_large") from error
    except Exception as error:  # hostile bytes make the decoders raise anything
        raise BadImage(kind="garbage") from error


def _format(image: Image.Image) -> str:
    """A JPEG that holds a second picture, as phones write it, is called MPO by Pillow."""
    return "JPEG" if image.format == "MPO" else str(image.format)


def _eight_bits(image: Image.Image) -> Image.Image:
    """Pillow would cut 16 bits of grey off at 255: all white."""
    return image.point(lambda level: level * (1 / 256)).convert("L")


def _check(image: Image.Image) -> None:
    """Opening reads the header alone: what a decode would take is known before it starts."""
    if image.width * image.height * _COST[_format(image)] > DECODE_LIMIT:
        raise BadImage(kind="too_large")


def encode_png(image: Image.Image) -> bytes:
    """Level 1: a third of the default's time for a fifth more bytes."""
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()
