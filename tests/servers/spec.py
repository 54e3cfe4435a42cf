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
