from pathlib import Path

import pytest
from hypothesis import settings

from core.config.environment import own_variables

settings.register_profile("house", deadline=None)  # a slow machine is no failure
settings.load_profile("house")


@pytest.fixture(autouse=True)
def no_environment_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test reads what the person at this machine has set, or writes to their folders."""
    for name in own_variables():
        monkeypatch.delenv(name)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home" / name.lower()))
