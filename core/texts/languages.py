"""Whether a text needs a translation at all. A call that is not made costs nothing."""

import re
from collections.abc import Collection
from pathlib import Path
from typing import Protocol, cast

from core.texts.scripts import HAN, HANGUL, KANA, LATIN, count_scripts, neighbours_of, scripts_of

_TAG = re.compile(
    r"[a-z]{2,3}(-[a-z]{3}){0,3}(-[a-z]{4})?(-([a-z]{2}|[0-9]{3}))?"
    r"(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*",
    re.ASCII | re.IGNORECASE,
)
_TAG_LIMIT = 35  # characters that BCP 47 asks every reader to have room for
_LATIN_WORD = re.compile(r"[A-Za-z]{3,}")  # "3D" and "8K" are written so everywhere
_MANY = "en fr de es it pt nl pl tr id vi sv da no fi cs ro hu"
_LATIN_LANGUAGES = frozenset(_MANY.split())
_LIKELY = 0.5
_UNLIKELY = 0.05  # of English: a few words are English to us unless they clearly are not
_ENOUGH = 4000  # characters that tell a language


class _Identifier(Protocol):
    @property
    def labels(self) -> list[str]: ...
    def set_languages(self, langs: Collection[str]) -> None: ...
    def rank(self, text: str) -> list[tuple[str, float]]: ...


def is_language(code: str) -> bool:
    """Whether it is a language tag of BCP 47 by its form: en, zh, zh-Hant, pt-BR."""
    return len(code) <= _TAG_LIMIT and bool(_TAG.fullmatch(code))


def is_written_in(bare: str, language: str) -> bool:
    """Whether there is nothing to translate. Takes 0.5 s where the script does not tell.

    A tag with a subtag names more than can be told from a text: never, unless it has no letters.
    """
    code = language.casefold()
    scripts = frozenset(count_scripts(bare))
    if not scripts or "-" in code:
        return not scripts
    if code in ("zh", "ja", "ko"):
        return _is_east_asian(bare, scripts, code)
    used = scripts_of(code)
    if not scripts <= used | {LATIN} or (LATIN not in used and _LATIN_WORD.search(bare)):
        return False
    if LATIN in used:
        return _is_latin(bare, code)
    neighbours = neighbours_of(code)
    return len(neighbours) == 1 or _probabilities(bare, neighbours).get(code, 0) > _LIKELY


def _is_east_asian(bare: str, scripts: frozenset[str], code: str) -> bool:
    own = {"zh": HAN, "ja": KANA, "ko": HANGUL}[code]
    foreign = scripts - scripts_of(code) - {LATIN}
    return own in scripts and not foreign and not _LATIN_WORD.search(bare)


def _is_latin(bare: str, code: str) -> bool:
    chances = _probabilities(bare, _LATIN_LANGUAGES | {code})
    best = max(chances, key=lambda one: chances[one])
    if code == "en":
        return best == "en" or chances[best] <= _LIKELY or chances["en"] >= _UNLIKELY
    return best == code and chances[best] > _LIKELY


def _probabilities(text: str, codes: Collection[str]) -> dict[str, float]:
    """How likely each of these languages is, as far as the identifier knows them.

    It takes 75 MiB and 0.5 s to load and is asked once before a call that takes seconds: a bot
    that runs for weeks would hold the memory for nothing, so that it is let go each time.
    """
    from py3langid import langid  # type: ignore[import-untyped]

    path = Path(langid.__file__).parent / langid.MODEL_FILE
    loaded = langid.LanguageIdentifier.from_modelpath(path, norm_probs=True)
    identifier = cast("_Identifier", loaded)
    identifier.set_languages([code for code in codes if code in identifier.labels])
    return dict(identifier.rank(text[:_ENOUGH]))
