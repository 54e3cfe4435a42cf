"""The nearest ground cover: blades of grass and flowers."""

import math
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from core.imaging.demo.colour import Colour, blend, bytes_plane, mix, plane, scaled, times
from core.imaging.demo.noise import Floats
from core.imaging.demo.terrain import Light


def paint_grass(
    canvas: Floats, colour: Colour, light: Light, tall: float, rng: np.random.Generator
) -> None:
    """Blades along the lower edge; `tall` in picture heights."""
    _, height, width = canvas.shape
    top = int(height * (1 - tall * 1.6))
    rows = height - top
    for share, count in ((0.0, 260), (0.35, 190)):
        image = Image.new("L", (width * 2, rows * 2))
        draw = ImageDraw.Draw(image)
        for _ in range(int(count * min(width / height, 3))):
            draw.polygon(_blade(width * 2, rows * 2, share, rng), fill=255)
        mask = bytes_plane(image.reduce(2))
        y = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
        dark = plane(times(scaled(colour, 0.95 - share), light.shade))
        tip = plane(times(scaled(colour, 1.1 - share * 0.9), mix(light.light, light.shade, 0.35)))
        blend(canvas[:, top:], tip + (dark - tip) * np.sqrt(y), mask)


def _blade(
    width: int, rows: int, share: float, rng: np.random.Generator
) -> list[tuple[float, float]]:
    # Blades gather in tufts: the sum of two slow waves says how well they grow here.
    x = rng.uniform(0, width)
    growth = 0.62 + 0.22 * math.sin(x / rows * 1.9) + 0.16 * math.sin(x / rows * 4.3 + 1)
    length = rows * rng.uniform(0.35, 0.95) * (1 - share * 0.7) * growth
    lean, thick = rng.normal(0, 0.30) * length, max(rows * 0.009, 1.0)
    middle = (x + lean * 0.35, rows - length * 0.6)
    tip = (x + lean, rows - length)
    return [
        (x - thick, rows),
        (middle[0] - thick * 0.7, middle[1]),
        tip,
        (middle[0] + thick * 0.7, middle[1]),
        (x + thick, rows),
    ]


def paint_flowers(
    canvas: Floats,
    colours: Sequence[Colour],
    light: Light,
    start: float,
    rng: np.random.Generator,
) -> None:
    """Blossoms strewn over the ground from row `start` (fraction) down, larger when nearer."""
    _, height, width = canvas.shape
    top = int(height * start)
    rows = max(height - top, 2)
    picture, mask = Image.new("RGB", (width * 2, rows * 2)), Image.new("L", (width * 2, rows * 2))
    dots, shape = ImageDraw.Draw(picture), ImageDraw.Draw(mask)
    near = np.sort(rng.random(int(1100 * min(width / height, 3))) ** 0.8)
    lamp = mix(light.shade, light.light, 0.75)
    for depth in near.tolist():
        x, y = rng.uniform(0, width * 2), depth**1.6 * rows * 2
        size = max(height * 2 * (0.0012 + 0.0078 * depth**2.2), 1.0) * rng.uniform(0.6, 1.25)
        petal = times(
            colours[int(rng.integers(len(colours)))], scaled(lamp, rng.uniform(0.75, 1.15))
        )
        fill = tuple(int(min(max(part, 0), 1) * 255) for part in petal)
        box = (x - size, y - size * 0.75, x + size, y + size * 0.75)
        dots.ellipse(box, fill=fill)
        shape.ellipse(box, fill=255)
        heart = size * 0.3
        dots.ellipse((x - heart, y - heart, x + heart, y + heart * 0.6), fill=(235, 190, 70))
    alpha = bytes_plane(mask.reduce(2))
    pixels = np.asarray(picture.reduce(2), dtype=np.float32).transpose(2, 0, 1) / 255
    blend(canvas[:, top:], pixels / np.maximum(alpha, 0.05), alpha)
