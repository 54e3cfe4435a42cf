from types import SimpleNamespace

import pytest

from core.config import environment
from core.config.environment import index_environment, quieten

NEEDED = (
    *("PATH", "HOME", "PIP_INDEX_URL", "UV", "UV_DEFAULT_INDEX", "UV_INDEX_MINE_PASSWORD"),
    *("https_proxy", "NO_PROXY", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "XDG_CONFIG_HOME"),
)
OTHERS = (
    *("OMNIIMAGE_MASTER_KEY", "omniimage_x", "OPENAI_API_KEY", "DISCORD_TOKEN", "AWS_SECRET_KEY"),
    *("UV_PUBLISH_TOKEN", "UV_PROJECT", "UV_PYTHON", "PYTHONPATH", "VIRTUAL_ENV", "MY_PATH"),
)


@pytest.mark.parametrize("name", NEEDED)
def test_the_index_is_reached_as_the_person_reaches_it(monkeypatch, name):
    monkeypatch.setenv(name, "theirs")
    assert index_environment()[name] == "theirs"


@pytest.mark.parametrize("name", OTHERS)
def test_who_asks_the_index_sees_nothing_else(monkeypatch, name):
    monkeypatch.setenv(name, "canary")
    assert "canary" not in index_environment().values()


def test_what_was_taken_before_the_quiet_stays(monkeypatch):
    known = SimpleNamespace(environ={"HTTPS_PROXY": "http://proxy.example:1"})
    monkeypatch.setattr(environment, "os", known)
    taken = index_environment()
    quieten()
    assert taken["HTTPS_PROXY"] == "http://proxy.example:1"
    assert "HTTPS_PROXY" not in index_environment()


def test_the_proxy_of_the_operator_takes_the_place_of_all_others(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://other.example:1")
    monkeypatch.setenv("NO_PROXY", "*")
    found = index_environment("http://proxy.example:3128")
    proxies = {name: value for name, value in found.items() if "proxy" in name.lower()}
    assert proxies == dict.fromkeys(
        ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), "http://proxy.example:3128"
    )
