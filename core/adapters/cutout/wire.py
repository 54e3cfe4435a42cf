"""What the bot and its cut-out child say to each other: a header in JSON, then bytes."""

import json
import struct
from dataclasses import asdict, dataclass
from typing import Any

from core.errors import BadImage
from core.models.tool import Cutout, CutoutFormat, ToolFailed, ToolFailureKind

SIZES = struct.Struct("!II")  # bytes of the header, bytes of the body


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One picture to be cut out, with the model whose weights lie at `weights`."""

    picture: bytes
    model: str
    weights: str
    cutout: Cutout


class Broken(Exception):
    """The child met an error that nobody had thought of; its message is the traceback."""


def task_message(task: Task) -> bytes:
    header = {"model": task.model, "weights": task.weights, "cutout": asdict(task.cutout)}
    return message(header, task.picture)


def read_task(header: dict[str, Any], body: bytes) -> Task:
    fields = dict(header["cutout"])
    background = fields.pop("background")
    cutout = Cutout(
        background=None if background is None else tuple(background),
        format=CutoutFormat(fields.pop("format")),
        **fields,
    )
    return Task(picture=body, model=header["model"], weights=header["weights"], cutout=cutout)


def failure_message(error: BadImage | ToolFailed | Broken) -> bytes:
    match error:
        case BadImage():
            return message({"bad_image": error.kind})
        case ToolFailed():
            return message({"failed": error.failure.kind})
        case Broken():
            return message({"broken": str(error)})


def read_picture(header: dict[str, Any], body: bytes) -> bytes:
    """The cut-out; BadImage, ToolFailed or Broken where the child says so."""
    if kind := header.get("bad_image"):
        raise BadImage(kind=kind)
    if kind := header.get("failed"):
        raise ToolFailed(ToolFailureKind(kind))
    if "broken" in header:
        raise Broken(header["broken"])
    return body


def message(header: dict[str, Any], body: bytes = b"") -> bytes:
    text = json.dumps(header).encode()
    return b"".join((SIZES.pack(len(text), len(body)), text, body))
