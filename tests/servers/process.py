"""The local provider as a process of its own, for tests that run the program as one."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, build_opener

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    base_url: str
    process: "subprocess.Popen[str]"

    @property
    def host_port(self) -> str:
        return self.base_url.removeprefix("http://").removesuffix("/v1")

    def told(self) -> dict[str, Any]:
        """What it has seen until now: paid, requests, downloads, invalid."""
        straight = build_opener(ProxyHandler({}))
        with straight.open(f"http://{self.host_port}/told", timeout=10) as answer:
            seen: dict[str, Any] = json.load(answer)
        return seen

    @property
    def paid(self) -> dict[str, int]:
        paid: dict[str, int] = self.told()["paid"]
        return paid


@contextmanager
def provider() -> Iterator[Provider]:
    """Start it; it ends when its stdin closes, and is killed should it not."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.servers.openai_images"],
        cwd=ROOT,
        env={"PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield Provider(base_url=process.stdout.readline().strip(), process=process)
            process.communicate(timeout=10)
        finally:
            process.kill()
