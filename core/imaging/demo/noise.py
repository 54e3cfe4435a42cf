"""Seeded randomness and smooth random fields, the raw material of every texture."""

import hashlib
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Floats: TypeAlias = NDArray[np.float32]
# What arithmetic on floats is known to give; in fact it stays float32 throughout.
Field: TypeAlias = NDArray[np.floating[Any]] | np.floating[Any]

_SAMPLES_PER_CELL: Final = 4


def generator(prompt: str, seed: int, purpose: str) -> np.random.Generator:
    """A random generator that depends on nothing but its three arguments."""
    text = f"{purpose}\0{seed}\0{prompt}".encode("utf-8", "surrogatepass")
    return np.random.default_rng(int.from_bytes(hashlib.sha256(text).digest()))


def resized(field: Field, height: int, width: int) -> Floats:
    """A 2-D field resampled smoothly to `height` x `width`."""
    image = Image.fromarray(np.ascontiguousarray(field))
    return np.asarray(image.resize((width, height), Image.Resampling.BICUBIC), dtype=np.float32)


def fractal(  # noqa: PLR0913 - the numbers that define a noise; all after the first are named
    rng: np.random.Generator,
    *,
    shape: tuple[int, int],
    cell: float,
    octaves: int,
    gain: float = 0.5,
    stretch: float = 1.0,
    ridged: bool = False,
) -> Floats:
    """Fractal noise of `shape` (rows, columns), about -1..1 (ridged: about 0..1).

    `cell` is the largest feature in pixels, `stretch` its width over its height. Octaves are
    summed from coarse to fine, each at its own low resolution, which is why this is cheap.
    """
    height, width = shape
    total: Floats | None = None
    amplitude, weight = 1.0, 0.0
    for _ in range(octaves):
        across, down = width / (cell * stretch), height / cell
        rows = min(height, int(down * _SAMPLES_PER_CELL) + 2)
        columns = min(width, int(across * _SAMPLES_PER_CELL) + 2)
        layer = _lattice(rng, down, across, rows, columns)
        if ridged:
            layer = 1 - 2 * np.abs(layer)
        layer *= np.float32(amplitude)
        total = layer if total is None else resized(total, rows, columns) + layer
        weight += amplitude
        amplitude *= gain
        cell /= 2
        if cell < 2:  # noqa: PLR2004 - finer than two pixels is only grain
            break
    if total is None:
        return np.zeros(shape, dtype=np.float32)
    return resized(total, height, width) / np.float32(weight)


def _lattice(
    rng: np.random.Generator, down: float, across: float, rows: int, columns: int
) -> Floats:
    """One octave: random values at lattice points, interpolated to rows x columns."""
    points = rng.random((int(down) + 3, int(across) + 3), dtype=np.float32) * 2 - 1
    image = Image.fromarray(points).resize(
        (columns, rows), Image.Resampling.BICUBIC, box=(0.5, 0.5, across + 1.5, down + 1.5)
    )
    return np.array(image, dtype=np.float32)


def profile(
    rng: np.random.Generator,
    positions: Floats,
    *,
    octaves: int,
    gain: float = 0.5,
    ridged: bool = False,
) -> Floats:
    """1-D fractal noise at `positions` (one unit is the largest feature), about -1..1."""
    total = np.zeros_like(positions)
    amplitude, weight = 1.0, 0.0
    scaled = positions - positions.min()
    for _ in range(octaves):
        at = scaled + np.float32(rng.random())
        left = at.astype(np.int32)
        part = at - left
        values = rng.random(int(left.max()) + 2, dtype=np.float32) * 2 - 1
        blend = part * part * (3 - 2 * part)
        layer = values[left] * (1 - blend) + values[left + 1] * blend
        total += np.float32(amplitude) * (1 - 2 * np.abs(layer) if ridged else layer)
        weight += amplitude
        amplitude *= gain
        scaled = scaled * np.float32(2.03)
    return total / np.float32(weight)


def on_plane(tile: Floats, across: Field, away: Field) -> Floats:
    """Sample a square wrapping `tile` at plane coordinates (one unit is the whole tile)."""
    size = tile.shape[0]
    x, y = across * size, away * size
    left, top = np.floor(x), np.floor(y)
    fx, fy = x - left, y - top
    x0, y0 = left.astype(np.int32) % size, top.astype(np.int32) % size
    x1, y1 = (x0 + 1) % size, (y0 + 1) % size
    upper = tile[y0, x0] * (1 - fx) + tile[y0, x1] * fx
    lower = tile[y1, x0] * (1 - fx) + tile[y1, x1] * fx
    return np.asarray(upper * (1 - fy) + lower * fy, dtype=np.float32)


def wrapping_tile(rng: np.random.Generator, *, size: int, falloff: float) -> Floats:
    """A square noise that wraps at its edges, about -1..1; a higher `falloff` is smoother."""
    white = rng.standard_normal((size, size), dtype=np.float32)
    frequency = np.hypot(np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size)[None, :]) * size
    shaped = np.fft.rfft2(white) / np.maximum(frequency, 1) ** falloff
    shaped[0, 0] = 0
    field = np.fft.irfft2(shaped, s=(size, size))
    return np.asarray(field / (2.5 * field.std()), dtype=np.float32)
