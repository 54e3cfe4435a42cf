"""The text that A1111 writes into its pictures and that most tools of the field read.

The prompt, the negative prompt after `Negative prompt: `, then one line of settings:
`Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x512, Model hash: ..., Model: ...`.
"""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.models.request import Size

TEXT_LIMIT = 2**18  # characters that are looked at

_NEGATIVE = "Negative prompt:"
_FEWEST = 3  # settings; a last line with fewer is part of the prompt, for A1111 too
_MOST = 256  # settings of one text
_VERSION = ("Version", "OmniImage")
_SETTING = re.compile(r"\w[\w /-]{1,99}")
_WHOLE = re.compile(r"-?\d{1,20}")
_SIZE = re.compile(r"(\d{1,6})x(\d{1,6})")
_QUOTED = re.compile(r'[,:"\n]|^\s|\s$|[\x00-\x1f]')
_decoder = json.JSONDecoder()


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """How a picture was made; what is not known is None or empty.

    `others` are settings beyond the common ones, in their order; `text` is what was read, as it
    was, and of no account for writing.
    """

    prompt: str = ""
    negative: str = ""
    steps: int | None = None
    sampler: str | None = None
    cfg: float | None = None
    seed: int | None = None
    size: Size | None = None
    model: str | None = None
    others: tuple[tuple[str, str], ...] = ()
    text: str = ""


def describe(made: Made) -> str:
    """The text to embed. ValueError for a name among `others` that no reader would know again."""
    lines = [_lines(made.prompt)] if made.prompt.strip() else []
    if made.negative.strip():
        lines.append(f"{_NEGATIVE} {_lines(made.negative)}")
    settings = dict(_settings(made))
    lines.append(", ".join(f"{name}: {_quoted(value)}" for name, value in settings.items()))
    return "\n".join(lines)


def parse(text: str) -> Made:
    """Never fails: what cannot be told apart is the prompt."""
    text = _lines(text[:TEXT_LIMIT])
    words, _, last = text.rpartition("\n")
    settings = dict(_pairs(last))
    if len(settings) < _FEWEST:
        words, settings = text, {}
    prompt, negative = _parted(words)
    return Made(
        prompt=prompt,
        negative=negative,
        steps=_taken(settings, "Steps"),
        sampler=settings.pop("Sampler", None),
        cfg=_number(settings),
        seed=_taken(settings, "Seed"),
        size=_size(settings),
        model=settings.pop("Model", None),
        others=tuple(settings.items()),
        text=text,
    )


def _settings(made: Made) -> Iterator[tuple[str, str]]:
    common = {
        "Steps": made.steps,
        "Sampler": made.sampler,
        "CFG scale": None if made.cfg is None else f"{made.cfg:g}",
        "Seed": made.seed,
        "Size": made.size,
        "Model": made.model,
    }
    for name, value in common.items():
        if value is not None and str(value):
            yield name, str(value)
    for name, value in made.others:
        if not _SETTING.fullmatch(name) or name != name.strip():
            raise ValueError(name)
        if value:
            yield name, value
    if all(name != _VERSION[0] for name, _ in made.others):
        yield _VERSION


def _quoted(value: str) -> str:
    """As A1111 does, and also what it would read back otherwise."""
    return json.dumps(value, ensure_ascii=False) if _QUOTED.search(value) else value


def _pairs(line: str) -> Iterator[tuple[str, str]]:
    """By hand, in one pass: the field's regular expression takes hours for a hostile line."""
    at = 0
    for _ in range(_MOST):
        colon = line.find(":", at)
        if colon < 0:
            return
        name = line[max(at, colon - 200) : colon].rpartition(",")[2].strip()
        value, at = _value(line, colon + 1)
        if _SETTING.fullmatch(name) and value:
            yield name, value


def _value(line: str, at: int) -> tuple[str, int]:
    """The value that begins there, and where the next setting begins."""
    at += len(line[at : at + 99]) - len(line[at : at + 99].lstrip())
    if line.startswith('"', at):
        try:
            value, end = _decoder.raw_decode(line, at)
        except ValueError:
            pass
        else:
            if line[end : end + 1] in ("", ","):
                return str(value).encode("utf-8", "replace").decode(), end + 1
    comma = line.find(",", at)
    end = len(line) if comma < 0 else comma
    return line[at:end].strip(), end + 1


def _parted(words: str) -> tuple[str, str]:
    lines = words.split("\n")
    for number, line in enumerate(lines):
        bare = line.strip()
        if bare.startswith(_NEGATIVE):
            rest = [bare.removeprefix(_NEGATIVE), *lines[number + 1 :]]
            return "\n".join(lines[:number]).strip(), "\n".join(rest).strip()
    return words.strip(), ""


def _taken(settings: dict[str, str], name: str) -> int | None:
    """Taken out of the settings if it is a whole number; left among the others if not."""
    if _WHOLE.fullmatch(settings.get(name, "")):
        return int(settings.pop(name))
    return None


def _number(settings: dict[str, str]) -> float | None:
    try:
        number = float(settings["CFG scale"])
    except (KeyError, ValueError):
        return None
    if not math.isfinite(number):
        return None
    del settings["CFG scale"]
    return number


def _size(settings: dict[str, str]) -> Size | None:
    match = _SIZE.fullmatch(settings.get("Size", ""))
    if match is None:
        return None
    del settings["Size"]
    return Size(width=int(match[1]), height=int(match[2]))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
