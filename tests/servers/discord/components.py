"""The rules of components in messages, checked as Discord checks them; ids are given out."""

import copy
from collections.abc import Callable
from typing import Any, Final

from tests.servers.discord.refused import form
from tests.servers.discord.things import Json, walk

ROW, BUTTON, TEXT, SECTION, GALLERY, FILE, SEPARATOR, CONTAINER = 1, 2, 10, 9, 12, 13, 14, 17
THUMBNAIL: Final = 11
SELECTS: Final = (3, 5, 6, 7, 8)
_BLOCKS: Final = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR)
_LINK, _PREMIUM = 5, 6


def checked(components: Any, *, v2: bool) -> list[Json]:
    """A copy of them with ids; Refused (50035) where they break a rule."""
    parts: list[Json] = copy.deepcopy(components or [])
    if not v2 and len(parts) > 5:
        raise form("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    for index, part in enumerate(parts):
        _block(part, f"components.{index}", (*_BLOCKS, CONTAINER) if v2 else (ROW,))
    _totals(parts)
    _unique_ids(parts)
    return parts


def _totals(parts: list[Json]) -> None:
    everything = list(walk(parts))
    if len(everything) > 40:
        raise form(
            "components",
            "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
            f"The total number of components is {len(everything)}, it must not exceed 40.",
        )
    text = sum(len(part["content"]) for part in everything if part["type"] == TEXT)
    if text > 4000:
        raise form(
            "components",
            "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
            f"Total displayable text is {text}, it must be at most 4000.",
        )


def _unique_ids(parts: list[Json]) -> None:
    seen: set[str] = set()
    taken = {part["id"] for part in walk(parts) if part.get("id")}
    if len(taken) != sum(1 for part in walk(parts) if part.get("id")):
        raise form("components", "COMPONENT_ID_DUPLICATED", "Component id must be unique.")
    free = iter(number for number in range(1, 1000) if number not in taken)
    for part in walk(parts):
        part["id"] = part.get("id") or next(free)
        custom = part.get("custom_id")
        if custom is not None and custom in seen:
            raise form(
                "components",
                "COMPONENT_CUSTOM_ID_DUPLICATED",
                f"Component custom id cannot be duplicated: {custom}",
            )
        if custom is not None:
            seen.add(custom)


def _block(part: Json, path: str, allowed: tuple[int, ...]) -> None:
    kind = part.get("type")
    if kind not in allowed:
        raise form(
            f"{path}.type",
            "BASE_TYPE_CHOICES",
            f"Value of field 'type' must be one of {allowed}, it is {kind}.",
        )
    check: dict[int, Callable[[Json, str], None]] = {
        ROW: _row,
        SECTION: _section,
        TEXT: _text,
        GALLERY: _gallery,
        FILE: _file,
        CONTAINER: _container,
    }
    if kind in check:
        check[kind](part, path)


def _container(part: Json, path: str) -> None:
    inner = _length(part, "components", path, 1, 40)
    for index, child in enumerate(inner):
        _block(child, f"{path}.components.{index}", _BLOCKS)


def _row(part: Json, path: str) -> None:
    inner = _length(part, "components", path, 1, 5)
    kinds = {child.get("type") for child in inner}
    if kinds != {BUTTON} and not (len(inner) == 1 and kinds <= set(SELECTS)):
        raise form(
            f"{path}.components",
            "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
            "A row holds up to five buttons or one select.",
        )
    for index, child in enumerate(inner):
        place = f"{path}.components.{index}"
        if child["type"] == BUTTON:
            button(child, place)
        else:
            select(child, place)


def _section(part: Json, path: str) -> None:
    for index, child in enumerate(_length(part, "components", path, 1, 3)):
        _block(child, f"{path}.components.{index}", (TEXT,))
    accessory = part.get("accessory") or {}
    if accessory.get("type") == BUTTON:
        button(accessory, f"{path}.accessory")
    elif accessory.get("type") == THUMBNAIL:
        _media(accessory, "media", f"{path}.accessory")
    else:
        raise form(f"{path}.accessory", "BASE_TYPE_REQUIRED", "This field is required")


def _text(part: Json, path: str) -> None:
    limited(part, "content", path, 1, 4000, required=True)


def _gallery(part: Json, path: str) -> None:
    for index, item in enumerate(_length(part, "items", path, 1, 10)):
        _media(item, "media", f"{path}.items.{index}")


def _file(part: Json, path: str) -> None:
    _media(part, "file", path)
    if not part["file"]["url"].startswith("attachment://"):
        raise form(f"{path}.file.url", "INVALID_URL", "A file must reference an attachment.")


def _media(holder: Json, name: str, path: str) -> None:
    url = (holder.get(name) or {}).get("url")
    if not isinstance(url, str) or not url.startswith(("attachment://", "http://", "https://")):
        raise form(f"{path}.{name}.url", "URL_TYPE_INVALID_URL", "Not a well formed URL.")
    limited(holder, "description", path, 1, 1024)


def button(part: Json, path: str) -> None:
    style = part.get("style") or 0
    if not 1 <= style <= 6:
        raise form(f"{path}.style", "BASE_TYPE_CHOICES", "Must be one of 1 to 6.")
    limited(part, "label", path, 0, 80)
    if style == _LINK and not part.get("url"):
        raise form(f"{path}.url", "BASE_TYPE_REQUIRED", "A link button must have a URL")
    if style < _LINK:
        limited(part, "custom_id", path, 1, 100, required=True)
    if style != _PREMIUM and not part.get("label") and not part.get("emoji"):
        raise form(path, "BUTTON_COMPONENT_MISSING_LABEL_OR_EMOJI", "Label or emoji is required.")
    if (style == _LINK) == bool(part.get("custom_id")):
        raise form(path, "BUTTON_COMPONENT_CUSTOM_ID_OR_URL", "Exactly one of custom_id and url.")


def select(part: Json, path: str) -> None:
    """Of any kind, in a message or a modal; a string select has 1 to 25 different options."""
    limited(part, "custom_id", path, 1, 100, required=True)
    limited(part, "placeholder", path, 0, 150)
    if part["type"] == SELECTS[0]:
        options(part, path, 1, 25)
    least, most = part.get("min_values", 1), part.get("max_values", 1)
    count = len(part.get("options") or range(25))
    if not 0 <= least <= most or not 1 <= most <= 25 or most > count:
        raise form(
            f"{path}.max_values", "SELECT_COMPONENT_BAD_VALUES", f"{least} to {most} of {count}"
        )


def options(part: Json, path: str, least: int, most: int) -> None:
    values = []
    for index, option in enumerate(_length(part, "options", path, least, most)):
        place = f"{path}.options.{index}"
        limited(option, "label", place, 1, 100, required=True)
        limited(option, "value", place, 1, 100, required=True)
        limited(option, "description", place, 0, 100)
        values.append(option["value"])
    if len(set(values)) != len(values):
        raise form(
            f"{path}.options",
            "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
            "The specified option value is already used",
        )
    if sum(bool(option.get("default")) for option in part["options"]) > part.get("max_values", 1):
        raise form(f"{path}.options", "SELECT_COMPONENT_TOO_MANY_DEFAULTS", "Too many defaults")


def _length(part: Json, name: str, path: str, least: int, most: int) -> list[Json]:
    found = part.get(name) or []
    if not least <= len(found) <= most:
        raise form(
            f"{path}.{name}",
            "BASE_TYPE_BAD_LENGTH",
            f"Must be between {least} and {most} in length.",
        )
    return list(found)


def limited(
    part: Json, name: str, path: str, least: int, most: int, *, required: bool = False
) -> None:
    """The text in this field is that long; it may be left out unless it is required."""
    value = part.get(name)
    if value is None and not required:
        return
    if not isinstance(value, str):
        raise form(f"{path}.{name}", "BASE_TYPE_REQUIRED", "This field is required")
    if not least <= len(value) <= most:
        raise form(
            f"{path}.{name}",
            "BASE_TYPE_BAD_LENGTH",
            f"Must be between {least} and {most} in length.",
        )
