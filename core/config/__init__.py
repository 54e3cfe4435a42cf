"""Settings: the one package that touches the environment. Light to import; pydantic comes late."""

from core.config.environment import index_environment, quieten, terminal_languages
from core.config.load import load_settings

__all__ = ["index_environment", "load_settings", "quieten", "terminal_languages"]
