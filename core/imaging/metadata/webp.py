"""WebP as RIFF chunks: a simple file becomes an extended one, which alone can hold EXIF."""

import struct
from collections.abc import Sequence

from core.imaging.containers import Part

_EXIF_FLAG, _ALPHA_FLAG = 0x08, 0x10
_LOSSY_HEADER, _LOSSLESS_HEADER = 10, 5  # bytes
_LOSSLESS_SIGN = 0x2F


def with_exif(data: bytes, chunks: Sequence[Part], tags: bytes) -> bytes:
    """The chunks with these tags behind them; a file that is not understood as it is."""
    extended = _extended(data, chunks)
    if extended is None:
        return data
    pieces = [_chunk(b"VP8X", extended)]
    pieces += [
        _chunk(chunk.kind, data[chunk.body])
        for chunk in chunks
        if chunk.kind not in (b"VP8X", b"EXIF")
    ]
    body = b"WEBP" + b"".join([*pieces, _chunk(b"EXIF", tags)])
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _extended(data: bytes, chunks: Sequence[Part]) -> bytes | None:
    """The body of the header chunk: flags, three bytes of nothing, width and height less one."""
    if not chunks:
        return None
    first = data[chunks[0].body]
    if chunks[0].kind == b"VP8X" and len(first) == struct.calcsize("<B3x3s3s"):
        return bytes([first[0] | _EXIF_FLAG]) + first[1:]
    found = _simple(chunks[0].kind, first)
    if found is None:
        return None
    width, height, alpha = found
    flags = _EXIF_FLAG | (_ALPHA_FLAG if alpha else 0)
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return bytes([flags, 0, 0, 0]) + sides


def _simple(kind: bytes, body: bytes) -> tuple[int, int, bool] | None:
    """Width, height and whether anything is transparent, out of the frame's own header."""
    if kind == b"VP8 " and len(body) >= _LOSSY_HEADER and body[3:6] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", body, 6)
        return width & 0x3FFF, height & 0x3FFF, False
    if kind == b"VP8L" and len(body) >= _LOSSLESS_HEADER and body[0] == _LOSSLESS_SIGN:
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, bool(bits >> 28 & 1)
    return None


def _chunk(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)
