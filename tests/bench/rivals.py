"""What a cut-out is held against, each in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ENVIRONMENT = {"PATH": os.defpath}
# Each reads "SOURCE OUT" lines, makes the file OUT and says how many seconds that took.
BARE = """
import io, os, sys, time
from pathlib import Path
from PIL import Image
from core.adapters.cutout.lean import opened
from core.imaging.cutout.network import to_input
os.nice(10)
session = opened(sys.argv[1], int(sys.argv[2]))
given = None
for line in sys.stdin:
    source, out = line.split()
    data = Path(source).read_bytes()
    if given is None:
        picture = Image.open(io.BytesIO(data)).convert("RGB")
        given = to_input(picture, 320, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
        cut = Image.open(out)
        cut.load()
    started = time.perf_counter()
    with Image.open(io.BytesIO(data)) as image:
        image.load()
    session.run([session.get_outputs()[0].name], {session.get_inputs()[0].name: given})
    cut.save(io.BytesIO(), "PNG", compress_level=1)
    print(time.perf_counter() - started, flush=True)
"""
REMBG = """
import os, sys, time
from pathlib import Path
from rembg.sessions import sessions
from rembg import remove
os.nice(10)
kind = sessions["u2netp"]
kind.download_models = classmethod(lambda *_, **__: sys.argv[1])
import onnxruntime
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = int(sys.argv[2])
session = kind("u2netp", options, providers=["CPUExecutionProvider"])
for line in sys.stdin:
    source, out = line.split()
    data = Path(source).read_bytes()
    started = time.perf_counter()
    cut = remove(data, session=session)
    print(time.perf_counter() - started, flush=True)
    Path(out).write_bytes(cut)
"""


@contextmanager
def rival(code: str, folder: Path, weights: Path, threads: int) -> Iterator[subprocess.Popen[str]]:
    """Without numba's compiler, as its cache may be cold; a plain cut-out has no use for it."""
    own = {"HOME": str(folder), "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-c", code, str(weights), str(threads)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=ENVIRONMENT | own,
        text=True,
    ) as process:
        yield process


def ask(process: subprocess.Popen[str], source: Path, out: Path) -> float:
    assert process.stdin
    assert process.stdout
    process.stdin.write(f"{source} {out}\n")
    process.stdin.flush()
    return float(process.stdout.readline())
