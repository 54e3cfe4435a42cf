"""The rules of a modal, and what a person's entries become."""

from typing import Any, Final

from tests.servers.discord import components
from tests.servers.discord.components import limited
from tests.servers.discord.refused import form
from tests.servers.discord.things import Json, walk

ROW, TEXT_INPUT, TEXT, LABEL, UPLOAD = 1, 4, 10, 18, 19
RADIOS, BOXES, BOX = 21, 22, 23
_IN_LABEL: Final = (TEXT_INPUT, *components.SELECTS, UPLOAD, RADIOS, BOXES, BOX)


def check(modal: Json) -> None:
    """Refused (50035) where it breaks a rule."""
    limited(modal, "title", "data", 1, 45, required=True)
    limited(modal, "custom_id", "data", 1, 100, required=True)
    parts = modal.get("components") or []
    if not 1 <= len(parts) <= 5:
        raise form("data.components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    for index, part in enumerate(parts):
        _part(part, f"data.components.{index}")
    customs = [field["custom_id"] for field in fields(modal)]
    if len(set(customs)) != len(customs):
        raise form("data.components", "COMPONENT_CUSTOM_ID_DUPLICATED", "Duplicated custom id")


def fields(modal: Json) -> list[Json]:
    """The components that a person fills in."""
    return [part for part in walk(modal["components"]) if part["type"] in _IN_LABEL]


def _part(part: Json, path: str) -> None:
    kind = part.get("type")
    if kind == TEXT:
        limited(part, "content", path, 1, 4000, required=True)
    elif kind == LABEL:
        limited(part, "label", path, 1, 45, required=True)
        limited(part, "description", path, 1, 100)
        _field(part.get("component") or {}, f"{path}.component", _IN_LABEL)
    elif kind == ROW and len(part.get("components") or []) == 1:
        [field] = part["components"]
        limited(field, "label", f"{path}.components.0", 1, 45, required=True)
        _field(field, f"{path}.components.0", (TEXT_INPUT,))
    else:
        raise form(f"{path}.type", "BASE_TYPE_CHOICES", f"{kind} has no place in a modal")


def _field(part: Json, path: str, allowed: tuple[int, ...]) -> None:
    kind = part.get("type")
    if kind not in allowed:
        raise form(f"{path}.type", "BASE_TYPE_CHOICES", f"{kind} has no place in a label")
    limited(part, "custom_id", path, 1, 100, required=True)
    if kind == TEXT_INPUT:
        _text_input(part, path)
    elif kind in components.SELECTS:
        components.select(part, path)
    elif kind == RADIOS:
        components.options(part, path, 2, 10)
    elif kind == BOXES:
        components.options({"max_values": 10, **part}, path, 1, 10)
    elif kind == UPLOAD and not 0 <= part.get("min_values", 1) <= part.get("max_values", 1) <= 10:
        raise form(f"{path}.max_values", "NUMBER_TYPE_MAX", "At most 10 files")


def _text_input(part: Json, path: str) -> None:
    if part.get("style") not in (1, 2):
        raise form(f"{path}.style", "BASE_TYPE_CHOICES", "Must be 1 or 2.")
    limited(part, "placeholder", path, 0, 100)
    least, most = part.get("min_length") or 0, part.get("max_length") or 4000
    if not 0 <= least <= most <= 4000:
        raise form(f"{path}.max_length", "NUMBER_TYPE_MAX", "Must be at most 4000.")
    limited(part, "value", path, 0, most)


def filled(modal: Json, entries: dict[str, Any]) -> list[Json]:
    """The components of the submission. `entries`: label or custom_id -> what was entered.

    What is not named keeps what the modal showed. AssertionError when Discord's own client would
    not let the person send it.
    """
    left = dict(entries)
    answered = [_filled(part, left) for part in modal["components"]]
    assert not left, f"the modal has no {sorted(left)}"
    return answered


def _filled(part: Json, left: dict[str, Any]) -> Json:
    if part["type"] == TEXT:
        return {"type": TEXT, "id": part.get("id", 0)}
    labelled = part["type"] == LABEL
    field = part["component"] if labelled else part["components"][0]
    label = part["label"] if labelled else field["label"]
    names = [name for name in (label, field["custom_id"]) if name in left]
    value = left.pop(names[0]) if names else _shown(field)
    answer = {"type": field["type"], "id": field.get("id", 0), "custom_id": field["custom_id"]}
    answer |= _entered(field, label, value)
    if labelled:
        return {"type": LABEL, "id": part.get("id", 0), "component": answer}
    return {"type": ROW, "id": part.get("id", 0), "components": [answer]}


def _shown(field: Json) -> Any:
    """What stands there before the person touches it."""
    if field["type"] == TEXT_INPUT:
        return field.get("value") or ""
    if field["type"] == BOX:
        return bool(field.get("default"))
    chosen = [option["value"] for option in field.get("options", []) if option.get("default")]
    if field["type"] == RADIOS:
        return chosen[0] if chosen else None
    return chosen


def _entered(field: Json, label: str, value: Any) -> Json:
    kind, required = field["type"], field.get("required", True)
    if kind == TEXT_INPUT:
        least, most = field.get("min_length") or 0, field.get("max_length") or 4000
        assert value or not required, f"{label} is required"
        assert not value or least <= len(value) <= most, f"{label} takes {least} to {most} signs"
        return {"value": value}
    if kind == BOX:
        return {"value": bool(value)}
    if kind == RADIOS:
        assert value is not None or not required, f"{label} is required"
        return {"value": None if value is None else _option(field, value)}
    values = [_option(field, one) for one in ([value] if isinstance(value, str) else value)]
    least = field.get("min_values", 1) if required else 0
    most = field.get("max_values", len(field.get("options", [])) if kind == BOXES else 1)
    assert least <= len(values) <= most, f"{label} takes {least} to {most} values"
    return {"values": values}


def _option(field: Json, wanted: Any) -> Any:
    """The value of the option that has this label or value."""
    if "options" not in field:
        return wanted
    found = [o["value"] for o in field["options"] if wanted in (o["label"], o["value"])]
    assert found, f"no option {wanted!r} among {[o['label'] for o in field['options']]}"
    return found[0]
