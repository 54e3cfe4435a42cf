"""The composition of a landscape: which layers stand where, decided before any painting."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.imaging.demo import mood as moods
from core.imaging.demo.colour import Colour, mix, named, tinted
from core.imaging.demo.layers import Belt, Ground, back_belts, front_belts
from core.imaging.demo.mood import Mood
from core.imaging.demo.sky import Sky
from core.imaging.demo.water import Water
from core.imaging.demo.words import Scene

_PLAIN_GROUNDS: Final[dict[str, Ground]] = {
    "snow": Ground(near=(0.86, 0.89, 0.94), dark=(0.66, 0.72, 0.82), snow=0.94, falling=True),
    "sand": Ground(near=(0.93, 0.70, 0.45), dark=(0.70, 0.45, 0.30)),
    "autumn": Ground(near=(0.66, 0.48, 0.24), dark=(0.38, 0.27, 0.17)),
    "spring": Ground(near=(0.55, 0.64, 0.36), dark=(0.34, 0.45, 0.27)),
    "grass": Ground(near=(0.45, 0.53, 0.31), dark=(0.24, 0.32, 0.20)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything the landscape painter needs to know. Positions are fractions of the picture."""

    scene: Scene
    mood: Mood
    setting: str
    ground: Ground
    sky: Sky
    back: tuple[Belt, ...]
    front: tuple[Belt, ...]
    water: Water | None
    city_base: float | None
    fog: float
    grass: bool
    flowers: tuple[Colour, ...]


def compose(scene: Scene, rng: np.random.Generator) -> Plan:
    """Decide the whole composition from the scene and the seeded generator."""
    mood = moods.choose(scene, rng)
    setting = _setting(scene, rng)
    ground = _ground(scene, setting, rng)
    horizon = float(rng.uniform(0.52, 0.62)) + (0.04 if setting == "desert" else 0.0)
    sky = _sky(scene, mood, horizon, rng)
    water = _water(scene, setting, mood, horizon, sky, rng)
    line = water.line if water else horizon
    return Plan(
        scene=scene,
        mood=mood,
        setting=setting,
        ground=ground,
        sky=sky,
        back=back_belts(scene, setting, ground, line, rng),
        front=front_belts(scene, setting, ground, line, rng),
        water=water,
        city_base=line + 0.004 if setting == "city" else None,
        fog=_fog(scene, setting, rng),
        grass=ground.snow == 0 and setting in {"meadow", "forest", "lake", "mountain"},
        flowers=_flowers(scene, ground, rng),
    )


def _setting(scene: Scene, rng: np.random.Generator) -> str:
    wishes = (
        ("city", ("city",)),
        ("desert", ("desert",)),
        ("sea", ("sea", "beach")),
        ("lake", ("lake",)),
        ("forest", ("forest",)),
        ("mountain", ("mountain",)),
        ("meadow", ("grass", "spring")),
    )
    for setting, features in wishes:
        if scene.has(*features):
            return setting
    free = [s for s, features in wishes[2:] if scene.allows(*features)]
    if scene.figure or scene.has("snow"):
        free = [s for s in free if s in {"forest", "mountain"}] or ["meadow"]
    elif scene.has("autumn"):
        free = [s for s in free if s in {"forest", "lake", "mountain"}] or ["meadow"]
    return str(rng.choice(free)) if free else "meadow"


def _ground(scene: Scene, setting: str, rng: np.random.Generator) -> Ground:
    if scene.has("snow"):
        name = "snow"
    elif setting == "desert" or scene.has("beach"):
        name = "sand"
    elif scene.has("autumn"):
        name = "autumn"
    elif scene.has("spring"):
        name = "spring"
    else:
        name = "grass"
    base = _PLAIN_GROUNDS[name]
    colours = [c for c in scene.colours if c not in {"white", "black", "grey"}]
    strength = 0.22 if base.snow else 0.35
    return Ground(
        near=tinted(base.near, colours, strength),
        dark=tinted(base.dark, colours, strength),
        snow=base.snow,
        falling=base.falling and scene.allows("snow") and rng.random() < 0.75,  # noqa: PLR2004 - most snow falls
    )


def _sky(scene: Scene, mood: Mood, horizon: float, rng: np.random.Generator) -> Sky:
    dark = mood.name == "night"
    moon = dark and scene.allows("moon") and (scene.has("moon") or rng.random() < 0.6)  # noqa: PLR2004
    clouds = float(rng.uniform(0.1, 0.6)) * float(scene.allows("cloud"))
    if scene.has("rain", "cloud"):
        clouds = float(rng.uniform(0.8, 1.0))
    elif dark:
        clouds *= 0.0 if scene.has("stars", "aurora") else 0.6
    stars = moods.dusk_lit(mood) if mood.name in {"night", "twilight"} else 0.0
    side = float(rng.choice((rng.uniform(0.18, 0.42), rng.uniform(0.58, 0.82))))
    sun = {"overcast": 0.0, "day": 0.0, "twilight": 0.0, "night": 0.034 if moon else 0.0}
    return Sky(
        horizon=horizon,
        sun_x=side,
        sun_y=max(horizon - mood.sun_height - (0.06 if moon else 0), 0.1),
        disc=sun.get(mood.name, 0.026) * float(rng.uniform(0.85, 1.3)),
        moon=dark,
        clouds=clouds,
        stars=stars * float(scene.allows("stars")),
        aurora=scene.has("aurora"),
    )


def _water(
    scene: Scene, setting: str, mood: Mood, horizon: float, sky: Sky, rng: np.random.Generator
) -> Water | None:
    asked = scene.has("lake", "sea", "beach") or setting in {"lake", "sea"}
    by_chance = setting == "city" and scene.allows("lake", "sea") and not scene.has("snow")
    if setting == "desert" or not (asked or by_chance):
        return None
    open_sea = setting == "sea"
    deep = mix(mood.zenith, (0.05, 0.22, 0.28), 0.45 if mood.name != "night" else 0.2)
    deep = mix(deep, mood.horizon, 0.12 if open_sea else 0.05)
    strength = {"overcast": 0.12, "day": 0.40, "night": 0.7 if sky.disc else 0.15}
    return Water(
        line=horizon + (0.0 if open_sea else float(rng.uniform(0.02, 0.06))),
        waves=float(rng.uniform(0.55, 0.9)) if open_sea else float(rng.uniform(0.04, 0.22)),
        deep=deep,
        sun_x=sky.sun_x,
        glitter=mood.glow,
        glitter_strength=strength.get(mood.name, 0.8),
    )


def _fog(scene: Scene, setting: str, rng: np.random.Generator) -> float:
    if scene.has("fog"):
        return float(rng.uniform(0.8, 0.95))
    if not scene.allows("fog") or setting in {"desert", "sea"}:
        return 0.0
    return float(rng.choice((0.0, 0.2, 0.4)))


def _flowers(scene: Scene, ground: Ground, rng: np.random.Generator) -> tuple[Colour, ...]:
    """Blossom colours: the prompt's own, or a seeded pair of a tasteful family."""
    if ground.snow or not scene.has("spring"):
        return ()
    if scene.colours:
        return (*map(named, scene.colours), (0.97, 0.95, 0.90))
    families = (("pink", "white"), ("purple", "pink"), ("gold", "white"), ("red", "gold"))
    return tuple(named(name) for name in families[int(rng.integers(len(families)))])
