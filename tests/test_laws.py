"""Importing does nothing and loads nothing heavy. What may import what, `lint-imports` checks."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent

_WATCHED = """
import json, os, pkgutil, importlib, sys, threading

told = []

def watch(event, args):
    if event == "open" and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        told.append(f"opened {args[0]} for writing")
    elif event in ("os.mkdir", "os.remove", "os.rename"):
        told.append(f"{event} {args[0]}")
    elif event.startswith(("socket.", "subprocess.", "sqlite3.connect", "os.fork", "os.exec")):
        told.append(event)

def everything(top):
    package = importlib.import_module(top)
    for module in pkgutil.walk_packages(package.__path__, f"{top}.", onerror=print):
        yield importlib.import_module(module.name).__name__

import filelock  # as it is imported, it tries out a link in the temporary folder

environment = dict(os.environ)
sys.addaudithook(watch)
modules = [name for top in %s for name in everything(top)]
print(json.dumps({
    "modules": modules,
    "told": told,
    "environment": sorted(set(os.environ.items()) ^ set(environment.items())),
    "threads": [thread.name for thread in threading.enumerate()],
    "loaded": sorted({name.partition(".")[0] for name in sys.modules}),
}))
"""


def _python(code: str, folder: Path) -> Any:
    """What a new interpreter prints that stands in an empty folder which is its home as well."""
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={"HOME": str(folder), "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@pytest.fixture(scope="module")
def after_import(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What is so after every module of ours was imported, nothing else."""
    folder = tmp_path_factory.mktemp("home")
    seen: dict[str, Any] = _python(_WATCHED % (("bot", "core"),), folder)
    seen["files"] = [str(path) for path in folder.rglob("*")]
    return seen


def test_every_module_was_looked_at(after_import: dict[str, Any]):
    files = [path for top in ("bot", "core") for path in (ROOT / top).rglob("*.py")]
    roots = [ROOT / "bot" / "__init__.py", ROOT / "core" / "__init__.py"]

    assert len(after_import["modules"]) == len(files) - len(roots)


def test_importing_writes_no_file_and_opens_no_connection(after_import: dict[str, Any]):
    assert after_import["told"] == []
    assert after_import["files"] == []


def test_importing_leaves_the_environment_alone(after_import: dict[str, Any]):
    assert after_import["environment"] == []


def test_importing_starts_no_thread(after_import: dict[str, Any]):
    assert after_import["threads"] == ["MainThread"]


@pytest.mark.parametrize("heavy", ["litellm", "rembg", "onnxruntime", "telegram"])
def test_heavy_libraries_wait_until_they_are_used(after_import: dict[str, Any], heavy: str):
    assert heavy not in after_import["loaded"]


def test_the_watch_notices_what_an_import_does(tmp_path: Path):
    (tmp_path / "rude").mkdir()
    (tmp_path / "rude" / "__init__.py").write_text(
        "import os, socket, threading\n"
        "open('left.txt', 'w').close()\n"
        "os.environ['RUDE'] = '1'\n"
        "socket.socket().close()\n"
        "threading.Thread(target=threading.Event().wait, daemon=True, name='rude').start()\n"
    )
    seen = _python(_WATCHED % (("rude",),), tmp_path)

    assert seen["told"] == ["opened left.txt for writing", "socket.__new__"]
    assert seen["environment"] == [["RUDE", "1"]]
    assert seen["threads"] == ["MainThread", "rude"]


def test_the_command_line_starts_without_what_only_work_needs(tmp_path: Path):
    """`omniimage --help` answers at once."""
    code = "import json, sys, bot.cli; print(json.dumps(list(sys.modules)))"
    loaded = set(_python(code, tmp_path))

    assert not loaded & {"pydantic", "pydantic_settings", "PIL", "numpy", "aiosqlite", "rich"}
    assert not loaded & {"discord", "telegram", "aiohttp"}
