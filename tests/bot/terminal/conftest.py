import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.cli import run


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Standard output as JSON lines; anything else there fails the test."""
        return [json.loads(line) for line in self.out.splitlines()]

    def events(self, *names: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["event"] in names]


Terminal = Callable[..., Result]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the person stands in."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def omniimage(here: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Terminal:
    """Run one command line in this process."""
    del here

    def call(*arguments: str) -> Result:
        capfd.readouterr()
        code = run(["--data-dir", str(tmp_path / "data"), *arguments])
        out, err = capfd.readouterr()
        return Result(code=code, out=out, err=err)

    return call


@pytest.fixture
def process(here: Path, tmp_path: Path) -> Callable[..., "subprocess.Popen[str]"]:
    """Start one command line as a process of its own, with an environment made for it."""
    root = Path(__file__).parents[3]

    def start(*arguments: str, **more: Any) -> "subprocess.Popen[str]":
        environment = {
            "PATH": os.defpath,
            "HOME": str(tmp_path),
            "PYTHONPATH": str(root),
            "PYTHONDONTWRITEBYTECODE": "1",  # a child with a file limit would leave cut ones
            **more.pop("env", {}),
        }
        return subprocess.Popen(
            [sys.executable, "-m", "bot", "--data-dir", str(tmp_path / "data"), *arguments],
            cwd=here,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=more.pop("stdout", subprocess.PIPE),
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            **more,
        )

    return start
