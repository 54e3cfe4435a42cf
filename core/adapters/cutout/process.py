"""The cut-out child as the bot holds it: started, asked, ended. Never imports what it runs."""

import asyncio
import json
import logging
import sys
from collections.abc import Mapping
from pathlib import Path
from subprocess import DEVNULL, PIPE
from typing import cast

from typing_extensions import override

import core
from core.adapters.cutout.wire import SIZES, Task, read_picture, task_message

_log = logging.getLogger(__name__)
_CODE = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1])['path']; "
    "from core.adapters.cutout.child import main; main()"
)
# Large blocks come from the system and go back to it; in huge pages that costs a third less time.
_MALLOC = "glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=4194304"
_PASSED = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP")


class Died(Exception):
    """The child ended while it had a task."""


class Child(asyncio.SubprocessProtocol):
    """One process; `gone` once nothing is left of it."""

    def __init__(self) -> None:
        self.alive = False
        self.gone = asyncio.Event()
        self._received = bytearray()
        self._answer: asyncio.Future[tuple[bytes, bytes]] | None = None
        self._transport: asyncio.SubprocessTransport

    async def ask(self, task: Task) -> bytes:
        """The cut-out. Died; or what the child says: BadImage, ToolFailed, Broken.

        Cancelled, it leaves the child busy: close it.
        """
        if not self.alive:
            raise Died
        self._answer = asyncio.get_running_loop().create_future()
        stdin = cast("asyncio.WriteTransport", self._transport.get_pipe_transport(0))
        stdin.write(task_message(task))
        header, body = await self._answer
        return read_picture(json.loads(header), body)

    def close(self) -> None:
        """Kill it, busy or not; `gone` follows."""
        self.alive = False
        self._transport.close()

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.SubprocessTransport", transport)
        self.alive = True

    @override
    def pipe_data_received(self, fd: int, data: bytes) -> None:
        self._received += data
        if len(self._received) < SIZES.size:
            return
        head, body = SIZES.unpack_from(self._received)
        if len(self._received) >= SIZES.size + head + body:
            content = memoryview(self._received)[SIZES.size :]
            answer = bytes(content[:head]), bytes(content[head:])
            self._received = bytearray()
            self._settle(answer)

    @override
    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        self._end()

    @override
    def process_exited(self) -> None:
        _log.info("the cut-out child ended: %s", self._transport.get_returncode())
        self._end()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._end()
        self.gone.set()

    def _end(self) -> None:
        self.alive = False
        self._settle(Died())

    def _settle(self, answer: tuple[bytes, bytes] | Died) -> None:
        waiting, self._answer = self._answer, None
        if waiting is None or waiting.done():
            return
        if isinstance(answer, Died):
            waiting.set_exception(answer)
        else:
            waiting.set_result(answer)


async def start(environment: Mapping[str, str], *, threads: int, memory: int | None) -> Child:
    """A child that waits for its first task, and sees of the environment what is given alone.

    It finds our code and its libraries where this process has found them.
    """
    given = json.dumps({"path": _path(), "threads": threads, "memory": memory})
    _, child = await asyncio.get_running_loop().subprocess_exec(
        Child,
        *(sys.executable, "-P", "-c", _CODE, given),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        env=dict(environment),
    )
    return child


def _path() -> list[str]:
    root = str(Path(core.__file__).parents[1])
    path = [str(Path(place).absolute()) for place in sys.path if place]
    return path if root in path else [root, *path]


def environment(
    given: Mapping[str, str], folder: Path, *, threads: int, fine: bool
) -> dict[str, str]:
    """What a child may see: of `given` only what programs need, never what may be a secret.

    `folder` is its own to write to. numba compiles only where alpha matting asks for it, as that
    takes minutes the first time.
    """
    own = {
        "HOME": str(folder),
        "GLIBC_TUNABLES": _MALLOC,
        "NUMBA_CACHE_DIR": str(folder / "numba"),
        "NUMBA_NUM_THREADS": str(threads),
        "OMP_NUM_THREADS": str(threads),
        "OPENBLAS_NUM_THREADS": str(threads if fine else 1),
        "PYTHONUTF8": "1",
    }
    if not fine:
        own["NUMBA_DISABLE_JIT"] = "1"
    return {name: given[name] for name in _PASSED if name in given} | own
