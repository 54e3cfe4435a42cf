"""The wheel holds `bot` and `core`, whole, and nothing else; nobody else brings those names."""

import subprocess
import sys
from importlib import metadata
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parent.parent
OURS = ("bot", "core")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    """The names of the files in a wheel of this tree."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (file,) = folder.iterdir()
    with ZipFile(file) as archive:
        return frozenset(archive.namelist())


def test_at_the_top_lie_bot_and_core_alone(wheel: frozenset[str]):
    tops = {name.partition("/")[0] for name in wheel}

    assert {top for top in tops if not top.endswith(".dist-info")} == set(OURS)
    assert len(tops) == len(OURS) + 1


def test_no_file_of_the_tree_is_forgotten(wheel: frozenset[str]):
    files = {
        path.relative_to(ROOT).as_posix()
        for top in OURS
        for path in (ROOT / top).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert files == {name for name in wheel if name.partition("/")[0] in OURS}


@pytest.mark.parametrize(
    "file",
    [
        "bot/words/catalogues/zh.po",
        "core/adapters/cards/demo.toml",
        "core/adapters/sqlite/migrations/0001_core.sql",
    ],
)
def test_what_is_read_at_run_time_is_inside(wheel: frozenset[str], file: str):
    assert file in wheel


def test_the_licence_is_inside(wheel: frozenset[str]):
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in wheel)


def test_no_other_installed_distribution_owns_bot_or_core():
    assert not _strangers()


def test_a_stranger_that_owns_core_would_be_noticed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    info = tmp_path / "stranger-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: stranger\nVersion: 1.0\n")
    (info / "top_level.txt").write_text("core\n")
    monkeypatch.syspath_prepend(tmp_path)

    assert _strangers() == {"stranger"}


def _strangers() -> set[str]:
    owners = metadata.packages_distributions()
    return {name for top in OURS for name in owners.get(top, ())} - {"omniimage"}
