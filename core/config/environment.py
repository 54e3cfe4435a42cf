import os
from collections.abc import Mapping

PREFIX = "OMNIIMAGE_"
CONFIG_VARIABLE = f"{PREFIX}CONFIG"


def own_variables() -> Mapping[str, str]:
    """The variables that are ours, whether they are known or not."""
    return {name: value for name, value in os.environ.items() if name.upper().startswith(PREFIX)}


def terminal_languages() -> tuple[str, ...]:
    """The reader's languages, most wanted first, as gettext reads them: zh_CN, zh, en."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return tuple(part.partition(".")[0] for part in value.split(":") if part)
    return ()
