"""Fakes that obey the ports; the suites in `tests/contracts` hold them to it."""

import asyncio
import io
import struct
import zlib
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from PIL import Image
from typing_extensions import override

from core.ids import ModelId
from core.models.attempt import Painted
from core.models.card import Card, Span
from core.models.key import Key
from core.models.order import Order
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

    @override
    def cards(self) -> tuple[Card, ...]:
        return tuple(self.changes.get(name, card(name)) for name in self.paints)

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
