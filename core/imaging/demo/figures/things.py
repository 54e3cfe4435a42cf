"""Things built of rounded parts: mug, apple, flower, planet."""

import math

from core.imaging.demo.colour import Colour, mix, scaled
from core.imaging.demo.figures.clay import Marking, Part
from core.imaging.demo.figures.outline import arc, curve, ellipse, tube

_LEAF: Colour = (0.36, 0.58, 0.26)


def mug(glaze: Colour) -> tuple[Part, ...]:
    """A glazed mug of coffee."""
    handle = arc(0.70, 0.56, 0.19, 0.20, -0.27, 0.27)
    body = curve(
        "0.22,0.24 0.22,0.5 0.235,0.78 0.28,0.89 0.45,0.925 0.61,0.89 0.655,0.78 "
        "0.67,0.5 0.67,0.24 0.45,0.31"
    )
    band = curve("0.15,0.66 0.45,0.73 0.75,0.66 0.75,1 0.45,1.05 0.15,1")
    pale = mix(glaze, (0.97, 0.94, 0.88), 0.82)
    return (
        Part(outline=tube(handle, [0.045] * len(handle)), colour=glaze, gloss=0.5),
        Part(
            outline=body,
            colour=glaze,
            gloss=0.55,
            markings=(Marking(outline=band, colour=pale, soft=0.004),),
        ),
        Part(
            outline=ellipse(0.445, 0.25, 0.226, 0.078),
            colour=mix(glaze, (1, 1, 1), 0.35),
            puff=0.25,
            gloss=0.3,
            shadow=0.1,
        ),
        Part(
            outline=ellipse(0.445, 0.257, 0.198, 0.062),
            colour=scaled(glaze, 0.42),
            puff=0.1,
            gloss=0,
            shadow=0,
        ),
        Part(
            outline=ellipse(0.445, 0.275, 0.178, 0.043),
            colour=(0.27, 0.15, 0.09),
            puff=0.12,
            gloss=0.25,
            shadow=0,
        ),
    )


def apple(skin: Colour) -> tuple[Part, ...]:
    """An apple with its stalk and a leaf."""
    body = curve(
        "0.5,0.245 0.61,0.195 0.77,0.22 0.87,0.36 0.87,0.56 0.79,0.78 0.66,0.925 "
        "0.56,0.935 0.5,0.915 0.44,0.935 0.34,0.925 0.21,0.78 0.13,0.56 0.13,0.36 "
        "0.23,0.22 0.39,0.195"
    )
    blush = mix(skin, (0.98, 0.83, 0.35), 0.55)
    stalk = tube(
        ((0.50, 0.28), (0.505, 0.19), (0.53, 0.09), (0.56, 0.05)), (0.012, 0.013, 0.016, 0.022)
    )
    leaf = curve("0.53,0.16 0.6,0.07 0.72,0.04 0.82,0.07 0.76,0.15 0.65,0.19")
    vein = tube(((0.54, 0.155), (0.66, 0.11), (0.78, 0.08)), (0.004, 0.004, 0.002))
    dimple = ellipse(0.50, 0.255, 0.135, 0.042)
    return (
        Part(
            outline=body,
            colour=skin,
            gloss=0.6,
            markings=(
                Marking(outline=ellipse(0.68, 0.50, 0.12, 0.26, 0.2), colour=blush, soft=0.07),
                Marking(outline=dimple, colour=scaled(skin, 0.34), soft=0.03),
            ),
        ),
        Part(outline=stalk, colour=(0.36, 0.24, 0.15), shadow=0.3),
        Part(
            outline=leaf,
            colour=_LEAF,
            puff=0.7,
            gloss=0.2,
            shadow=0.25,
            markings=(
                Marking(outline=vein, colour=mix(_LEAF, (0.9, 0.95, 0.6), 0.5), soft=0.002),
            ),
        ),
    )


def flower(petals: Colour) -> tuple[Part, ...]:
    """One daisy-like flower on its stem."""
    x, y = 0.5, 0.33
    parts = [
        Part(
            outline=tube(
                ((0.50, 0.36), (0.515, 0.58), (0.49, 0.80), (0.505, 0.985)),
                (0.016, 0.018, 0.02, 0.023),
            ),
            colour=scaled(_LEAF, 0.9),
            shadow=0,
        ),
        Part(
            outline=curve("0.5,0.86 0.57,0.7 0.72,0.6 0.82,0.61 0.75,0.74 0.62,0.84"),
            colour=_LEAF,
            puff=0.7,
        ),
        Part(
            outline=curve("0.495,0.93 0.43,0.79 0.3,0.71 0.19,0.73 0.27,0.84 0.38,0.91"),
            colour=scaled(_LEAF, 0.92),
            puff=0.7,
        ),
    ]
    parts += _petals(petals, x, y)
    # A yellow flower gets a brown heart, any other a yellow one.
    yellow = petals[0] > 0.6 and petals[1] > 0.5 and petals[2] < 0.35  # noqa: PLR2004
    heart = (0.42, 0.26, 0.14) if yellow else (0.94, 0.70, 0.20)
    parts.append(Part(outline=ellipse(x, y, 0.092, 0.088), colour=heart, gloss=0.05, shadow=0.45))
    return tuple(parts)


def _petals(petals: Colour, x: float, y: float) -> list[Part]:
    """Two rings of petals around the heart at (x, y)."""
    parts = []
    for ring, count, reach, wide in ((0, 11, 0.205, 0.062), (1, 11, 0.15, 0.05)):
        colour = mix(petals, (1, 1, 1), 0.16 * ring)
        for step in range(count):
            angle = (step + 0.5 * ring) / count * math.tau
            at = (x + math.cos(angle) * reach, y + math.sin(angle) * reach)
            root = ellipse(x, y, 0.14, 0.14)
            parts.append(
                Part(
                    outline=ellipse(*at, reach * 0.62, wide, angle),
                    colour=colour,
                    puff=0.55,
                    shadow=0.28,
                    markings=(Marking(outline=root, colour=scaled(petals, 0.66), soft=0.045),),
                )
            )
    return parts


def planet(surface: Colour) -> tuple[Part, ...]:
    """A banded planet with a ring."""
    x, y, tilt = 0.5, 0.5, -0.32
    bands = []
    for at, thick, tone in (
        (-0.21, 0.05, 0.78),
        (-0.10, 0.035, 1.2),
        (0.0, 0.06, 0.84),
        (0.11, 0.03, 1.22),
        (0.20, 0.06, 0.74),
    ):
        path = [
            (x + t * 0.4, y + at + 0.05 * (1 - t * t) + t * 0.4 * tilt)
            for t in (-1, -0.5, 0, 0.5, 1)
        ]
        colour = mix(scaled(surface, min(tone, 1.0)), (1.0, 0.97, 0.90), max(tone - 1, 0) * 1.8)
        bands.append(Marking(outline=tube(path, [thick] * 5), colour=colour, soft=0.012))
    ring = mix(surface, (0.97, 0.90, 0.76), 0.6)
    return (
        Part(outline=_half_ring(x, y, tilt, 0.5), colour=scaled(ring, 0.9), puff=0.15, shadow=0),
        Part(
            outline=ellipse(x, y, 0.315, 0.315), colour=surface, gloss=0.12, markings=tuple(bands)
        ),
        Part(outline=_half_ring(x, y, tilt, 0.0), colour=ring, puff=0.15, shadow=0.5),
    )


def _half_ring(x: float, y: float, tilt: float, start: float) -> tuple[tuple[float, float], ...]:
    """The far (start 0.5) or near (start 0) half of a tilted ring."""
    outer = arc(0, 0, 0.53, 0.145, start, start + 0.5)
    inner = arc(0, 0, 0.40, 0.100, start + 0.5, start)
    cos, sin = math.cos(tilt), math.sin(tilt)
    return tuple((x + a * cos - b * sin, y + a * sin + b * cos) for a, b in (*outer, *inner))
