"""What only a real process shows: kills, signals, pipes, locales, a full disk."""

import json
import os
import resource
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.bot.terminal.conftest import Terminal

Process = Callable[..., "subprocess.Popen[str]"]
SLOW = ("-m", "demo/landscape", "-m", "demo/slow", "--size", "96x64", "--json", "--out", "o")


def lines_until(running: "subprocess.Popen[str]", event: str, model: str) -> list[dict[str, Any]]:
    seen = []
    for line in events(running):
        seen.append(line)
        if (line["event"], line.get("model")) == (event, model):
            return seen
    raise AssertionError(running.communicate())


def events(running: "subprocess.Popen[str]") -> Iterator[dict[str, Any]]:
    assert running.stdout is not None
    for line in running.stdout:
        yield json.loads(line)


@pytest.mark.parametrize(
    ("event", "model", "left"),
    [
        ("started", "demo/slow", "interrupted"),
        ("landed", "demo/landscape", "interrupted"),
    ],
)
def test_after_a_kill_the_very_next_command_finds_everything_in_order(
    process: Process, omniimage: Terminal, event: str, model: str, left: str
):
    with process("try", "a fox", *SLOW) as running:
        seen = lines_until(running, event, model)
        running.kill()
        running.communicate()
    omniimage("models")
    [job] = omniimage("history", "--json").lines
    states = {attempt["model"]: attempt["state"] for attempt in job["attempts"]}
    assert states["demo/slow"] == left
    for line in seen:
        if line["event"] == "landed":
            assert states[line["model"]] == "done"
            with Image.open(line["path"]) as image:
                image.load()
    shown = omniimage("show", job["id"], "--out", "kept")
    assert shown.code == 0


def test_a_retry_after_a_kill_pays_only_for_what_is_missing(process: Process, omniimage: Terminal):
    with process("try", "a fox", *SLOW) as running:
        lines_until(running, "landed", "demo/landscape")
        running.kill()
        running.communicate()
    [job] = omniimage("history", "--json").lines
    with process("retry", job["id"], "--json", "--out", "o") as again:
        told = list(events(again))
    assert again.returncode == 0
    assert {line["model"] for line in told if line["event"] == "started"} == {"demo/slow"}
    assert told[-1]["counts"] == {"landed": 2, "failed": 0, "cancelled": 0, "interrupted": 0}
    [kept] = omniimage("history", "--json").lines
    assert [attempt["state"] for attempt in kept["attempts"]] == ["done", "done"]


def test_ctrl_c_keeps_and_names_what_landed(process: Process, omniimage: Terminal, here: Path):
    with process("try", "a fox", *SLOW) as running:
        lines_until(running, "landed", "demo/landscape")
        running.send_signal(signal.SIGINT)
        rest = list(events(running))
        assert running.stderr is not None
        said = running.stderr.read()
    assert running.returncode == 130
    assert "Traceback" not in said
    assert [(line["event"], line.get("error", {}).get("kind")) for line in rest] == [
        ("failed", "cancelled"),
        ("done", None),
    ]
    assert (here / "o/sheet.png").exists()
    assert len(list((here / "o/images").iterdir())) == 1
    [job] = omniimage("history", "--json").lines
    assert [attempt["state"] for attempt in job["attempts"]] == ["done", "cancelled"]


def test_a_reader_that_goes_away_stops_no_model(process: Process, omniimage: Terminal):
    with process("try", "a fox", *SLOW[:2], *SLOW[4:]) as running:
        assert running.stdout is not None
        running.stdout.close()
        assert running.stderr is not None
        said = running.stderr.read()
    assert (running.returncode, said) == (0, "")
    [job] = omniimage("history", "--json").lines
    assert [attempt["state"] for attempt in job["attempts"]] == ["done"]


def test_a_full_disk_is_a_sentence_and_leaves_nothing_half_written(
    process: Process, omniimage: Terminal, tmp_path: Path, here: Path
):
    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))

    asked = ("try", "a fox", "-m", "demo/landscape", "--json", "--out", "o")
    with process(*asked, preexec_fn=small) as running:
        out, err = running.communicate()
    assert running.returncode == 1
    assert "Traceback" not in err
    told = [json.loads(line) for line in out.splitlines()]
    failed = [line["error"]["kind"] for line in told if line["event"] == "failed"]
    assert failed == ["no_space"]
    left = [path for path in (tmp_path / "data").rglob("*") if path.name.startswith(".tmp-")]
    assert left == []
    assert list((here / "o").rglob(".tmp-*")) == []
    [job] = omniimage("history", "--json").lines
    assert omniimage("retry", job["id"], "--out", "o").code == 0


def test_two_processes_share_one_data_folder(process: Process, omniimage: Terminal):
    small = ("-m", "demo/subject", "--size", "96x64", "--json")
    running = [process("try", f"fox {n}", *small, "--out", f"o{n}") for n in range(3)]
    for one in running:
        with one:
            out, err = one.communicate()
        assert (one.returncode, err) == (0, "")
        assert json.loads(out.splitlines()[-1])["counts"]["landed"] == 1
    assert len(omniimage("history", "--json").lines) == 3


def test_the_terminal_speaks_the_language_of_its_locale(process: Process):
    with process("try", "", env={"LANG": "zh_CN.UTF-8"}) as running:
        _, err = running.communicate()
    assert running.returncode == 2
    assert "提示词" in err
    with process("--help", env={"LC_ALL": "zh_CN.UTF-8"}) as helped:
        out, _ = helped.communicate()
    assert "选项" in out
    assert "omniimage try" in out


def test_help_has_an_example_for_every_command(process: Process):
    for command in ("try", "models", "history", "show", "again", "retry", "run"):
        with process(command, "--help") as running:
            out, err = running.communicate()
        assert (running.returncode, err) == (0, "")
        example = out.rpartition("Example:")[2].split()
        assert example[0] == "omniimage"
        assert command in example


def test_written_files_follow_the_umask_of_the_person(process: Process, here: Path):
    small = ("-m", "demo/subject", "--size", "96x64", "--out", "o")
    with process("try", "a fox", *small, umask=0o022) as running:
        running.communicate()
    modes = {path.stat().st_mode & 0o777 for path in (here / "o").rglob("*") if path.is_file()}
    assert modes == {0o644}


def test_output_that_cannot_be_written_is_a_sentence_and_keeps_the_pictures(
    process: Process, omniimage: Terminal
):
    with Path("/dev/full").open("w") as full:
        small = ("-m", "demo/subject", "--size", "96x64", "--json", "--out", "o")
        with process("try", "a fox", *small, stdout=full) as running:
            _, err = running.communicate()
        with process("models", stdout=full) as listing:
            _, said = listing.communicate()
    assert "Traceback" not in err
    assert (listing.returncode, len(said.splitlines())) == (1, 1)
    [job] = omniimage("history", "--json").lines
    assert [attempt["state"] for attempt in job["attempts"]] == ["done"]


def test_ctrl_c_counts_from_the_first_moment(process: Process):
    with process("models") as running:
        running.send_signal(signal.SIGINT)
        _, err = running.communicate()
    assert running.returncode in (130, -signal.SIGINT)  # the latter: before Python itself was up
    assert "bot" not in err


@pytest.mark.parametrize("arguments", [("show", b"\xff"), ("history", "--search", b"\xff")])
def test_bytes_that_are_no_text_are_a_sentence(process: Process, arguments: tuple[Any, ...]):
    with process(*arguments) as running:
        _, err = running.communicate()
    assert running.returncode == 1
    assert len(err.splitlines()) == 1
    assert "UTF-8" in err


def test_a_closed_standard_input_is_an_empty_prompt(process: Process):
    def close() -> None:
        os.close(0)

    with process("try", "-", preexec_fn=close) as running:
        _, err = running.communicate()
    assert running.returncode == 2
    assert len(err.splitlines()) == 1
