"""Lines of text: runs of one font and direction, wrapping, drawing."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from PIL import Image, ImageDraw

from core.imaging.text.characters import base_level, clean, graphemes, is_ideographic, levels
from core.imaging.text.fonts import CJK, EMOJI, MISSING, SANS, covers, dressed, font, shapes

_ELLIPSIS = "…"
_BOLD = 550  # from here on the CJK face, which has one weight, gets a thin outline
_NO_LINE_START = frozenset(
    "!%),.:;?]}~…·‥、。〃々〉》」』】〕〗〙〛ゝゞーヽヾ！％），．：；？］｝～」、｡’”›»"
)
_NO_LINE_END = frozenset("([{‘“‹«〈《「『【〔〖〘〚（［｛｢#$@＃＄＠")
_FINER = 2  # drawn larger, then reduced: Pillow sets letters on whole pixels, seen in small text
_ORPHAN = 0.4  # of the width: a last line shorter than this is lonely
_NARROWER = (0.94, 0.88, 0.82, 0.76, 0.7, 0.64)
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")
_BEFORE_ELLIPSIS = frozenset(" ,.;:-/·，。、；：")


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """Size in pixels, weight from 400 to 700, and the distance of lines in sizes."""

    size: int
    weight: int = 400
    leading: float = 1.36


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A text broken into lines for a width, ready to be drawn."""

    lines: tuple[str, ...]
    style: Style
    width: int
    base: int = 0  # 1: from right to left

    @property
    def height(self) -> int:
        return round(len(self.lines) * self.style.size * self.style.leading)


@dataclass(frozen=True, slots=True)
class _Run:
    face: str
    text: str
    level: int  # odd: from right to left


def fit(text: str, style: Style, *, width: int, max_lines: int) -> Block:
    """Breaks a text into lines of a width; what does not fit ends in an ellipsis."""
    # No letter is narrower than a fifth of the size, so more could never be shown.
    cleaned, cut = clean(text, max_lines * width * 5 // style.size + 1)
    cleaned = _legible(cleaned)
    lines, left_over = _broken(cleaned, style, width, max_lines)
    if lines and (cut or left_over):
        lines[-1] = _shortened(lines[-1], style, width)
    else:
        lines = _without_orphan(cleaned, lines, style, width)
    return Block(lines=tuple(lines), style=style, width=width, base=base_level(cleaned))


def _legible(text: str) -> str:
    """The text with one sign for each stretch of characters that no font has."""
    shown: list[str] = []
    for cluster in graphemes(text):
        if dressed(cluster)[1] != MISSING:
            shown.append(cluster)
        elif not shown or shown[-1] != MISSING:
            shown.append(MISSING)
    return "".join(shown)


def _broken(text: str, style: Style, width: int, max_lines: int) -> tuple[list[str], bool]:
    """As many lines as may be, and whether some text was left over."""
    lines: list[str] = []
    line, used = "", 0.0
    for piece in _pieces(text, style, width):
        if line and used + measure(piece.rstrip(), style) > width:
            lines.append(line.rstrip())
            line, used = "", 0.0
            if len(lines) == max_lines:
                return lines, True
        line += piece
        used += measure(piece, style)
    return ([*lines, line.rstrip()] if line.strip() else lines), False


def _without_orphan(text: str, lines: list[str], style: Style, width: int) -> list[str]:
    """The same number of narrower lines, when the last one would hold a lonely word."""
    for share in _NARROWER:
        if len(lines) == 1 or not lines or measure(lines[-1], style) > width * _ORPHAN:
            break
        narrower, left_over = _broken(text, style, round(width * share), len(lines))
        if left_over:
            break
        lines = narrower
    return lines


def draw(
    page: Image.Image,
    block: Block,
    at: tuple[int, int],
    *,
    fill: tuple[int, int, int],
    align: Literal["start", "centre"] = "start",
) -> None:
    """Draws a block with its upper left corner at a point."""
    style = block.style
    step = style.size * style.leading
    for number, line in enumerate(block.lines):
        runs = _runs(line, block.base)
        room = max(0.0, block.width - sum(_advance(run, style) for run in runs))
        start = room / 2 if align == "centre" else room * block.base
        mask = _line_mask(runs, start, block)
        baseline = at[1] + round(step * (number + 0.5) + style.size * 0.36)
        page.paste(fill, (at[0] - style.size, baseline - 2 * style.size), mask)


def _line_mask(runs: list[_Run], start: float, block: Block) -> Image.Image:
    """One line, one size away from the left and two from the top: marks may stick out."""
    style = block.style
    mask = Image.new("L", (_FINER * (block.width + 2 * style.size), _FINER * 3 * style.size))
    canvas = ImageDraw.Draw(mask)
    x = start + style.size
    for run in runs:
        outlined = run.face == CJK and style.weight >= _BOLD
        canvas.text(
            (_FINER * x, _FINER * 2 * style.size),
            _in_reading_order(run),
            fill=255,
            font=font(run.face, _FINER * style.size, style.weight),
            anchor="ls",
            direction=_direction(run),
            stroke_width=_FINER * style.size / 90 if outlined else 0,
        )
        x += _advance(run, style)
    return mask.reduce(_FINER)


@lru_cache(maxsize=4096)
def measure(text: str, style: Style) -> float:
    """The width of a text on one line, in pixels."""
    return sum(_advance(run, style) for run in _runs(text, 0))


def _advance(run: _Run, style: Style) -> float:
    loaded = font(run.face, _FINER * style.size, style.weight)
    return loaded.getlength(_in_reading_order(run), direction=_direction(run)) / _FINER


def _direction(run: _Run) -> str | None:
    if not shapes():
        return None
    return "rtl" if run.level % 2 else "ltr"


def _in_reading_order(run: _Run) -> str:
    if not run.level % 2 or shapes():
        return run.text
    # Without a shaper nobody else turns the letters round.
    return "".join(reversed(graphemes(run.text))).translate(_MIRRORED)


def _pieces(text: str, style: Style, width: int) -> Iterator[str]:
    """What must stay on one line; a word wider than the line comes in single characters."""
    piece = ""
    clusters = graphemes(text)
    for cluster, following in zip(clusters, [*clusters[1:], ""], strict=False):
        piece += cluster
        if following and not _may_break(piece, cluster[0], following[0]):
            continue
        if measure(piece.rstrip(), style) <= width:
            yield piece
        else:
            yield from graphemes(piece)
        piece = ""


def _may_break(piece: str, last: str, after: str) -> bool:
    if " " in (last, after):
        return after != " "
    if after in _NO_LINE_START or last in _NO_LINE_END:
        return False
    if last in "/-_":  # the joints of a model's name; not those of "--ar", a date, "https://"
        return piece[-2:-1].isalnum() and after.isalpha()
    return is_ideographic(last) or is_ideographic(after)


def _shortened(line: str, style: Style, width: int) -> str:
    clusters = graphemes(line)
    while clusters and (
        clusters[-1] in _BEFORE_ELLIPSIS or measure("".join(clusters) + _ELLIPSIS, style) > width
    ):
        clusters.pop()
    return "".join(clusters) + _ELLIPSIS


def _runs(line: str, base: int) -> list[_Run]:
    """The line in pieces of one font and one direction, from left to right."""
    clusters = graphemes(line)
    face = next((dressed(one)[0] for one in clusters if not _is_common(one)), SANS)
    runs: list[_Run] = []
    for cluster, level in zip(clusters, levels(clusters, base), strict=True):
        own, text = dressed(cluster)
        # Punctuation takes the font of the word it follows: “雪” keeps its own quotes.
        if not (_is_common(cluster) and face != EMOJI and covers(face, cluster)):
            face = own
        if not runs or (runs[-1].face, runs[-1].level) != (face, level):
            runs.append(_Run(face, text, level))
        else:
            runs[-1] = _Run(face, runs[-1].text + text, level)
    return _in_visual_order(runs)


def _is_common(cluster: str) -> bool:
    return len(cluster) == 1 and unicodedata.category(cluster)[0] == "P"


def _in_visual_order(runs: list[_Run]) -> list[_Run]:
    for level in range(max((run.level for run in runs), default=0), 0, -1):
        start = 0
        while start < len(runs):
            end = start
            while end < len(runs) and runs[end].level >= level:
                end += 1
            runs[start:end] = reversed(runs[start:end])
            start = end + 1
    return runs
