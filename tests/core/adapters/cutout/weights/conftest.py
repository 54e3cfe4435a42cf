"""A short list of small models, and a house that fetches them."""

import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from core.adapters.cutout.weights import DiskWeights, Mirror, disk
from core.adapters.cutout.weights.catalog import Release
from core.adapters.http import Addresses, Clients
from core.models.attempt import Progress
from tests.core.adapters.http.conftest import Local, listener

__all__ = ["listener"]  # a fixture that serves here as well

SMALL = hashlib.shake_128(b"small").digest(300_000)
LARGE = hashlib.shake_128(b"large").digest(400_000)


def release(name: str, body: bytes, file: str | None = None) -> Release:
    return Release(
        name=name,
        file=file or f"{name}.onnx",
        bytes=len(body),
        sha256=sum_of(body),
        licence="MIT",
    )


def sum_of(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def names(folder: Path) -> list[str]:
    """Without the small files that only this package reads."""
    return sorted(path.name for path in folder.iterdir() if path.name[0] != ".")


def installed(weights: DiskWeights) -> list[str]:
    return [note.name for note in weights.notes() if note.path]


@pytest.fixture(autouse=True)
def releases(monkeypatch: pytest.MonkeyPatch) -> tuple[Release, ...]:
    releases = (
        release("u2netp", SMALL),
        release("u2net", LARGE),
        release("birefnet-general", b"birefnet" * 99, "BiRefNet-general-epoch_244.onnx"),
    )
    monkeypatch.setattr(disk, "RELEASES", releases)
    return releases


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "weights"


class Reports(list[Progress]):
    """What was reported; `then` is called each time."""

    then: Callable[[], None] = staticmethod(lambda: None)

    async def __call__(self, progress: Progress) -> None:
        self.append(progress)
        self.then()


@pytest.fixture
def report() -> Reports:
    return Reports()


@asynccontextmanager
async def weights(
    folder: Path,
    *servers: Local,
    better: str = "u2net",
    reserve: int = 0,
    silence: float = 0,
) -> AsyncIterator[DiskWeights]:
    """With a mirror for each server."""
    allowed = [f"127.0.0.1:{server.port}" for server in servers]
    clients = Clients(Addresses.of(allowed, []), proxy=None, limit=1)
    mirrors = [
        Mirror(clients=clients, template=server.url("/v0/{file}"), stall=0.2) for server in servers
    ]
    try:
        yield DiskWeights(folder, mirrors, better=better, reserve=reserve, silence=silence)
    finally:
        await clients.close()
