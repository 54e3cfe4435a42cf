"""`omniimage try --translate --enhance`: words before pictures."""

import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.bot.terminal.conftest import Terminal
from tests.bot.terminal.ptys import Pty
from tests.servers.process import Provider, chat_provider

ENHANCED = "a red fox in deep snow, low morning light"
OWN = "雪地里的红狐狸"
QUICK = ("-m", "demo/subject", "--size", "96x64", "--out", "o")
SECRET = "sk-of-somebody-0123456789"  # noqa: S105


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with chat_provider(ENHANCED) as running:
        yield running


@pytest.fixture
def paid(
    omniimage: Terminal, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], int]:
    """Set a key for `openai`; then: how many calls were paid since."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{SECRET}\n"))
    assert omniimage("keys", "set", "openai", "--base-url", provider.base_url).code == 0
    before = sum(provider.paid.values())
    return lambda: sum(provider.paid.values()) - before


def test_the_comparison_is_of_the_new_words_and_keeps_the_old_ones(omniimage, paid, here):
    result = omniimage("try", f"{OWN} --seed 7", "--translate", *QUICK, "--json")
    assert result.code == 0, result.err
    draft, *events, done = result.lines
    assert (draft["event"], draft["original"], draft["translated"]) == ("draft", OWN, ENHANCED)
    assert [one["event"] for one in events] == ["started", "landed"]
    assert done["event"] == "done"
    manifest = json.loads((here / "o" / "manifest.json").read_text("utf-8"))
    assert manifest["prompt"] == ENHANCED
    assert manifest["parameters"]["seed"] == 7
    assert manifest["draft"] == {"original": OWN, "translated": ENHANCED}
    assert paid() == 1


def test_translating_and_enhancing_are_two_calls_one_after_the_other(omniimage, paid):
    result = omniimage("try", OWN, "--enhance", "--translate", *QUICK, "--json")
    draft = result.lines[0]
    assert (draft["translated"], draft["enhanced"], draft["calls"]) == (ENHANCED, ENHANCED, 2)
    assert paid() == 2


def test_history_shows_and_finds_a_comparison_by_all_its_words(omniimage, paid):
    omniimage("try", OWN, "--translate", *QUICK)
    [job] = omniimage("history", "--search", "狐狸", "--json").lines
    assert omniimage("history", "--search", "DEEP snow", "--json").lines == [job]
    assert (job["prompt"], job["original"]) == (ENHANCED, OWN)
    shown = omniimage("show", job["id"]).out
    assert ENHANCED in shown
    assert OWN in shown
    assert paid() == 1


def test_again_keeps_the_words_and_pays_no_text_model_again(omniimage, paid):
    omniimage("try", OWN, "--translate", *QUICK)
    [job] = omniimage("history", "--json").lines
    omniimage("again", job["id"], "--out", "again")
    assert [one["original"] for one in omniimage("history", "--json").lines] == [OWN, OWN]
    assert paid() == 1


def test_a_prompt_that_stays_as_it_is_has_no_draft(omniimage, paid):
    omniimage("try", "a red fox", "--translate", *QUICK)
    [job] = omniimage("history", "--json").lines
    assert "original" not in job
    assert paid() == 0


def test_an_answer_of_no_use_is_said_and_the_own_words_are_painted(omniimage, paid):
    result = omniimage("try", "a red fox", "--enhance", "--text-model", "openai/refuses", *QUICK)
    assert result.code == 0
    assert "Your own words stay." in result.err
    [job] = omniimage("history", "--json").lines
    assert (job["prompt"], job.get("original")) == ("a red fox", None)
    assert paid() == 1


def test_a_text_model_that_cannot_be_asked_ends_it_before_pictures_are_paid(omniimage, paid):
    result = omniimage(
        "try", "a red fox", "--enhance", "--text-model", "openai/status-401", *QUICK
    )
    assert result.code == 1
    assert "Nothing was painted." in result.err
    assert omniimage("history", "--json").lines == []
    assert paid() == 1


def test_wrong_use_is_found_before_a_text_model_is_paid(omniimage, paid):
    assert omniimage("try", "a fox", "--enhance", "-m", "demo/nothing").code == 2
    assert paid() == 0


class Home:
    """What a program at a terminal needs to find the same keys."""

    def __init__(self, tmp_path: Path, here: Path) -> None:
        self._data = ("--data-dir", str(tmp_path / "data"))
        home = tmp_path / "home" / "xdg_config_home"
        self._env = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(home)}
        self._here = here

    def start(self, *arguments: str) -> Pty:
        return Pty(*self._data, *arguments, env=self._env, cwd=self._here)


@pytest.fixture
def home(tmp_path: Path, here: Path) -> Home:
    return Home(tmp_path, here)


def test_at_a_terminal_a_no_sends_nothing(home: Home, omniimage, paid):
    terminal = home.start("try", OWN, "--translate", *QUICK)
    terminal.until("y/n")
    assert "openai/gpt-6-luna" in terminal.shown
    terminal.type("what?\n")
    terminal.until("Answer with one of")
    terminal.type("n\n")
    assert terminal.ended() == 1, terminal.shown
    assert "Nothing was sent." in terminal.shown
    assert paid() == 0
    assert omniimage("history", "--json").lines == []


def test_at_a_terminal_free_pictures_follow_without_a_second_question(home: Home, paid):
    terminal = home.start("try", OWN, "--translate", *QUICK)
    terminal.until("y/n")
    terminal.type("y\n")
    assert terminal.ended() == 0, terminal.shown
    assert ENHANCED in terminal.shown
    assert paid() == 1


@pytest.mark.parametrize(("answer", "prompt"), [("o", OWN), ("yes", ENHANCED), ("n", None)])
def test_at_a_terminal_the_words_are_shown_before_pictures_cost_money(
    home: Home, omniimage, paid, answer, prompt
):
    terminal = home.start("try", OWN, "--translate", "-m", "openai/gpt-image-2", "--out", "o")
    terminal.until("y/n")
    terminal.type("\n")  # a mere Enter spends nothing
    terminal.type("是\n")
    terminal.until("o: ")
    assert ENHANCED in terminal.shown
    terminal.type(f"{answer}\n")
    terminal.ended()
    assert paid() == 1
    asked = [job["prompt"] for job in omniimage("history", "--json").lines]
    assert asked == ([prompt] if prompt else [])


def test_at_a_terminal_nothing_is_asked_where_nothing_is_sent(home: Home, paid):
    terminal = home.start("try", "a red fox", "--translate", *QUICK)
    assert terminal.ended() == 0, terminal.shown
    assert "y/n" not in terminal.shown
    assert "nothing was sent" in terminal.shown
    assert paid() == 0


def test_yes_asks_nothing(home: Home, paid):
    terminal = home.start("try", OWN, "--translate", "--yes", *QUICK)
    assert terminal.ended() == 0, terminal.shown
    assert "y/n" not in terminal.shown
    assert paid() == 1


def test_a_kill_while_a_text_model_works_leaves_it_interrupted_and_unsent(
    process: Callable[..., "subprocess.Popen[str]"],
    omniimage: Terminal,
    paid: Callable[[], int],
    provider: Provider,
    tmp_path: Path,
):
    home = {"XDG_CONFIG_HOME": str(tmp_path / "home" / "xdg_config_home")}
    before = provider.paid.get("hang", 0)
    with process("enhance", "a red fox", "-m", "openai/hang", env=home) as running:
        while provider.paid.get("hang", 0) == before:
            assert running.poll() is None
        running.kill()
        running.communicate()
    [draft] = omniimage("history", "--drafts", "--json").lines
    assert draft["error"]["kind"] == "interrupted"
    assert (draft["original"], draft["calls"]) == ("a red fox", 1)
    assert paid() == 1
