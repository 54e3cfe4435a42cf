"""Ridges of land: mountains, hills and dunes, lit from the side and faded by distance."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.imaging.demo.colour import Colour, blend, plane, smoothstep
from core.imaging.demo.noise import Floats, fractal, on_plane, profile, wrapping_tile

Shape = Literal["peak", "hill", "dune", "ground"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ridge:
    """One layer of land. `crest`, `rise` and `foot` are fractions of the picture height."""

    shape: Shape
    crest: float  # mean height of the skyline
    rise: float  # how far it wanders
    foot: float  # where nearer things certainly cover it
    wave: float  # length of the longest feature, in picture heights
    haze: float  # 0 near .. 1 lost in the air
    colour: Colour
    dark: Colour  # crevices, bare rock
    snow: float = 0.0  # 0 none .. 1 all white
    mist: float = 0.35  # extra haze at the foot


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """How land is lit. `air` is the bare sky, (3, height, width)."""

    sun_x: float
    horizon: float
    light: Colour
    shade: Colour
    air: Floats

    def haze_at(self, row: float) -> Floats:
        """What land whose crest is at `row` (fraction) fades to: sky from there to the horizon."""
        height = self.air.shape[1]
        low = int(np.clip(self.horizon * height, 1, height))
        high = int(np.clip((0.25 * self.horizon + 0.75 * row) * height, 0, low - 1))
        return np.asarray(self.air[:, high:low:4].mean(axis=1, keepdims=True), dtype=np.float32)


def crest_line(ridge: Ridge, height: int, width: int, rng: np.random.Generator) -> Floats:
    """The skyline of the ridge: a row number for each column."""
    x = np.linspace(0, width / height, width, dtype=np.float32) / np.float32(ridge.wave)
    x += np.float32(rng.uniform(0, 9))
    if ridge.shape == "peak":
        line = profile(rng, x, octaves=8, gain=0.5, ridged=True)
        line = np.sign(line) * np.abs(line) ** 1.25 + profile(rng, x * 0.6, octaves=2) * 0.5
    elif ridge.shape == "dune":
        line = profile(rng, x, octaves=2, gain=0.35, ridged=True)
    else:
        line = profile(rng, x, octaves=3, gain=0.35)
    return np.asarray((ridge.crest - ridge.rise * line) * height, dtype=np.float32)


def paint_ridge(
    canvas: Floats, ridge: Ridge, crest: Floats, light: Light, rng: np.random.Generator
) -> None:
    """Paint one ridge below its crest line onto the canvas (3, h, w)."""
    _, height, width = canvas.shape
    top = int(np.clip(crest.min() - 1, 0, height - 1))
    foot = int(np.clip(ridge.foot * height + 1, top + 1, height))
    y = np.arange(top, foot, dtype=np.float32)[:, None]
    below = (y - crest) / np.float32(height)
    alpha = np.clip(y - crest + 0.5, 0, 1).astype(np.float32)
    relief = _relief(ridge, below.shape, height, top, rng)
    lit = _lambert(relief, ridge, height, light, width)
    if ridge.shape in {"peak", "dune"}:
        lit = np.clip(
            lit + _faces(crest, below, light, height) * (1.0 if ridge.shape == "peak" else 2.6),
            0,
            1.05,
        )
    paint = _surface(ridge, relief, below)
    lamps, shade = plane(light.light), plane(light.shade)
    paint = paint * (shade + lamps * lit)
    depth = smoothstep(0, max(ridge.foot - ridge.crest, 0.02) * 1.1, below)
    haze = ridge.haze + (1 - ridge.haze) * ridge.mist * depth
    blend(paint, light.haze_at(ridge.crest), haze)
    blend(canvas[:, top:foot], paint, alpha)


def _relief(
    ridge: Ridge, shape: tuple[int, int], height: int, top: int, rng: np.random.Generator
) -> Floats:
    """Bumps of the surface, about -1..1."""
    if ridge.shape == "peak":
        cell = ridge.wave * height * 0.42
        return fractal(rng, shape=shape, cell=cell, octaves=8, gain=0.5, stretch=0.62, ridged=True)
    if ridge.shape == "ground":
        return _receding(ridge, shape, height, top, rng)
    stretch = 2.6 if ridge.shape == "hill" else 3.4
    return fractal(rng, shape=shape, cell=height * 0.16, octaves=6, gain=0.5, stretch=stretch)


def _receding(
    ridge: Ridge, shape: tuple[int, int], height: int, top: int, rng: np.random.Generator
) -> Floats:
    """Bumps of flat ground seen at a low angle: ever finer towards the crest."""
    rows, width = shape
    tile = wrapping_tile(rng, size=256, falloff=1.9)
    y = (np.arange(rows, dtype=np.float32)[:, None] + top) / height
    far = 1 / np.clip(y - ridge.crest + 0.10, 0.05, 2)
    x = (np.arange(width, dtype=np.float32)[None, :] - width / 2) / height
    return on_plane(tile, x * far * np.float32(0.055), far * np.float32(0.10) + 0 * x)


def _lambert(relief: Floats, ridge: Ridge, height: int, light: Light, width: int) -> Floats:
    """How much sun each point gets, 0..1."""
    scale = {"peak": 0.045, "hill": 0.05, "dune": 0.10, "ground": 0.030}[ridge.shape] * height
    if min(relief.shape) < 2:  # noqa: PLR2004 - a gradient needs two samples
        return np.full(relief.shape, 0.5, dtype=np.float32)
    down, across = np.gradient(relief)
    x = np.linspace(0, 1, width, dtype=np.float32)
    side = np.tanh((x - np.float32(light.sun_x)) * 5)  # land left of the sun faces right
    slope = across * side[None, :] + down * np.float32(0.55)
    strength = {"peak": 1.0, "hill": 0.5, "dune": 0.2, "ground": 0.42}[ridge.shape]
    return np.asarray(
        np.clip(0.52 + slope * np.float32(scale * strength), 0.0, 1.05), dtype=np.float32
    )


def _faces(crest: Floats, below: Floats, light: Light, height: int) -> Floats:
    """The broad lit and shaded faces on either side of each summit, fading downwards."""
    width = crest.size
    kernel = np.hanning(max(height // 24, 3)).astype(np.float32)
    kernel /= kernel.sum()
    pad = kernel.size // 2
    smooth = np.convolve(np.pad(crest, pad, mode="edge"), kernel, "same")[pad : pad + width]
    x = np.linspace(0, 1, width, dtype=np.float32)
    side = np.tanh((np.float32(light.sun_x) - x) * 5)
    slope = -np.tanh(np.gradient(smooth) * 1.6) * side
    # A face leans: its border with the next one wanders sideways as it descends.
    rows = np.arange(below.shape[0], dtype=np.float32)[:, None]
    sway = np.sin(rows / height * 34) * height * 0.012 + rows * 0.10
    at = np.clip(np.arange(width) + sway, 0, width - 1).astype(np.int32)
    return np.asarray(-slope[at] * 0.34 * np.exp(-np.clip(below, 0, 1) * 5), dtype=np.float32)


def _surface(ridge: Ridge, relief: Floats, below: Floats) -> Floats:
    """The colour of the land before light: its own colour, crevices, snow."""
    own, dark = plane(ridge.colour), plane(ridge.dark)
    amount = np.clip(0.5 + relief * 0.5, 0, 1)
    paint = dark + (own - dark) * amount
    if ridge.snow > 0:
        white = plane((0.97, 0.98, 1.0))
        if ridge.shape == "peak":
            reach = np.float32(ridge.rise * 3.2 * ridge.snow)
            cover = smoothstep(-0.12, 0.16, 1 - below / reach - 0.75 + (relief - 0.3) * 0.9)
        else:
            cover = np.full(relief.shape, ridge.snow, dtype=np.float32)
        blend(paint, white, cover)
    return np.asarray(paint, dtype=np.float32)
