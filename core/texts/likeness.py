"""Whether an enhanced prompt still speaks of what its source spoke of."""

import re

from core.texts.masks import PLACEHOLDER
from core.texts.scripts import HAN, HANGUL, KANA, count_scripts

_WORD = re.compile(r"[^\W\d_]+")
_STEM = 4
_LEAST = 3
_FEW_WORDS, _FEW_SIGNS = 2, 4
_STOP = """
the and with for from that this these those are was were has have had not but you your its his her
their our they she him them into onto over under than then there here what which who whom whose
when where why how can could will would shall should may might must all any some each very just
also out off about make create please picture image photo draw paint generate want der die das ein
eine einen einem einer und mit von für auf ist les des une est avec dans sur pour qui que los las
una con por del
"""
_STOP_WORDS = frozenset(_STOP.split())
_COMMON_SIGNS = frozenset(
    "的了一在是个有和与及或不我你您他她它们这那着就也都而要把被上下中里为画张只幅请"
)


def shares_words(answer: str, source: str) -> bool:
    """Whether a placeholder or a word of content of the source came back.

    Words are the same by their first letters, so that "foxes" is "fox". A source of a word or
    two may come back as "a golden retriever" for "a dog", and one in another script in none of
    its signs: that says nothing.
    """
    if PLACEHOLDER.search(answer):
        return True
    bare = PLACEHOLDER.sub(" ", source).casefold()
    if not _WORD.search(answer):
        return not _WORD.search(bare)
    dense = {sign for sign in set(bare) if _is_dense(sign)}
    signs = dense - _COMMON_SIGNS
    stems = {word[:_STEM] for word in _words(bare, dense) if len(word) >= _LEAST}
    folded = answer.casefold()
    if len(signs) <= _FEW_SIGNS and len(stems) <= _FEW_WORDS:
        return True
    if signs and not any(map(_is_dense, set(folded))):
        return True
    joined = " ".join(("", *_WORD.findall(folded)))
    return not signs.isdisjoint(folded) or any(
        (stem if len(stem) == _STEM else f" {stem}") in joined for stem in stems
    )


def _words(bare: str, dense: set[str]) -> list[str]:
    """Words of content between the signs of scripts without spaces."""
    spaced = "".join(" " if sign in dense else sign for sign in bare)
    return [word for word in _WORD.findall(spaced) if word not in _STOP_WORDS]


def _is_dense(sign: str) -> bool:
    """Whether one sign stands for a word or a syllable: no spaces tell their words apart."""
    return not {HAN, KANA, HANGUL}.isdisjoint(count_scripts(sign))
