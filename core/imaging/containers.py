"""How the file formats lay out their bytes, as far as that is needed without decoding a pixel."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"
JPEG_END = b"\xff\xd9"
GIF = (b"GIF87a", b"GIF89a")

PARTS = 2**15  # of one file; a picture of any size in honest pieces has fewer
SCANS = 100  # of one JPEG; progressive ones have about ten

_JPEG_SCAN = 0xDA
_JPEG_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a body
_AVIF_BRANDS = (b"avif", b"avis")
_LONG_BOX = 1  # its size stands in the 8 bytes after its kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A chunk or segment: its kind, where it starts with all its framing, where its body lies."""

    kind: bytes
    start: int
    body: slice
    end: int


def is_webp(data: bytes) -> bool:
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def is_avif(data: bytes) -> bool:
    return data[4:8] == b"ftyp" and data[8:12] in _AVIF_BRANDS


def is_cut(data: bytes) -> bool:
    """Whether a file of a known format ends before it says that it does."""
    if data.startswith(PNG):
        return all(chunk.kind != b"IEND" for chunk in png_chunks(data))
    if data.startswith(JPEG):
        return not data.rstrip(b"\0").endswith(JPEG_END)
    if data.startswith(GIF):
        return not data.rstrip(b"\0").endswith(b";")
    if is_webp(data):
        return len(data) < int.from_bytes(data[4:8], "little") + 8
    return is_avif(data) and _avif_is_cut(data)


def is_tangled(data: bytes) -> bool:
    """Whether it has more parts than any honest file, each of which costs a decoder time.

    A scan of 30 bytes makes a JPEG decoder go through all pixels once more.
    """
    parts = 0
    if data.startswith(PNG):
        parts = sum(1 for _ in islice(png_chunks(data), PARTS + 1))
    elif data.startswith(JPEG):
        segments = list(islice(jpeg_segments(data), PARTS + 1))
        parts = len(segments)
        start = segments[-1].end if segments else 2
        end = data.find(JPEG_END, start)
        if data.count(bytes([0xFF, _JPEG_SCAN]), start, None if end < 0 else end) > SCANS:
            return True
    return parts > PARTS


def png_chunk(kind: bytes, body: bytes) -> bytes:
    """With its length before and its checksum behind."""
    return len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4)


def png_chunks(data: bytes) -> Iterator[Part]:
    """Every whole chunk, in order; checksums are not looked at."""
    at = len(PNG)
    while at + 12 <= len(data):
        body = slice(at + 8, at + 8 + int.from_bytes(data[at : at + 4]))
        if body.stop + 4 > len(data):
            return
        yield Part(kind=data[at + 4 : at + 8], start=at, body=body, end=body.stop + 4)
        at = body.stop + 4


def jpeg_segments(data: bytes) -> Iterator[Part]:
    """Every whole segment before the first scan; the kind is the marker's second byte."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:  # noqa: PLR2004 - every marker's first byte
        marker = data[at + 1]
        if marker == _JPEG_SCAN:
            return
        if marker == 0xFF:  # noqa: PLR2004 - a fill byte
            at += 1
            continue
        size = 0 if marker in _JPEG_ALONE else int.from_bytes(data[at + 2 : at + 4])
        end = at + 2 + size
        if end > len(data) or size == 1:
            return
        body = slice(min(at + 4, end), end)
        yield Part(kind=bytes([marker]), start=at, body=body, end=end)
        at = end


def webp_chunks(data: bytes) -> Iterator[Part]:
    """Every whole chunk inside the RIFF, in order; `end` counts the padding to even length."""
    at = 12
    stop = min(len(data), int.from_bytes(data[4:8], "little") + 8)
    while at + 8 <= stop:
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        body = slice(at + 8, at + 8 + size)
        if body.stop > stop:
            return
        end = min(body.stop + size % 2, len(data))
        yield Part(kind=data[at : at + 4], start=at, body=body, end=end)
        at = end


def _avif_is_cut(data: bytes) -> bool:
    """The pixels lie in the `mdat` box, as a rule the last."""
    at, pixels = 0, False
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4])
        pixels = pixels or data[at + 4 : at + 8] == b"mdat"
        if size == 0:  # the last box, to the end of the file
            return not pixels
        if size == _LONG_BOX:
            size = int.from_bytes(data[at + 8 : at + 16])
        at += max(size, 8)
    return at != len(data) or not pixels
