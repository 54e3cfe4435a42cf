"""Demo landscapes: the plan of a scene painted from the sky to the nearest blade of grass."""

import numpy as np
from PIL import Image

from core.imaging.demo import words
from core.imaging.demo.city import paint_city
from core.imaging.demo.colour import mix, to_image
from core.imaging.demo.creatures import paint_birds, paint_creature
from core.imaging.demo.layers import Belt
from core.imaging.demo.meadow import paint_flowers, paint_grass
from core.imaging.demo.mood import dusk_lit
from core.imaging.demo.noise import Floats, generator
from core.imaging.demo.plan import Plan, compose
from core.imaging.demo.sizes import at_working_size
from core.imaging.demo.sky import paint_sky
from core.imaging.demo.terrain import Light, crest_line, paint_ridge
from core.imaging.demo.trees import paint_stand
from core.imaging.demo.water import paint_water
from core.imaging.demo.weather import finish, paint_fog, paint_rain, paint_snowfall


def landscape(
    prompt: str, *, seed: int, width: int, height: int, negative: str = ""
) -> Image.Image:
    """An RGB landscape of exactly `width` x `height` pixels that follows the prompt's words.

    The same arguments give the same pixels; `negative` names features to leave out.
    """
    scene = words.read(prompt, negative)

    def paint(columns: int, rows: int) -> Image.Image:
        rng = generator(prompt, seed, "landscape")
        plan = compose(scene, rng)
        return to_image(_painted(plan, columns, rows, rng))

    return at_working_size(paint, width, height)


def _painted(plan: Plan, width: int, height: int, rng: np.random.Generator) -> Floats:
    canvas = np.empty((3, height, width), dtype=np.float32)
    air = paint_sky(canvas, plan.sky, plan.mood, rng)
    light = Light(
        sun_x=plan.sky.sun_x,
        horizon=plan.sky.horizon,
        light=plan.mood.light,
        shade=plan.mood.shade,
        air=air,
    )
    for belt in plan.back:
        _paint_belt(canvas, belt, light, rng)
    if plan.city_base is not None:
        paint_city(canvas, plan.city_base, light, dusk_lit(plan.mood), rng)
    line = plan.water.line if plan.water else plan.sky.horizon
    if plan.fog > 0:
        paint_fog(canvas, light.haze_at(line), line - 0.02, plan.fog, rng)
    if plan.water:
        paint_water(canvas, plan.water, air, rng)
    _paint_front(canvas, plan, light, rng)
    _paint_air(canvas, plan, light, rng)
    finish(canvas, rng)
    return canvas


def _paint_belt(canvas: Floats, belt: Belt, light: Light, rng: np.random.Generator) -> Floats:
    _, height, width = canvas.shape
    crest = crest_line(belt.ridge, height, width, rng)
    paint_ridge(canvas, belt.ridge, crest, light, rng)
    if belt.stand:
        paint_stand(canvas, belt.stand, crest, light, rng)
    return crest


def _paint_front(canvas: Floats, plan: Plan, light: Light, rng: np.random.Generator) -> None:
    for belt in plan.front:
        _paint_belt(canvas, belt, light, rng)
    paint_creature(canvas, plan.scene, light, plan.front[-1].ridge.crest, rng)
    if plan.flowers:
        paint_flowers(canvas, plan.flowers, light, plan.front[-1].ridge.crest + 0.03, rng)
    if plan.grass:
        paint_grass(canvas, plan.ground.near, light, 0.06, rng)


def _paint_air(canvas: Floats, plan: Plan, light: Light, rng: np.random.Generator) -> None:
    line = plan.sky.horizon
    if plan.scene.has("fog"):
        paint_fog(canvas, light.haze_at(line), plan.sky.horizon + 0.1, 0.6, rng)
    if plan.scene.has("bird"):
        paint_birds(canvas, light, rng)
    if plan.scene.has("rain"):
        paint_rain(canvas, rng)
    if plan.ground.falling:
        paint_snowfall(canvas, mix(plan.mood.light, (1.0, 1.0, 1.0), 0.3), rng)
