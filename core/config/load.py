import json
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_origin

from core.config.environment import CONFIG_VARIABLE, PREFIX, own_variables
from core.errors import BadSetting

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError
    from pydantic_settings import SettingsError

    from core.config.settings import Settings


def load_settings(config: Path | None = None, data_dir: Path | None = None) -> "Settings":
    """Options over environment over file over defaults; BadSetting names what is wrong and where.

    Without `config`, $OMNIIMAGE_CONFIG or the file in the platform's config folder is read.
    """
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from core.config.settings import Settings, settings_over

    _refuse_unknown_variables(Settings)
    try:
        return settings_over(_read(config), {} if data_dir is None else {"data_dir": data_dir})
    except ValidationError as error:
        raise _bad(error) from error
    except SettingsError as error:
        raise _unreadable(error) from error


def _read(config: Path | None) -> dict[str, Any]:
    import platformdirs

    named = config or own_variables().get(CONFIG_VARIABLE)
    default = platformdirs.user_config_path("omniimage", appauthor=False) / "config.toml"
    path = Path(named) if named else default
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        if named:
            raise BadSetting(path=str(path), problem="missing_file") from error
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(path=str(path), problem="unreadable") from error
    except tomllib.TOMLDecodeError as error:
        raise BadSetting(path=str(path), problem="syntax", line=_line(error)) from error


def _refuse_unknown_variables(settings: "type[BaseModel]") -> None:
    for name in own_variables():
        parts = name.upper().removeprefix(PREFIX).lower().split("__")
        if name.upper() != CONFIG_VARIABLE and not _known(parts, settings):
            raise BadSetting(path=name, problem="unknown")


def _known(parts: Sequence[str], model: "type[BaseModel]") -> bool:
    field = model.model_fields.get(parts[0])
    if field is None:
        return False
    below: Any = field.annotation
    if len(parts) == 1 or get_origin(below) is dict:
        return True
    return hasattr(below, "model_fields") and _known(parts[1:], below)


def _unreadable(error: "SettingsError") -> BadSetting:
    """A list or a section in a variable is JSON; what is none, the parser's error still holds."""
    field = re.search(r'field "(\w+)"', str(error))
    prefix = f"{PREFIX}{field[1] if field else ''}".upper()
    text = getattr(error.__cause__, "doc", None)
    names = [name for name in own_variables() if name.upper().startswith(prefix)]
    found = (name for name in names if own_variables()[name] == text)
    return BadSetting(path=next(found, prefix), problem="invalid")


def _bad(error: "ValidationError") -> BadSetting:
    """The first finding, under the name that the person used: a key of the file or a variable."""
    found = error.errors(include_url=False, include_context=False, include_input=False)[0]
    parts = [str(part) for part in found["loc"]]
    there = found["loc"][:-1] if found["type"] == "missing" else found["loc"]
    variables = {name.upper(): (name, value) for name, value in own_variables().items()}
    for length in range(len(parts), 0, -1):
        name, value = variables.get(PREFIX + "__".join(parts[:length]).upper(), ("", ""))
        if name and _holds(value, there[length:]):
            return _finding(name, found)
    return _finding(".".join(parts), found)


def _holds(value: str, path: Sequence[int | str]) -> bool:
    """Whether a section or list, given as JSON, itself says what stands at `path`."""
    below: Any = json.loads(value) if path else None
    for part in path:
        try:
            below = below[part]
        except (LookupError, TypeError):
            return False
    return True


def _finding(path: str, found: Any) -> BadSetting:
    if found["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
        return BadSetting(path=path, problem="unknown")
    return BadSetting(path=path, problem="invalid")


def _line(error: tomllib.TOMLDecodeError) -> int:
    """Python says it in a field from 3.14 on, before in words alone."""
    match = re.search(r"line (\d+)", str(error))
    return int(match[1]) if match else 1
