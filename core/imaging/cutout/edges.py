"""The subject's own colours along a soft edge, where the picture mixes them with what is behind.

A pixel of a soft edge is `alpha * subject + (1 - alpha) * background`. Made transparent as it is,
the old background shines through; laid on black, it darkens. So both colours are estimated, block
by block and from coarse to fine, as those that explain the pixels best, and the background's
part is taken out.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageFilter

from core.imaging.formats import Picture

Floats = NDArray[np.float32]
Levels = NDArray[np.uint8]
Box = tuple[int, int, int, int]

_FINE = 512  # pixels of the longest side that the estimate is made from
_COARSE = 128  # and of the estimate itself: colours change slowly
_TILE = 128  # pixels; most tiles lie wholly inside or outside and cost nothing
_PRIOR = 0.02  # what the coarser estimate weighs, where a block's own pixels weigh 1
_BARELY, _ALMOST = 8, 248  # of 255: below, a pixel tells nothing of the subject; from there, all
_OWN = [255 * (level >= _ALMOST) for level in range(256)]
_SQUARE = [round(level * level / 255) for level in range(256)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Estimate:
    """Both colours, RGB, for every block of `block` x `block` pixels."""

    subject: Picture
    behind: Picture
    block: int

    def under(self, box: Box) -> tuple[Picture, Picture]:
        """Both for the rows and columns of `box`, at full size."""
        left, top, right, bottom = box
        size = (right - left, bottom - top)
        part = (left / self.block, top / self.block, right / self.block, bottom / self.block)
        return (
            self.subject.resize(size, Image.Resampling.BILINEAR, box=part),
            self.behind.resize(size, Image.Resampling.BILINEAR, box=part),
        )


def foreground(
    picture: Picture, mask: Picture, visible: Picture | None = None, shown: Picture | None = None
) -> Picture:
    """RGB: the subject's own colour where anything of `shown` is above 0, by default of the mask.

    That is the picture's where the mask is full, and without the background's part along its
    edge; beyond it the colour of the edge goes on. What is not `visible` is not looked at.
    """
    estimate = _estimate(picture, mask, visible)
    done = picture.copy()
    for box in _tiles(picture.size):
        part = mask.crop(box)
        if np.asarray(part).min() < _ALMOST and (shown or mask).crop(box).getbbox():
            done.paste(_tile(picture.crop(box), part, *estimate.under(box)), box)
    return done


def _tiles(size: tuple[int, int]) -> Iterator[Box]:
    width, height = size
    for top in range(0, height, _TILE):
        for left in range(0, width, _TILE):
            yield left, top, min(left + _TILE, width), min(top + _TILE, height)


def _tile(seen: Picture, mask: Picture, subject: Picture, behind: Picture) -> Picture:
    mixed = Image.composite(seen, subject, mask.point(_OWN))
    levels = np.asarray(mask).ravel()
    soft = np.flatnonzero((levels > _BARELY) & (levels < _ALMOST))
    if not soft.size:
        return mixed
    pixels = np.array(mixed)
    flat = pixels.reshape(-1, 3)
    alpha = levels[soft].astype(np.float32)[:, None] / 255
    own, back = _at(subject, soft), _at(behind, soft)
    rest = _at(seen, soft) - back - alpha * (own - back)
    clean = own + rest * alpha
    flat[soft] = np.clip(clean + 0.5, 0, 255).astype(np.uint8)
    return Image.fromarray(pixels)


def _at(picture: Picture, places: NDArray[np.intp]) -> Floats:
    return np.asarray(picture).reshape(-1, 3)[places].astype(np.float32)


def _estimate(picture: Picture, mask: Picture, visible: Picture | None) -> _Estimate:
    fine = max(1, max(picture.size) // _FINE)
    picture, mask = picture.reduce(fine), mask.reduce(fine)
    coarse = max(1, max(picture.size) // _COARSE)
    square = mask.point(_SQUARE)
    if visible is None:
        all_ = np.asarray(picture.convert("RGBA").reduce(coarse), np.float32)
        all_[..., 3] = 1
    else:
        visible = visible.reduce(fine)
        mask, square = (ImageChops.multiply(part, visible) for part in (mask, square))
        all_ = _sums(picture, visible, coarse)
    squares = np.asarray(square.reduce(coarse), np.float32)[..., None] / 255
    sums: Floats = np.concatenate((_sums(picture, mask, coarse), all_, squares), axis=2)
    subject, behind = (_smooth(colours) for colours in _solved(sums))
    return _Estimate(subject=subject, behind=behind, block=fine * coarse)


def _sums(picture: Picture, weight: Picture, block: int) -> Floats:
    """Of every block the mean of the weighted colours, and of the weight as 0 to 1."""
    layered = picture.copy()
    layered.putalpha(weight)
    means = np.asarray(layered.convert("RGBa").reduce(block), np.float32)
    means[..., 3] /= 255
    return means


def _smooth(colours: Floats) -> Picture:
    levels = np.clip(colours + 0.5, 0, 255).astype(np.uint8)
    return Image.fromarray(levels).filter(ImageFilter.BoxBlur(1))


def _solved(sums: Floats) -> tuple[Floats, Floats]:
    """Subject and background of every block: least squares, held to the next coarser solution.

    `sums`, the last axis: alpha * colour, alpha, colour, 1, alpha².
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
