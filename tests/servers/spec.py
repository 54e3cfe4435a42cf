"""OpenAI's own description of its images API, where a copy of it lies beside the repository."""

import copy
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

_FILE = Path("providers", "skeleton", "openai-images-2026-11.json")


def specs() -> Path | None:
    """The folder of vendors' descriptions, a neighbour of the checkout; None when it is absent."""
    folder = Path(__file__).parents[2].parent / "shared" / "specs"
    return folder if (folder / _FILE).is_file() else None


@lru_cache(maxsize=4)
def _validator(schema: str) -> Any:
    """One schema, in which a field that it does not name is wrong; None without the specs."""
    folder = specs()
    if folder is None:
        return None
    described = json.loads((folder / _FILE).read_text("utf-8"))
    top = copy.deepcopy(described["components"]["schemas"][schema])
    return Draft202012Validator(
        {**top, "additionalProperties": False, "components": described["components"]}
    )


def findings(schema: str, content: dict[str, Any]) -> list[str]:
    """What is wrong with the content, one line each; nothing when there are no specs."""
    validator = _validator(schema)
    if validator is None:
        return []
    said = {name: value for name, value in content.items() if value is not None}  # all nullable
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(said)]


def body_findings(file: str, path: str, body: dict[str, Any]) -> list[str]:
    """What is wrong with the JSON body of a POST, by a vendor's description below `providers`.

    Fields that the description does not name are wrong as well.
    """
    folder = specs()
    if folder is None:
        return []
    described = json.loads((folder / "providers" / file).read_text("utf-8"))
    content = described["paths"][path]["post"]["requestBody"]["content"]["application/json"]
    resolved = _resolve(content["schema"], described)
    known = set(resolved.get("properties", {}))
    strange = [f"$: {name} is not described" for name in body if name not in known]
    schema = {**resolved, "components": described.get("components", {})}
    wrong = Draft202012Validator(schema).iter_errors(body)
    return strange + [f"{error.json_path}: {error.message}" for error in wrong]


def _resolve(schema: dict[str, Any], described: dict[str, Any]) -> dict[str, Any]:
    """One object schema of a reference and of parts that all hold."""
    if "$ref" in schema:
        target: Any = described
        for part in schema["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        return _resolve(target, described)
    merged = {**schema, "properties": dict(schema.get("properties", {}))}
    for part in merged.pop("allOf", []):
        merged["properties"] |= _resolve(part, described).get("properties", {})
    return merged
