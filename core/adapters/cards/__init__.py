"""The cards that ship with OmniImage: one readable file for each family of providers."""

import tomllib
from importlib import resources
from typing import Any

from pydantic import TypeAdapter

from core.models.card import Card, Retired
from core.models.grid import Grid
from core.models.request import Ratio, Size


def load_cards(family: str) -> tuple[Card, ...]:
    """Read `family.toml`; sizes and ratios stand there as people write them."""
    tables = _read(family)["cards"]
    return TypeAdapter(tuple[Card, ...]).validate_python([_spelled(table) for table in tables])


def load_retired(family: str) -> tuple[Retired, ...]:
    """The models of `family.toml` that its provider has shut, or will."""
    return TypeAdapter(tuple[Retired, ...]).validate_python(_read(family).get("retired", []))


def _read(family: str) -> dict[str, Any]:
    file = resources.files(__name__) / f"{family}.toml"
    return tomllib.loads(file.read_text("utf-8"))


def _spelled(table: dict[str, Any]) -> dict[str, Any]:
    spelled = dict(table)
    if "sizes" in table:
        spelled["sizes"] = [Size.read(text) for text in table["sizes"]]
    if "ratios" in table:
        spelled["ratios"] = [Ratio.read(text) for text in table["ratios"]]
    if "grid" in table:
        spelled["grid"] = Grid.read(table["grid"])
    if "free_size" in table:
        free = table["free_size"]
        spelled["free_size"] = {**free, "natural": Size.read(free["natural"])}
    return spelled
