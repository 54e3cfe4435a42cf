"""Discord's official description of its API: what a body breaks of it, one line each.

The description closes nothing, so a misspelt field would pass: here what it does not name is
wrong. Unions of components are decided by `type`, which is quick and gives errors one can read.
"""

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from jsonschema.exceptions import ValidationError  # type: ignore[import-untyped]
from jsonschema.validators import extend  # type: ignore[import-untyped]

_NAME: Final = "discord-openapi.json"
_BY_TYPE: Final = "x-by-type"
_ALSO: Final = {  # what discord.py always adds and the description does not name
    "MessageAttachmentRequest": (
        "proxy_url",
        "size",
        "url",
        "spoiler",
        "height",
        "width",
        "content_type",
    ),
    "IncomingWebhookUpdateRequestPartial": ("tts",),
    "IncomingWebhookUpdateForInteractionCallbackRequestPartial": ("tts",),
    "MessageEditRequestPartial": ("tts",),
    "ApplicationCommandUpdateRequest": ("nsfw",),
}
_WEBHOOK: Final = "/webhooks/{webhook_id}/{webhook_token}"


def description() -> Path | None:
    """The file, in a neighbour of the checkout; None when it is absent."""
    file = Path(__file__).parents[3].parent / "shared" / "specs" / _NAME
    return file if file.is_file() else None


class Description:
    """Validators of one description, each built when it is first asked for."""

    def __init__(self, file: Path) -> None:
        self._described = _prepared(file)
        self._known: dict[str, Any] = {}

    def findings(self, method: str, path: str, body: Any) -> list[str]:
        """What is wrong with a request's JSON body. `path`: the template, as described there."""
        operation = self._described["paths"].get(path, {}).get(method.lower())
        if operation is None:
            return [f"{method} {path} is not described"]
        schema = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if schema is None:
            return [] if body is None else [f"{method} {path} takes no body"]
        if path == _WEBHOOK and method == "POST":  # the other is about edits
            schema = {"schema": {"$ref": "#/components/schemas/IncomingWebhookRequestPartial"}}
        key = f"{method} {path}"
        if key not in self._known:
            whole = {**schema["schema"], "components": self._described["components"]}
            self._known[key] = _Validator(whole)
        errors = self._known[key].iter_errors(body)
        return [f"{error.json_path}: {error.message}"[:400] for error in errors]


@lru_cache(maxsize=2)
def _prepared(file: Path) -> dict[str, Any]:
    described: dict[str, Any] = json.loads(file.read_text("utf-8"))
    schemas = described["components"]["schemas"]
    for name, schema in schemas.items():
        if schema.get("type") == "object" and "properties" in schema:
            for extra in _ALSO.get(name, ()):
                schema["properties"].setdefault(extra, True)
            schema.setdefault("additionalProperties", False)
    schemas["SnowflakeType"] = {"anyOf": [schemas["SnowflakeType"], {"type": "integer"}]}
    for part in _dicts(described):
        for union in ("oneOf", "anyOf"):
            if (choice := _by_type(part.get(union), schemas)) is not None:
                del part[union]
                part[_BY_TYPE] = choice
    return described


def _dicts(whole: Any) -> Iterator[dict[str, Any]]:
    if isinstance(whole, dict):
        yield whole
        for part in list(whole.values()):
            yield from _dicts(part)
    elif isinstance(whole, list):
        for part in whole:
            yield from _dicts(part)


def _by_type(options: Any, schemas: dict[str, Any]) -> dict[str, str] | None:
    """Value of `type` -> reference, when that alone decides; else None."""
    if not isinstance(options, list) or len(options) < 2:
        return None
    choice: dict[str, str] = {}
    for option in options:
        reference = option.get("$ref", "") if isinstance(option, dict) else ""
        target = schemas.get(reference.rpartition("/")[2], {})
        values = target.get("properties", {}).get("type", {}).get("enum", [])
        if not values or any(str(value) in choice for value in values):
            return None
        choice |= {str(value): reference for value in values}
    return choice


def _decide(validator: Any, choice: dict[str, str], instance: Any, schema: Any) -> Iterator[Any]:
    del schema
    kind = instance.get("type") if isinstance(instance, dict) else None
    if str(kind) in choice:
        yield from validator.descend(instance, {"$ref": choice[str(kind)]})
    else:
        yield ValidationError(f"type {kind!r} is none of {', '.join(choice)}")


_Validator = extend(Draft202012Validator, {_BY_TYPE: _decide})
