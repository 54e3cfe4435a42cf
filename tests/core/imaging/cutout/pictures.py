"""Pictures whose exact alpha is known, and what people see of a cut-out."""

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
BROWN, GREEN = (90, 55, 30), (120, 200, 160)


@dataclass(frozen=True, slots=True, kw_only=True)
class Strands:
    """A head of hair before a wall: `picture` is what a camera sees, `alpha` is exact, L."""

    picture: Image.Image
    alpha: Image.Image
    ideal: NDArray[np.float64]  # luminance on white, cut out without any fault

    @property
    def soft(self) -> NDArray[np.bool_]:
        levels = np.asarray(self.alpha)
        return (levels > 0) & (levels < 255)


def strands(hair: Colour = BROWN, wall: Colour = GREEN, side: int = 512) -> Strands:
    rng = np.random.default_rng(1)
    large = Image.new("L", (2 * side, 2 * side))
    pen = ImageDraw.Draw(large)
    pen.circle((side, side), side / 2, fill=255)
    for _ in range(300):
        turn = rng.uniform(0, 2 * np.pi)
        reach = side * np.array([0.48, rng.uniform(0.55, 0.9)])
        x, y = reach * np.cos(turn) + side, reach * np.sin(turn) + side
        pen.line((x[0], y[0], x[1], y[1]), fill=255, width=int(rng.integers(2, 6)))
    alpha = large.reduce(2).filter(ImageFilter.GaussianBlur(0.8))
    share = np.asarray(alpha)[..., None] / 255
    return Strands(
        picture=Image.fromarray(_mixed(share, hair, wall)),
        alpha=alpha,
        ideal=_luminance(Image.fromarray(_mixed(share, hair, (255, 255, 255)))),
    )


def _mixed(share: NDArray[np.float64], front: Colour, back: Colour) -> NDArray[np.uint8]:
    mixed = share * np.array(front) + (1 - share) * np.array(back)
    return np.asarray(mixed.round(), np.uint8)


def on_white(cut: Image.Image) -> NDArray[np.float64]:
    ground = Image.new("RGBA", cut.size, "white")
    ground.alpha_composite(cut)
    return _luminance(ground)


def _luminance(picture: Image.Image) -> NDArray[np.float64]:
    return np.asarray(picture.convert("L"), np.float64)


def disc(side: int = 64, colour: Colour = (200, 30, 40)) -> tuple[Image.Image, Image.Image]:
    """A disc on grey, and its mask."""
    picture, mask = Image.new("RGB", (side, side), "gray"), Image.new("L", (side, side))
    for image, fill in ((picture, colour), (mask, 255)):
        ImageDraw.Draw(image).circle((side / 2, side / 2), side / 4, fill=fill)
    return picture, mask


def encoded(image: Image.Image, format_: str = "PNG", **how: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format_, **how)
    return buffer.getvalue()


def opened(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        return image


def same(one: Image.Image, other: Image.Image) -> bool:
    return np.array_equal(np.asarray(one), np.asarray(other))
