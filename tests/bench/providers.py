"""Real generation through LiteLLM against a local server that takes a second for a picture."""

import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx

from bot.words import speech_for
from bot.words.captions import sheet_captions
from core.app import App, open_app
from core.config.settings import Limits, Settings, Storage
from core.files.names import picture_files
from core.ids import ModelId, ProviderId
from core.models.job import Comparison
from core.models.request import Request
from tests.bench.figures import Figure
from tests.houses import ASKER, finished

_MANY = 50
_SIDE = 709  # of noise: 1.5 MB as PNG
_ROUNDS = 3
_B64_MIB = 600  # replies in flight are bounded, so this does not grow with their number
_SERVER = f"""
import asyncio, sys
from tests.bench.fanout import noise
from tests.servers.openai_images import OpenAIImages

async def serve():
    plays = {{f"{{kind}}{{n}}": part for kind, part in (("url", "slow-1"), ("b64", "b64"))
             for n in range(4)}}
    async with OpenAIImages(picture=noise({_SIDE}, 0), distinct=True, plays=plays) as server:
        print(server.base_url, flush=True)
        await asyncio.to_thread(sys.stdin.read)

asyncio.run(serve())
"""


def providers() -> Iterator[Figure]:
    with _server() as base_url:
        one, sheet, plain, ratio = asyncio.run(_by_url(base_url))
        yield Figure(
            what="4 models by url to the last picture on disk, over the slowest plain httpx call",
            value=one / plain,
            goal=1.05,
            unit="x",
        )
        yield Figure(
            what="the same with contact sheet and zip", value=sheet / plain, goal=1.3, unit="x"
        )
        yield Figure(
            what=f"{_MANY} comparisons x 4 models by url at once, over one of them",
            value=ratio,
            goal=2.0,
            unit="x",
        )
        yield Figure(
            what=f"peak memory of {_MANY} comparisons x 4 models by b64 at once",
            value=_b64_memory(base_url),
            goal=_B64_MIB,
            unit="MiB",
        )


async def _by_url(base_url: str) -> tuple[float, float, float, float]:
    async with _open(base_url) as app:
        await _compare(app, "url", 1)  # loads LiteLLM
        ones, sheets, plains = [], [], []
        for _ in range(_ROUNDS):
            plains.append(await _plain(base_url))
            started = time.perf_counter()
            [job] = await _compare(app, "url", 1)
            ones.append(time.perf_counter() - started)
            await _exported(app, job)
            sheets.append(time.perf_counter() - started)
        one = statistics.median(ones)
        started = time.perf_counter()
        await _compare(app, "url", _MANY)
        ratio = (time.perf_counter() - started) / one
    return one, statistics.median(sheets), statistics.median(plains), ratio


async def _plain(base_url: str) -> float:
    async def call(client: httpx.AsyncClient, name: str) -> float:
        started = time.perf_counter()
        body = {"model": name, "prompt": "a fox"}
        reply = await client.post(f"{base_url}/images/generations", json=body)
        picture = await client.get(reply.json()["data"][0]["url"])
        await asyncio.to_thread(picture.read)
        return time.perf_counter() - started

    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        return max(await asyncio.gather(*(call(client, f"url{n}") for n in range(4))))


async def _exported(app: App, job: Comparison) -> None:
    captions = sheet_captions(speech_for(["en"]), job, demo=False)
    await app.export.sheet(job, captions)
    with tempfile.TemporaryFile() as target:
        await app.export.archive(job, picture_files(job), captions, target)


async def _compare(app: App, kind: str, count: int) -> list[Comparison]:
    models = tuple(ModelId(f"custom/{kind}{n}") for n in range(4))
    jobs = await asyncio.gather(
        *(app.jobs.submit(ASKER, Request(prompt=f"fox {n}", models=models)) for n in range(count))
    )
    ends = await asyncio.gather(*(finished(app, job.id) for job, _ in jobs))
    missing = [end for end in ends if len(end.images) != len(models)]
    if missing:
        raise RuntimeError(f"{len(missing)} comparisons lack pictures")
    return list(ends)


def _b64_memory(base_url: str) -> float:
    """In a process of its own, as a peak never goes down again."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.providers", base_url],
        check=True,
        capture_output=True,
        text=True,
    )
    return float(json.loads(done.stdout))


async def _by_b64(base_url: str) -> None:
    async with _open(base_url) as app:
        await _compare(app, "b64", _MANY)


@asynccontextmanager
async def _open(base_url: str) -> AsyncIterator[App]:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        settings = Settings(
            data_dir=root / "data",
            config_dir=root / "config",
            limits=Limits(parallel=10 * _MANY),
            storage=Storage(min_free_mib=0),
        )
        async with open_app(settings) as app:
            await app.keys.set(ASKER, ProviderId("custom"), "sk-bench", base_url)
            yield app


@contextmanager
def _server() -> Iterator[str]:
    with subprocess.Popen(
        [sys.executable, "-c", _SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.communicate(timeout=10)


if __name__ == "__main__":
    asyncio.run(_by_b64(sys.argv[1]))
    # Not `ru_maxrss`: that counts what the parent had when it started this process.
    status = Path("/proc/self/status").read_text("ascii").splitlines()
    [peak] = [line for line in status if line.startswith("VmHWM")]
    print(int(peak.split()[1]) / 1024)  # noqa: T201 - read above
