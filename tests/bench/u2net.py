"""A network of u2net's shape with random weights, in ONNX: time and memory do not depend on them.

Written byte by byte, as the format is a few nested fields and its library is large.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

_FLOAT, _INT64 = 1, 7  # of a tensor's elements
_AN_INT, _A_TEXT, _INTS = 2, 3, 7  # of an attribute
_SIDE = 320


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plane:
    """What flows between two nodes: its name, how many bands, how many rows and columns."""

    name: str
    bands: int
    side: int


@dataclass(slots=True)
class _Graph:
    rng: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))
    nodes: list[bytes] = field(default_factory=list)
    tensors: list[bytes] = field(default_factory=list)
    count: int = 0

    def node(self, kind: str, inputs: Iterable[str], **attributes: int | str | list[int]) -> str:
        self.count += 1
        name = f"n{self.count}"
        parts = [_bytes(1, text.encode()) for text in inputs]
        parts += [_bytes(2, name.encode()), _bytes(4, kind.encode())]
        parts += [_bytes(5, _attribute(key, value)) for key, value in attributes.items()]
        self.nodes.append(_bytes(1, b"".join(parts)))
        return name

    def tensor(self, values: "np.ndarray[tuple[int, ...], np.dtype[np.generic]]") -> str:
        name = f"t{len(self.tensors)}"
        kind = _FLOAT if values.dtype == np.float32 else _INT64
        dims = b"".join(_number(1, length) for length in values.shape)
        body = dims + _number(2, kind) + _bytes(8, name.encode()) + _bytes(9, values.tobytes())
        self.tensors.append(_bytes(5, body))
        return name

    def conv(self, given: _Plane, bands: int, step: int = 1, side: int = 3) -> _Plane:
        shape = (bands, given.bands, side, side)
        spread = (2 / (given.bands * side * side)) ** 0.5
        weights = self.tensor((self.rng.standard_normal(shape) * spread).astype(np.float32))
        pad = step * (side // 2)
        name = self.node(
            "Conv",
            (given.name, weights, self.tensor(np.zeros(bands, np.float32))),
            pads=[pad] * 4,
            dilations=[step] * 2,
            kernel_shape=[side] * 2,
        )
        return _Plane(name=name, bands=bands, side=given.side)

    def rebnconv(self, given: _Plane, bands: int, step: int = 1) -> _Plane:
        """Convolution and ReLU; the normalisation is folded into the weights, as exports do."""
        made = self.conv(given, bands, step)
        return _Plane(name=self.node("Relu", (made.name,)), bands=bands, side=given.side)

    def halved(self, given: _Plane) -> _Plane:
        name = self.node("MaxPool", (given.name,), kernel_shape=[2, 2], strides=[2, 2])
        return _Plane(name=name, bands=given.bands, side=given.side // 2)

    def scaled(self, given: _Plane, side: int) -> _Plane:
        if side == given.side:
            return given
        sizes = self.tensor(np.array((1, given.bands, side, side), np.int64))
        name = self.node("Resize", (given.name, "", "", sizes), mode="linear")
        return _Plane(name=name, bands=given.bands, side=side)

    def joined(self, one: _Plane, other: _Plane) -> _Plane:
        name = self.node("Concat", (one.name, other.name), axis=1)
        return _Plane(name=name, bands=one.bands + other.bands, side=one.side)

    def rsu(self, given: _Plane, depth: int, middle: int, bands: int) -> _Plane:
        """A U of `depth` levels inside the large U."""
        start = self.rebnconv(given, bands)
        down = [self.rebnconv(start, middle)]
        while len(down) < depth - 1:
            down.append(self.rebnconv(self.halved(down[-1]), middle))
        deep = self.rebnconv(down[-1], middle, step=2)
        return self._up(start, deep, down, [1] * len(down))

    def flat(self, given: _Plane, middle: int, bands: int) -> _Plane:
        """The same without smaller planes: it looks wider instead."""
        start = self.rebnconv(given, bands)
        down = [self.rebnconv(start, middle)]
        for step in (2, 4):
            down.append(self.rebnconv(down[-1], middle, step))
        return self._up(start, self.rebnconv(down[-1], middle, step=8), down, [1, 2, 4])

    def _up(self, start: _Plane, deep: _Plane, down: list[_Plane], steps: list[int]) -> _Plane:
        for level in reversed(range(len(down))):
            across = self.joined(self.scaled(deep, down[level].side), down[level])
            deep = self.rebnconv(across, down[level].bands if level else start.bands, steps[level])
        name = self.node("Add", (deep.name, start.name))
        return _Plane(name=name, bands=start.bands, side=start.side)


def write_u2net(path: Path) -> None:
    """44 million weights, 176 MB."""
    graph = _Graph()
    outputs = _layers(graph, _Plane(name="input.1", bands=3, side=_SIDE))
    body = b"".join(graph.nodes) + _bytes(2, b"u2net") + b"".join(graph.tensors)
    body += _bytes(11, _described("input.1", 3))
    body += b"".join(_bytes(12, _described(name, 1)) for name in outputs)
    opset = _bytes(8, _bytes(1, b"") + _number(2, 13))
    path.write_bytes(_number(1, 7) + opset + _bytes(7, body))


def _layers(graph: _Graph, given: _Plane) -> list[str]:
    down = [graph.rsu(given, 7, 32, 64)]
    for depth, middle, bands in ((6, 32, 128), (5, 64, 256), (4, 128, 512)):
        down.append(graph.rsu(graph.halved(down[-1]), depth, middle, bands))
    down.append(graph.flat(graph.halved(down[-1]), 256, 512))
    up = [graph.flat(graph.halved(down[-1]), 256, 512)]
    across = graph.joined(graph.scaled(up[-1], down[4].side), down[4])
    up.append(graph.flat(across, 256, 512))
    sizes = ((4, 128, 256), (5, 64, 128), (6, 32, 64), (7, 16, 64))
    for other, (depth, middle, bands) in zip(reversed(down[:4]), sizes, strict=True):
        across = graph.joined(graph.scaled(up[-1], other.side), other)
        up.append(graph.rsu(across, depth, middle, bands))
    sides = [graph.scaled(graph.conv(plane, 1), _SIDE) for plane in reversed(up)]
    joined = graph.node("Concat", [plane.name for plane in sides], axis=1)
    all_ = graph.conv(_Plane(name=joined, bands=len(sides), side=_SIDE), 1, side=1)
    return [graph.node("Sigmoid", (plane.name,)) for plane in (all_, *sides)]


def _described(name: str, bands: int) -> bytes:
    dims = b"".join(_bytes(1, _number(1, length)) for length in (1, bands, _SIDE, _SIDE))
    tensor = _number(1, _FLOAT) + _bytes(2, dims)
    return _bytes(1, name.encode()) + _bytes(2, _bytes(1, tensor))


def _attribute(name: str, value: int | str | list[int]) -> bytes:
    if isinstance(value, int):
        body = _number(3, value) + _number(20, _AN_INT)
    elif isinstance(value, str):
        body = _bytes(4, value.encode()) + _number(20, _A_TEXT)
    else:
        body = b"".join(_number(8, part) for part in value) + _number(20, _INTS)
    return _bytes(1, name.encode()) + body


def _number(tag: int, value: int) -> bytes:
    return _varint(tag << 3) + _varint(value)


def _bytes(tag: int, value: bytes) -> bytes:
    return _varint(tag << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    done = bytearray()
    while value > 0x7F:
        done.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*done, value))
