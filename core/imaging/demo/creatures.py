"""What lives in a landscape: the prompt's figure in the landscape's own light, and birds."""

import numpy as np
from PIL import Image, ImageDraw

from core.imaging.demo.colour import blend, bytes_plane, mix, plane, smoothstep
from core.imaging.demo.figures.animals import standing_fox
from core.imaging.demo.figures.clay import Lamp, Place, paint_figure
from core.imaging.demo.figures.gallery import FIGURES, OUTDOORS, colour_for
from core.imaging.demo.noise import Floats
from core.imaging.demo.terrain import Light
from core.imaging.demo.words import Scene


def paint_creature(
    canvas: Floats, scene: Scene, light: Light, ground: float, rng: np.random.Generator
) -> None:
    """Stand the scene's figure on the near ground, whose crest is at `ground` (fraction)."""
    if scene.figure not in OUTDOORS:
        return
    _, height, width = canvas.shape
    profile = scene.figure == "fox"
    colour = colour_for(scene.figure, scene, rng)
    parts = standing_fox(colour) if profile else FIGURES[scene.figure].build(colour)
    middle, span = (0.64, 1.6) if profile else (0.55, 0.9)
    size = min(float(rng.uniform(0.20, 0.25)) * height, width * 0.55 / span)
    at = float(rng.uniform(0.28, 0.44)) if light.sun_x > 0.5 else float(rng.uniform(0.56, 0.72))  # noqa: PLR2004
    foot = (ground + float(rng.uniform(0.35, 0.5)) * (1 - ground)) * height
    mirror = at > 0.5  # noqa: PLR2004 - it looks into the picture
    place = Place(
        x=at * width - (-1 if mirror else 1) * middle * size,
        y=foot - size,
        size=size,
        mirror=mirror,
    )
    _shadow(canvas, at * width, foot, size * span, light)
    toward = (np.tanh((light.sun_x - at) * 4) * 0.8, -0.55, 0.62)
    lamp = Lamp(
        toward=(float(toward[0]), toward[1], toward[2]),
        light=mix(light.light, (0.95, 0.92, 0.9), 0.15),
        shade=mix(light.shade, (0.5, 0.5, 0.5), 0.12),
        rim=light.light,
    )
    paint_figure(canvas, parts, place, lamp)


def _shadow(canvas: Floats, x: float, foot: float, span: float, light: Light) -> None:
    """A soft shadow that falls away from the sun."""
    _, height, width = canvas.shape
    away = np.float32(-np.tanh((light.sun_x - x / width) * 3) * span * 0.22)
    down = (np.arange(height, dtype=np.float32)[:, None] - foot) / (span * 0.075)
    across = (np.arange(width, dtype=np.float32)[None, :] - x - away) / (span * 0.55)
    pool = 1 - smoothstep(0.0, 1.0, np.sqrt(down * down + across * across))
    tint = np.array((0.52, 0.48, 0.36), dtype=np.float32).reshape(3, 1, 1)
    canvas *= 1 - pool * tint


def paint_birds(canvas: Floats, light: Light, rng: np.random.Generator) -> None:
    """A small flock, far away in the sky."""
    _, height, width = canvas.shape
    image = Image.new("L", (width * 2, height * 2))
    draw = ImageDraw.Draw(image)
    middle_x, middle_y = rng.uniform(0.3, 0.7) * width * 2, rng.uniform(0.18, 0.32) * height * 2
    for _ in range(int(rng.integers(5, 11))):
        x = middle_x + rng.normal(0, 0.13) * height * 2
        y = middle_y + rng.normal(0, 0.05) * height * 2
        span = height * 2 * rng.uniform(0.008, 0.016)
        lift, dip = span * rng.uniform(0.3, 0.6), span * 0.18
        left, right = (x - span, y - lift), (x + span, y - lift * rng.uniform(0.7, 1.1))
        inner = (
            (x + span * 0.45, y - lift * 0.8),
            (x, y + dip),
            (x - span * 0.45, y - lift * 0.8),
        )
        draw.polygon((left, inner[2], (x, y), inner[0], right, inner[1]), fill=235)
    blend(canvas, plane(mix(light.shade, (0.0, 0.0, 0.0), 0.35)), bytes_plane(image.reduce(2)))
