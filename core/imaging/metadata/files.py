"""The parameters text put into and taken out of whole files; no pixel is decoded."""

import struct
import zlib
from collections.abc import Iterable
from itertools import islice

from core.errors import BadImage
from core.imaging.containers import (
    JPEG,
    PARTS,
    PNG,
    Part,
    is_avif,
    is_webp,
    jpeg_segments,
    png_chunk,
    png_chunks,
    webp_chunks,
)
from core.imaging.formats import opened
from core.imaging.metadata import exif, webp
from core.imaging.metadata.infotext import TEXT_LIMIT

_KEYWORD = b"parameters\0"
_TEXTS = (b"tEXt", b"iTXt", b"zTXt")
_APP0, _APP1 = b"\xe0", b"\xe1"
_SEGMENT_LIMIT = 65_535 - 2 - len(exif.MARK)  # bytes of tags in a JPEG
_TAGS_LIMIT = 2**20  # bytes of tags that are looked at


def embed(data: bytes, text: str) -> bytes:
    """The same picture with this text as its parameters, in place of any that it had.

    PNG, JPEG and WebP; anything else comes back as it is.
    """
    text = text.replace("\0", "")
    if data.startswith(PNG):
        return _png_with(data, text)
    if data.startswith(JPEG):
        return _jpeg_with(data, text)
    if is_webp(data):
        chunks = list(islice(webp_chunks(data), PARTS))
        before = next((data[chunk.body] for chunk in chunks if chunk.kind == b"EXIF"), b"")
        return webp.with_exif(data, chunks, exif.exif_with(text, before))
    return data


def text_of(data: bytes) -> str | None:
    """The parameters text as it stands in a file, however hostile; None when there is none."""
    if data.startswith(PNG):
        return _png_text(data)
    tags = _tags(data)
    if not tags or len(tags) > _TAGS_LIMIT:
        return None
    found = exif.comment_of(tags)
    return None if found is None else found[:TEXT_LIMIT]


def _tags(data: bytes) -> bytes:
    if data.startswith(JPEG):
        return next((data[part.body] for part in _jpeg_exif(data)), b"")
    if is_webp(data):
        chunks = islice(webp_chunks(data), PARTS)
        return next((data[chunk.body] for chunk in chunks if chunk.kind == b"EXIF"), b"")
    if is_avif(data):
        try:
            with opened(data, animated=True) as image:
                return bytes(image.info.get("exif", b""))
        except BadImage:
            pass
    return b""


def _png_with(data: bytes, text: str) -> bytes:
    header = next(png_chunks(data), None)
    if header is None or header.kind != b"IHDR":
        return data
    try:
        kind, body = b"tEXt", _KEYWORD + text.encode("latin-1")
    except UnicodeEncodeError:
        kind, body = b"iTXt", _KEYWORD + b"\0\0\0\0" + text.encode("utf-8", "replace")
    return _spliced(data, header.end, png_chunk(kind, body), _png_texts(data))


def _png_texts(data: bytes) -> list[Part]:
    return [
        chunk
        for chunk in islice(png_chunks(data), PARTS)
        if chunk.kind in _TEXTS and data.startswith(_KEYWORD, chunk.body.start)
    ]


def _png_text(data: bytes) -> str | None:
    for chunk in _png_texts(data):
        value = data[chunk.body.start + len(_KEYWORD) : chunk.body.stop]
        if chunk.kind == b"tEXt":
            return value[:TEXT_LIMIT].decode("latin-1")
        found = _inflated(value[1:]) if chunk.kind == b"zTXt" else _international(value)
        if found is not None:
            return found.decode("latin-1" if chunk.kind == b"zTXt" else "utf-8", "replace")
    return None


def _international(value: bytes) -> bytes | None:
    """The text after two flags, a language and a translated keyword."""
    rest = value[2:].split(b"\0", 2)
    if len(rest) != 3:  # noqa: PLR2004 - language, keyword, text
        return None
    return _inflated(rest[2]) if value[0] else rest[2][: 4 * TEXT_LIMIT]


def _inflated(packed: bytes) -> bytes | None:
    try:
        return zlib.decompressobj().decompress(packed, 4 * TEXT_LIMIT)
    except zlib.error:
        return None


def _jpeg_exif(data: bytes) -> list[Part]:
    return [
        part
        for part in islice(jpeg_segments(data), PARTS)
        if part.kind == _APP1 and data.startswith(exif.MARK, part.body.start)
    ]


def _jpeg_with(data: bytes, text: str) -> bytes:
    """After the segment that JFIF wants first, where there is one."""
    old = _jpeg_exif(data)
    tags = exif.exif_with(text, data[old[0].body] if old else b"")
    if len(tags) > _SEGMENT_LIMIT:
        tags = exif.exif_with(_shortened(text, _SEGMENT_LIMIT // 2 - 100))
    body = exif.MARK + tags
    segment = b"\xff" + _APP1 + struct.pack(">H", len(body) + 2) + body
    first = next(jpeg_segments(data), None)
    at = first.end if first is not None and first.kind == _APP0 else 2
    return _spliced(data, at, segment, old)


def _shortened(text: str, room: int) -> str:
    """Fitted into `room` UTF-16 units: the settings stay, the prompt loses its end."""
    words, _, settings = text.rpartition("\n")
    if len(settings) > room // 2:
        words, settings = text, ""
    left = 2 * (room - 2) - len(settings.encode("utf-16-be", "replace"))
    words = words.encode("utf-16-be", "replace")[:left].decode("utf-16-be", "ignore")
    return f"{words}…\n{settings}".strip()


def _spliced(data: bytes, at: int, new: bytes, dropped: Iterable[Part]) -> bytes:
    """`new` at its place, and some parts gone."""
    edits = sorted([(at, at, new), *((part.start, part.end, b"") for part in dropped)])
    pieces, done = [], 0
    for start, end, piece in edits:
        pieces += [data[done:start], piece]
        done = end
    return b"".join([*pieces, data[done:]])
