"""Tools as real processes: a kill in the middle, a full disk, Ctrl-C, a reader that goes away."""

import json
import resource
import signal
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from tests.bot.terminal.conftest import Terminal
from tests.bot.terminal.pictures import a_grid

Process = Callable[..., "subprocess.Popen[str]"]
MANY = 12


def grids(folder: Path) -> list[str]:
    first = a_grid(folder / "g0.png", side=512)
    names = [f"g{at}.png" for at in range(MANY)]
    for name in names[1:]:
        (folder / name).write_bytes(first.read_bytes())
    return names


def first_line(running: "subprocess.Popen[str]") -> dict[str, object]:
    assert running.stdout is not None
    line = json.loads(running.stdout.readline())
    assert isinstance(line, dict)
    return line


def test_after_a_kill_results_are_whole_or_absent_and_the_run_is_ended(
    process: Process, omniimage: Terminal, here: Path, tmp_path: Path
):
    with process("split", *grids(here), "--out", "tiles", "--json") as running:
        assert first_line(running)["event"] == "done"
        running.kill()
        running.communicate()
    for path in (here / "tiles").glob("*.png"):
        with Image.open(path) as tile:
            tile.load()
    assert omniimage("history").code == 0
    with sqlite3.connect(tmp_path / "data" / "omniimage.db") as rows:
        [(state,)] = rows.execute("select state from jobs").fetchall()
        states = {row[0] for row in rows.execute("select state from items")}
    rows.close()
    assert state == "interrupted"
    assert states == {"done", "interrupted"}


def test_ctrl_c_ends_it_and_keeps_what_is_done(process: Process, here: Path):
    with process("split", *grids(here), "--out", "tiles", "--json") as running:
        assert first_line(running)["event"] == "done"
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
    assert running.returncode == 130
    lines = [json.loads(line) for line in out.splitlines()]
    kinds = {line["error"]["kind"] for line in lines if line["event"] == "failed"}
    assert kinds <= {"cancelled"}
    assert "Traceback" not in err
    assert list((here / "tiles").glob(".tmp-*")) == []


def test_a_reader_that_goes_away_stops_no_work(process: Process, here: Path):
    names = grids(here)
    with process("split", *names, "--out", "tiles", "--json") as running:
        assert first_line(running)["event"] == "done"
        assert running.stdout is not None
        running.stdout.close()
        running.wait(timeout=60)
    assert len(list((here / "tiles").iterdir())) == 4 * MANY


def test_without_space_each_file_fails_with_a_sentence_and_nothing_is_half_written(
    process: Process, here: Path
):
    """A limit on the size of files stands for the disk: tiles of 2 MB do not fit."""
    Image.effect_noise((2400, 2400), 90).convert("RGB").save(here / "large.png")
    a_grid(here / "small.png", side=128)

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    running = process(
        *("split", "large.png", "small.png", "--grid", "2x2", "--out", "tiles", "--json"),
        preexec_fn=limited,
    )
    with running:
        out, err = running.communicate(timeout=60)
    large, small = (json.loads(line) for line in out.splitlines())
    assert (large["event"], large["error"]["kind"]) == ("failed", "no_space"), err
    assert small["event"] == "done"
    assert sorted(path.name for path in (here / "tiles").iterdir()) == [
        f"small-r{row}c{column}.png" for row in (1, 2) for column in (1, 2)
    ]
