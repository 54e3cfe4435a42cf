"""An operator's list of words, found in a prompt however they are written."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

# Scripts that leave no space between words (Thai to Burmese, Khmer, kana, Han, Hangul): in them a
# word is found inside of others.
_JOINED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
    "\uf900-\ufaff\U00020000-\U0003ffff"
)
_LETTER = f"[^\\W_{_JOINED}]"  # letters and digits of all the others


def find_blocked(text: str, words: Sequence[str]) -> str | None:
    """The first of `words` that stands in `text`, as the list writes it."""
    plain = _plain(text) if words else ""
    return next((word for word in words if _pattern(word).search(plain)), None)


@lru_cache(maxsize=4096)
def _pattern(word: str) -> re.Pattern[str]:
    """A whole word: where its edge is a letter, no further one may follow there."""
    plain = _plain(word).strip()
    if not plain:
        return re.compile(r"(?!)")  # matches nothing
    inside = r"\s+".join(re.escape(part) for part in plain.split())
    if re.search(f"[{_JOINED}]", plain):
        return re.compile(inside)
    before = f"(?<!{_LETTER})" if re.match(_LETTER, plain) else ""
    after = f"(?!{_LETTER})" if re.match(_LETTER, plain[-1]) else ""
    return re.compile(f"{before}{inside}{after}")


def _plain(text: str) -> str:
    """One spelling for all: no case, no full width, nothing that cannot be seen."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if unicodedata.category(sign) != "Cf")
