"""Settings: the one package that touches the environment. Light to import; pydantic comes late."""

from core.config.environment import terminal_languages
from core.config.load import load_settings

__all__ = ["load_settings", "terminal_languages"]
