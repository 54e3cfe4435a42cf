"""Stands of trees along a ridge: conifers, and broadleaf crowns built of many dabs."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from PIL import Image, ImageDraw

from core.imaging.demo.colour import Colour, blend, bytes_plane, mix, plane, smoothstep, times
from core.imaging.demo.noise import Floats, profile
from core.imaging.demo.terrain import Light

_DETAIL: Final = 2  # masks are drawn this much larger, then reduced: smooth edges
_BARE: Final = 0.6  # groves are where a noise exceeds this much less density


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Trees on one ridge. `tall` is in picture heights, `spread` how far down the slope."""

    kind: Literal["conifer", "broadleaf"]
    tall: float
    spread: float
    density: float  # 0..1, trees per room along the crest
    haze: float
    leaves: tuple[Colour, ...]
    snow: float = 0.0
    clearing: float | None = None  # x of a gap, so that the view stays open


def paint_stand(
    canvas: Floats, stand: Stand, crest: Floats, light: Light, rng: np.random.Generator
) -> None:
    """Paint the trees standing on `crest` onto the canvas (3, h, w)."""
    _, height, width = canvas.shape
    feet = _places(stand, crest, height, width, rng)
    if feet.size == 0:
        return
    top = int(np.clip((feet[:, 1] - feet[:, 2]).min() - 2, 0, height - 1))
    bottom = int(np.clip(feet[:, 1].max() + 3, top + 1, height))
    feet[:, 1] -= top
    size = (width, bottom - top)
    region = canvas[:, top:bottom]
    if stand.kind == "conifer":
        _paint_conifers(region, stand, feet, size, light, rng)
    else:
        _paint_crowns(region, stand, feet, size, light, rng)


def _places(
    stand: Stand, crest: Floats, height: int, width: int, rng: np.random.Generator
) -> Floats:
    """Foot x, foot y and height in pixels of each tree, farthest (highest foot) first."""
    count = int(np.clip(stand.density * width / (stand.tall * height) * 8, 1, min(520, width)))
    x = rng.uniform(-0.02, 1.02, count).astype(np.float32)
    grove = profile(rng, x * np.float32(3 * width / height), octaves=2)
    keep = grove > _BARE - stand.density * 1.4
    if stand.clearing is not None:
        gap = np.abs(x - stand.clearing) * width / height
        keep &= gap > stand.tall * 0.9 * rng.uniform(0.5, 1.2, count)
    x, grove = x[keep], grove[keep]
    columns = np.clip(x * width, 0, width - 1).astype(np.int32)
    down = rng.random(x.size, dtype=np.float32) ** 1.5 * np.float32(stand.spread)
    tall = stand.tall * rng.uniform(0.55, 1.1, x.size) * (0.85 + 0.3 * grove)
    foot = crest[columns] + (down + 0.012 * stand.tall) * height
    trees = np.stack([x * width, foot, tall * height], axis=1).astype(np.float32)
    return trees[np.argsort(trees[:, 1])]


def _paint_conifers(
    region: Floats,
    stand: Stand,
    feet: Floats,
    size: tuple[int, int],
    light: Light,
    rng: np.random.Generator,
) -> None:
    large = (size[0] * _DETAIL, size[1] * _DETAIL)
    body, bright = Image.new("L", large), Image.new("L", large)
    on_body, on_bright = ImageDraw.Draw(body), ImageDraw.Draw(bright)
    for x, y, tall in (feet * _DETAIL).tolist():
        side = -1 if light.sun_x * large[0] < x else 1
        outline, lit = _conifer(x, y, tall, side, rng)
        on_body.polygon(outline, fill=255)
        on_bright.polygon(outline, fill=0)
        for bough in lit:
            on_bright.polygon(bough, fill=int(rng.uniform(110, 255)))
    shape = bytes_plane(body.reduce(_DETAIL))
    shine = bytes_plane(bright.reduce(_DETAIL))
    leaf = stand.leaves[0]
    shaded = times(leaf, light.shade)
    lit_leaf = times(mix(leaf, (0.97, 0.98, 1.0), stand.snow * 0.9), light.light)
    strength = np.float32(0.45 + 0.45 * stand.snow)
    paint = plane(shaded) * 1.2 + (plane(mix(lit_leaf, shaded, 0.25)) - plane(shaded)) * (
        shine * strength
    )
    y = np.linspace(0, 1, size[1], dtype=np.float32)[:, None]
    mist = stand.haze + (1 - stand.haze) * np.float32(min(stand.haze, 0.28)) * smoothstep(
        0.25, 1.0, y
    )
    blend(paint, light.haze_at(0.3), mist * (1 - 0.25 * shine * stand.snow))
    blend(region, paint, shape)


def _conifer(
    x: float, y: float, tall: float, side: int, rng: np.random.Generator
) -> tuple[list[tuple[float, float]], list[list[tuple[float, float]]]]:
    """The outline of one spruce and the boughs on its sunny side."""
    tiers = int(np.clip(tall / 7, 4, 13))
    half = tall * rng.uniform(0.15, 0.21)
    at = np.linspace(0.05, 0.95, tiers)
    reach = half * at**0.85 * rng.uniform(0.75, 1.1, tiers)
    tips = y - tall + tall * (at + 0.045)
    notches = y - tall + tall * (at - 0.01)
    right = [(x, y - tall)]
    left: list[tuple[float, float]] = []
    boughs: list[list[tuple[float, float]]] = []
    for width, low, high in zip(reach.tolist(), tips.tolist(), notches.tolist(), strict=True):
        other = width * rng.uniform(0.8, 1.15)
        right += [(x + width, low), (x + width * 0.45, high + tall * 0.035)]
        left += [(x - other, low), (x - other * 0.45, high + tall * 0.035)]
        out = width if side > 0 else other
        boughs.append(
            [
                (x + side * out * 0.1, high - tall * 0.05),
                (x + side * out * 0.95, low - tall * 0.006),
                (x + side * out * 0.2, high + tall * 0.012),
            ]
        )
    trunk = tall * 0.018
    foot = [
        (x + trunk, y - tall * 0.04),
        (x + trunk, y),
        (x - trunk, y),
        (x - trunk, y - tall * 0.04),
    ]
    return right + foot + left[::-1], boughs


def _paint_crowns(
    region: Floats,
    stand: Stand,
    feet: Floats,
    size: tuple[int, int],
    light: Light,
    rng: np.random.Generator,
) -> None:
    large = (size[0] * _DETAIL, size[1] * _DETAIL)
    picture, mask = Image.new("RGB", large), Image.new("L", large)
    colours, shape = ImageDraw.Draw(picture), ImageDraw.Draw(mask)
    for x, y, tall in (feet * _DETAIL).tolist():
        leaf = stand.leaves[int(rng.integers(len(stand.leaves)))]
        side = -1 if light.sun_x * large[0] < x else 1
        trunk = tall * 0.022
        wood = (x - trunk, y - tall * 0.55, x + trunk, y)
        colours.rectangle(wood, fill=_byte(times((0.26, 0.19, 0.16), light.shade)))
        shape.rectangle(wood, fill=255)
        for box, fill in _dabs(x, y, tall, side, leaf, light, rng):
            colours.ellipse(box, fill=fill)
            shape.ellipse(box, fill=255)
    alpha = bytes_plane(mask.reduce(_DETAIL))
    pixels = np.asarray(picture.reduce(_DETAIL), dtype=np.float32).transpose(2, 0, 1)
    # Divided by the cover, so that the drawing's black does not rim the crowns.
    paint = np.asarray(pixels / np.maximum(alpha * 255, np.float32(12)), dtype=np.float32)
    y_axis = np.linspace(0, 1, size[1], dtype=np.float32)[:, None]
    mist = stand.haze + (1 - stand.haze) * np.float32(min(stand.haze, 0.25)) * smoothstep(
        0.3, 1.0, y_axis
    )
    blend(paint, light.haze_at(0.3), mist)
    blend(region, paint, alpha)


def _dabs(  # noqa: PLR0913, PLR0917 - where, how large, which light; private
    x: float,
    y: float,
    tall: float,
    side: int,
    leaf: Colour,
    light: Light,
    rng: np.random.Generator,
) -> list[tuple[tuple[float, ...], tuple[int, ...]]]:
    """Ellipses of one crown, shaded ones first, and their colours."""
    count = int(np.clip(tall / 1.2, 24, 260))
    angle, radius = rng.uniform(0, 2 * np.pi, count), np.sqrt(rng.random(count))
    across, up = np.cos(angle) * radius, np.sin(angle) * radius
    sun = np.clip(0.45 + 0.33 * across * side + 0.42 * up + rng.normal(0, 0.13, count), 0, 1)
    order = np.argsort(sun + rng.normal(0, 0.12, count))
    across, up, sun = across[order], up[order], sun[order, None]
    size = tall * rng.uniform(0.014, 0.046, count)
    cx = x + across * tall * rng.uniform(0.26, 0.34) * (1.05 - 0.25 * up)
    cy = y - tall * 0.62 - up * tall * 0.32
    boxes = np.stack([cx - size, cy - size * 0.8, cx + size, cy + size * 0.8], axis=1)
    shade, lamp = np.array(light.shade), np.array(mix(light.light, (1.0, 1.0, 1.0), 0.1))
    fills = np.clip(np.array(leaf) * (shade + (lamp - shade) * sun), 0, 1) * 255
    pairs = zip(boxes.tolist(), fills.astype(int).tolist(), strict=True)
    return [(tuple(box), tuple(fill)) for box, fill in pairs]


def _byte(colour: Colour) -> tuple[int, int, int]:
    red, green, blue = (int(min(max(part, 0), 1) * 255) for part in colour)
    return red, green, blue
