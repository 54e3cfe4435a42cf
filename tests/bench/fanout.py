import asyncio
import io
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
from PIL import Image

from bot.words import speech_for
from bot.words.captions import sheet_captions
from core.app import App
from core.models.attempt import Painted
from core.models.order import Order
from core.ports.models import Report
from tests.bench.figures import Figure
from tests.fakes import FakeModels, Paint
from tests.houses import ASKER, finished, house, request

_NAMES = ("a", "b", "c", "d")
_MANY = 50


def fanout() -> Iterator[Figure]:
    one, many = asyncio.run(_at_once())
    yield Figure(
        what=f"{_MANY} comparisons x 4 models that wait 1 s, over one of them",
        value=many / one,
        goal=2.0,
        unit="x",
    )
    yield Figure(
        what="longest stop of the event loop, decoding and drawing 8 of 2048 x 2048",
        value=asyncio.run(_longest_stop()) * 1000,
        goal=100,
        unit="ms",
    )


async def _at_once() -> tuple[float, float]:
    models = FakeModels({name: _after(1.0, noise(512, seed)) for seed, name in enumerate(_NAMES)})
    async with _open(models) as app:
        await _compare(app, 1)
        one = await _compare(app, 1)
        return one, await _compare(app, _MANY)


async def _longest_stop() -> float:
    pictures = [noise(2048, seed) for seed in range(8)]
    models = FakeModels({f"m{n}": _after(0.1, data) for n, data in enumerate(pictures)})
    async with _open(models) as app, asyncio.TaskGroup() as group:
        stops: list[float] = []
        pulse = group.create_task(_pulse(stops))
        job, _ = await app.jobs.submit(ASKER, request(*models.paints))
        end = await finished(app, job.id)
        captions = sheet_captions(speech_for(["en"]), end, demo=False)
        await app.export.sheet(end, captions)
        pulse.cancel()
    return max(stops)


async def _pulse(stops: list[float]) -> None:
    while True:
        started = time.perf_counter()
        await asyncio.sleep(0.005)
        stops.append(time.perf_counter() - started - 0.005)


async def _compare(app: App, count: int) -> float:
    started = time.perf_counter()
    jobs = await asyncio.gather(
        *(app.jobs.submit(ASKER, request(*_NAMES, prompt=f"fox {n}")) for n in range(count))
    )
    await asyncio.gather(*(finished(app, job.id) for job, _ in jobs))
    return time.perf_counter() - started


@asynccontextmanager
async def _open(models: FakeModels) -> AsyncIterator[App]:
    with tempfile.TemporaryDirectory() as folder:
        async with house(Path(folder), models, parallel=10 * _MANY) as app:
            yield app


def _after(seconds: float, data: bytes) -> Paint:
    """Each call brings other bytes, so that every picture is written for itself."""
    calls = 0

    async def paint(order: Order, report: Report) -> Painted:  # noqa: ARG001 - a `Paint`
        nonlocal calls
        calls += 1
        await asyncio.sleep(seconds)
        return Painted(pictures=(data + calls.to_bytes(4),), seed=order.seed)

    return paint


def noise(side: int, seed: int) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 255, (side, side, 3), np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()
