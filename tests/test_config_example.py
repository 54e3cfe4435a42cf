"""config.example.toml is what a newcomer copies: it must load, and it must not keep silent."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from core.config import load_settings
from core.config.settings import Settings

EXAMPLE = Path(__file__).parent.parent / "config.example.toml"
SWITCHED_OFF = re.compile(r"^#(?=[a-z_]+ = |\[)", re.MULTILINE)


def test_the_example_changes_nothing():
    assert load_settings(EXAMPLE).model_dump() == load_settings().model_dump()


def test_the_example_names_every_setting():
    shown = set(_paths(tomllib.loads(_all_switched_on())))

    assert set(_settings(Settings)) <= shown


def test_the_example_names_nothing_else_and_its_switched_off_lines_load(tmp_path: Path):
    file = tmp_path / "everything.toml"
    file.write_text(_all_switched_on(), "utf-8")

    loaded = load_settings(file)

    assert loaded.data_dir == Path("/srv/omniimage")
    (card,) = loaded.cards.values()
    assert card.model_fields_set == set(type(card).model_fields)


def test_what_the_example_shows_is_the_default():
    """Written out, not only equal after loading: the file is read by people."""
    shown = tomllib.loads(EXAMPLE.read_text("utf-8"))
    own = {"data_dir", "config_dir", "cards", "servers"}  # of the platform, or the operator's
    defaults = load_settings().model_dump(mode="json", exclude=own, exclude_none=True)

    assert shown == defaults


def _all_switched_on() -> str:
    return SWITCHED_OFF.sub("", EXAMPLE.read_text("utf-8"))


def _settings(model: type[BaseModel], *above: str) -> Iterator[tuple[str, ...]]:
    """The path of every setting; `*` stands for a name that the operator chooses."""
    for name, field in model.model_fields.items():
        path = (*above, name)
        yield path
        annotation: Any = field.annotation
        for kind in (annotation, *get_args(annotation)):
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                star = ("*",) if kind is not annotation and _is_mapping(annotation) else ()
                yield from _settings(kind, *path, *star)


def _is_mapping(annotation: Any) -> bool:
    return getattr(annotation, "__origin__", None) is dict


def _paths(table: dict[str, Any], *above: str) -> Iterator[tuple[str, ...]]:
    for name, value in table.items():
        path = (*above, "*" if above in (("cards",), ("servers",)) else name)
        yield path
        if isinstance(value, dict):
            yield from _paths(value, *path)
