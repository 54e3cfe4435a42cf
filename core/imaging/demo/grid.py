"""Demo grids: four variations of one prompt in a single picture."""

from typing import Protocol

from PIL import Image

from core.imaging.demo import words
from core.imaging.demo.landscape import landscape
from core.imaging.demo.sizes import MOST_PIXELS, at_working_size
from core.imaging.demo.subject import subject


class _Painter(Protocol):
    def __call__(self, prompt: str, *, seed: int, width: int, height: int) -> Image.Image: ...


def grid(prompt: str, *, seed: int, width: int, height: int) -> Image.Image:
    """An RGB 2 x 2 grid without gutters; the tiles meet at width // 2 and height // 2.

    A prompt that is only about a figure gets two studio portraits and two landscapes.
    """
    scene = words.read(prompt)
    portrait = scene.figure is not None and not scene.features
    middle_x, middle_y = width // 2, height // 2
    picture = Image.new("RGB", (width, height))
    for tile in range(4):
        left, right = ((0, middle_x), (middle_x, width))[tile % 2]
        top, bottom = ((0, middle_y), (middle_y, height))[tile // 2]
        # Far apart, so that the grid of the next seed repeats none of these tiles.
        own = seed * 4 + tile + 1_000_003
        draw = subject if portrait and tile in {0, 3} else landscape

        def paint(columns: int, rows: int, own: int = own, draw: _Painter = draw) -> Image.Image:
            return draw(prompt, seed=own, width=columns, height=rows)

        piece = at_working_size(paint, right - left, bottom - top, MOST_PIXELS // 4)
        picture.paste(piece, (left, top))
    return picture
