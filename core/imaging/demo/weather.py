"""What fills the air: fog banks, rain, falling snow."""

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from core.imaging.demo.colour import Colour, blend, bytes_plane, plane, smoothstep
from core.imaging.demo.noise import Floats, fractal, resized


def paint_fog(
    canvas: Floats, air: Floats, line: float, amount: float, rng: np.random.Generator
) -> None:
    """Lay long banks of fog around row `line` (fraction of the height)."""
    _, height, width = canvas.shape
    field = fractal(
        rng, shape=(height // 2 + 1, width // 2 + 1), cell=height * 0.07, octaves=4, stretch=6
    )
    field = np.repeat(np.repeat(field, 2, axis=0), 2, axis=1)[:height, :width]
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    band = np.exp(-(((y - line) / 0.16) ** 2))
    density = np.clip(band * (0.62 + 0.55 * field), 0, 1) * np.float32(amount)
    blend(canvas, air, density)


def paint_rain(canvas: Floats, rng: np.random.Generator) -> None:
    """Slanting streaks of two depths."""
    _, height, width = canvas.shape
    lean = float(rng.uniform(0.10, 0.28)) * (1 if rng.random() < 0.5 else -1)  # noqa: PLR2004
    image = Image.new("L", (width, height))
    draw = ImageDraw.Draw(image)
    thick = max(round(height / 700), 1)
    for _ in range(int(420 * min(width / height, 2.5))):
        x, y = rng.uniform(-0.1, 1.1) * width, rng.uniform(-0.1, 1) * height
        length = height * rng.uniform(0.03, 0.09)
        level = int(rng.uniform(25, 105))
        draw.line((x, y, x + length * lean, y + length), fill=level, width=thick)
    streaks = bytes_plane(image.filter(ImageFilter.GaussianBlur(max(height / 1400, 0.5))))
    canvas += (plane((0.86, 0.90, 0.95)) - canvas) * streaks


def paint_snowfall(canvas: Floats, colour: Colour, rng: np.random.Generator) -> None:
    """Flakes of three depths: many small and sharp, few large and soft."""
    _, height, width = canvas.shape
    air = _flakes(width * 2, height * 2, 300, 0.0013, 200, rng).reduce(2)
    for count, size, soft, level in ((70, 0.0034, 0.0016, 150), (12, 0.0085, 0.0045, 80)):
        half = _flakes(max(width // 2, 1), max(height // 2, 1), count, size, level, rng)
        blurred = half.filter(ImageFilter.GaussianBlur(half.height * soft))
        large = blurred.resize((width, height), Image.Resampling.BICUBIC)
        air = ImageChops.lighter(air, large)
    blend(canvas, plane(colour), bytes_plane(air))


def _flakes(
    width: int, height: int, count: int, size: float, level: int, rng: np.random.Generator
) -> Image.Image:
    """Dots strewn over an L image; `size` is a radius in picture heights."""
    image = Image.new("L", (width, height))
    draw = ImageDraw.Draw(image)
    for _ in range(int(count * min(width / height, 3))):
        x, y = rng.uniform(0, width), rng.uniform(0, height)
        wanted = height * size * rng.uniform(0.6, 1.3)
        radius = max(wanted, 0.8)  # a flake smaller than a pixel is drawn fainter instead
        fill = int(level * min(wanted / radius + 0.1, 1))
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)
    return image


def finish(canvas: Floats, rng: np.random.Generator) -> None:
    """The last touch on any landscape: bloom, a soft vignette, fine grain against banding."""
    _, height, width = canvas.shape
    rows, columns = max(height // 8, 8), max(width // 8, 8)
    x = np.linspace(-1, 1, columns, dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, rows, dtype=np.float32)[:, None]
    vignette = 1 - np.float32(0.16) * smoothstep(0.5, 2.0, x * x + y * y)
    grain = rng.standard_normal((height, width), dtype=np.float32) * np.float32(0.008)
    shade = resized(vignette, height, width)
    for index in range(3):
        layer = canvas[index]
        every = np.clip(layer[::4, ::4] * 255, 0, 255).astype(np.uint8)
        small = Image.fromarray(every).resize((columns, rows), Image.Resampling.BOX)
        soft = bytes_plane(small.filter(ImageFilter.GaussianBlur(rows / 22)))
        bright = resized(smoothstep(0.62, 1.0, soft) * np.float32(0.22), height, width)
        layer += (1 - layer) * bright
        layer *= shade
        layer += grain
