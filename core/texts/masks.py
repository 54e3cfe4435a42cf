"""What must come through a text model byte for byte: taken out before, put back after."""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from core.models.request import Parameters
from core.params import read_prompt
from core.params.flags import Flag, find_flags, join_around
from core.texts.pieces import Span, find_pieces

# Models put spaces inside the brackets or write fullwidth digits; nothing is lost by either.
PLACEHOLDER = re.compile(r"⟦\s*(\d{1,6})\s*⟧")

_BRACKET = re.compile(r"[⟦⟧]")
_GAP = re.compile(r"(?:[^\S\n]|=)*")
_SPACE = re.compile(r"[^\S\n]*")
_WORD = re.compile(r"\S+")
_URL = re.compile(r"https?://", re.IGNORECASE)


class Altered(ValueError):
    """A text model touched what has to stay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Masked:
    """A prompt's prose with placeholders, the pieces they stand for, and the flags cut out."""

    text: str
    kept: tuple[str, ...]
    flags: tuple[str, ...]

    @property
    def bare(self) -> str:
        """The prose without its placeholders."""
        return PLACEHOLDER.sub(" ", self.text)

    def restored(self, answer: str) -> str:
        """Put everything back into a model's answer.

        Altered when something is lost, comes twice, or a flag was added.
        """
        numbers = sorted(int(number) for number in PLACEHOLDER.findall(answer))
        stray = _BRACKET.search(PLACEHOLDER.sub("", answer))
        if stray or numbers != list(range(1, len(self.kept) + 1)):
            raise Altered
        prose = self._filled(_with_loose_dashes(answer))
        result = self._with_flags(prose)
        self._verify(prose, result)
        return result

    def _filled(self, text: str) -> str:
        return PLACEHOLDER.sub(lambda match: self.kept[int(match[1]) - 1], text).strip()

    def _with_flags(self, prose: str) -> str:
        return " ".join(part for part in (prose, *self.flags) if part)

    def _verify(self, prose: str, result: str) -> None:
        """Neither the prose nor the whole reads otherwise than the source; nothing is lost."""
        source = self._filled(self.text)
        for text, wanted in ((prose, source), (result, self._with_flags(source))):
            if _reading(text) != _reading(wanted):
                raise Altered
        if not all(piece in result for piece in (*self.kept, *self.flags)):
            raise Altered


def mask(text: str, names: Collection[str]) -> Masked:
    """Take a prompt apart; `names` are the ids of models, as "openai/gpt-image-2"."""
    spans = list(_spans(text, _loose(text, list(find_flags(text)), names)))
    ends = [0, *(end for _, end in spans)]
    starts = [*(start for start, _ in spans), len(text)]
    prose = join_around([text[end:start] for end, start in zip(ends, starts, strict=True)])
    parts: list[str] = []
    kept: list[str] = []
    position = 0
    for start, end in find_pieces(prose, names):
        kept.append(prose[start:end])
        parts += prose[position:start], f"⟦{len(kept)}⟧"
        position = end
    return Masked(
        text="".join((*parts, prose[position:])),
        kept=tuple(kept),
        flags=tuple(text[start:end].strip() for start, end in spans),
    )


def _with_loose_dashes(answer: str) -> str:
    """A dash that a model writes like a phone's "--" is a dash: "snow —glowing eyes"."""
    for flag in reversed(list(find_flags(answer))):
        if flag.name is None and answer[flag.start] in "—–":
            answer = f"{answer[: flag.start + 1]} {answer[flag.start + 1 :]}"
    return answer


def _reading(text: str) -> tuple[Parameters, frozenset[str]]:
    written = read_prompt(text)
    return written.parameters, frozenset(written.unknown)


def _loose(text: str, flags: Sequence[Flag], names: Collection[str]) -> Sequence[Flag]:
    """All but those that are only words inside a piece: a sign that says "rm --force x"."""
    starts = [flag.start for flag in flags]
    held: set[int] = set()
    for start, end in find_pieces(text, names) if flags else ():
        first, after = bisect_left(starts, start), bisect_left(starts, end)
        whole = first == 0 or flags[first - 1].end <= start
        if whole and all(flag.name is None for flag in flags[first:after]):
            held.update(range(first, after))
    return [flag for number, flag in enumerate(flags) if number not in held]


def _spans(text: str, flags: Sequence[Flag]) -> Iterator[Span]:
    following = [*(flag.start for flag in flags), len(text)][1:]
    for flag, after in zip(flags, following, strict=True):
        known = flag.name is not None
        yield flag.start, flag.end if known else _unread_end(text, flag.end, after)


def _unread_end(text: str, end: int, following: int) -> int:
    """Of a flag that could not be read: how far what looks like its value goes.

    `following` is where the next flag begins. A word may belong to the flag or to the prose, so
    it is only taken where nothing but a flag comes after it.
    """
    start = _end(_GAP, text, end)
    word = _end(_WORD, text, start)
    if start in (word, following):
        return start
    if text[start - 1] == "=":  # tied to it
        return word
    if _URL.match(text, start):
        return _urls_end(text, word)
    after = _end(_SPACE, text, word)
    alone = after in (following, len(text)) or text[after] == "\n"
    return word if alone else start


def _urls_end(text: str, end: int) -> int:
    while _URL.match(text, following := _end(_SPACE, text, end)):
        end = _end(_WORD, text, following)
    return end


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    match = pattern.match(text, start)
    return match.end() if match else start
