"""The sky: gradient, stars, sun or moon with their glow, clouds, aurora."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from core.imaging.demo.colour import blend, bytes_plane, plane, smoothstep
from core.imaging.demo.mood import Mood
from core.imaging.demo.noise import Floats, fractal, on_plane, profile, resized, wrapping_tile


@dataclass(frozen=True, slots=True, kw_only=True)
class Sky:
    """What hangs over the horizon. Positions and `horizon` are fractions of the picture."""

    horizon: float
    sun_x: float
    sun_y: float
    disc: float  # radius in picture heights; 0 hides it
    moon: bool
    clouds: float  # 0 clear .. 1 covered
    stars: float
    aurora: bool


def paint_sky(canvas: Floats, sky: Sky, mood: Mood, rng: np.random.Generator) -> Floats:
    """Fill the whole canvas (3, h, w) with sky; returns the bare air, without things in it."""
    _, height, width = canvas.shape
    canvas[:] = _gradient(height, sky.horizon, mood)
    core, halo = _glow(height, width, sky)
    blend(canvas, plane(mood.glow), halo * np.float32(0.55 * mood.glow_strength))
    air = canvas.copy()
    blend(canvas, plane(mood.glow), core * np.float32(0.6 * mood.glow_strength))
    if sky.stars > 0:
        _add_stars(canvas, sky, rng)
    if sky.aurora:
        _add_aurora(canvas, sky, rng)
    if sky.disc > 0:
        _add_disc(canvas, sky, mood, rng)
    if sky.clouds > 0:
        _add_clouds(canvas, sky, mood, rng)
    return air


def _gradient(height: int, horizon: float, mood: Mood) -> Floats:
    """Zenith to horizon as (3, height, 1)."""
    down = np.linspace(0, 1, height, dtype=np.float32) / np.float32(horizon)
    stops = (0.0, 0.55, 1.0)
    colours = np.array((mood.zenith, mood.middle, mood.horizon), dtype=np.float32)
    eased = np.clip(down, 0, 1)
    rows = np.stack([np.interp(eased, stops, colours[:, part]) for part in range(3)])
    kernel = np.hanning(max(height // 5, 3))
    pad = kernel.size // 2
    kernel /= kernel.sum()
    smooth = [np.convolve(np.pad(r, pad, mode="edge"), kernel, "same")[pad:-pad] for r in rows]
    return np.stack(smooth).astype(np.float32)[:, :height, None]


def _glow(height: int, width: int, sky: Sky) -> tuple[Floats, Floats]:
    """Light around the sun, 0..1: a tight core and a wide halo, flattened along the horizon."""
    aspect = width / height
    x = (np.linspace(0, 1, width, dtype=np.float32) - np.float32(sky.sun_x)) * np.float32(aspect)
    y = np.linspace(0, 1, height, dtype=np.float32) - np.float32(sky.sun_y)
    squared = (x * x)[None, :] + (y * y)[:, None] * np.float32(1.6)
    core = 1 / (1 + squared * np.float32(420))
    halo = 1 / (1 + squared * np.float32(14))
    return core.astype(np.float32), (halo * halo).astype(np.float32)


def _add_stars(canvas: Floats, sky: Sky, rng: np.random.Generator) -> None:
    """Points of three sizes, and a faint milky band."""
    _, height, width = canvas.shape
    floor = max(int(height * sky.horizon), 2)
    band = fractal(rng, shape=(floor, width), cell=height * 0.3, octaves=5, gain=0.6)
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(0, 1, floor, dtype=np.float32)[:, None]
    lean = np.float32(rng.uniform(-0.7, 0.7))
    path = np.exp(-(((y - 0.35 + x * lean) * 3.2) ** 2))
    milk = np.clip(path * (0.55 + band), 0, 1) * np.float32(0.16 * sky.stars)
    canvas[:, :floor] += plane((0.75, 0.80, 1.0)) * milk
    image = Image.new("L", (width, floor))
    dots = ImageDraw.Draw(image)
    size = max(height / 1000, 0.7)
    for _ in range(int(360 * min(width / height, 3) * sky.stars)):
        at_x, at_y = rng.uniform(0, width), rng.uniform(0, 1) ** 1.25 * floor
        radius = size * (0.30 + rng.exponential(0.26))
        level = int(min(45 + rng.exponential(65), 255))
        dots.ellipse((at_x - radius, at_y - radius, at_x + radius, at_y + radius), fill=level)
    fade = 1 - smoothstep(0.65, 1.0, y)
    canvas[:, :floor] += bytes_plane(image) * fade * np.float32(sky.stars)


def _add_aurora(canvas: Floats, sky: Sky, rng: np.random.Generator) -> None:
    """Two curtains of green light with violet tops."""
    _, height, width = canvas.shape
    floor = max(int(height * sky.horizon), 2)
    x = np.linspace(0, width / height, width, dtype=np.float32)
    y = np.linspace(0, 1, floor, dtype=np.float32)[:, None]
    for share in (1.0, 0.6):
        hem = 0.60 + 0.16 * profile(rng, x * np.float32(1.3), octaves=2) - (1 - share) * 0.25
        wave: Floats = np.asarray(x * 22 + hem * 9, dtype=np.float32)
        rays = 0.55 + 0.45 * profile(rng, wave, octaves=3)
        above = hem[None, :] - y
        curtain = smoothstep(-0.03, 0.03, above) * np.exp(-np.clip(above, 0, 2) * 3.4)
        light = curtain * rays[None, :] * np.float32(1.1 * share)
        top = smoothstep(0.05, 0.5, above)
        hue = plane((0.20, 0.95, 0.62)) * (1 - top) + plane((0.55, 0.30, 0.85)) * top
        canvas[:, :floor] += (1 - canvas[:, :floor]) * hue * light


def _add_disc(canvas: Floats, sky: Sky, mood: Mood, rng: np.random.Generator) -> None:
    """The sun, nearly white, or the moon with its grey seas."""
    _, height, width = canvas.shape
    radius = sky.disc * height
    x0, y0 = sky.sun_x * width, sky.sun_y * height
    top, bottom = (int(np.clip(v, 0, height)) for v in (y0 - radius - 2, y0 + radius + 3))
    left, right = (int(np.clip(v, 0, width)) for v in (x0 - radius - 2, x0 + radius + 3))
    if top >= bottom or left >= right:
        return
    y = np.arange(top, bottom, dtype=np.float32)[:, None] + 0.5 - y0
    x = np.arange(left, right, dtype=np.float32)[None, :] + 0.5 - x0
    alpha = np.clip(radius - np.hypot(x, y) + 0.5, 0, 1).astype(np.float32)
    face = plane((1.0, 0.97, 0.88)) * 0.75 + plane(mood.glow) * 0.25
    if sky.moon:
        seas = fractal(rng, shape=alpha.shape, cell=radius * 0.8, octaves=4)
        face = plane((0.96, 0.96, 0.90)) * (1 - 0.28 * smoothstep(0.0, 0.35, seas))
    blend(canvas[:, top:bottom, left:right], face, alpha)


def _add_clouds(canvas: Floats, sky: Sky, mood: Mood, rng: np.random.Generator) -> None:
    """Clouds on a receding plane, bright on the side of the sun, thin towards the horizon."""
    _, height, width = canvas.shape
    floor = max(int(height * sky.horizon), 8)
    rows, columns = floor // 2 + 1, width // 2 + 1  # clouds are soft: half the detail will do
    tile = wrapping_tile(rng, size=512 if height > 300 else 256, falloff=1.52)  # noqa: PLR2004
    y = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    x = np.linspace(-0.5, 0.5, columns, dtype=np.float32)[None, :] * np.float32(width / height)
    far = 1 / (1.12 - y)
    across, away = x * far * np.float32(0.20), far * np.float32(0.26) + 0 * x
    density = on_plane(tile, across, away)
    toward = np.float32(0.010 if sky.sun_x > 0.5 else -0.010)  # noqa: PLR2004 - the middle
    behind = on_plane(tile, across + toward * far, away + np.float32(0.006) * far)
    cover = 0.34 - 0.95 * sky.clouds
    alpha = smoothstep(cover, cover + 0.62, density)
    lit = np.clip(0.72 + (density - behind) * 1.5 - np.clip(density - cover, 0, 1) * 0.42, 0, 1)
    alpha *= (1 - 0.9 * smoothstep(0.72, 1.0, y)) * np.float32(0.9)
    shade, bright = plane(mood.cloud_shade), plane(mood.cloud_lit)
    full, glow = resized(alpha, floor, width), resized(lit, floor, width)
    blend(canvas[:, :floor], shade + (bright - shade) * glow, np.clip(full, 0, 1))
