"""Light and air: the time of day as a small set of colours."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from core.imaging.demo.colour import Colour, mix, rgb, tinted, varied
from core.imaging.demo.words import Scene


@dataclass(frozen=True, slots=True, kw_only=True)
class Mood:
    """Sky colours from top to horizon; `light` and `shade` multiply the colour of surfaces."""

    name: str
    zenith: Colour
    middle: Colour
    horizon: Colour
    light: Colour
    shade: Colour
    glow: Colour
    sun_height: float  # above the horizon, in picture heights
    glow_strength: float
    cloud_lit: Colour
    cloud_shade: Colour


_MOODS: Final[dict[str, Mood]] = {
    mood.name: mood
    for mood in (
        Mood(
            name="dawn",
            zenith=rgb("5f7fae"),
            middle=rgb("c3b4c8"),
            horizon=rgb("fbdcc0"),
            light=(1.02, 0.82, 0.68),
            shade=(0.40, 0.42, 0.54),
            glow=rgb("ffcf9a"),
            sun_height=0.10,
            glow_strength=0.75,
            cloud_lit=rgb("ffe3cf"),
            cloud_shade=rgb("a794b4"),
        ),
        Mood(
            name="day",
            zenith=rgb("2f6fb5"),
            middle=rgb("78b0dc"),
            horizon=rgb("dcebee"),
            light=(1.00, 0.95, 0.84),
            shade=(0.34, 0.42, 0.54),
            glow=rgb("fff3d6"),
            sun_height=0.36,
            glow_strength=0.40,
            cloud_lit=rgb("fffdf6"),
            cloud_shade=rgb("a3b6cb"),
        ),
        Mood(
            name="golden",
            zenith=rgb("47709f"),
            middle=rgb("dcb39c"),
            horizon=rgb("ffdca0"),
            light=(1.12, 0.84, 0.52),
            shade=(0.34, 0.35, 0.47),
            glow=rgb("ffdc8a"),
            sun_height=0.13,
            glow_strength=0.85,
            cloud_lit=rgb("ffe6b4"),
            cloud_shade=rgb("a48d8e"),
        ),
        Mood(
            name="sunset",
            zenith=rgb("2c2a5c"),
            middle=rgb("a8527c"),
            horizon=rgb("ffab61"),
            light=(1.02, 0.62, 0.44),
            shade=(0.25, 0.24, 0.44),
            glow=rgb("ffc266"),
            sun_height=0.06,
            glow_strength=1.0,
            cloud_lit=rgb("ff9d6c"),
            cloud_shade=rgb("5d3a68"),
        ),
        Mood(
            name="twilight",
            zenith=rgb("172349"),
            middle=rgb("52629c"),
            horizon=rgb("eeb3a6"),
            light=(0.62, 0.55, 0.66),
            shade=(0.20, 0.22, 0.37),
            glow=rgb("ffb79a"),
            sun_height=-0.02,
            glow_strength=0.65,
            cloud_lit=rgb("d99fa9"),
            cloud_shade=rgb("3c4478"),
        ),
        Mood(
            name="night",
            zenith=rgb("060a1c"),
            middle=rgb("11214a"),
            horizon=rgb("33527f"),
            light=(0.44, 0.55, 0.76),
            shade=(0.09, 0.13, 0.23),
            glow=rgb("a9c4f0"),
            sun_height=0.30,
            glow_strength=0.32,
            cloud_lit=rgb("55709f"),
            cloud_shade=rgb("13203f"),
        ),
        Mood(
            name="overcast",
            zenith=rgb("71808f"),
            middle=rgb("a3b0b8"),
            horizon=rgb("d3dadb"),
            light=(0.74, 0.78, 0.80),
            shade=(0.38, 0.43, 0.48),
            glow=rgb("f2f4ee"),
            sun_height=0.25,
            glow_strength=0.25,
            cloud_lit=rgb("ccd3d6"),
            cloud_shade=rgb("7d8a97"),
        ),
    )
}


def choose(scene: Scene, rng: np.random.Generator) -> Mood:
    """The mood that the scene asks for, or a seeded one; the prompt's colours tint it."""
    mood = _MOODS[str(rng.choice(_candidates(scene)))]
    turn = float(rng.normal(0, 0.008))
    fresh = float(rng.uniform(0.88, 1.12))
    colours = tuple(c for c in scene.colours if c not in ("white", "black", "grey"))
    muted = 0.45 if "grey" in scene.colours or "white" in scene.colours else 1.0

    warm = not {"red", "orange", "gold", "brown", "pink"}.isdisjoint(colours)

    def shifted(colour: Colour, strength: float) -> Colour:
        return tinted(varied(colour, turn, fresh * muted, 1), colours, strength)

    return replace(
        mood,
        zenith=shifted(mood.zenith, 0.14 if warm else 0.42),
        middle=shifted(mood.middle, 0.3 if warm else 0.5),
        horizon=shifted(mood.horizon, 0.42),
        light=tinted(mood.light, colours, 0.28),
        shade=tinted(mood.shade, colours, 0.35),
        glow=shifted(mood.glow, 0.3),
        cloud_lit=shifted(mood.cloud_lit, 0.35),
        cloud_shade=shifted(mood.cloud_shade, 0.4),
        sun_height=mood.sun_height * float(rng.uniform(0.7, 1.25)),
    )


_BY_FEATURE: Final[tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]] = (
    (("night", "moon", "stars", "aurora"), ("night",)),
    (("sunset",), ("sunset", "sunset", "twilight")),
    (("sunrise",), ("dawn", "golden")),
    (("rain",), ("overcast",)),
    (("day",), ("day",)),
    (("fog",), ("dawn", "overcast", "golden")),
)


def _candidates(scene: Scene) -> Sequence[str]:
    for features, names in _BY_FEATURE:
        if scene.has(*features):
            return names
    return _free_choices(scene)


def _free_choices(scene: Scene) -> Sequence[str]:
    """Moods for a prompt silent about light; snow and deserts each have flattering ones."""
    choices = ["dawn", "day", "golden"]
    if scene.allows("sunset"):
        choices += ["sunset", "twilight"]
    if scene.has("city") and scene.allows("night"):
        choices += ["night", "twilight"]
    if scene.has("autumn", "spring"):
        choices = ["dawn", "day", "golden", "golden"]
    return choices


def dusk_lit(mood: Mood) -> float:
    """How dark the hour is, 0..1: how many windows are lit, how bright the stars are."""
    return {"night": 1.0, "twilight": 0.7, "sunset": 0.45, "overcast": 0.25}.get(mood.name, 0.08)


def air_colour(mood: Mood) -> Colour:
    """What distance fades to where no sky is at hand."""
    return mix(mood.horizon, mood.middle, 0.3)
