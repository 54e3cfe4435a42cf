"""The subject's own colours along a soft edge, where the picture mixes them with what is behind.

A pixel of a soft edge is `alpha * subject + (1 - alpha) * background`. Made transparent as it is,
the old background shines through; laid on black, it darkens. So both colours are estimated, block
by block and from coarse to fine, as those that explain the pixels best, and the background's
part is taken out.

The mask is not to be believed to the pixel: the network is often a few pixels off, and unsure
of whole regions. So the pixels that it is sure of weigh far more than those between, and what
still looks like the background after all this is taken for a piece of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageFilter

from core.imaging.formats import Picture

Floats = NDArray[np.float32]
Levels = NDArray[np.uint8]
Box = tuple[int, int, int, int]

_FINE = 256  # pixels of the longest side that the estimate is made from
_COARSE = 64  # and of the estimate itself: colours change slowly
_TILE = 128  # pixels; most tiles lie wholly inside or outside and cost nothing
_PRIOR = 0.3  # what the coarser estimate weighs, where a block of sure pixels weighs 1
_BARELY, _ALMOST = 8, 248  # of 255: below, a pixel tells nothing of the subject; from there, all
_OWN = [255 * (level >= _ALMOST) for level in range(256)]
_VISIBLE = [255 * (level > _BARELY) for level in range(256)]
_ALPHA: Floats = np.linspace(0, 1, 256, dtype=np.float32)
_SURE: Floats = 0.01 + 0.99 * (2 * _ALPHA - 1) ** 4  # how far a pixel of that alpha is believed
_KEPT: Floats = _ALPHA**2  # of what no estimate explains: a pattern of the subject, or an error
_NOISE = 400  # colours nearer than its root are not told apart
_STRAY: Floats = 1 - _ALPHA**12  # of that what looks like the background, and is not kept


@dataclass(frozen=True, slots=True, kw_only=True)
class _Estimate:
    """Both colours, RGB, for every block of `block` x `block` pixels."""

    subject: Picture
    behind: Picture
    block: int

    def under(self, colours: Picture, box: Box) -> Picture:
        """Either of them for the rows and columns of `box`, at full size."""
        left, top, right, bottom = box
        size = (right - left, bottom - top)
        part = (left / self.block, top / self.block, right / self.block, bottom / self.block)
        return colours.resize(size, Image.Resampling.BILINEAR, box=part)


def foreground(
    picture: Picture, mask: Picture, visible: Picture | None = None, shown: Picture | None = None
) -> Picture:
    """RGB: the subject's own colour where anything of `shown` is above 0, by default of the mask.

    That is the picture's where the mask is full, and without the background's part along its
    edge; beyond it the colour of the edge goes on. What is not `visible` is not looked at: a
    transparent pixel often hides what was once behind.
    """
    estimate = _estimate(picture, mask, visible)
    if visible is not None:
        mask = ImageChops.multiply(mask, visible.point(_VISIBLE))
    done = picture.copy()
    for box in tiles(picture.size):
        part = mask.crop(box)
        if lightest(part) < _ALMOST and (shown or mask).crop(box).getbbox():
            done.paste(_tile(picture.crop(box), part, estimate, box), box)
    return done


def lightest(mask: Picture) -> int:
    """The least level of L."""
    return int(mask.getextrema()[0])  # type: ignore[arg-type] # one band: two numbers


def tiles(size: tuple[int, int]) -> Iterator[Box]:
    width, height = size
    for top in range(0, height, _TILE):
        for left in range(0, width, _TILE):
            yield left, top, min(left + _TILE, width), min(top + _TILE, height)


def _tile(seen: Picture, mask: Picture, estimate: _Estimate, box: Box) -> Picture:
    subject = estimate.under(estimate.subject, box)
    mixed = Image.composite(seen, subject, mask.point(_OWN))
    levels = np.asarray(mask).ravel()
    soft = np.flatnonzero((levels > _BARELY) & (levels < _ALMOST))
    if not soft.size:
        return mixed
    behind = estimate.under(estimate.behind, box)
    pixels = np.array(mixed)
    clean = _cleaned(levels[soft], *(_at(layer, soft) for layer in (seen, subject, behind)))
    pixels.reshape(-1, 3)[soft] = np.clip(clean + 0.5, 0, 255).astype(np.uint8)
    return Image.fromarray(pixels)


def _cleaned(levels: Levels, seen: Floats, subject: Floats, behind: Floats) -> Floats:
    """The subject's colours of soft pixels, one a row."""
    away = behind - subject
    rest = seen - behind + _ALPHA[levels, None] * away
    like = np.einsum("ij,ij->i", rest, away) / (np.einsum("ij,ij->i", away, away) + _NOISE)
    rest -= (np.maximum(like, 0) * _STRAY[levels])[:, None] * away
    rest *= _KEPT[levels, None]
    return subject + rest


def _at(picture: Picture, places: NDArray[np.intp]) -> Floats:
    return np.asarray(picture).reshape(-1, 3)[places].astype(np.float32)


def _estimate(picture: Picture, mask: Picture, visible: Picture | None) -> _Estimate:
    fine = max(1, max(picture.size) // _FINE)
    levels = np.asarray(mask.reduce(fine))
    alpha, weight = _ALPHA[levels], _SURE[levels]
    if visible is not None:
        picture = picture.copy()
        picture.putalpha(visible)  # Pillow then weighs the colours by it
    picture = picture.reduce(fine)
    if visible is not None:
        weight *= _ALPHA[np.asarray(picture.getchannel("A"))]
    coarse = max(1, max(picture.size) // _COARSE)
    colours = np.asarray(picture.convert("RGB"), np.float32)
    toned = weight * alpha
    parts = (toned[..., None] * colours, toned, weight[..., None] * colours, weight, toned * alpha)
    sums = np.concatenate([_means(part, coarse) for part in parts], axis=2)
    subject, behind = (_smooth(colours) for colours in _solved(sums))
    return _Estimate(subject=subject, behind=behind, block=fine * coarse)


def _means(values: Floats, block: int) -> Floats:
    """Of every block; what lies beyond the picture counts as 0, and so weighs nothing."""
    height, width = values.shape[:2]
    bands = values.reshape(height, width, -1)
    down = np.add.reduceat(bands, range(0, height, block), axis=0)
    return cast("Floats", np.add.reduceat(down, range(0, width, block), axis=1) / block**2)


def _smooth(colours: Floats) -> Picture:
    levels = np.clip(colours + 0.5, 0, 255).astype(np.uint8)
    return Image.fromarray(levels).filter(ImageFilter.BoxBlur(1))


def _solved(sums: Floats) -> tuple[Floats, Floats]:
    """Subject and background of every block: least squares, held to the next coarser solution.

    `sums`, the last axis, each times the weight: alpha * colour, alpha, colour, 1, alpha².
    """
    height, width = sums.shape[:2]
    if height == width == 1:
        mean = (sums[..., 4:7] / np.maximum(sums[..., 7:8], 1e-6)).astype(np.float32)
        return _block(sums, mean, mean, 1e-4)
    even = np.pad(sums, ((0, height % 2), (0, width % 2), (0, 0)))
    quarters = even.reshape(even.shape[0] // 2, 2, even.shape[1] // 2, 2, sums.shape[2])
    subject, behind = (
        colours.repeat(2, axis=0).repeat(2, axis=1)[:height, :width]
        for colours in _solved(quarters.mean(axis=(1, 3)))
    )
    return _block(sums, subject, behind, _PRIOR)


def _block(sums: Floats, subject: Floats, behind: Floats, prior: float) -> tuple[Floats, Floats]:
    """The pair that makes least of |seen - alpha * subject - (1 - alpha) * behind|²."""
    toned, alpha, seen, whole, square = np.split(sums, (3, 4, 7, 8), axis=2)
    front, both, back = square + prior, alpha - square, whole - 2 * alpha + square + prior
    left, right = toned + prior * subject, seen - toned + prior * behind
    scale = front * back - both * both
    return (back * left - both * right) / scale, (front * right - both * left) / scale
