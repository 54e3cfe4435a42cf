"""Characters as readers see them: cleaning, grapheme clusters, direction."""

import unicodedata
from itertools import accumulate

ZWNJ, ZWJ = "\u200c", "\u200d"
MARKS_AT_MOST = 3  # on one letter: enough for Hebrew, too few to climb into the next line
CLUSTER_AT_MOST = 16  # code points; a family of four with skin tones has eleven

_AM = (
    "\u0e33\u0eb3"  # Thai and Lao vowels that sit on the letter before, though letters by category
)
_FIRST_SYMBOL = 0x2000
_VIRAMA = 9  # its combining class
_HANGUL = ((0x1100, 0x11FF), (0x3130, 0x318F), (0xA960, 0xA97F), (0xAC00, 0xD7FF))
_STRONG = ("L", "R", "AL")
_NUMBER = ("EN", "AN")


def clean(text: str, limit: int) -> tuple[str, bool]:
    """At most `limit` harmless characters on one line, and whether there were more."""
    kept: list[str] = []
    marks = 0
    for char in text:
        if char.isspace():
            if kept and kept[-1] != " ":
                kept.append(" ")
            continue
        kind = unicodedata.category(char)
        # Controls, bidi overrides, surrogates, private use: nothing a reader could see or want.
        if kind in ("Cc", "Cf", "Cs", "Co") and not (kept and is_invisible(char)):
            continue
        marks = marks + 1 if kind in ("Mn", "Me") and not is_invisible(char) else 0
        if marks > MARKS_AT_MOST:
            continue
        if len(kept) >= limit:
            whole = graphemes("".join(kept))[:-1]  # the last one may lack its second half
            return unicodedata.normalize("NFC", "".join(whole)), True
        kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept)).strip(), False


def graphemes(text: str) -> list[str]:
    """Splits a text into what a reader takes for single characters, close to UAX 29."""
    clusters: list[str] = []
    for char in text:
        if clusters and len(clusters[-1]) < CLUSTER_AT_MOST and _continues(clusters[-1], char):
            clusters[-1] += char
        else:
            clusters.append(char)
    return clusters


def _continues(cluster: str, char: str) -> bool:
    last = cluster[-1]
    if unicodedata.category(char)[0] == "M" or is_invisible(char) or char in _AM:
        return True
    if "\U0001f3fb" <= char <= "\U0001f3ff":  # skin tones
        return ord(last) > _FIRST_SYMBOL
    if last == ZWJ:
        return ord(char) > _FIRST_SYMBOL  # emoji are glued together, letters are not
    if is_regional(char):
        return len(cluster) == 1 and is_regional(last)
    if "\u1160" <= char <= "\u11ff":  # vowels and final consonants of taken-apart Hangul
        return "\u1100" <= last <= "\u11ff" or "\uac00" <= last <= "\ud7a3"
    return unicodedata.combining(last) == _VIRAMA and unicodedata.category(char) == "Lo"


def is_regional(char: str) -> bool:
    """Whether a character is one of the two letters of a flag."""
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def is_invisible(char: str) -> bool:
    """Joiners, variation selectors and tags: they shape their neighbours, without own glyph."""
    return (
        char in (ZWNJ, ZWJ) or "\ufe00" <= char <= "\ufe0f" or "\U000e0020" <= char <= "\U000e01ef"
    )


def is_symbol(char: str) -> bool:
    """Whether a character comes after all alphabets' basic blocks: punctuation, signs, emoji."""
    return ord(char) > _FIRST_SYMBOL


def is_ideographic(char: str) -> bool:
    """Whether lines may break beside it: Chinese, Japanese, emoji, but not Korean."""
    if any(low <= ord(char) <= high for low, high in _HANGUL):
        return False
    return unicodedata.east_asian_width(char) in "WF"


def base_level(text: str) -> int:
    """1 for a paragraph that runs from right to left, else 0."""
    kinds = (unicodedata.bidirectional(char) for char in text)
    return next((int(kind != "L") for kind in kinds if kind in _STRONG), 0)


def levels(clusters: list[str], base: int) -> list[int]:
    """The core of UAX 9, without explicit embeddings: those were cleaned away."""
    kinds = [unicodedata.bidirectional(one[0]) for one in clusters]
    strong = base
    sides: list[int | None] = []
    for kind in kinds:
        strong = int(kind != "L") if kind in _STRONG else strong
        sides.append(strong if kind in _STRONG or kind in _NUMBER else None)
    before = _carried(sides, base)
    after = _carried(sides[::-1], base)[::-1]
    resolved: list[int] = []
    for kind, side, left, right in zip(kinds, sides, before, after, strict=True):
        neutral = left if left == right else base
        direction = neutral if side is None else side
        raised = (kind in _NUMBER) if direction else base
        resolved.append(2 if raised else direction)
    return resolved


def _carried(sides: list[int | None], base: int) -> list[int]:
    return list(accumulate(sides, lambda last, one: last if one is None else one, initial=base))[
        1:
    ]
