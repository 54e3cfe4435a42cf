"""The prompt inside a text model's answer, or that it holds none. Hostile until proven."""

import re

from core.models.text import StepKind
from core.texts.chatter import Fenced, without_chatter
from core.texts.likeness import shares_words
from core.texts.masks import PLACEHOLDER
from core.texts.scripts import HAN, HANGUL, KANA, count_scripts, known_scripts
from core.texts.talk import is_talk
from core.texts.wording import instructions

_RAW_LIMIT = 100_000  # characters that are looked at; thoughts and chatter included
_ENHANCED_LIMIT = 3000
_ENHANCED_TIMES, _ENHANCED_MORE = 40, 1500
_TRANSLATED_TIMES, _TRANSLATED_MORE = 8, 200
_SHORT = 24  # characters
_SHRUNK = 3  # an enhanced prompt is not shorter by that much, a mere answer is
# Control characters, and those that turn the direction of what a terminal or a chat shows.
_UNSEEN = re.compile(
    "[^\\S\\n\\t ]|[\x00-\x08\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
_VERSE = 2  # more lines than the source has: a poem, a list, an essay
_LEAK = 8  # words in a row
_DENSE = {HAN: 3, KANA: 2, HANGUL: 2}  # letters of an alphabet that one of these stands for

_CODE = re.compile(
    r"^[ \t]*(?:def \w+\(|class \w+[:(]|import \w+ as |from \w+(?:\.\w+)* import |#include|#!/|"
    r"(?:async )?function ?\w*\(|(?:const|let|var) \w+ ?=|print\(|console\.log\(|<\?php|"
    r"<!doctype|<(?:html|svg|script)\b|public (?:class|static)\b|\w+ = \w+\()",
    re.IGNORECASE | re.MULTILINE,
)
_JSON = re.compile(r"\A[\[{]\s*[\"'\[{\]}]")
_RULE = re.compile(r"^[-*_]{3,}[ \t]*$", re.MULTILINE)
_LABELLED = re.compile(r"\W{0,8}[^\W\d_][\w /&-]{0,30}[:：]")
_WORDS = re.compile(r"\w+")


class NotAPrompt(ValueError):
    """A text model refused, asked back, or talked of something else."""


def prompt_of(answer: str, masked_source: str, kind: StepKind, language: str) -> str:
    """The prompt of an answer to `masked_source`, its placeholders still in it; NotAPrompt."""
    if len(answer) > _RAW_LIMIT:
        raise NotAPrompt
    source = masked_source.strip()
    try:
        text = without_chatter(_UNSEEN.sub("", answer), source, kind)
    except Fenced as error:
        raise NotAPrompt from error
    if not text or _is_too_long(text, source, kind) or is_talk(text, source, kind):
        raise NotAPrompt
    if (
        _is_data(text, source)
        or _is_verse(text, source, kind)
        or _leaks(text, source, kind, language)
    ):
        raise NotAPrompt
    if kind is StepKind.TRANSLATE and _is_foreign(text, language):
        raise NotAPrompt
    if kind is StepKind.ENHANCE and (
        (len(source) > _SHORT and len(text) * _SHRUNK < len(source))
        or not shares_words(text, source)
    ):
        raise NotAPrompt
    return text


def _is_too_long(text: str, source: str, kind: StepKind) -> bool:
    length = len(source)
    if kind is StepKind.TRANSLATE:
        return len(text) > _TRANSLATED_TIMES * length + _TRANSLATED_MORE
    limit = min(_ENHANCED_LIMIT, _ENHANCED_TIMES * length + _ENHANCED_MORE)
    return len(text) > max(limit, length)  # who typed more than that may get as much back


def _is_data(text: str, source: str) -> bool:
    """JSON, a program, or a page with rules across; unless the source is like it."""
    forms = (_JSON, _CODE, _RULE)
    return any(form.search(text) and not form.search(source) for form in forms)


def _is_verse(text: str, source: str, kind: StepKind) -> bool:
    """Far more lines than were asked for, unless they are the labelled parts of one prompt."""
    lines, allowed = (
        _lines(text),
        len(_lines(source)) + (_VERSE if kind is StepKind.ENHANCE else 1),
    )
    if len(lines) <= allowed:
        return False
    labelled = sum(bool(_LABELLED.match(line)) for line in lines)
    return kind is StepKind.TRANSLATE or labelled * 2 < len(lines)


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def _leaks(text: str, source: str, kind: StepKind, language: str) -> bool:
    """A long run of our own words that the person did not type."""
    own = _runs(instructions(kind, language)) - _runs(source)
    return not own.isdisjoint(_runs(text))


def _runs(text: str) -> set[tuple[str, ...]]:
    words = _WORDS.findall(text.casefold())
    return {tuple(words[place : place + _LEAK]) for place in range(len(words) - _LEAK + 1)}


def _is_foreign(text: str, language: str) -> bool:
    """Mostly letters that the language is not written with, where we know how it is written."""
    used = known_scripts(language)
    if used is None:
        return False
    counts = count_scripts(PLACEHOLDER.sub(" ", text))
    weights = {script: times * _DENSE.get(script, 1) for script, times in counts.items()}
    foreign = sum(weight for script, weight in weights.items() if script not in used)
    return foreign * 2 > sum(weights.values())
