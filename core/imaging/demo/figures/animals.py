"""Animals built of rounded parts: a fox that stands in profile, and three that sit facing us."""

from core.imaging.demo.colour import Colour, mix, scaled
from core.imaging.demo.figures.clay import Marking, Part
from core.imaging.demo.figures.outline import Outline, curve, ellipse, mirrored, rounded, tube

_CREAM: Colour = (0.98, 0.94, 0.88)
_INK: Colour = (0.10, 0.08, 0.09)
_SOCK: Colour = (0.20, 0.13, 0.12)


def standing_fox(coat: Colour) -> tuple[Part, ...]:
    """A fox in profile, facing right; feet at y = 1, about 1.75 long."""
    far = mix(scaled(coat, 0.72), _SOCK, 0.1)
    tail = curve(
        "0.4,0.4 0.27,0.38 0.14,0.46 0.03,0.6 -0.08,0.78 -0.13,0.93 -0.02,0.91 "
        "0.11,0.82 0.24,0.69 0.34,0.56 0.41,0.5"
    )
    tip = curve("-0.16,0.96 -0.13,0.8 -0.03,0.74 0.06,0.82 0.04,0.95")
    return (
        _leg(0.505, 0.62, far, lean=0.02),
        _leg(1.045, 0.60, far, lean=0.0),
        Part(outline=tail, colour=coat, puff=0.9, markings=(_patch(tip, _CREAM, 0.016),)),
        _fox_torso(coat),
        _hind_leg(coat),
        _leg(0.965, 0.56, coat, lean=-0.01),
        *_fox_profile_head(coat, far),
    )


def _leg(x: float, top: float, coat: Colour, lean: float) -> Part:
    path = (
        (x - 0.01, top - 0.14),
        (x, top),
        (x + 0.01 + lean, 0.76),
        (x + lean, 0.90),
        (x + 0.02 + lean, 0.975),
    )
    sock = rounded([(x - 0.1, 0.80), (x + 0.12, 0.80), (x + 0.14, 1.02), (x - 0.1, 1.02)])
    return Part(
        outline=tube(path, (0.022, 0.062, 0.040, 0.029, 0.034)),
        colour=coat,
        puff=0.9,
        shadow=0.12,
        markings=(_patch(sock, _SOCK, 0.03),),
    )


def _hind_leg(coat: Colour) -> Part:
    outline = curve(
        "0.36,0.42 0.47,0.44 0.535,0.55 0.5,0.66 0.435,0.73 0.415,0.8 0.425,0.92 "
        "0.465,0.985 0.39,0.995 0.365,0.92 0.352,0.8 0.355,0.7 0.32,0.56"
    )
    sock = curve("0.28,0.83 0.5,0.83 0.52,1.02 0.28,1.02")
    return Part(
        outline=outline, colour=coat, puff=0.9, shadow=0.16, markings=(_patch(sock, _SOCK, 0.03),)
    )


def _fox_torso(coat: Colour) -> Part:
    outline = curve(
        "0.345,0.44 0.44,0.365 0.6,0.37 0.78,0.375 0.9,0.33 1,0.24 1.11,0.27 "
        "1.13,0.4 1.09,0.53 1.02,0.63 0.9,0.645 0.74,0.605 0.58,0.59 0.44,0.63 "
        "0.35,0.56"
    )
    belly = curve("0.6,0.66 0.74,0.575 0.9,0.6 1,0.57 1,0.7 0.7,0.7")
    bib = curve("1.09,0.3 1.03,0.42 1.02,0.54 1.05,0.66 1.2,0.55 1.2,0.32")
    return Part(
        outline=outline,
        colour=coat,
        puff=0.9,
        markings=(_patch(belly, _CREAM, 0.02), _patch(bib, _CREAM, 0.014)),
    )


def _fox_profile_head(coat: Colour, far: Colour) -> tuple[Part, ...]:
    head = curve(
        "1,0.2 1.05,0.125 1.14,0.105 1.22,0.135 1.28,0.18 1.36,0.215 1.415,0.235 "
        "1.41,0.262 1.34,0.285 1.24,0.315 1.15,0.345 1.06,0.335 1,0.28"
    )
    cheek = curve(
        "1.42,0.245 1.33,0.238 1.24,0.235 1.17,0.265 1.08,0.3 1.04,0.38 1.2,0.39 1.42,0.3"
    )
    far_ear = curve("1.12,0.13 1.155,0.04 1.175,-0.015 1.2,0.05 1.2,0.14")
    ear = curve("1.02,0.16 1.035,0.06 1.065,-0.04 1.11,0.04 1.135,0.125 1.08,0.17")
    inner = curve("1.06,0.13 1.065,0.06 1.073,0.015 1.095,0.07 1.1,0.13")
    return (
        Part(outline=far_ear, colour=mix(far, _INK, 0.35), puff=0.5, shadow=0),
        Part(
            outline=head,
            colour=coat,
            puff=0.9,
            shadow=0.22,
            markings=(_patch(cheek, _CREAM, 0.012),),
        ),
        Part(
            outline=ear, colour=coat, puff=0.5, shadow=0.1, markings=(_patch(inner, _SOCK, 0.008),)
        ),
        Part(outline=ellipse(1.412, 0.244, 0.021, 0.017), colour=_INK, gloss=0.5, shadow=0),
        Part(outline=ellipse(1.215, 0.19, 0.017, 0.015), colour=_INK, gloss=0.9, shadow=0.1),
    )


def sitting_fox(coat: Colour) -> tuple[Part, ...]:
    """A fox sitting upright, facing us; about 1 high and 0.8 wide."""
    tail = curve(
        "0.6,0.92 0.74,0.955 0.9,0.9 0.985,0.76 0.985,0.6 0.915,0.46 0.845,0.58 "
        "0.8,0.7 0.72,0.77 0.62,0.8"
    )
    tip = curve("1.02,0.62 0.96,0.4 0.86,0.44 0.82,0.57 0.91,0.6 0.98,0.68")
    head = curve(
        "0.5,0.105 0.6,0.12 0.67,0.19 0.71,0.26 0.765,0.345 0.67,0.385 "
        "0.585,0.435 0.5,0.475 0.415,0.435 0.33,0.385 0.235,0.345 0.29,0.26 "
        "0.33,0.19 0.4,0.12"
    )
    cheek = curve("0.2,0.33 0.33,0.325 0.42,0.335 0.475,0.3 0.5,0.36 0.5,0.5 0.3,0.45")
    ear = curve("0.315,0.235 0.283,0.12 0.285,-0.005 0.37,0.055 0.455,0.135 0.4,0.22")
    inner = curve("0.335,0.19 0.315,0.12 0.312,0.055 0.36,0.09 0.405,0.145")
    return (
        Part(outline=tail, colour=coat, markings=(_patch(tip, _CREAM, 0.014),)),
        *_sitting_body(coat, _CREAM, _SOCK),
        *_pair(ear, coat, (inner, _SOCK)),
        Part(
            outline=head,
            colour=coat,
            puff=0.85,
            shadow=0.5,
            markings=(_patch(cheek, _CREAM, 0.01), _patch(mirrored(cheek), _CREAM, 0.01)),
        ),
        *_eyes(0.082, 0.285, 0.024, 0.029),
        *_muzzle(_CREAM, _INK, 0.392, 0.062),
    )


def sitting_cat(coat: Colour) -> tuple[Part, ...]:
    """A cat sitting upright, facing us, its tail around its side."""
    tail = tube(
        ((0.64, 0.90), (0.80, 0.92), (0.90, 0.83), (0.90, 0.70), (0.85, 0.60), (0.85, 0.50)),
        (0.05, 0.05, 0.048, 0.044, 0.04, 0.032),
    )
    pale = mix(coat, _CREAM, 0.75)
    dark = scaled(coat, 0.62)
    head = curve(
        "0.5,0.125 0.61,0.14 0.69,0.22 0.705,0.32 0.65,0.42 0.5,0.465 0.35,0.42 "
        "0.295,0.32 0.31,0.22 0.39,0.14"
    )
    ear = curve("0.315,0.25 0.3,0.13 0.305,0.03 0.38,0.08 0.46,0.15 0.4,0.23")
    inner = curve("0.335,0.19 0.325,0.12 0.33,0.08 0.37,0.11 0.41,0.155")
    face = curve("0.5,0.3 0.58,0.345 0.6,0.42 0.5,0.49 0.4,0.42 0.42,0.345")
    stripes = [
        _patch(tube(((x, 0.10), (x + (0.5 - x) * 0.3, 0.21)), (0.014, 0.005)), dark, 0.006)
        for x in (0.44, 0.50, 0.56)
    ]
    return (
        Part(
            outline=tail,
            colour=coat,
            markings=(_patch(ellipse(0.85, 0.49, 0.09, 0.07), dark, 0.02),),
        ),
        *_sitting_body(coat, pale, pale),
        *_pair(ear, coat, (inner, (0.93, 0.66, 0.62))),
        Part(
            outline=head,
            colour=coat,
            puff=0.9,
            shadow=0.5,
            markings=(_patch(face, pale, 0.016), *stripes),
        ),
        *_eyes(0.095, 0.285, 0.043, 0.042, iris=(0.62, 0.74, 0.30)),
        *_muzzle(pale, (0.84, 0.46, 0.46), 0.375, 0.05),
    )


def sitting_dog(coat: Colour) -> tuple[Part, ...]:
    """A dog sitting upright, facing us, with hanging ears."""
    tail = tube(
        ((0.64, 0.90), (0.78, 0.88), (0.86, 0.78), (0.88, 0.66)), (0.05, 0.045, 0.036, 0.022)
    )
    pale = mix(coat, _CREAM, 0.8)
    head = curve(
        "0.5,0.07 0.61,0.09 0.675,0.18 0.675,0.3 0.63,0.41 0.5,0.47 0.37,0.41 "
        "0.325,0.3 0.325,0.18 0.39,0.09"
    )
    ear = curve("0.385,0.1 0.3,0.12 0.245,0.24 0.245,0.37 0.3,0.4 0.355,0.3")
    blaze = curve("0.5,0.06 0.535,0.16 0.56,0.29 0.62,0.38 0.5,0.5 0.38,0.38 0.44,0.29 0.465,0.16")
    deep = scaled(coat, 0.66)
    return (
        Part(outline=tail, colour=coat),
        *_sitting_body(coat, pale, pale),
        Part(
            outline=head, colour=coat, puff=0.9, shadow=0.5, markings=(_patch(blaze, pale, 0.014),)
        ),
        Part(outline=ear, colour=deep, puff=0.8),
        Part(outline=mirrored(ear), colour=deep, puff=0.8),
        *_eyes(0.088, 0.245, 0.028, 0.031),
        *_muzzle(pale, _INK, 0.365, 0.085),
    )


def _sitting_body(coat: Colour, chest: Colour, paws: Colour) -> tuple[Part, ...]:
    body = curve(
        "0.5,0.4 0.6,0.46 0.66,0.6 0.7,0.76 0.7,0.9 0.62,0.965 0.5,0.97 "
        "0.38,0.965 0.3,0.9 0.3,0.76 0.34,0.6 0.4,0.46"
    )
    bib = curve("0.5,0.42 0.585,0.5 0.575,0.64 0.5,0.76 0.425,0.64 0.415,0.5")
    haunch = ellipse(0.345, 0.855, 0.088, 0.118, 0.25)
    leg = tube(((0.447, 0.66), (0.450, 0.80), (0.448, 0.945)), (0.058, 0.047, 0.045))
    foot = ellipse(0.345, 0.955, 0.072, 0.036)
    sock = curve("0.38,0.84 0.52,0.84 0.53,1 0.38,1")
    pieces = [Part(outline=body, colour=coat, markings=(_patch(bib, chest, 0.016),))]
    for side in (lambda o: o, mirrored):
        pieces += [
            Part(outline=side(haunch), colour=coat, shadow=0.22),
            Part(outline=side(foot), colour=paws, shadow=0.25),
            Part(
                outline=side(leg),
                colour=coat,
                shadow=0.25,
                markings=(_patch(side(sock), paws, 0.02),),
            ),
        ]
    return tuple(pieces)


def _pair(ear: Outline, coat: Colour, inner: tuple[Outline, Colour]) -> tuple[Part, ...]:
    return tuple(
        Part(
            outline=side(ear),
            colour=coat,
            puff=0.6,
            markings=(_patch(side(inner[0]), inner[1], 0.01),),
        )
        for side in (lambda o: o, mirrored)
    )


def _eyes(
    apart: float, y: float, wide: float, tall: float, iris: Colour | None = None
) -> tuple[Part, ...]:
    """Two dark eyes with a catchlight; with `iris`, coloured ones with upright pupils."""
    parts: list[Part] = []
    for x in (0.5 - apart, 0.5 + apart):
        pupil = (_patch(ellipse(x, y, wide * 0.42, tall * 0.85), _INK, 0.002),) if iris else ()
        parts += [
            Part(
                outline=ellipse(x, y, wide, tall),
                colour=iris or _INK,
                gloss=0.5,
                shadow=0.3,
                markings=pupil,
            ),
            Part(
                outline=ellipse(x - wide * 0.3, y - tall * 0.35, wide * 0.24, tall * 0.24),
                colour=(1.0, 1.0, 1.0),
                glow=1.0,
                shadow=0,
            ),
        ]
    return tuple(parts)


def _muzzle(pale: Colour, nose: Colour, y: float, wide: float) -> tuple[Part, ...]:
    half = wide * 0.42  # of the nose
    return (
        Part(
            outline=ellipse(0.5, y + 0.012, wide, wide * 0.78), colour=pale, puff=0.8, shadow=0.10
        ),
        Part(
            outline=rounded([(0.5 - half, y - 0.03), (0.5 + half, y - 0.03), (0.5, y + 0.012)]),
            colour=nose,
            gloss=0.6,
            shadow=0.15,
        ),
    )


def _patch(outline: Outline, colour: Colour, soft: float) -> Marking:
    return Marking(outline=outline, colour=colour, soft=soft)
