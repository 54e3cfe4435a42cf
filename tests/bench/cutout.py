"""Cut-outs, with the true weights: `python -m tests.bench.cutout` measures these alone.

What ours is held against runs in processes of their own, in turn with ours: one that does only
what cannot be avoided, and rembg.
"""

import asyncio
import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

import numpy as np
from PIL import Image
from rich.console import Console

from core.adapters.cutout import process
from core.adapters.cutout.process import Child
from core.adapters.cutout.wire import Task
from core.adapters.cutout.worker import Worker
from core.imaging.cutout.edges import foreground
from core.models.attempt import Progress
from core.models.tool import Cutout
from tests.bench.figures import Figure, print_figures
from tests.bench.rivals import BARE, ENVIRONMENT, REMBG, ask, rival
from tests.bench.u2net import write_u2net
from tests.core.imaging.cutout.pictures import on_white, strands

_SHARED = Path(__file__).parents[3] / "shared"
_WEIGHTS = _SHARED / "models" / "u2netp.onnx"
_PHOTO = _SHARED / "photos" / "lemur.jpg"
_MASK = _SHARED / "photos" / "lemur.mask.png"
_THREADS = min(2, os.cpu_count() or 1)
_ROUNDS, _COLD, _QUEUED, _JOBS = 11, 5, 16, 6
_REST = 0.5  # seconds after which a child has given back what it can


def cutout() -> Iterator[Figure]:
    yield from _edges()
    if not (_WEIGHTS.exists() and _PHOTO.exists()):
        Console().print("cut-outs are not measured: the true weights and the photos are not here")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for side in (1024, 2048):
            _photo(folder / f"{side}.png", side)
        yield from asyncio.run(_speed(folder))
        yield from asyncio.run(_memory(folder))
        yield from asyncio.run(_waiting(folder))
        yield _agreement(folder)


def _edges() -> Iterator[Figure]:
    case = strands()
    clean, plain = foreground(case.picture, case.alpha), case.picture.copy()
    clean.putalpha(case.alpha)
    plain.putalpha(case.alpha)
    black = Image.composite(case.picture, Image.new("RGBA", clean.size, 0), case.alpha)
    off = [
        float(abs(on_white(cut)[case.soft].mean() - case.ideal[case.soft].mean()))
        for cut in (clean, plain, black)
    ]
    for name, others in (("bare alpha", off[1]), ("rembg", off[2])):
        yield Figure(
            what=f"soft edge on white, luminance off the ideal; {name} is",
            value=off[0],
            goal=round(others, 2),
            unit="of 255",
        )


async def _speed(folder: Path) -> list[Figure]:
    small, large = folder / "1024.png", folder / "2048.png"
    async with _worker(folder) as (worker, _):
        (folder / "bare.png").write_bytes(await worker.run(_task(small), _quietly))
        with ExitStack() as stack:
            bare, rembg = (
                stack.enter_context(rival(code, folder, _WEIGHTS, _THREADS))
                for code in (BARE, REMBG)
            )
            over_bare = await _ratio(worker, bare, small, folder / "bare.png")
            over_rembg = await _ratio(worker, rembg, large, folder / "rembg.png")
    cold = [await _cold(folder, small) for _ in range(_COLD)]
    return [
        Figure(
            what="cut-out 1024 x 1024 PNG, over bare decode + inference + encode",
            value=over_bare,
            goal=1.15,
            unit="x",
        ),
        Figure(what="cut-out 2048 x 2048, over rembg", value=over_rembg, goal=0.714, unit="x"),
        Figure(
            what="first cut-out, the child's start included",
            value=statistics.median(cold),
            goal=2.0,
            unit="s",
        ),
    ]


async def _ratio(worker: Worker, other: subprocess.Popen[str], source: Path, out: Path) -> float:
    """Ours over theirs, one round after the other; the first round warms both."""
    ratios = []
    for _ in range(_ROUNDS + 1):
        theirs = await asyncio.to_thread(ask, other, source, out)
        ratios.append(await _timed(worker, source) / theirs)
    return statistics.median(ratios[1:])


async def _cold(folder: Path, source: Path) -> float:
    async with _worker(folder) as (worker, _):
        return await _timed(worker, source)


async def _timed(worker: Worker, source: Path) -> float:
    task = _task(source)
    started = time.perf_counter()
    await worker.run(task, _quietly)
    return time.perf_counter() - started


async def _memory(folder: Path) -> list[Figure]:
    heavy = folder / "u2net.onnx"
    write_u2net(heavy)
    figures = []
    for name, weights, peak, idle in (
        ("u2netp", _WEIGHTS, 300, 80),
        ("a network of u2net's size", heavy, 530, 240),
    ):
        async with _worker(folder) as (worker, children):
            for _ in range(_JOBS):
                await worker.run(_task(folder / "1024.png", weights), _quietly)
            await asyncio.sleep(_REST)
            most, now = _status(children[0], "VmHWM"), _status(children[0], "VmRSS")
        figures += [
            Figure(what=f"child with {name}, at its largest", value=most, goal=peak, unit="MiB"),
            Figure(what=f"child with {name}, idle", value=now, goal=idle, unit="MiB"),
        ]
    return figures


async def _waiting(folder: Path) -> list[Figure]:
    stops: list[float] = []
    task = _task(folder / "1024.png")
    async with _worker(folder) as (worker, _), asyncio.TaskGroup() as group:
        pulse = group.create_task(_pulse(stops))
        await asyncio.gather(*(worker.run(task, _quietly) for _ in range(_QUEUED)))
        pulse.cancel()
    return [
        Figure(
            what=f"stop of the event loop while {_QUEUED} queue, 99 of 100 below",
            value=statistics.quantiles(stops, n=100)[-1] * 1000,
            goal=50,
            unit="ms",
        )
    ]


async def _pulse(stops: list[float]) -> None:
    while True:
        started = time.perf_counter()
        await asyncio.sleep(0.005)
        stops.append(time.perf_counter() - started - 0.005)


def _agreement(folder: Path) -> Figure:
    """How much of subject and mask is shared, where the alpha is known."""
    source, out = folder / "lemur.png", folder / "lemur-rembg.png"
    with Image.open(_PHOTO) as photo:
        photo.save(source)
    with rival(REMBG, folder, _WEIGHTS, _THREADS) as rembg:
        ask(rembg, source, out)
    ours = asyncio.run(_cut(folder, source))
    return Figure(
        what="IoU with the known alpha, rembg's over ours",
        value=_shared(out.read_bytes()) / _shared(ours),
        goal=1.0,
        unit="x",
    )


async def _cut(folder: Path, source: Path) -> bytes:
    async with _worker(folder) as (worker, _):
        return await worker.run(_task(source), _quietly)


def _shared(cut: bytes) -> float:
    with Image.open(_MASK) as mask, Image.open(io.BytesIO(cut)) as picture:
        wanted = np.asarray(mask.convert("L")) > 127
        found = np.asarray(picture.getchannel("A")) > 127
    return float((found & wanted).sum() / (found | wanted).sum())


@asynccontextmanager
async def _worker(folder: Path) -> AsyncIterator[tuple[Worker, list[Child]]]:
    children = []

    async def start(*, fine: bool) -> Child:
        given = process.environment(ENVIRONMENT, folder, threads=_THREADS, fine=fine)
        children.append(await process.start(given, threads=_THREADS, memory=None))
        return children[-1]

    async with Worker(start, queue=_QUEUED, idle=600) as worker:
        yield worker, children


def _task(source: Path, weights: Path = _WEIGHTS) -> Task:
    model = "u2netp" if weights == _WEIGHTS else "u2net"
    picture = source.read_bytes()
    return Task(picture=picture, model=model, weights=str(weights), cutout=Cutout())


async def _quietly(progress: Progress) -> None:
    """Nobody looks at the places in the line."""


def _status(child: Child, what: str) -> float:
    """In MiB, as Linux tells it."""
    path = Path(f"/proc/{child._transport.get_pid()}/status")
    [line] = [line for line in path.read_text("ascii").splitlines() if line.startswith(what)]
    return int(line.split()[1]) / 2**10


def _photo(path: Path, side: int) -> None:
    with Image.open(_PHOTO) as photo:
        photo.resize((side, side), Image.Resampling.LANCZOS).save(path, compress_level=1)


if __name__ == "__main__":
    sys.exit(0 if print_figures(cutout()) else 1)
