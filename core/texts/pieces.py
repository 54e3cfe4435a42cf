"""Where the pieces of a prompt are that a text model must not touch, in linear time."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

Span = tuple[int, int]

# Every alternative excludes what opens it, or is bounded, so that none can be made to backtrack.
_PIECE = re.compile(
    r"""
      (?P<brackets>[⟦⟧]+)
    | (?P<quoted>"[^"\n]*" | “[^“”]*” | 「[^「」]*」 | 『[^『』]*』)
    | (?P<tag><[^\s<>](?:[^<>\n]*[^\s<>])?>)
    | (?P<url>(?i:https?://|www\.(?=[^\s.]))
        (?:[^\s()<>"“”「」『』《》【】（），。；！？、⟦⟧]|\([^\s()⟦⟧]*\))+)
    | (?P<choice>\{[^{}\n]*\|[^{}\n]*\} | __[\w/.-]{1,80}__ | (?i:embedding:)[\w.-]{1,80})
    | (?P<family>(?<![A-Za-z0-9_-])(?i:midjourney|niji|sdxl|dall[·-]?e)(?![A-Za-z_-])
        (?:[ ]?v?\d{1,2}(?:\.\d{1,2})?)?)
    | (?P<parts>:{2,}(?:-?\d+(?:\.\d+)?|-?\.\d+)?)
    | (?P<open>[(\[])
    | (?P<token>[A-Za-z0-9](?:(?!(?i:https?://))[A-Za-z0-9._+:@/-]){0,199})
    """,
    re.VERBOSE,
)
# Names of models that a catalog of today need not hold.
_FAMILY = re.compile(
    r"(?:flux|sd|stable-diffusion|imagen|seedream|ideogram|recraft|nano|qwen|hunyuan|gpt-image)-",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"[()\[\]]")
_WEIGHT_END = re.compile(r":[^\S\n]*[-+]?(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})[^\S\n]*(?=[)\]])")
_FIRST_PART = re.compile(r"[^:@]*")
_PARTNERS = {")": "(", "]": "["}
_STOPS = ".,;:!?'*_~]}"
_JOINTS = "._+:@/-"


@dataclass(frozen=True, slots=True)
class Names:
    """Model ids taken apart: the providers before the slash, the bare names that stand out."""

    providers: frozenset[str]
    bare: frozenset[str]

    @classmethod
    def of(cls, ids: Collection[str]) -> "Names":
        parts = [one.casefold().partition("/") for one in ids]
        bare = {name if slash else whole for whole, slash, name in parts}
        return cls(
            providers=frozenset(provider for provider, slash, _ in parts if slash),
            bare=frozenset(name for name in bare if "-" in name or _has_digit(name)),
        )

    def holds(self, token: str) -> bool:
        provider, slash, name = token.casefold().partition("/")
        return bool(
            (slash and name and provider in self.providers) or token.casefold() in self.bare
        )


def find_pieces(text: str, ids: Collection[str]) -> Iterator[Span]:
    """Start and end of each protected piece, in order and without overlap."""
    names = Names.of(ids)
    weights = _find_weights(text)
    position = 0
    while match := _PIECE.search(text, position):
        start = match.start()
        end = _piece_end(match, weights, names)
        if end is not None:
            yield start, end
            position = end
        elif match.lastgroup == "token":
            # Behind a colon something else may begin: "style:flux-dev".
            position = max(start + 1, _part_end(match))
        else:
            position = match.end()


def _piece_end(match: re.Match[str], weights: Mapping[int, int], names: Names) -> int | None:
    """Where the piece that begins here ends; None: it is ordinary text."""
    start, found = match.start(), match.group()
    match match.lastgroup:
        case "open":
            return weights.get(start)
        case "url":
            return start + len(found.rstrip(_STOPS))
        case "token":
            return _name_end(match, names)
        case _:
            return match.end()


def _name_end(match: re.Match[str], names: Names) -> int | None:
    whole = match.group().rstrip(_JOINTS)
    if names.holds(whole):
        return match.start() + len(whole)
    part = match.string[match.start() : _part_end(match)].rstrip(_JOINTS)
    looks_like_one = part[:1].isalpha() and (
        (_has_digit(part) and ("-" in part or "_" in part)) or bool(_FAMILY.match(part))
    )
    return match.start() + len(part) if looks_like_one or names.holds(part) else None


def _part_end(match: re.Match[str]) -> int:
    part = _FIRST_PART.match(match.string, match.start(), match.end())
    return part.end() if part else match.end()


def _find_weights(text: str) -> dict[int, int]:
    """Opening bracket -> end, of all "(word:1.2)" and "[from:to:0.5]", also "((word:1.2))"."""
    closing = {match.end() for match in _WEIGHT_END.finditer(text)}
    open_: dict[str, list[int]] = {"(": [], "[": []}
    weights: dict[int, int] = {}
    for bracket in _BRACKET.finditer(text):
        place, sign = bracket.start(), bracket.group()
        if sign in open_:
            open_[sign].append(place)
        elif open_[_PARTNERS[sign]]:
            start = open_[_PARTNERS[sign]].pop()
            if place in closing or weights.get(start + 1) == place:
                weights[start] = place + 1
    return weights


def _has_digit(text: str) -> bool:
    return any(sign.isdigit() for sign in text)
