import io
import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.adapters.vault import Vault
from tests.bot.terminal.conftest import Result, Terminal
from tests.bot.terminal.ptys import ROOT, Pty

SECRET = "sk-proj-of-nobody-0123456789"  # noqa: S105
SERVER = "https://server.example.com/v1"
SMALL = ("-m", "demo/subject", "--size", "96x64", "--json", "--out", "o")
COMMANDS = (
    ("history",),
    ("models",),
    ("try", "a fox", *SMALL),
    ("show", "nothing"),
    ("run",),
    ("keys", "list"),
    ("keys", "set", "openai"),
    ("keys", "rotate"),
)

SetKey = Callable[..., Result]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Have this text on standard input, which is no terminal."""
    return lambda text: monkeypatch.setattr(sys, "stdin", io.StringIO(text))


@pytest.fixture
def set_key(omniimage: Terminal, typed: Callable[[str], None]) -> SetKey:
    def call(*arguments: str, secret: str = SECRET) -> Result:
        typed(f"{secret}\n")
        return omniimage("keys", "set", *arguments)

    return call


@pytest.fixture
def master(tmp_path: Path) -> Path:
    """Where the master key lies when nobody says otherwise."""
    return tmp_path / "home" / "xdg_config_home" / "omniimage" / "master.key"


def listed(omniimage: Terminal) -> list[dict[str, Any]]:
    return omniimage("keys", "list", "--json").lines


def one_sentence(result: Result) -> str:
    assert (result.code, result.out, len(result.err.splitlines())) == (1, "", 1), result
    return result.err


def test_a_key_is_read_from_standard_input_and_belongs_to_the_owner_local(
    omniimage: Terminal, set_key: SetKey
):
    result = set_key("openai")
    assert (result.code, result.err) == (0, "")
    assert "local" in result.out
    assert "openai" in result.out
    assert "6789" in result.out
    assert SECRET not in result.out
    assert [key["provider"] for key in listed(omniimage)] == ["openai"]


def test_the_list_as_json_has_the_five_fields_and_no_secret(omniimage: Terminal, set_key: SetKey):
    set_key("openai")
    set_key("custom", "--base-url", SERVER)
    result = omniimage("keys", "list", "--json")
    custom, openai = result.lines
    assert set(custom) == {"provider", "last_four", "base_url", "added", "last_used"}
    assert (custom["provider"], custom["last_four"], custom["base_url"]) == (
        "custom",
        "6789",
        SERVER,
    )
    assert (openai["base_url"], openai["last_used"]) == (None, None)
    age = datetime.now(UTC) - datetime.fromisoformat(openai["added"])
    assert timedelta(0) <= age < timedelta(minutes=2)
    assert SECRET[:-4] not in result.out


def test_the_list_reads_well_for_people_too(omniimage: Terminal, set_key: SetKey):
    empty = omniimage("keys", "list")
    assert empty.code == 0
    assert "omniimage keys set" in empty.out
    set_key("custom", "--base-url", SERVER)
    shown = omniimage("keys", "list").out
    assert [text for text in ("local", "custom", "6789", SERVER) if text not in shown] == []
    assert SECRET[:-4] not in shown


def test_the_models_of_a_provider_become_usable_with_its_key(omniimage: Terminal, set_key: SetKey):
    def usable() -> set[bool]:
        return {card["usable"] for card in omniimage("models", "openai", "--json").lines}

    assert usable() == {False}
    set_key("openai")
    assert usable() == {True}


def test_a_second_key_replaces_the_first_with_its_address(omniimage: Terminal, set_key: SetKey):
    set_key("openai", "--base-url", SERVER)
    set_key("openai", secret="sk-another-of-nobody")  # noqa: S106
    [key] = listed(omniimage)
    assert (key["last_four"], key["base_url"]) == ("body", None)


def test_one_key_is_forgotten_or_all(omniimage: Terminal, set_key: SetKey):
    for provider in ("openai", "xai", "recraft"):
        set_key(provider)
    result = omniimage("keys", "forget", "openai")
    assert result.code == 0
    assert "1" in result.out
    assert "local" in result.out
    assert [key["provider"] for key in listed(omniimage)] == ["recraft", "xai"]
    gone = omniimage("keys", "forget", "openai")
    assert "omniimage keys list" in one_sentence(gone)
    assert "2" in omniimage("keys", "forget", "--all").out
    assert listed(omniimage) == []
    assert omniimage("keys", "forget", "--all").code == 0


@pytest.mark.parametrize("arguments", [(), ("openai", "--all")])
def test_to_forget_takes_a_provider_or_all(omniimage: Terminal, arguments: tuple[str, ...]):
    result = omniimage("keys", "forget", *arguments)
    assert result.code == 2
    assert "--all" in result.err


def test_a_rotation_makes_a_new_master_key_and_keeps_the_keys(
    omniimage: Terminal, set_key: SetKey, master: Path
):
    set_key("openai")
    old = master.read_text("utf-8")
    result = omniimage("keys", "rotate")
    assert (result.code, result.err) == (0, "")
    assert "1" in result.out
    assert master.read_text("utf-8") != old
    assert len(master.read_text("utf-8").split()) == 1
    assert [key["last_four"] for key in listed(omniimage)] == ["6789"]
    master.write_text(old, "utf-8")
    assert "master key" in one_sentence(omniimage("keys", "list"))


@pytest.mark.parametrize(
    ("arguments", "secret", "named"),
    [
        (("opnai",), SECRET, "opnai"),
        (("demo",), SECRET, "demo"),
        (("openai",), "", "openai"),
        (("openai",), "   ", "openai"),
        (("openai",), "two words", "openai"),
        (("openai",), "sk-\x1b[2J", "openai"),
        (("custom",), SECRET, "--base-url"),
        (("openai", "--base-url", "http://server.example.com/v1"), SECRET, "https"),
        (("openai", "--base-url", "https://a@server.example.com/v1"), SECRET, "https://"),
    ],
)
def test_what_cannot_be_kept_is_one_sentence_and_wrong_use(
    omniimage: Terminal,
    set_key: SetKey,
    arguments: tuple[str, ...],
    secret: str,
    named: str,
):
    result = set_key(*arguments, secret=secret)
    assert (result.code, result.out, len(result.err.splitlines())) == (2, "", 1)
    assert named in result.err
    assert SECRET not in result.err
    assert listed(omniimage) == []


def test_a_key_that_is_no_text_is_wrong_use(omniimage: Terminal, monkeypatch: pytest.MonkeyPatch):
    given = io.TextIOWrapper(io.BytesIO(b"sk-\xff\xfe\n"), encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", given)
    result = omniimage("keys", "set", "openai")
    assert (result.code, len(result.err.splitlines())) == (2, 1)
    assert "openai" in result.err


def test_a_key_is_never_an_argument_and_never_repeated(omniimage: Terminal):
    for arguments in (
        ("openai", SECRET),
        (SECRET, "openai"),
        ("openai", "--key", SECRET),
        ("openai", f"--key={SECRET}"),
        ("openai", "--base-url", SERVER, SECRET),
    ):
        result = omniimage("keys", "set", *arguments)
        assert result.code == 2
        assert SECRET not in result.out + result.err
    helped = omniimage("keys", "set", "--help")
    assert helped.code == 0
    assert [word for word in ("KEY", "SECRET", "--key") if word in helped.out] == []
    assert "omniimage keys set" in helped.out


def test_every_keys_command_explains_itself_with_an_example(omniimage: Terminal):
    for command in ("set", "list", "forget", "rotate"):
        helped = omniimage("keys", command, "--help")
        assert helped.code == 0
        assert f"omniimage keys {command}" in helped.out.rpartition("Example:")[2]
    overview = omniimage("keys", "--help")
    assert "local" in overview.out


def test_at_a_terminal_the_key_is_asked_for_and_typed_unseen(
    here: Path, tmp_path: Path, master: Path
):
    env = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(master.parents[1])}
    data = ("--data-dir", str(tmp_path / "data"))
    terminal = Pty(*data, "keys", "set", "openai", env=env, cwd=here)
    terminal.until("openai (")
    terminal.until(": ")
    terminal.type(f"{SECRET}\n")
    assert terminal.ended() == 0, terminal.shown
    assert "Kept for the owner local" in terminal.shown
    assert "6789" in terminal.shown
    assert SECRET not in terminal.shown
    assert master.exists()


def test_the_file_of_the_master_key_lies_outside_the_data_folder(
    set_key: SetKey, master: Path, tmp_path: Path
):
    set_key("openai")
    assert master.stat().st_mode & 0o777 == 0o600
    text = master.read_bytes().strip()
    data = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert data
    assert [path for path in data if text in path.read_bytes()] == []


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_wrong_master_key_stops_every_command_with_a_sentence(
    omniimage: Terminal,
    set_key: SetKey,
    typed: Callable[[str], None],
    master: Path,
    command: tuple[str, ...],
):
    set_key("openai")
    kept = master.rename(master.with_suffix(".kept"))
    Vault(text=None, file=None, default=master).seal("another master key")
    typed(SECRET)
    said = one_sentence(omniimage(*command))
    assert "master key" in said
    assert str(master) in said
    kept.replace(master)
    assert [key["last_four"] for key in listed(omniimage)] == ["6789"]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_missing_master_key_stops_every_command_and_is_not_made_anew(
    omniimage: Terminal,
    set_key: SetKey,
    typed: Callable[[str], None],
    master: Path,
    command: tuple[str, ...],
):
    set_key("openai")
    kept = master.rename(master.with_suffix(".kept"))
    typed(SECRET)
    said = one_sentence(omniimage(*command))
    assert "master key" in said
    assert str(master) in said
    assert not master.exists()
    kept.replace(master)
    assert [key["last_four"] for key in listed(omniimage)] == ["6789"]


def test_a_master_key_that_is_none_is_named(omniimage: Terminal, set_key: SetKey, master: Path):
    set_key("openai")
    master.write_text("something else", "utf-8")
    said = one_sentence(omniimage("history"))
    assert "master key" in said
    assert "k1_" in said
    assert str(master) in said


def test_after_forgetting_every_key_a_lost_master_key_is_no_error(
    omniimage: Terminal, set_key: SetKey, master: Path
):
    set_key("openai")
    omniimage("keys", "forget", "--all")
    master.unlink()
    for command in (("history",), ("models",), ("try", "a fox", *SMALL), ("keys", "list")):
        result = omniimage(*command)
        assert (result.code, result.err) == (0, ""), result
    assert set_key("openai").code == 0
    assert master.exists()


def test_without_keys_no_master_key_is_made(omniimage: Terminal, master: Path):
    assert omniimage("try", "a fox", *SMALL).code == 0
    assert not master.exists()


def test_the_master_key_may_come_from_the_environment(
    omniimage: Terminal, set_key: SetKey, master: Path, monkeypatch: pytest.MonkeyPatch
):
    set_key("openai")
    monkeypatch.setenv("OMNIIMAGE_MASTER_KEY", master.read_text("utf-8").strip())
    master.unlink()
    assert len(listed(omniimage)) == 1
    assert set_key("xai").code == 0
    assert not master.exists()
    said = one_sentence(omniimage("keys", "rotate"))
    assert "OMNIIMAGE_MASTER_KEY_FILE" in said
    for other in ("k1_" + "A" * 43, "nonsense"):
        monkeypatch.setenv("OMNIIMAGE_MASTER_KEY", other)
        said = one_sentence(omniimage("history"))
        assert "master key OMNIIMAGE_MASTER_KEY" in said
        assert other not in said


def test_the_master_key_may_lie_in_a_named_file(
    omniimage: Terminal,
    set_key: SetKey,
    master: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    set_key("openai")
    named = tmp_path / "secrets" / "key"
    named.parent.mkdir()
    monkeypatch.setenv("OMNIIMAGE_MASTER_KEY_FILE", str(named))
    said = one_sentence(omniimage("history"))
    assert "master key" in said
    assert str(named) in said
    master.rename(named)
    assert len(listed(omniimage)) == 1
    assert omniimage("keys", "rotate").code == 0
    assert len(listed(omniimage)) == 1
    assert not master.exists()


def test_two_master_keys_that_differ_are_refused_even_without_keys(
    omniimage: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    named = tmp_path / "key"
    named.write_text("k1_" + "A" * 43, "utf-8")
    monkeypatch.setenv("OMNIIMAGE_MASTER_KEY_FILE", str(named))
    monkeypatch.setenv("OMNIIMAGE_MASTER_KEY", "k1_" + "E" * 42 + "A")
    said = one_sentence(omniimage("history"))
    assert "OMNIIMAGE_MASTER_KEY" in said
    assert str(named) in said
    assert "AAAA" not in said
    monkeypatch.setenv("OMNIIMAGE_MASTER_KEY", named.read_text("utf-8"))
    assert omniimage("history").code == 0


def test_a_model_without_a_key_names_the_command_that_sets_it(omniimage: Terminal):
    result = omniimage("try", "a fox", "-m", "openai/gpt-image-2", "--out", "o")
    assert result.code == 1
    assert "omniimage keys set openai" in result.out + result.err
    assert "Traceback" not in result.err


def test_beside_others_a_model_without_a_key_fails_alone(omniimage: Terminal, here: Path):
    result = omniimage("try", "a fox", "-m", "openai/gpt-image-2", *SMALL)
    assert (result.code, result.err) == (0, "")
    [failed] = result.events("failed")
    assert (failed["model"], failed["error"]["kind"]) == ("openai/gpt-image-2", "no_key")
    assert "omniimage keys set openai" in failed["error"]["message"]
    [landed] = result.events("landed")
    assert landed["model"] == "demo/subject"
    manifest = json.loads((here / "o/manifest.json").read_text("utf-8"))
    assert [failure["error"]["kind"] for failure in manifest["failures"]] == ["no_key"]


def test_keys_whose_master_key_is_lost_can_be_given_up(
    omniimage: Terminal, set_key: SetKey, master: Path
):
    set_key("openai")
    master.unlink()
    assert omniimage("history").code == 1
    assert omniimage("keys", "forget", "--all").code == 0
    assert omniimage("history").code == 0
    set_key("openai")
    assert [key["provider"] for key in listed(omniimage)] == ["openai"]


def test_rotations_of_many_processes_at_once_lose_no_key(
    process: Callable[..., "subprocess.Popen[str]"],
    omniimage: Terminal,
    set_key: SetKey,
    master: Path,
):
    set_key("openai")
    home = {"XDG_CONFIG_HOME": str(master.parents[1])}
    running = [process("keys", "rotate", env=home) for _ in range(4)]
    for one in running:
        with one:
            said = one.communicate()
        assert (one.returncode, said[1]) == (0, "")
    assert [key["provider"] for key in listed(omniimage)] == ["openai"]
    assert len(master.read_text("utf-8").split()) == 1


def test_ctrl_c_at_the_hidden_prompt_ends_it_at_once(tmp_path: Path, here: Path, master: Path):
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "bot", "--data-dir", str(tmp_path / "data")]
    with subprocess.Popen(
        [*command, "keys", "set", "openai"],
        cwd=here,
        env={"PYTHONPATH": str(ROOT), "HOME": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=follower,
        stdout=follower,
        stderr=follower,
        start_new_session=True,
    ) as asking:
        os.close(follower)
        shown = b""
        while b"API key" not in shown:
            shown += os.read(leader, 1000)
        asking.send_signal(signal.SIGINT)
        assert asking.wait(timeout=20) == 130
    os.close(leader)
    assert not master.exists()
