"""The child process that cuts out: reads tasks from stdin, writes pictures to stdout.

It ends with its stdin. Heavy libraries are imported here and nowhere else, and asyncio is not:
what is resident between two tasks counts.
"""

import ctypes
import json
import os
import signal
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from core.adapters.cutout.budget import confine
from core.adapters.cutout.lean import is_memory
from core.adapters.cutout.wire import SIZES, Broken, failure_message, message, read_task
from core.adapters.cutout.work import Work
from core.errors import BadImage
from core.imaging.formats import make_bombs_errors
from core.models.tool import ToolFailed, ToolFailureKind

_NICE = 10
_FIRST_TO_GO = "500"  # where the kernel has to end somebody for want of memory


def main() -> None:
    """`threads` of one inference and `memory` in bytes come as JSON, the last argument."""
    given = json.loads(sys.argv[-1])
    source, sink = _pipes()
    _stand_back()
    make_bombs_errors()
    work = Work(given["threads"], confine(given["memory"]))
    while sizes := source.read(SIZES.size):
        header, body = map(source.read, SIZES.unpack(sizes))
        answer = _answer(work, header, body)
        del body
        sink.write(answer)
        sink.flush()
        del answer
        _give_back()


def _answer(work: Work, header: bytes, body: bytes) -> bytes:
    try:
        return message({}, work.do(read_task(json.loads(header), body)))
    except (BadImage, ToolFailed) as error:
        if isinstance(error.__cause__, MemoryError):  # not too large: too large for here and now
            return failure_message(ToolFailed(ToolFailureKind.NO_MEMORY))
        return failure_message(error)
    except BaseException as error:  # noqa: BLE001 - rembg leaves by sys.exit when it is unhappy
        if is_memory(error):
            return failure_message(ToolFailed(ToolFailureKind.NO_MEMORY))
        return failure_message(Broken(traceback.format_exc()))


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """What libraries print goes to stderr, not between our messages."""
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return sys.stdin.buffer, sink


def _stand_back() -> None:
    """The bot goes first; Ctrl+C at the terminal is its business, too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(AttributeError, OSError):  # Windows has none of this
        os.nice(_NICE)
        Path("/proc/self/oom_score_adj").write_text(_FIRST_TO_GO, "ascii")


def _give_back() -> None:
    """What was freed goes back to the system; glibc keeps it otherwise, others cannot be asked."""
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
