"""Writing PNG."""

import io
import struct
import zlib
from collections.abc import Iterator

from PIL import Image

from core.imaging.containers import PNG, png_chunk

_COLOURS = {"L": 0, "RGB": 2, "LA": 4, "RGBA": 6}  # PNG's numbers
_BAND = 128  # rows that are packed at a time, so that memory does not grow with the picture
_UP = 2  # the filter "difference to the row above"


def encode_png(image: Image.Image) -> bytes:
    """At level 1, with the image's colour profile.

    In half the time of Pillow, which tries five filters on every row, for as many bytes: the
    plainest of them does as well on photos, paintings and sheets.
    """
    if image.mode not in _COLOURS or "transparency" in image.info:
        buffer = io.BytesIO()
        image.save(buffer, "PNG", compress_level=1)
        return buffer.getvalue()
    header = struct.pack(">IIBBBBB", *image.size, 8, _COLOURS[image.mode], 0, 0, 0)
    chunks = [png_chunk(b"IHDR", header)]
    if profile := image.info.get("icc_profile"):
        chunks.append(png_chunk(b"iCCP", b"ICC Profile\0\0" + zlib.compress(profile)))
    chunks += [png_chunk(b"IDAT", packed) for packed in _packed(image)]
    return b"".join([PNG, *chunks, png_chunk(b"IEND", b"")])


def _packed(image: Image.Image) -> Iterator[bytes]:
    import numpy as np

    packer = zlib.compressobj(1, zlib.DEFLATED, zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL + 1)
    width = image.width * len(image.getbands())
    above = np.zeros((1, width), np.uint8)
    for top in range(0, image.height, _BAND):
        band = image.crop((0, top, image.width, min(top + _BAND, image.height)))
        rows = np.vstack([above, np.asarray(band).reshape(-1, width)])
        filtered = np.empty((len(rows) - 1, 1 + width), np.uint8)
        filtered[:, 0] = _UP
        np.subtract(rows[1:], rows[:-1], out=filtered[:, 1:])
        above = rows[-1:]
        if packed := packer.compress(filtered.data):
            yield packed
    yield packer.flush()
