import pytest

from core.adapters.cutout.process import environment
from core.config import index_environment, load_settings
from core.config.chats import DiscordSetting, PolicySetting
from core.errors import BadSetting
from core.models.rules import HouseRules

TOKEN = "MTAx.canary-token.of_a_bot"  # noqa: S105 - nobody's


def refusal(discord: DiscordSetting) -> BadSetting:
    with pytest.raises(BadSetting) as refused:
        discord.secret()
    return refused.value


def test_without_a_token_the_front_end_is_off():
    settings = load_settings()
    assert settings.discord.secret() is None
    assert (settings.discord.api_base, settings.discord.gateway) == (None, None)


def test_the_token_comes_from_a_variable_and_shows_in_no_repr_or_dump(monkeypatch):
    monkeypatch.setenv("OMNIIMAGE_DISCORD__TOKEN", f" {TOKEN}\n")
    settings = load_settings()
    assert settings.discord.secret() == TOKEN
    assert TOKEN not in repr(settings) + str(settings) + str(settings.model_dump())
    assert TOKEN not in settings.model_dump_json()


def test_the_token_comes_from_a_file_that_a_variable_or_the_settings_name(monkeypatch, tmp_path):
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    config = tmp_path / "config.toml"
    config.write_text(f'[discord]\ntoken_file = "{file}"\n')
    assert load_settings(config).discord.secret() == TOKEN
    monkeypatch.setenv("OMNIIMAGE_DISCORD__TOKEN_FILE", str(file))
    assert load_settings().discord.secret() == TOKEN
    monkeypatch.setenv("OMNIIMAGE_DISCORD__TOKEN", "another")
    assert load_settings().discord.secret() == "another"


def test_an_empty_variable_is_none(monkeypatch):
    monkeypatch.setenv("OMNIIMAGE_DISCORD__TOKEN", "")
    monkeypatch.setenv("OMNIIMAGE_DISCORD__TOKEN_FILE", "")
    assert load_settings().discord.secret() is None


def test_a_file_that_is_missing_or_cannot_be_read_is_named(tmp_path):
    missing = refusal(DiscordSetting(token_file=tmp_path / "none"))
    assert (missing.problem, missing.path) == ("missing_file", str(tmp_path / "none"))
    (tmp_path / "latin").write_bytes(b"\xe9\xff")
    for path in (tmp_path, tmp_path / "latin"):
        refused = refusal(DiscordSetting(token_file=path))
        assert (refused.problem, refused.path) == ("unreadable", str(path))


@pytest.mark.parametrize("text", ["", " \n", "two words", "a\nb", "ключ"])
def test_what_can_be_no_token_is_refused_and_not_repeated(tmp_path, text):
    (tmp_path / "token").write_text(text, "utf-8")
    refused = refusal(DiscordSetting(token_file=tmp_path / "token"))
    assert (refused.problem, refused.path) == ("invalid", "discord.token_file")
    refused = refusal(DiscordSetting.model_validate({"token": text}))
    assert (refused.problem, refused.path) == ("invalid", "discord.token")


def test_no_child_process_sees_the_token(monkeypatch, tmp_path):
    monkeypatch.setenv("OMNIIMAGE_DISCORD__TOKEN", TOKEN)
    monkeypatch.setenv("omniimage_discord__token_file", TOKEN)
    given = index_environment()
    seen = environment(given, tmp_path, threads=1, fine=False)
    assert TOKEN not in [*given.values(), *seen.values()]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('api_base = "discord.com"', "discord.api_base"),
        ('api_base = "ws://127.0.0.1:1"', "discord.api_base"),
        ('gateway = "http://127.0.0.1:1"', "discord.gateway"),
        ('gateway = "ws://"', "discord.gateway"),
        ('guild = "1"', "discord.guild"),
    ],
)
def test_an_address_that_is_none_is_named(tmp_path, text, path):
    (tmp_path / "c.toml").write_text(f"[discord]\n{text}\n")
    with pytest.raises(BadSetting) as refused:
        load_settings(tmp_path / "c.toml")
    assert refused.value.path == path


def test_another_server_can_stand_in_for_discord(monkeypatch):
    monkeypatch.setenv("OMNIIMAGE_DISCORD__API_BASE", "http://127.0.0.1:81/api/v10")
    monkeypatch.setenv("OMNIIMAGE_DISCORD__GATEWAY", "ws://127.0.0.1:81/gateway")
    discord = load_settings().discord
    assert (discord.api_base, discord.gateway) == (
        "http://127.0.0.1:81/api/v10",
        "ws://127.0.0.1:81/gateway",
    )


def test_the_rules_are_what_the_settings_say_and_their_defaults_agree(tmp_path):
    assert PolicySetting().rules() == HouseRules()
    (tmp_path / "c.toml").write_text(
        '[policy]\nservers = ["1"]\nusers = [2, "discord:user:3", "telegram:user:4"]\n'
        'channels = ["telegram:chat:-100"]\nmodels = ["demo/*"]\nrunning = 2\nper_day = 9\n'
        'block_words = ["gun"]\nprivate = false\n'
    )
    assert load_settings(tmp_path / "c.toml").policy.rules() == HouseRules(
        servers=("1",),
        channels=("telegram:chat:-100",),
        users=("2", "discord:user:3", "telegram:user:4"),
        models=("demo/*",),
        running=2,
        per_day=9,
        block_words=("gun",),
        private=False,
    )


@pytest.mark.parametrize("entry", ['"my server"', '"@me"', '""', "true", "1.5"])
def test_what_can_be_no_id_is_named(tmp_path, entry):
    (tmp_path / "c.toml").write_text(f"[policy]\nservers = [{entry}]\n")
    with pytest.raises(BadSetting) as refused:
        load_settings(tmp_path / "c.toml")
    assert refused.value.path == "policy.servers.0"
