import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.adapters.runners import LockedRunners, only_one
from core.errors import AlreadyRunning, StoreUnwritable
from core.ids import RunnerId

HOUSE = Path(__file__).parents[3]
TWO_HOURS = 7200


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "runners"


def test_a_runner_lives_until_it_is_released_and_leaves_no_file(folder):
    runners = LockedRunners(folder)
    me = runners.hold()
    assert not LockedRunners(folder).dead(me)
    assert not runners.dead(me)
    runners.release()
    assert list(folder.iterdir()) == []
    assert LockedRunners(folder).dead(me)
    assert list(folder.iterdir()) == []


def test_two_runners_live_side_by_side(folder):
    one, two = LockedRunners(folder), LockedRunners(folder)
    first, second = one.hold(), two.hold()
    assert first != second
    one.release()
    assert LockedRunners(folder).dead(first)
    assert not LockedRunners(folder).dead(second)
    two.release()


def test_a_runner_that_never_was_is_dead_and_releasing_twice_or_none_is_harmless(folder):
    runners = LockedRunners(folder)
    runners.release()
    me = runners.hold()
    assert runners.dead(RunnerId("never"))
    runners.release()
    runners.release()
    assert runners.dead(me)


def test_a_killed_process_is_dead_as_soon_as_it_is_gone(folder):
    runners = LockedRunners(folder)
    with _process(folder) as (process, runner):
        assert not runners.dead(runner)
        process.kill()
        process.wait()
        assert (folder / f"{runner}.lock").exists()
        assert runners.dead(runner)
    assert list(folder.iterdir()) == []


def test_old_locks_are_swept_only_where_nobody_holds_them(folder):
    living = LockedRunners(folder)
    alive = living.hold()
    for name in ("left", "young"):
        (folder / f"{name}.lock").touch()
    for name in ("left", alive):
        os.utime(folder / f"{name}.lock", (time.time() - TWO_HOURS,) * 2)
    other = LockedRunners(folder)
    me = other.hold()
    assert {path.stem for path in folder.iterdir()} == {"young", alive, me}
    assert not other.dead(alive)
    for runners in (living, other):
        runners.release()


def test_a_lock_that_another_process_sweeps_meanwhile_is_no_error(folder):
    folder.mkdir(parents=True)
    (folder / "gone.lock").symlink_to("nowhere")  # listed, and not there when it is looked at
    runners = LockedRunners(folder)
    assert not runners.dead(runners.hold())
    runners.release()


def test_a_file_in_the_way_of_the_folder_is_reported_with_its_path(folder):
    folder.parent.mkdir()
    folder.write_text("no folder")
    with pytest.raises(StoreUnwritable) as refused:
        LockedRunners(folder).hold()
    assert refused.value.path == folder


def test_only_one_is_alone_with_a_data_folder_and_the_next_comes_after_it(tmp_path):
    data = tmp_path / "new" / "data"
    for _ in range(2):
        with only_one(data), only_one(tmp_path / "other"):
            with pytest.raises(AlreadyRunning) as refused, only_one(data):
                pass
            assert refused.value.path == data


def test_what_fails_inside_leaves_the_place_free(tmp_path):
    with pytest.raises(ZeroDivisionError), only_one(tmp_path):
        raise ZeroDivisionError
    with only_one(tmp_path):
        pass


def test_a_killed_process_leaves_its_place_at_once(tmp_path):
    program = f"""
import sys
from pathlib import Path
from core.adapters.runners import only_one

with only_one(Path({str(tmp_path)!r})):
    print("alone", flush=True)
    sys.stdin.read()
"""
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=HOUSE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout
        assert process.stdout.readline().strip() == "alone"
        with pytest.raises(AlreadyRunning), only_one(tmp_path):
            pass
        process.kill()
        process.wait()
    with only_one(tmp_path):
        pass


def test_a_file_in_the_way_of_the_data_folder_is_reported(tmp_path):
    (tmp_path / "data").write_text("no folder")
    with pytest.raises(StoreUnwritable) as refused, only_one(tmp_path / "data"):
        pass
    assert refused.value.path == tmp_path / "data"


@contextmanager
def _process(folder: Path) -> Iterator[tuple[subprocess.Popen[str], RunnerId]]:
    """A process of its own that holds a runner until it is killed."""
    program = f"""
import sys
from pathlib import Path
from core.adapters.runners import LockedRunners

runners = LockedRunners(Path({str(folder)!r}))
print(runners.hold(), flush=True)
sys.stdin.read()
"""
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=HOUSE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout
        try:
            yield process, RunnerId(process.stdout.readline().strip())
        finally:
            process.kill()
