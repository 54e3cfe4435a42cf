"""A person at a terminal with a program in it."""

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[3]


class Pty:
    """What it prints is `shown`."""

    def __init__(self, *arguments: str, env: dict[str, str], cwd: Path) -> None:
        self.shown = ""
        self._handle, inner = pty.openpty()
        self._program = subprocess.Popen(
            [sys.executable, "-m", "bot", *arguments],
            cwd=cwd,
            env={
                "PATH": os.defpath,
                "PYTHONPATH": str(ROOT),
                "PYTHONDONTWRITEBYTECODE": "1",
                **env,
            },
            stdin=inner,
            stdout=inner,
            stderr=inner,
            start_new_session=True,  # without a terminal of its own, it prompts where it stands
        )
        os.close(inner)

    def until(self, text: str, within: float = 60) -> None:
        end = time.monotonic() + within
        while text not in self.shown:
            ready, _, _ = select.select([self._handle], [], [], max(0, end - time.monotonic()))
            assert ready, self.shown
            self.shown += self._read()

    def type(self, text: str) -> None:
        os.write(self._handle, text.encode())

    def ended(self) -> int:
        while part := self._read():
            self.shown += part
        os.close(self._handle)
        return self._program.wait(timeout=60)

    def _read(self) -> str:
        try:
            return os.read(self._handle, 4096).decode(errors="replace")
        except OSError:  # Linux says so when the last reader's other end is closed
            return ""
