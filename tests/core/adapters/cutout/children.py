"""Real cut-out children, and tasks for them that our tiny model can do."""

import asyncio
import io
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageDraw

from core.adapters.cutout import process
from core.adapters.cutout.process import Child
from core.adapters.cutout.wire import Task
from core.models.attempt import Progress
from core.models.tool import Cutout

TINY = Path(__file__).with_name("tiny_u2net.onnx")
SHARED = Path(__file__).parents[5] / "shared"
TRUE = SHARED / "models" / "u2netp.onnx"
PHOTOS = SHARED / "photos"
ENVIRONMENT = {"PATH": os.defpath}
MIB = 2**20


def disc(size: tuple[int, int] = (96, 96)) -> Image.Image:
    """Red on blue: what differs from the border is the tiny model's subject."""
    picture = Image.new("RGB", size, "navy")
    width, height = size
    box = (width // 4, height // 4, width * 3 // 4, height * 3 // 4)
    ImageDraw.Draw(picture).ellipse(box, fill="red")
    return picture


def saved(picture: Image.Image, format_: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, format_, **options)
    return buffer.getvalue()


def task(
    picture: bytes | None = None,
    cutout: Cutout | None = None,
    model: str = "u2netp",
    weights: Path = TINY,
) -> Task:
    return Task(
        picture=saved(disc()) if picture is None else picture,
        model=model,
        weights=str(weights),
        cutout=cutout or Cutout(),
    )


def pid(child: Child) -> int:
    found = child._transport.get_pid()
    assert found is not None
    return found


def kill_at_work(child: Child) -> None:
    """It cannot answer any more; and dies as soon as its task has been sent."""
    os.kill(pid(child), signal.SIGSTOP)
    asyncio.get_running_loop().call_soon(os.kill, pid(child), signal.SIGKILL)


def is_cut(data: bytes) -> bool:
    """Whether the disc alone is left."""
    with Image.open(io.BytesIO(data)) as picture:
        alpha = picture.getchannel("A")
        middle = alpha.getpixel((picture.width // 2, picture.height // 2))
        return isinstance(middle, int) and middle > 200 and alpha.getpixel((0, 0)) == 0


@dataclass(slots=True)
class Starts:
    """Starts children in `folder` and remembers them; `each` is done to the next ones, in turn.

    `memory` is the limit of the next ones, in turn. Nothing starts before the `gate` is open.
    numba never compiles: that takes minutes.
    """

    folder: Path
    each: list[Callable[[Child], None]] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    children: list[Child] = field(default_factory=list)

    async def __call__(self, *, fine: bool = False) -> Child:
        del fine
        await self.gate.wait()
        environment = process.environment(ENVIRONMENT, self.folder, threads=1, fine=False)
        limit = self.memory.pop(0) if self.memory else None
        child = await process.start(environment, threads=1, memory=limit)
        self.children.append(child)
        if self.each:
            self.each.pop(0)(child)
        return child


class Reports(list[int | None]):
    """The queue positions that were told; `changed` is set each time."""

    def __init__(self) -> None:
        super().__init__()
        self.changed = asyncio.Event()

    async def __call__(self, progress: Progress) -> None:
        self.append(progress.queue_position)
        self.changed.set()
