"""Midjourney's flags inside a prompt, also with the dash that phones make of two hyphens."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from core.models.request import Parameters, Ratio, Size
from core.params.values import (
    read_count,
    read_quality,
    read_seed,
    read_steps,
)

_FLAG = re.compile(r"(?<!\S)(?:--|[—–]{1,2})(?P<name>[A-Za-z][A-Za-z-]*)(?=[\s=]|$)(?:[^\S\n]|=)*")
_WORD = re.compile(r"\S+")

_NAMES: Mapping[str, str] = {
    "ar": "ratio",
    "aspect": "ratio",
    "ratio": "ratio",
    "size": "size",
    "seed": "seed",
    "steps": "steps",
    "q": "quality",
    "quality": "quality",
    "count": "count",
    "no": "negative",
    "negative": "negative",
}
_READERS: Mapping[str, Callable[[str], object]] = {
    "ratio": Ratio.read,
    "size": Size.read,
    "seed": read_seed,
    "steps": read_steps,
    "quality": read_quality,
    "count": read_count,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A prompt without its flags, what they asked, and the flags that stayed in it unread."""

    prompt: str
    parameters: Parameters
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """Where a flag stands: up to the end of its value, or of its name where it was not read."""

    start: int
    end: int
    name: str | None = None  # of the parameter; None: unknown, or its value could not be read
    value: object = None


def find_flags(text: str) -> Iterator[Flag]:
    """Every flag in order. What stands inside the value of one that was read is none."""
    end = 0
    for flag in _FLAG.finditer(text):
        if flag.start() < end:
            continue
        name = _NAMES.get(flag["name"].lower())
        value_end = _value_end(text, flag, name)
        try:
            value = _read(name, text[flag.end() : value_end])
        except ValueError:
            yield Flag(start=flag.start(), end=flag.end("name"))
            continue
        end = value_end
        yield Flag(start=flag.start(), end=end, name=name, value=value)


def read_prompt(text: str, options: Parameters = Parameters()) -> Written:  # noqa: B008 - frozen
    """Take the known flags out of `text`; an option wins over its flag."""
    asked: dict[str, Any] = {}
    unknown: list[str] = []
    kept: list[str] = []
    end = 0
    for flag in find_flags(text):
        if flag.name is None:
            unknown.append(text[flag.start : flag.end])
            continue
        asked[flag.name] = flag.value
        kept.append(text[end : flag.start])
        end = flag.end
    kept.append(text[end:])
    return Written(
        prompt=join_around(kept),
        parameters=_merge(Parameters(**asked), options),
        unknown=tuple(dict.fromkeys(unknown)),
    )


def join_around(kept: Sequence[str]) -> str:
    """Where a flag stood inside a line, one space is left of the gap; at its start, none."""
    text = kept[0]
    for part in kept[1:]:
        before = text.rstrip(" ")
        gap = "" if before.endswith("\n") else " "
        text = f"{before}{gap}{part.lstrip(' ')}" if before.strip() else part
    return "\n".join(line.rstrip() for line in text.strip().split("\n"))


def _value_end(text: str, flag: re.Match[str], name: str | None) -> int:
    """Unwanted things go on to the next flag or the line's end; every other value is one word."""
    if name == "negative":
        following = _FLAG.search(text, flag.end())
        stop = following.start() if following else len(text)
        newline = text.find("\n", flag.end(), stop)
        return stop if newline < 0 else newline
    word = _WORD.match(text, flag.end())
    return word.end() if word else flag.end()


def _read(name: str | None, value: str) -> object:
    if name is None or not value.strip():
        raise ValueError(name)
    return value.strip() if name == "negative" else _READERS[name](value.rstrip(",;，；、"))


def _merge(flags: Parameters, options: Parameters) -> Parameters:
    """A size and a ratio say the same thing twice: the one given as an option stays."""
    if options.size or options.ratio:
        flags = replace(flags, size=None, ratio=None)
    elif flags.size:
        flags = replace(flags, ratio=None)
    given = {field.name: getattr(options, field.name) for field in fields(Parameters)}
    return replace(flags, **{name: value for name, value in given.items() if value is not None})
