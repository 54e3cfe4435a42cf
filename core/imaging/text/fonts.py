"""The Noto fonts of two packages: which of them can show a character, and how."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import as_file, files

from PIL import ImageFont, features

from core.imaging.text.characters import is_invisible, is_regional, is_symbol

SANS, CJK, SYMBOLS, EMOJI = "NotoSans", "NotoSansCJK", "NotoSansSymbols", "NotoEmoji"
MISSING = "\ufffd"

_SIMPLIFIED_CHINESE = 2  # the face's place in the collection
_NOT_A_CHARACTER = "\U0010fffd"
_TEXT_STYLE, _EMOJI_STYLE, _KEYCAP = "\ufe0e", "\ufe0f", "\u20e3"
_SIGNS = ((0x2300, 0x23FF), (0x2600, 0x27BF), (0x2B00, 0x2BFF), (0x1F000, 0x1FFFF))
_SCRIPTS = (
    (0x0530, 0x058F, "Armenian"),
    (0x0590, 0x05FF, "Hebrew"),
    (0x0600, 0x08FF, "Arabic"),
    (0x0900, 0x097F, "Devanagari"),
    (0x0980, 0x09FF, "Bengali"),
    (0x0A00, 0x0A7F, "Gurmukhi"),
    (0x0A80, 0x0AFF, "Gujarati"),
    (0x0B00, 0x0B7F, "Oriya"),
    (0x0B80, 0x0BFF, "Tamil"),
    (0x0C00, 0x0C7F, "Telugu"),
    (0x0C80, 0x0CFF, "Kannada"),
    (0x0D00, 0x0D7F, "Malayalam"),
    (0x0D80, 0x0DFF, "Sinhala"),
    (0x0E00, 0x0E7F, "Thai"),
    (0x0E80, 0x0EFF, "Lao"),
    (0x1000, 0x109F, "Myanmar"),
    (0x10A0, 0x10FF, "Georgian"),
    (0x1200, 0x139F, "Ethiopic"),
    (0x1780, 0x17FF, "Khmer"),
    (0x1C90, 0x1CBF, "Georgian"),
    (0xFB13, 0xFB17, "Armenian"),
    (0xFB1D, 0xFB4F, "Hebrew"),
    (0xFB50, 0xFDFF, "Arabic"),
    (0xFE70, 0xFEFE, "Arabic"),
)


@lru_cache(maxsize=1)
def shapes() -> bool:
    """Whether Pillow can join letters and emoji: it needs FriBiDi from the system for that."""
    return features.check_feature("raqm") is True


@lru_cache(maxsize=96)
def font(face: str, size: int, weight: int) -> ImageFont.FreeTypeFont:
    """A face at a size, at the nearest weight it has."""
    loaded = _load(face, size)
    if face != CJK:
        axis = loaded.get_variation_axes()[0]
        low, high = axis["minimum"] or weight, axis["maximum"] or weight
        loaded.set_variation_by_axes([min(max(weight, low), high)])
    return loaded


@lru_cache(maxsize=4096)
def dressed(cluster: str) -> tuple[str, str]:
    """The face for one character, and the character as far as that face can show it."""
    bare = "".join(char for char in cluster if not is_invisible(char))
    if not shapes():  # joiners would be boxes: a sequence is shown by its first sign
        first_only = bare and is_symbol(bare[0]) and not is_regional(bare[0])
        cluster = bare = bare[:1] if first_only else bare
    for text in (cluster, bare, unicodedata.normalize("NFKC", bare), bare[:1]):
        needed = [char for char in text if not is_invisible(char)]
        for face in _faces(text):
            if all(covers(face, char) for char in needed):
                return face, text
    return SANS, MISSING


def _faces(text: str) -> Iterator[str]:
    code = ord(text[0]) if text else 0
    pictured = any(low <= code <= high for low, high in _SIGNS)
    if (pictured or _EMOJI_STYLE in text or _KEYCAP in text) and _TEXT_STYLE not in text:
        yield EMOJI
    yield SANS
    yield from (f"NotoSans{name}" for low, high, name in _SCRIPTS if low <= code <= high)
    yield from (CJK, SYMBOLS, EMOJI)


@lru_cache(maxsize=8192)
def covers(face: str, char: str) -> bool:
    """Whether a face has a glyph: Pillow does not tell, but draws all missing ones alike."""
    return _glyph(face, char) != _glyph(face, _NOT_A_CHARACTER)


def _glyph(face: str, char: str) -> bytes:
    return bytes(_probe(face).getmask(char))


@lru_cache(maxsize=32)
def _probe(face: str) -> ImageFont.FreeTypeFont:
    # Basic layout: the shaper would put a mark on a dotted circle and hide that it is missing.
    return _load(face, 12, ImageFont.Layout.BASIC)


def _load(face: str, size: int, layout: ImageFont.Layout | None = None) -> ImageFont.FreeTypeFont:
    if face == CJK:
        source = files("noto_cjk_sans_otc") / "NotoSansCJK-Regular.ttc"
    else:
        source = files("manimgx_fonts") / f"{face}[wght].ttf"
    index = _SIMPLIFIED_CHINESE if face == CJK else 0
    with as_file(source) as path:
        return ImageFont.truetype(str(path), size, index=index, layout_engine=layout)
