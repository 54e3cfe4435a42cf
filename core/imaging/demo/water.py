"""Still and moving water: a mirror of what stands above it, broken by ripples."""

from dataclasses import dataclass

import numpy as np

from core.imaging.demo.colour import Colour, blend, plane, smoothstep
from core.imaging.demo.noise import Floats, on_plane, wrapping_tile


@dataclass(frozen=True, slots=True, kw_only=True)
class Water:
    """A sheet of water from row `line` down (fraction of the height)."""

    line: float
    waves: float  # 0 mirror .. 1 open sea
    deep: Colour
    sun_x: float
    glitter: Colour
    glitter_strength: float


def paint_water(canvas: Floats, water: Water, air: Floats, rng: np.random.Generator) -> None:
    """Replace everything below the waterline of the canvas (3, h, w).

    Moving water mirrors the bare `air` more than the things in it.
    """
    _, height, width = canvas.shape
    line = int(np.clip(water.line * height, 1, height - 1))
    rows = height - line
    down = np.arange(rows, dtype=np.float32)[:, None] / height
    ripple = _ripples(rows, width, height, water, rng)
    amount = (0.004 + 0.035 * water.waves) + (0.02 + 0.20 * water.waves) * down
    source = line - 1 - (down * (0.92 + 0.3 * water.waves) + np.abs(ripple) * amount) * height
    columns = np.arange(width, dtype=np.float32)[None, :] + ripple * amount * height * 0.25
    at_y = np.clip(source, 0, line - 1).astype(np.int32)
    at_x = np.clip(columns, 0, width - 1).astype(np.int32)
    mirror = canvas[:, at_y, at_x]
    blend(mirror, air[:, at_y[:, 0]], np.float32(0.15 + 0.75 * water.waves))
    depth = smoothstep(0.0, 0.5, down)
    own = (0.16 + 0.30 * water.waves) + (0.30 + 0.12 * water.waves) * depth
    own = np.clip(own + ripple * (0.05 + 0.16 * water.waves), 0, 1)
    blend(mirror, plane(water.deep), own)
    mirror += plane(water.glitter) * _glitter(ripple, down, width / height, water)
    shore = np.exp(-down * 90) * np.float32(0.10)  # a pale seam where water meets land
    mirror += (1 - mirror) * shore * plane(water.glitter)
    canvas[:, line:] = mirror


def _ripples(rows: int, width: int, height: int, water: Water, rng: np.random.Generator) -> Floats:
    """Heights of the ripples, about -1..1, finer with distance."""
    tile = wrapping_tile(rng, size=256, falloff=1.25)
    down = np.arange(rows, dtype=np.float32)[:, None] / height
    far = 1 / (down + np.float32(0.035))
    x = (np.arange(width, dtype=np.float32)[None, :] / width - 0.5) * np.float32(width / height)
    size = np.float32(0.055 - 0.02 * water.waves)
    waves = on_plane(tile, x * far * size, far * size * np.float32(3.2) + 0 * x)
    fade = smoothstep(0.0, 0.05, down) * 0.7 + 0.3
    return np.asarray(waves * fade, dtype=np.float32)


def _glitter(ripple: Floats, down: Floats, aspect: float, water: Water) -> Floats:
    """The broken path of light below the sun or moon."""
    width = ripple.shape[1]
    x = (np.linspace(0, 1, width, dtype=np.float32)[None, :] - np.float32(water.sun_x)) * aspect
    spread = 0.035 + down * 0.35
    path = np.exp(-((x / spread) ** 2))
    sparks = smoothstep(0.0, 0.7, ripple) * 0.9 + 0.10
    return np.asarray(path * sparks * np.float32(water.glitter_strength), dtype=np.float32)
