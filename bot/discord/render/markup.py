"""Words of others inside Discord's markup: they can neither mention, link nor break it.

Lengths are in UTF-16 units, the most that Discord may count.
"""

import re
import unicodedata

_TICK = "ˋ"  # U+02CB looks like a backtick and means nothing
_JOINERS = "\u200c\u200d"  # invisible, but parts of words and emoji
_MEANING = re.compile(r"([\\*_~|`<>\[\]#])")


def size(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, most: int) -> str:
    """At most that long; what is cut off leaves an ellipsis."""
    if size(text) <= most:
        return text
    units = text.encode("utf-16-le", "surrogatepass")[: 2 * max(0, most - 1)]
    return units.decode("utf-16-le", "ignore").rstrip() + "…"


def code(text: str, most: int = 300) -> str:
    """A code span of one line; nothing for nothing."""
    folded = cut(" ".join(_visible(text).split()), most).replace("`", _TICK)
    return f"`{folded}`" if folded else ""


def block(text: str, most: int = 1000) -> str:
    """A code block that keeps the lines."""
    kept = cut(_visible(text, keep="\n").strip(), most).replace("`", _TICK)
    return f"```\n{kept}\n```"


def plain(text: str) -> str:
    """A sentence that is read as it stands, whatever names are in it."""
    escaped = _MEANING.sub(r"\\\1", " ".join(_visible(text).split()))
    return escaped.replace("@", "@\u200b").replace("://", ":\u200b//")


def _visible(text: str, keep: str = "") -> str:
    """Without what turns writing around or hides; other white space becomes a space."""
    return "".join(
        char if char in keep or char in _JOINERS or not _hidden(char) else " " * char.isspace()
        for char in text
    )


def _hidden(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")
