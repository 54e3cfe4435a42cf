"""Fakes that obey the ports; the suites in `tests/contracts` hold them to it."""

import asyncio
import hashlib
import io
import struct
import zlib
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image
from typing_extensions import override

from core.errors import StoreDamaged, StoreFull
from core.ids import ModelId, ProviderId
from core.models.attempt import Painted
from core.models.card import Card, Retired, Span
from core.models.key import Key
from core.models.order import Order
from core.models.provider import Provider
from core.ports.blobs import Blobs
from core.ports.models import ImageModel, Report

Paint = Callable[[Order, Report], Awaitable[Painted]]


def png(colour: str = "red", size: tuple[int, int] = (8, 8)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, "PNG")
    return buffer.getvalue()


@dataclass(slots=True)
class FakeModels(ImageModel):
    """Models `fake/NAME`, each doing what its function does; `calls` counts every paid call."""

    paints: Mapping[str, Paint]
    changes: Mapping[str, Card] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    provider: Provider = field(
        default_factory=lambda: Provider(id=ProviderId("fake"), takes_key=False, needs_key=False)
    )

    @override
    def cards(self) -> tuple[Card, ...]:
        return tuple(self.changes.get(name, card(name)) for name in self.paints)

    @override
    def retired(self) -> tuple[Retired, ...]:
        return ()

    @override
    def unlisted(self, model: ModelId) -> Card | None:
        return None

    @override
    async def ready(self) -> None:
        pass

    @override
    async def paint(self, order: Order, key: Key | None, report: Report) -> Painted:
        name = order.model.partition("/")[2]
        self.calls[name] += 1
        return await self.paints[name](order, report)


def card(name: str) -> Card:
    return Card(model=ModelId(f"fake/{name}"), seed=Span(least=0, most=2**32 - 1), needs_key=False)


async def at_once(order: Order, report: Report) -> Painted:  # noqa: ARG001 - a `Paint`
    return Painted(pictures=(png(),), seed=order.seed)


async def never(order: Order, report: Report) -> Painted:  # noqa: ARG001 - a `Paint`
    await asyncio.Event().wait()
    raise AssertionError


def after(gate: asyncio.Event) -> Paint:
    """Waits for the test to open the gate."""

    async def paint(order: Order, report: Report) -> Painted:
        await gate.wait()
        return await at_once(order, report)

    return paint


def raising(error: Exception) -> Paint:
    async def paint(order: Order, report: Report) -> Painted:  # noqa: ARG001 - a `Paint`
        raise error

    return paint


def bringing(*pictures: bytes) -> Paint:
    async def paint(order: Order, report: Report) -> Painted:  # noqa: ARG001 - a `Paint`
        return Painted(pictures=pictures, seed=order.seed)

    return paint


def bomb() -> bytes:
    """A PNG of a few bytes that claims 30000 x 30000 pixels."""
    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


@dataclass(slots=True)
class MemoryBlobs(Blobs):
    """Bytes in memory; only what is asked for by its path is written, to `folder`."""

    folder: Path
    left: int = 2**40  # bytes; what does not fit raises StoreFull
    kept: dict[str, bytes] = field(default_factory=dict)

    @override
    async def put(self, data: bytes) -> str:
        sha256 = hashlib.sha256(data).hexdigest()
        if sha256 not in self.kept:
            if len(data) > self.left:
                raise StoreFull
            self.left -= len(data)
            self.kept[sha256] = data
        return sha256

    @override
    async def get(self, sha256: str) -> bytes:
        if sha256 not in self.kept:
            raise StoreDamaged(path=self.path(sha256))
        return self.kept[sha256]

    @override
    async def drop(self, sha256: str) -> None:
        self.left += len(self.kept.pop(sha256, b""))
        (self.folder / sha256).unlink(missing_ok=True)

    @override
    def path(self, sha256: str) -> Path:
        path = self.folder / sha256
        if sha256 in self.kept:
            path.write_bytes(self.kept[sha256])
        return path

    @override
    def free(self) -> int:
        return self.left
