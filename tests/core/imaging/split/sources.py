"""Single pictures that grids are made of: the shared photos and our own demo paintings."""

import random
from functools import cache
from pathlib import Path

from PIL import Image, ImageEnhance, ImageOps

from core.imaging import demo

PHOTOS = Path(__file__).parents[5] / "shared" / "photos"
NAMES = ("astronaut", "chelsea", "coffee", "lemur", "rocket")
_PAINTINGS = (
    (demo.landscape, "a lake in the mountains at dawn"),
    (demo.subject, "a fox"),
    (demo.landscape, "a city at night in the rain"),
    (demo.subject, "a white cat"),
    (demo.landscape, "a meadow with flowers"),
    (demo.landscape, "a desert under the moon"),
)


@cache
def pictures() -> tuple[Image.Image, ...]:
    """RGB, about 500 pixels a side; paintings alone where the photos are not there."""
    photos = [Image.open(PHOTOS / f"{name}.jpg").convert("RGB") for name in NAMES if have_photos()]
    paintings = [
        draw(prompt, seed=seed, width=560, height=480)
        for seed, (draw, prompt) in enumerate(_PAINTINGS)
    ]
    return (*photos, *paintings)


def have_photos() -> bool:
    return PHOTOS.is_dir()


def distinct(rng: random.Random, count: int, size: tuple[int, int]) -> list[Image.Image]:
    """`count` tiles of `size`, of as many sources as there are, each cropped another way."""
    sources = list(pictures())
    rng.shuffle(sources)
    return [
        _variation(rng, sources[number % len(sources)], size, least=0.6) for number in range(count)
    ]


def variations(rng: random.Random, count: int, size: tuple[int, int]) -> list[Image.Image]:
    """`count` tiles of `size` that are all the same picture, a little different each time."""
    source = rng.choice(pictures())
    return [_variation(rng, source, size, least=0.8) for _ in range(count)]


def _variation(
    rng: random.Random, picture: Image.Image, size: tuple[int, int], *, least: float
) -> Image.Image:
    tile = crop(rng, picture, size, least=least)
    if rng.random() < 0.3:
        tile = ImageOps.mirror(tile)
    for enhance in (ImageEnhance.Brightness, ImageEnhance.Color, ImageEnhance.Contrast):
        tile = enhance(tile).enhance(rng.uniform(0.8, 1.2))
    return tile


def crop(
    rng: random.Random, picture: Image.Image, size: tuple[int, int], *, least: float
) -> Image.Image:
    """A random part of `picture`, at least the share `least` of what fits, scaled to `size`."""
    scale = min(picture.width / size[0], picture.height / size[1]) * rng.uniform(least, 1)
    width, height = size[0] * scale, size[1] * scale
    left, top = rng.uniform(0, picture.width - width), rng.uniform(0, picture.height - height)
    box = (left, top, left + width, top + height)
    return picture.resize(size, Image.Resampling.LANCZOS, box=box)
