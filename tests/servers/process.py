"""A local provider as a process of its own, for tests that run the program as one."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, build_opener

from tests.servers.openai_chat import SAYS

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    base_url: str
    process: "subprocess.Popen[str]"

    @property
    def host_port(self) -> str:
        return self.base_url.removeprefix("http://").removesuffix("/v1")

    def told(self) -> dict[str, Any]:
        """What it has seen until now: paid, requests, invalid; of images the downloads too."""
        straight = build_opener(ProxyHandler({}))
        with straight.open(f"http://{self.host_port}/told", timeout=10) as answer:
            seen: dict[str, Any] = json.load(answer)
        return seen

    @property
    def paid(self) -> dict[str, int]:
        paid: dict[str, int] = self.told()["paid"]
        return paid


def provider() -> AbstractContextManager[Provider]:
    """One for images."""
    return _running("tests.servers.openai_images")


def chat_provider(
    says: str = SAYS, plays: Mapping[str, str] | None = None
) -> AbstractContextManager[Provider]:
    """One for texts: what it says, and which models play the part of another."""
    pairs = [f"{model}={part}" for model, part in (plays or {}).items()]
    return _running("tests.servers.openai_chat", says, *pairs)


@contextmanager
def _running(module: str, *arguments: str) -> Iterator[Provider]:
    """Start it; it ends when its stdin closes, and is killed should it not."""
    with subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
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
