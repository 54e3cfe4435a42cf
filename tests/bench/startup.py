import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import Figure

_ROUNDS = 5
_READY = """
import asyncio, sys
from pathlib import Path
from core.app import open_app
from core.config.settings import Settings

async def ready():
    async with open_app(Settings(data_dir=Path(sys.argv[1]))):
        # Not `ru_maxrss`: that counts what the parent had when it started this process.
        [peak] = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]
        print(int(peak.split()[1]) / 1024)

asyncio.run(ready())
"""


def startup() -> Iterator[Figure]:
    helped = [_timed(["-m", "bot", "--help"])[0] for _ in range(_ROUNDS)]
    yield Figure(what="omniimage --help", value=statistics.median(helped), goal=0.4, unit="s")
    with tempfile.TemporaryDirectory() as folder:
        ready = [_timed(["-c", _READY, str(Path(folder) / "data")]) for _ in range(_ROUNDS)]
    yield Figure(
        what="a process from its start to an open and ready app",
        value=statistics.median(seconds for seconds, _ in ready),
        goal=1.5,
        unit="s",
    )
    yield Figure(
        what="its memory",
        value=statistics.median(float(out) for _, out in ready),
        goal=120,
        unit="MiB",
    )


def _timed(arguments: list[str]) -> tuple[float, str]:
    started = time.perf_counter()
    done = subprocess.run([sys.executable, *arguments], check=True, capture_output=True, text=True)
    return time.perf_counter() - started, done.stdout
