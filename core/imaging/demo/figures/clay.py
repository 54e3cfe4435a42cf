"""Shading of figures: every part is inflated like a balloon from its outline and then lit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from core.imaging.demo.colour import Colour, blend, bytes_plane, plane
from core.imaging.demo.figures.outline import Outline
from core.imaging.demo.noise import Floats, resized

_DETAIL: Final = 3  # outlines are drawn this much larger, then reduced: smooth edges
_GRID: Final = 52  # the balloon is a smooth shape, so a coarse grid carries it
_EYE: Final = np.array((0.0, 0.0, 1.0), dtype=np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marking:
    """A patch of another colour on a part, with an edge softened by `soft` figure heights."""

    outline: Outline
    colour: Colour
    soft: float = 0.006


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One rounded piece of a figure. `puff` 0 is flat, 1 a full balloon; `gloss` 0..1."""

    outline: Outline
    colour: Colour
    puff: float = 1.0
    gloss: float = 0.08
    glow: float = 0.0  # how much it shines by itself
    shadow: float = 0.35  # how much it darkens the parts beneath
    markings: tuple[Marking, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lamp:
    """The light on a figure: a direction to the lamp (x, y down, z to us) and two colours."""

    toward: tuple[float, float, float]
    light: Colour
    shade: Colour
    rim: Colour


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where figure units land on the canvas: the pixel of (0, 0) and pixels per unit."""

    x: float
    y: float
    size: float
    mirror: bool = False

    def pixels(self, outline: Outline) -> list[tuple[float, float]]:
        sign = -1 if self.mirror else 1
        return [(self.x + sign * x * self.size, self.y + y * self.size) for x, y in outline]


def paint_figure(canvas: Floats, parts: Sequence[Part], place: Place, lamp: Lamp) -> Floats:
    """Paint the parts in order onto the canvas (3, h, w); returns their mask (h, w)."""
    whole = np.zeros(canvas.shape[1:], dtype=np.float32)
    for part in parts:
        box = _box(place.pixels(part.outline), canvas.shape, place.size)
        if box is None:
            continue
        left, top, right, bottom = box
        region = canvas[:, top:bottom, left:right]
        under = whole[top:bottom, left:right]
        mask = _mask(place.pixels(part.outline), box)
        _cast(region, under, mask, part.shadow, place.size)
        albedo = _albedo(part, place, box)
        blend(region, _lit(mask, albedo, part, lamp), mask)
        np.maximum(under, mask, out=under)
    return whole


def _box(
    points: Sequence[tuple[float, float]], shape: tuple[int, ...], size: float
) -> tuple[int, int, int, int] | None:
    """The part's rectangle on the canvas with room for its shadow, or None when outside."""
    pad = size * 0.05 + 2
    xs, ys = zip(*points, strict=True)
    left, top = max(int(min(xs) - pad), 0), max(int(min(ys) - pad), 0)
    right, bottom = min(int(max(xs) + pad), shape[2]), min(int(max(ys) + pad), shape[1])
    return (left, top, right, bottom) if right - left > 1 and bottom - top > 1 else None


def _mask(points: Sequence[tuple[float, float]], box: tuple[int, int, int, int]) -> Floats:
    left, top, right, bottom = box
    image = Image.new("L", ((right - left) * _DETAIL, (bottom - top) * _DETAIL))
    moved = [((x - left) * _DETAIL, (y - top) * _DETAIL) for x, y in points]
    ImageDraw.Draw(image).polygon(moved, fill=255)
    return bytes_plane(image.reduce(_DETAIL))


def _cast(region: Floats, under: Floats, mask: Floats, depth: float, size: float) -> None:
    """A soft contact shadow on the parts painted so far."""
    if depth <= 0 or not under.any():
        return
    image = Image.fromarray((mask * 255).astype(np.uint8))
    soft = bytes_plane(image.filter(ImageFilter.GaussianBlur(size * 0.018)))
    soft = np.roll(soft, int(size * 0.008), axis=0)
    region *= 1 - soft * under * np.float32(depth)


def _albedo(part: Part, place: Place, box: tuple[int, int, int, int]) -> Floats:
    """The part's own colours, (3, 1, 1) or (3, h, w)."""
    albedo = plane(part.colour)
    for marking in part.markings:
        mask = _mask(place.pixels(marking.outline), box)
        if marking.soft > 0:
            image = Image.fromarray((mask * 255).astype(np.uint8))
            mask = bytes_plane(image.filter(ImageFilter.GaussianBlur(marking.soft * place.size)))
        albedo = albedo + (plane(marking.colour) - albedo) * mask
    return albedo


def _lit(mask: Floats, albedo: Floats, part: Part, lamp: Lamp) -> Floats:
    """The part's colours under the lamp, (3, h, w)."""
    normal = _normals(mask, part.puff)
    toward = np.array(lamp.toward, dtype=np.float32)
    toward /= np.linalg.norm(toward)
    facing = np.tensordot(toward, normal, axes=1)
    soft = np.clip(facing * 0.62 + 0.38, 0, 1) ** 1.25
    half = toward + _EYE
    half /= np.linalg.norm(half)
    shine = np.clip(np.tensordot(half, normal, axes=1), 0, 1)
    edge = np.clip(1 - normal[2], 0, 1) ** 3 * np.clip(0.35 - normal[1] * 0.65, 0, 1)
    bounce = np.clip(normal[1], 0, 1) * np.float32(0.10)
    paint = albedo * (plane(lamp.shade) * (1 + bounce) + plane(lamp.light) * soft)
    paint += plane(lamp.rim) * edge * np.float32(0.30)
    paint += plane(lamp.light) * (shine**36 * np.float32(part.gloss * 0.85))
    paint += plane(lamp.light) * (shine**6 * np.float32(part.gloss * 0.16))
    if part.glow > 0:
        blend(paint, albedo + 0 * paint, np.float32(part.glow))
    return np.asarray(paint, dtype=np.float32)


def _normals(mask: Floats, puff: float) -> Floats:
    """Unit normals (3, h, w) of a balloon blown up inside the mask.

    The balloon solves the Poisson equation with zero height at the outline; for a disc that
    is exactly a sphere.
    """
    height, width = mask.shape
    bulge = _bulge(mask)
    rows, columns = bulge.shape
    down, across = np.gradient(bulge)
    lift = np.sqrt(np.clip(resized(bulge, height, width) * 4, 0, None)) + np.float32(0.05)
    x = resized(across.astype(np.float32), height, width) * np.float32(-2 * puff)
    y = resized(down.astype(np.float32), height, width) * np.float32(-2 * puff)
    length = np.sqrt(x * x + y * y + lift * lift)
    return np.stack([x / length, y / length, lift / length]) if rows and columns else mask


def _bulge(mask: Floats) -> Floats:
    """Height of the balloon squared over four, on a coarse grid, refined in three steps."""
    height, width = mask.shape
    bulge: Floats | None = None
    for grid, rounds in ((13, 40), (26, 40), (_GRID, 36)):
        if bulge is not None and grid > max(height, width):
            break  # the part has no more pixels than that
        scale = grid / max(height, width)
        rows, columns = max(round(height * scale), 4), max(round(width * scale), 4)
        image = Image.fromarray(mask).resize((columns, rows), Image.Resampling.BOX)
        inside = np.pad(np.asarray(image, dtype=np.float32), 1)
        start = np.zeros_like(inside)
        if bulge is not None:
            start[1:-1, 1:-1] = np.clip(resized(bulge, rows, columns) * 4, 0, None)
        for _ in range(rounds):
            around = start[:-2, 1:-1] + start[2:, 1:-1] + start[1:-1, :-2] + start[1:-1, 2:]
            start[1:-1, 1:-1] = (around + 1) * np.float32(0.25) * inside[1:-1, 1:-1]
        bulge = start[1:-1, 1:-1]
    return bulge if bulge is not None else mask
