"""Which figures exist, how they are drawn, and the colours that suit each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.imaging.demo.colour import Colour, named, rgb
from core.imaging.demo.figures import animals, machines, things
from core.imaging.demo.figures.clay import Part
from core.imaging.demo.words import Scene


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure: its painter, its natural colours, and its width over its height."""

    build: Callable[[Colour], tuple[Part, ...]]
    colours: tuple[Colour, ...]
    centre: tuple[float, float] = (0.5, 0.5)  # the middle of the figure, in its own units
    foot: float = 0.975  # how far down it touches the floor, in its own units
    stands: bool = True  # whether it rests on a floor and throws a shadow there


FIGURES: Final[dict[str, Figure]] = {
    "fox": Figure(
        build=animals.sitting_fox,
        colours=(rgb("dd6b25"), rgb("c9541c"), rgb("e5822f")),
        centre=(0.6, 0.5),
    ),
    "cat": Figure(
        build=animals.sitting_cat,
        colours=(rgb("9c8472"), rgb("d9944f"), rgb("77757c"), rgb("e0cbb0")),
        centre=(0.6, 0.5),
    ),
    "dog": Figure(
        build=animals.sitting_dog,
        colours=(rgb("b9803f"), rgb("8a5a36"), rgb("d6a765")),
        centre=(0.56, 0.52),
    ),
    "mug": Figure(
        build=things.mug,
        colours=(rgb("2f6f8f"), rgb("c4573f"), rgb("4b7d5d"), rgb("d39a35")),
        centre=(0.55, 0.56),
        foot=0.92,
    ),
    "apple": Figure(
        build=things.apple, foot=0.93, colours=(rgb("c8261f"), rgb("b3202c"), rgb("7fae3a"))
    ),
    "flower": Figure(
        build=things.flower,
        colours=(rgb("e76f8a"), rgb("8c6bc9"), rgb("f2efe6"), rgb("f2b632")),
    ),
    "robot": Figure(
        build=machines.robot,
        colours=(rgb("e9a23b"), rgb("4c8fb5"), rgb("d9654f"), rgb("7fb09a")),
    ),
    "rocket": Figure(
        build=machines.rocket,
        colours=(rgb("d1443c"), rgb("2e6fa8"), rgb("e08a2e")),
        stands=False,
    ),
    "planet": Figure(
        build=things.planet,
        colours=(rgb("d08a4e"), rgb("5b8fb8"), rgb("a878b8"), rgb("6ea58b")),
        stands=False,
    ),
}

# These also look right standing in a landscape.
OUTDOORS: Final = frozenset({"fox", "cat", "dog", "robot"})


def colour_for(figure: str, scene: Scene, rng: np.random.Generator) -> Colour:
    """The colour the prompt gives the figure, or one that suits it."""
    natural = FIGURES[figure].colours
    pick = natural[int(rng.integers(len(natural)))]
    wish = scene.figure_colour
    if wish is None or (figure, wish) in {("fox", "red"), ("fox", "orange")}:
        return pick
    return named(wish)
