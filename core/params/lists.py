"""Models as people list them, separated by commas, spaces or lines, Chinese ones too."""

import re

_APART = re.compile(r"[\s,，、;；]+")


def read_list(text: str) -> tuple[str, ...]:
    """Each name once, in the order written."""
    return tuple(dict.fromkeys(name for name in _APART.split(text) if name))


def last_of(text: str) -> tuple[str, str]:
    """What stands before the name that is being typed, separators included, and that name."""
    ends = [match.end() for match in _APART.finditer(text)]
    at = ends[-1] if ends else 0
    return text[:at], text[at:]


def set_name(text: str) -> str | None:
    """The name in `@name`, also with the sign of a Chinese keyboard; None for what is no set."""
    return text[1:] if text[:1] in ("@", "＠") else None
