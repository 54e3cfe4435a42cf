"""Demo subjects: one clear figure on a plain background, easy to cut out."""

from typing import Final

import numpy as np
from PIL import Image

from core.imaging.demo import words
from core.imaging.demo.colour import Colour, luminance, mix, plane, rgb, smoothstep, to_image
from core.imaging.demo.figures.clay import Lamp, Place, paint_figure
from core.imaging.demo.figures.gallery import FIGURES, Figure, colour_for
from core.imaging.demo.noise import Floats, generator
from core.imaging.demo.sizes import at_working_size
from core.imaging.demo.words import Scene

_BACKDROPS: Final = tuple(
    map(rgb, ("e9e4da", "dfe6ea", "e8dfe2", "dde6dc", "ece6d4", "d9dce6", "e6ddd2"))
)


def subject(prompt: str, *, seed: int, width: int, height: int) -> Image.Image:
    """An RGB picture of `width` x `height` pixels: one figure, centred, on a plain backdrop.

    The prompt's words choose the figure and its colour, the seed everything else.
    """
    scene = words.read(prompt)

    def paint(columns: int, rows: int) -> Image.Image:
        return to_image(_painted(scene, columns, rows, generator(prompt, seed, "subject")))

    return at_working_size(paint, width, height)


def _painted(scene: Scene, width: int, height: int, rng: np.random.Generator) -> Floats:
    name = scene.figure or str(rng.choice(tuple(FIGURES)))
    figure = FIGURES[name]
    if scene.figure_colour is None and scene.colours and name not in {"fox", "dog"}:
        scene = _own_colour(scene)
    colour = colour_for(name, scene, rng)
    canvas = np.empty((3, height, width), dtype=np.float32)
    canvas[:] = plane(_backdrop(colour, rng))
    size = min(width, height) * float(rng.uniform(0.70, 0.78))
    mirror = bool(rng.random() < 0.5)  # noqa: PLR2004 - half of them face the other way
    sign = -1 if mirror else 1
    place = Place(
        x=width / 2 - sign * figure.centre[0] * size,
        y=height / 2 - figure.centre[1] * size,
        size=size,
        mirror=mirror,
    )
    if figure.stands:
        _floor_shadow(canvas, figure, place)
    paint_figure(canvas, figure.build(colour), place, _studio(rng))
    return canvas


def _own_colour(scene: Scene) -> Scene:
    """Without a landscape to tint, any colour in the prompt is the figure's."""
    return Scene(
        features=scene.features,
        absent=scene.absent,
        colours=(),
        figure=scene.figure,
        figure_colour=scene.colours[0],
    )


def _backdrop(colour: Colour, rng: np.random.Generator) -> Colour:
    """A pale backdrop, or for a pale figure a deep one."""
    pale = _BACKDROPS[int(rng.integers(len(_BACKDROPS)))]
    if luminance(colour) > 0.72:  # noqa: PLR2004 - white on near-white would vanish
        return mix((0.32, 0.38, 0.46), pale, 0.15)
    return pale


def _studio(rng: np.random.Generator) -> Lamp:
    """A warm key light from one upper side and a cool fill."""
    side = float(rng.choice((-1.0, 1.0))) * float(rng.uniform(0.35, 0.75))
    warm = float(rng.uniform(0.0, 0.08))
    return Lamp(
        toward=(side, -float(rng.uniform(0.55, 0.85)), 0.75),
        light=(0.84 + warm * 0.3, 0.82, 0.78 - warm),
        shade=(0.29, 0.30, 0.35 + warm * 0.4),
        rim=(0.82, 0.87, 0.95),
    )


def _floor_shadow(canvas: Floats, figure: Figure, place: Place) -> None:
    """A faint soft pool under the figure, well inside the picture."""
    _, height, width = canvas.shape
    y0 = place.y + place.size * figure.foot
    x0 = place.x + (-1 if place.mirror else 1) * figure.centre[0] * place.size
    y = (np.arange(height, dtype=np.float32)[:, None] - y0) / (place.size * 0.055)
    x = (np.arange(width, dtype=np.float32)[None, :] - x0) / (place.size * 0.42)
    pool = 1 - smoothstep(0.0, 1.0, np.sqrt(x * x + y * y))
    canvas *= 1 - np.float32(0.16) * pool
