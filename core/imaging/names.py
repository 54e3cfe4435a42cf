"""File names that every platform takes."""

import re
import unicodedata
from collections.abc import Iterable

_LONGEST = 150  # bytes of a name without its ending; paths have a limit too
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}$")
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\s]+')
_RESERVED = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(\..*)?", re.IGNORECASE
)
_JOINERS = "\u200c\u200d"  # invisible, but parts of words and emoji
_INVISIBLE = ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")


def safe_name(name: str, instead: str = "picture") -> str:
    """One name, without folders, that can be a file anywhere; `instead` where nothing is left."""
    name = "".join(char for char in unicodedata.normalize("NFC", _spaced(name)) if _visible(char))
    name = _FORBIDDEN.sub(lambda found: " " if found[0].isspace() else "-", name)
    match = _ENDING.search(name)
    ending = match[0] if match else ""
    stem = name.removesuffix(ending).encode()[:_LONGEST].decode(errors="ignore").strip(" .")
    if not stem.strip("-" + _JOINERS):
        stem = instead
    return f"_{stem}{ending}" if _RESERVED.fullmatch(stem) else f"{stem}{ending}"


def unique_names(names: Iterable[str]) -> list[str]:
    """Safe ones, in order; what some platform would take for the same name gets a number."""
    taken: set[str] = set()
    found = []
    for name in map(safe_name, names):
        free, number = name, 1
        while free.casefold() in taken:
            number += 1
            match = _ENDING.search(name)
            ending = match[0] if match else ""
            free = f"{name.removesuffix(ending)}-{number}{ending}"
        taken.add(free.casefold())
        found.append(free)
    return found


def _spaced(name: str) -> str:
    return re.sub(r"\s", " ", name)


def _visible(char: str) -> bool:
    return char in _JOINERS or unicodedata.category(char) not in _INVISIBLE
