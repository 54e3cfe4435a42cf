"""Which scripts a text is written in, and which ones a language uses."""

import unicodedata
from collections import Counter
from collections.abc import Mapping

LATIN, HAN, KANA, HANGUL = "LATIN", "HAN", "KANA", "HANGUL"

# The first word of a letter's name in Unicode is its script, but for these.
_SCRIPT: Mapping[str, str] = {
    "CJK": HAN,
    "IDEOGRAPHIC": HAN,
    "HIRAGANA": KANA,
    "KATAKANA": KANA,
    "KATAKANA-HIRAGANA": KANA,
    "FEMININE": LATIN,
    "MASCULINE": LATIN,
}
_LANGUAGES: Mapping[str, str] = {
    "ARABIC": "ar arz ary fa ps sd ug ur",
    "ARMENIAN": "hy",
    "BENGALI": "as bn",
    "CYRILLIC": "be bg kk ky mk mn ru sr tg uk",
    "DEVANAGARI": "hi mr ne sa",
    "ETHIOPIC": "am ti",
    "GEORGIAN": "ka",
    "GREEK": "el",
    "GUJARATI": "gu",
    "GURMUKHI": "pa",
    "HEBREW": "he yi",
    "KANNADA": "kn",
    "KHMER": "km",
    "LAO": "lo",
    "MALAYALAM": "ml",
    "MYANMAR": "my",
    "ORIYA": "or",
    "SINHALA": "si",
    "TAMIL": "ta",
    "TELUGU": "te",
    "THAI": "th",
    "TIBETAN": "bo dz",
    HAN: "zh yue wuu",
}
_LATIN_NAMES = (
    "af ca cs da de en es et eu fi fr ga gl hr hu id is it lt lv ms mt nb nl nn no pl pt ro sk sl "
    "sq sv sw tl tr vi"
)
_LATIN_CODES = frozenset(_LATIN_NAMES.split())
_SCRIPT_TAG = 4  # letters of a script in a code: zh-Hant
_BY_LANGUAGE: Mapping[str, frozenset[str]] = {
    "ja": frozenset({HAN, KANA}),
    "ko": frozenset({HANGUL, HAN}),
    # Both are in use; a tag without a script does not say which.
    "sr": frozenset({"CYRILLIC", LATIN}),
}


def count_scripts(text: str) -> Counter[str]:
    """Letters per script. Fullwidth and ornamental letters count as the plain ones."""
    counts: Counter[str] = Counter()
    for sign, times in Counter(unicodedata.normalize("NFKC", text)).items():
        if sign.isalpha():
            first = unicodedata.name(sign, "UNKNOWN").split()[0]
            counts[_SCRIPT.get(first, first)] += times
    return counts


def scripts_of(language: str) -> frozenset[str]:
    """The scripts of a language; its code may have subtags. One that is not listed: Latin."""
    code, *subtags = language.casefold().split("-")
    if "latn" in subtags:
        return frozenset({LATIN})
    if code in _BY_LANGUAGE:
        return _BY_LANGUAGE[code]
    listed = (script for script, codes in _LANGUAGES.items() if code in codes.split())
    return frozenset({next(listed, LATIN)})


def known_scripts(language: str) -> frozenset[str] | None:
    """The same, or None where the code or its script is none that we can tell letters by."""
    code, *subtags = language.casefold().split("-")
    listed = code in _BY_LANGUAGE or any(code in codes.split() for codes in _LANGUAGES.values())
    script = next((part for part in subtags if len(part) == _SCRIPT_TAG), "")
    if script in ("hans", "hant", "latn") or (not script and (listed or code in _LATIN_CODES)):
        return scripts_of(language)
    return None


def neighbours_of(language: str) -> frozenset[str]:
    """The languages written in the same script as this one; none for the Latin script."""
    lists = (frozenset(codes.split()) for codes in _LANGUAGES.values())
    return next((codes for codes in lists if language in codes), frozenset())
