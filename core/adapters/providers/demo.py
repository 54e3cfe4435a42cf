import asyncio
import struct
import zlib
from decimal import Decimal

from core.adapters.cards import load_cards
from core.ids import ModelId, ProviderId
from core.imaging.formats import encode_png
from core.models.attempt import Cost, Painted, Progress
from core.models.card import Card, Retired
from core.models.failure import OF_TEXTS, CallFailed, FailureKind
from core.models.key import Key
from core.models.order import Order
from core.models.provider import Provider
from core.models.request import Size
from core.ports.models import Report
from core.ports.offload import Offload

_SLOW = 8.0  # seconds that demo/slow takes
_SLOW_STEPS = 16
_NATURAL = Size(width=1024, height=1024)
_FREE = Cost(amount=Decimal(0), exact=True)
_FAILS = "demo/fail-"


class DemoModels:
    """Pictures painted by our own code: the product at work without a key or a network."""

    provider = Provider(id=ProviderId("demo"), takes_key=False, needs_key=False)

    def __init__(self, offload: Offload) -> None:
        self._offload = offload

    def cards(self) -> tuple[Card, ...]:
        return (
            *load_cards("demo"),
            *(_failing_card(kind) for kind in FailureKind if kind not in OF_TEXTS),
        )

    def retired(self) -> tuple[Retired, ...]:
        return ()

    def unlisted(self, model: ModelId) -> Card | None:  # noqa: ARG002 - there are no others
        return None

    async def ready(self) -> None:
        pass

    async def paint(self, order: Order, key: Key | None, report: Report) -> Painted:  # noqa: ARG002 - a demo has no key
        if order.model.startswith(_FAILS):
            return _fail(FailureKind(order.model.removeprefix(_FAILS)))
        if order.model == "demo/slow":
            await _dawdle(order.steps or _SLOW_STEPS, report)
        picture = await self._offload(_paint, order)
        return Painted(pictures=(picture,), seed=order.seed, cost=_FREE)


def _paint(order: Order) -> bytes:
    from core.imaging import demo  # NumPy costs a command that does not paint a third of a second

    size = order.size or _NATURAL
    painter = {"demo/subject": demo.subject, "demo/grid": demo.grid}.get(order.model)
    seed = order.seed or 0
    if painter:
        image = painter(order.prompt, seed=seed, width=size.width, height=size.height)
    else:
        image = demo.landscape(
            order.prompt,
            seed=seed,
            width=size.width,
            height=size.height,
            negative=order.negative or "",
        )
    return encode_png(image)


async def _dawdle(steps: int, report: Report) -> None:
    for step in range(steps):
        await report(Progress(share=step / steps))
        await asyncio.sleep(_SLOW / steps)


def _failing_card(kind: FailureKind) -> Card:
    return Card(model=ModelId(f"{_FAILS}{kind}"), needs_key=False, demo=True, hidden=True)


def _fail(kind: FailureKind) -> Painted:
    """Three of the failures lie in the reply itself: there the real pipeline has to find them."""
    if kind is FailureKind.EMPTY:
        return Painted(pictures=())
    if kind is FailureKind.GARBAGE:
        return Painted(pictures=(b"<html>Service unavailable</html>",))
    if kind is FailureKind.TOO_LARGE:
        return Painted(pictures=(_bomb(),))
    raise CallFailed(kind, retry_after=30 if kind is FailureKind.RATE_LIMITED else None)


def _bomb() -> bytes:
    """A PNG of a few bytes that claims 30000 x 30000 pixels."""
    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )
