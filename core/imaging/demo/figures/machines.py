"""Machines built of rounded parts: a robot and a rocket."""

from core.imaging.demo.colour import Colour, mix, scaled
from core.imaging.demo.figures.clay import Marking, Part
from core.imaging.demo.figures.outline import arc, curve, ellipse, mirrored, slab, tube

_INK: Colour = (0.10, 0.10, 0.13)
_STEEL: Colour = (0.80, 0.82, 0.85)
_WHITE: Colour = (0.95, 0.95, 0.94)
_CYAN: Colour = (0.55, 0.95, 1.0)
_ORANGE: Colour = (0.98, 0.55, 0.35)


def robot(paint: Colour) -> tuple[Part, ...]:
    """A small friendly robot."""
    dark = mix(scaled(paint, 0.45), _INK, 0.4)
    arm = tube(((0.29, 0.60), (0.20, 0.66), (0.165, 0.77)), (0.042, 0.038, 0.036))
    leg = tube(((0.41, 0.84), (0.41, 0.93)), (0.05, 0.052))
    parts = [
        Part(outline=tube(((0.5, 0.17), (0.5, 0.06)), (0.012, 0.011)), colour=_STEEL, gloss=0.5),
        Part(outline=ellipse(0.5, 0.05, 0.032, 0.032), colour=_ORANGE, gloss=0.6),
        Part(outline=slab(0.24, 0.26, 0.30, 0.40, 0.028), colour=dark, gloss=0.3),
        Part(outline=slab(0.70, 0.26, 0.76, 0.40, 0.028), colour=dark, gloss=0.3),
    ]
    for side in (lambda o: o, mirrored):
        parts += [
            Part(outline=side(leg), colour=dark, gloss=0.3),
            Part(outline=side(ellipse(0.40, 0.955, 0.082, 0.042)), colour=paint, gloss=0.4),
            Part(outline=side(arm), colour=_STEEL, gloss=0.4),
            Part(outline=side(ellipse(0.165, 0.79, 0.052, 0.05)), colour=paint, gloss=0.4),
        ]
    parts += [
        Part(outline=slab(0.285, 0.52, 0.715, 0.88, 0.13), colour=paint, gloss=0.45),
        *_panel(paint),
        *_face(paint),
    ]
    return tuple(parts)


def _panel(paint: Colour) -> tuple[Part, ...]:
    """The plate with two lamps on its chest."""
    return (
        Part(
            outline=slab(0.40, 0.62, 0.60, 0.78, 0.05),
            colour=mix(paint, (1, 1, 1), 0.7),
            puff=0.5,
            gloss=0.2,
            shadow=0.2,
        ),
        Part(
            outline=ellipse(0.455, 0.70, 0.026, 0.026),
            colour=_ORANGE,
            gloss=0.6,
            shadow=0.2,
        ),
        Part(outline=ellipse(0.545, 0.70, 0.026, 0.026), colour=_CYAN, gloss=0.6, shadow=0.2),
    )


def _face(paint: Colour) -> tuple[Part, ...]:
    """The head with a dark screen that smiles."""
    smile = tube(arc(0.5, 0.345, 0.045, 0.045, 0.06, 0.44), [0.009] * 25)
    return (
        Part(outline=slab(0.27, 0.155, 0.73, 0.50, 0.14), colour=paint, gloss=0.45, shadow=0.5),
        Part(
            outline=slab(0.325, 0.225, 0.675, 0.435, 0.095),
            colour=_INK,
            puff=0.5,
            gloss=0.35,
            shadow=0.25,
        ),
        Part(outline=ellipse(0.43, 0.315, 0.032, 0.040), colour=_CYAN, glow=0.85, shadow=0),
        Part(outline=ellipse(0.57, 0.315, 0.032, 0.040), colour=_CYAN, glow=0.85, shadow=0),
        Part(outline=smile, colour=_CYAN, glow=0.85, shadow=0),
    )


def rocket(paint: Colour) -> tuple[Part, ...]:
    """A rocket in flight, pointing up."""
    hull = curve(
        "0.5,0.01 0.575,0.12 0.635,0.28 0.65,0.46 0.62,0.64 0.58,0.73 0.42,0.73 "
        "0.38,0.64 0.35,0.46 0.365,0.28 0.425,0.12"
    )
    cone = curve("0.3,-0.1 0.7,-0.1 0.7,0.19 0.5,0.225 0.3,0.19")
    stripe = curve("0.3,0.6 0.5,0.635 0.7,0.6 0.7,0.655 0.5,0.69 0.3,0.655")
    fin = curve("0.37,0.5 0.27,0.58 0.21,0.72 0.2,0.83 0.29,0.77 0.4,0.72")
    return (
        *_exhaust(),
        Part(outline=fin, colour=paint, gloss=0.4),
        Part(outline=mirrored(fin), colour=paint, gloss=0.4),
        Part(
            outline=hull,
            colour=_WHITE,
            gloss=0.45,
            markings=(
                Marking(outline=cone, colour=paint, soft=0.002),
                Marking(outline=stripe, colour=paint, soft=0.002),
            ),
        ),
        Part(
            outline=ellipse(0.5, 0.37, 0.085, 0.085),
            colour=(0.62, 0.64, 0.68),
            gloss=0.5,
            shadow=0.2,
        ),
        Part(
            outline=ellipse(0.5, 0.37, 0.062, 0.062),
            colour=(0.25, 0.52, 0.72),
            gloss=0.8,
            shadow=0.3,
        ),
        Part(
            outline=curve("0.49,0.52 0.51,0.52 0.518,0.66 0.51,0.8 0.49,0.8 0.482,0.66"),
            colour=paint,
            gloss=0.4,
        ),
    )


def _exhaust() -> tuple[Part, ...]:
    """The flame, its bright core and the nozzle."""
    flame = curve("0.43,0.76 0.42,0.84 0.46,0.93 0.5,1 0.54,0.93 0.58,0.84 0.57,0.76")
    core = curve("0.455,0.76 0.455,0.83 0.5,0.92 0.545,0.83 0.545,0.76")
    return (
        Part(outline=flame, colour=(1.0, 0.56, 0.16), glow=0.8, shadow=0),
        Part(outline=core, colour=(1.0, 0.90, 0.50), glow=0.9, shadow=0),
        Part(outline=slab(0.42, 0.70, 0.58, 0.78, 0.03), colour=(0.38, 0.39, 0.43), gloss=0.4),
    )
