"""The comment of EXIF, where A1111 keeps its text in JPEG and WebP."""

import codecs

from PIL import Image

MARK = b"Exif\0\0"  # before the tags, in a JPEG

_TAGS, _COMMENT = 0x8769, 0x9286
_UNICODE, _ASCII = b"UNICODE\0", b"ASCII\0\0\0"
_CODE = 8  # bytes that name the encoding


def exif_with(comment: str, before: bytes = b"") -> bytes:
    """Tags with this comment, on top of those that were there; without the mark.

    UTF-16, high bytes first, whatever the byte order of the rest: A1111 reads nothing else.
    """
    exif = _loaded(before) or Image.Exif()
    exif.endian = exif.endian or ">"
    value = _UNICODE + comment.encode("utf-16-be", "replace")
    exif.get_ifd(_TAGS)[_COMMENT] = value
    return exif.tobytes().removeprefix(MARK)


def comment_of(exif: bytes) -> str | None:
    """The comment of hostile tags, in whichever encoding it was written."""
    found = _loaded(exif)
    if found is None:
        return None
    try:
        comment = found.get_ifd(_TAGS).get(_COMMENT)
    except Exception:  # noqa: BLE001 - hostile tags raise anything
        return None
    if isinstance(comment, str):
        comment = comment.encode("latin-1", "replace")
    if not isinstance(comment, bytes):
        return None
    return _text(comment, big=found.endian != "<").strip("\0 ") or None


def _loaded(exif: bytes) -> Image.Exif | None:
    found = Image.Exif()
    try:
        found.load(MARK + exif.removeprefix(MARK))
        found.get_ifd(_TAGS)
    except Exception:  # noqa: BLE001 - hostile tags raise anything
        return None
    return found


def _text(comment: bytes, *, big: bool) -> str:
    code, rest = comment[:_CODE], comment[_CODE:]
    if code == _UNICODE:
        return _utf16(rest, big=big)
    if code not in (_ASCII, bytes(_CODE)):
        rest = comment
    return rest.decode("utf-8", "replace")


def _utf16(rest: bytes, *, big: bool) -> str:
    """By its mark; else by where the zero bytes of plain letters lie; else as the tags go."""
    if rest.startswith((codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE)):
        return rest.decode("utf-16", "replace")
    high, low = rest[0::2].count(0), rest[1::2].count(0)
    if high != low:
        big = high > low
    return rest.decode("utf-16-be" if big else "utf-16-le", "replace")
