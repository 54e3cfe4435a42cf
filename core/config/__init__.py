"""Settings: the one package that touches the environment. Light to import; pydantic comes late."""

from core.config.environment import quieten, terminal_languages
from core.config.load import load_settings

__all__ = ["load_settings", "quieten", "terminal_languages"]
