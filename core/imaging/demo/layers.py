"""The belts of land of each setting, from the far range to the ground at our feet."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from core.imaging.demo.colour import Colour, mix, named
from core.imaging.demo.terrain import Ridge, Shape
from core.imaging.demo.trees import Stand
from core.imaging.demo.words import Scene

_ROCK: Final[Colour] = (0.56, 0.53, 0.53)
_CREVICE: Final[Colour] = (0.28, 0.27, 0.31)
_NEEDLES: Final[Colour] = (0.20, 0.30, 0.25)
_GREEN_CROWNS: Final = ((0.36, 0.48, 0.22), (0.28, 0.42, 0.22), (0.44, 0.52, 0.24))
_AUTUMN_CROWNS: Final = (
    (0.86, 0.42, 0.14),
    (0.92, 0.62, 0.18),
    (0.74, 0.24, 0.13),
    (0.62, 0.44, 0.20),
)
_BLOSSOM_CROWNS: Final = ((0.96, 0.72, 0.78), (0.98, 0.84, 0.87), (0.90, 0.60, 0.70))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The look of open land: its colour, its hollows, how white it is, whether snow falls."""

    near: Colour
    dark: Colour
    snow: float = 0.0
    falling: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Belt:
    """A ridge and the trees upon it."""

    ridge: Ridge
    stand: Stand | None = None


def back_belts(
    scene: Scene, setting: str, ground: Ground, line: float, rng: np.random.Generator
) -> tuple[Belt, ...]:
    """What rises behind `line` (the shore or horizon), farthest first."""
    if setting == "desert":
        return _dunes(ground, line, rng)
    belts: list[Belt] = []
    hilly = setting in {"meadow", "city", "sea"} or not scene.allows("mountain")
    if scene.has("mountain") or not hilly:
        belts += _range(scene, setting, ground, line, rng)
    elif setting != "sea":
        belts += [
            _hill(ground, line - 0.10, 0.05, 0.72, rng),
            _hill(ground, line - 0.06, 0.04, 0.5, rng),
        ]
    if setting == "sea" and rng.random() < 0.6:  # noqa: PLR2004 - most coasts show a headland
        belts.append(_headland(ground, line, rng))
    if setting not in {"sea", "city"} or scene.has("forest"):
        belts += _shore_woods(scene, setting, ground, line, rng)
    return tuple(belts)


def _range(
    scene: Scene, setting: str, ground: Ground, line: float, rng: np.random.Generator
) -> list[Belt]:
    """Two or three mountain ranges, the farther the paler."""
    high = float(rng.uniform(0.13, 0.2)) * (1.25 if scene.has("mountain") else 1.0)
    high *= 0.6 if setting in {"forest", "city"} else 1.0
    capped = scene.allows("snow") and (ground.snow > 0 or rng.random() < 0.6)  # noqa: PLR2004
    white = (1.0 if ground.snow else float(rng.uniform(0.35, 0.8))) if capped else 0.0
    belts = []
    for haze, lift in ((0.70, 1.12), (0.48, 0.72), (0.28, 0.30)):
        belts.append(
            Belt(
                ridge=Ridge(
                    shape="peak",
                    crest=line - 0.03 - high * lift,
                    rise=high * (0.55 + 0.55 * lift),
                    foot=line + 0.03,
                    wave=float(rng.uniform(0.42, 0.7)) * (0.6 + 0.5 * lift),
                    haze=haze,
                    colour=mix(_ROCK, ground.near, 0.25 if lift > 0.5 else 0.5),  # noqa: PLR2004
                    dark=mix(_CREVICE, ground.dark, 0.25),
                    snow=white * (1.0 if lift > 0.5 or ground.snow else 0.4),  # noqa: PLR2004
                    mist=0.6,
                )
            )
        )
    return belts if setting in {"mountain", "lake"} else belts[:2]


def _hill(
    ground: Ground, crest: float, rise: float, haze: float, rng: np.random.Generator
) -> Belt:
    shape: Shape = "hill"
    ridge = Ridge(
        shape=shape,
        crest=crest,
        rise=rise,
        foot=crest + rise + 0.16,
        wave=float(rng.uniform(0.5, 0.9)),
        haze=haze,
        colour=mix(ground.near, (0.30, 0.38, 0.30), 0.25 if not ground.snow else 0.0),
        dark=ground.dark,
        snow=ground.snow,
    )
    return Belt(ridge=ridge)


def _headland(ground: Ground, line: float, rng: np.random.Generator) -> Belt:
    ridge = Ridge(
        shape="peak",
        crest=line + 0.015,
        rise=float(rng.uniform(0.06, 0.12)),
        foot=line + 0.01,
        wave=float(rng.uniform(0.5, 0.9)),
        haze=0.42,
        colour=mix(_ROCK, ground.near, 0.4),
        dark=_CREVICE,
        snow=ground.snow,
        mist=0.4,
    )
    return Belt(ridge=ridge)


def _shore_woods(
    scene: Scene, setting: str, ground: Ground, line: float, rng: np.random.Generator
) -> list[Belt]:
    """Wooded hills standing at the line, each nearer, taller and darker."""
    rows = 3 if setting == "forest" else 2
    wooded = scene.allows("forest")
    belts = []
    for row in range(rows):
        near = (row + 1) / rows
        hill = _hill(ground, line - 0.055 * (1 - near) - 0.012, 0.022, 0.5 - 0.32 * near, rng)
        stand = _stand(scene, ground, 0.045 + 0.055 * near, 0.52 - 0.36 * near, rng)
        thick = 1.0 if setting in {"forest", "lake"} else 0.55
        belts.append(Belt(ridge=hill.ridge, stand=_thinned(stand, thick) if wooded else None))
    return belts


def _stand(
    scene: Scene, ground: Ground, tall: float, haze: float, rng: np.random.Generator
) -> Stand:
    """Trees of the season."""
    broad = not ground.snow and (scene.has("autumn", "spring") or rng.random() < 0.25)  # noqa: PLR2004
    if not broad:
        return Stand(
            kind="conifer",
            tall=tall,
            spread=tall * 0.25,
            density=0.9,
            haze=haze,
            leaves=(mix(_NEEDLES, ground.near, 0.12),),
            snow=ground.snow,
        )
    leaves: tuple[Colour, ...] = _GREEN_CROWNS
    if scene.has("autumn"):
        leaves = _AUTUMN_CROWNS
    elif scene.has("spring") and rng.random() < 0.6:  # noqa: PLR2004 - an orchard in bloom
        leaves = _BLOSSOM_CROWNS
    if scene.colours and scene.has("forest"):
        leaves = tuple(mix(leaf, named(scene.colours[0]), 0.45) for leaf in leaves)
    return Stand(
        kind="broadleaf",
        tall=tall,
        spread=tall * 0.3,
        density=0.75,
        haze=haze * 0.8,
        leaves=leaves,
    )


def _thinned(stand: Stand, share: float) -> Stand:
    return replace(stand, density=stand.density * share)


def _dunes(ground: Ground, line: float, rng: np.random.Generator) -> tuple[Belt, ...]:
    belts = []
    for crest, rise, haze in ((-0.06, 0.05, 0.62), (0.0, 0.06, 0.38), (0.09, 0.08, 0.18)):
        belts.append(
            Belt(
                ridge=Ridge(
                    shape="dune",
                    crest=line + crest,
                    rise=rise,
                    foot=line + crest + 0.26,
                    wave=float(rng.uniform(0.7, 1.1)),
                    haze=haze,
                    colour=ground.near,
                    dark=ground.dark,
                    snow=ground.snow,
                    mist=0.25,
                )
            )
        )
    return tuple(belts)


def front_belts(
    scene: Scene, setting: str, ground: Ground, line: float, rng: np.random.Generator
) -> tuple[Belt, ...]:
    """The ground before the line, nearest last."""
    crest = {"sea": 0.93, "city": 1.2, "lake": 0.90, "desert": line + 0.22}.get(setting, 0.70)
    if scene.has("beach"):
        crest = 0.84
    if scene.figure or (setting == "city" and scene.has("snow")):
        crest = min(crest, 0.80)
    crest += float(rng.uniform(-0.02, 0.02))
    belts = []
    if setting in {"forest", "mountain", "meadow"}:
        middle = _hill(ground, (line + crest) / 2, 0.025, 0.16, rng)
        stand = _stand(scene, ground, 0.15, 0.12, rng) if setting != "meadow" else None
        gap = float(rng.uniform(0.35, 0.65))
        if stand and scene.allows("forest"):
            share = 0.8 if setting == "forest" else 0.35
            stand = _cleared(_thinned(stand, share), gap)
        belts.append(Belt(ridge=middle.ridge, stand=stand))
    belts.append(
        Belt(ridge=_near(ground, crest, rng), stand=_framing(scene, setting, ground, rng))
    )
    return tuple(belts)


def _near(ground: Ground, crest: float, rng: np.random.Generator) -> Ridge:
    return Ridge(
        shape="ground",
        crest=crest,
        rise=0.022,
        foot=1.0,
        wave=float(rng.uniform(0.7, 1.3)),
        haze=0.03,
        colour=ground.near,
        dark=ground.dark,
        snow=ground.snow,
        mist=0.0,
    )


def _framing(scene: Scene, setting: str, ground: Ground, rng: np.random.Generator) -> Stand | None:
    """A few tall trees at the sides that frame a wooded view."""
    if setting != "forest" or not scene.allows("forest"):
        return None
    stand = _stand(scene, ground, float(rng.uniform(0.34, 0.46)), 0.03, rng)
    return _cleared(_thinned(stand, 0.75), float(rng.uniform(0.4, 0.6)))


def _cleared(stand: Stand, clearing: float) -> Stand:
    return replace(stand, clearing=clearing)
