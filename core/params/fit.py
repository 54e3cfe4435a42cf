import math
from collections.abc import Callable, Iterable
from dataclasses import replace

from core.models.card import Card, FreeSize, Span
from core.models.order import Order
from core.models.request import Parameters, Ratio, Request, Size


def fit(request: Request, card: Card, number: int) -> Order:
    """Turn a request into what this model takes, for picture `number` (from 1) of it.

    Nothing is sent that the card does not name; what was asked for in vain is listed as ignored.
    """
    asked = request.parameters
    size, ratio = _shape(asked, card)
    order = Order(
        model=card.model,
        prompt=request.prompt,
        size=size,
        ratio=ratio,
        seed=_seed(request, card, number),
        steps=_clamp(asked.steps, card.steps) if asked.steps and card.steps else None,
        quality=asked.quality if asked.quality in card.qualities else None,
        negative=asked.negative if card.negative else None,
    )
    shape = size or ratio
    taken = {
        "ratio": shape,
        "size": shape,
        "seed": order.seed,
        "steps": order.steps,
        "quality": order.quality,
        "negative": order.negative,
    }
    return replace(
        order,
        ignored=tuple(
            name
            for name, value in taken.items()
            if getattr(asked, name) is not None and value is None
        ),
    )


def _seed(request: Request, card: Card, number: int) -> int | None:
    asked = request.parameters.seed
    seed = (request.drawn_seed if asked is None else asked) + number - 1
    return seed if card.seed and card.seed.least <= seed <= card.seed.most else None


def _shape(asked: Parameters, card: Card) -> tuple[Size | None, Ratio | None]:
    """The nearest real size, or the nearest of the provider's ratio words."""
    wanted = asked.size or asked.ratio
    if wanted is None:
        return None, None
    if card.sizes:
        return _nearest_size(wanted, card.sizes), None
    if card.free_size:
        return _free(wanted, card.free_size), None
    if card.ratios:
        return None, min(card.ratios, key=lambda ratio: _distance(ratio, wanted))
    return None, None


def _nearest_size(wanted: Size | Ratio, sizes: Iterable[Size]) -> Size:
    """Nearest in shape; among equals nearest in area, for a bare ratio the first listed."""

    def rank(size: Size) -> tuple[float, float]:
        area = 0.0
        if isinstance(wanted, Size):
            area = abs(math.log(size.width * size.height / (wanted.width * wanted.height)))
        return round(_distance(size, wanted), 3), area

    return min(sizes, key=rank)


def _free(wanted: Size | Ratio, free: FreeSize) -> Size:
    """The size itself where the model paints it, else the same shape at the nearest scale."""
    width, height, step = float(wanted.width), float(wanted.height), free.multiple
    area = width * height
    scale = 1.0
    if isinstance(wanted, Ratio):
        scale = math.sqrt(free.natural.width * free.natural.height / area)
    multiples = Span(least=-(-free.side.least // step), most=free.side.most // step)
    scale = min(scale, multiples.most * step / max(width, height))
    scale = max(scale, multiples.least * step / min(width, height))
    whole: Callable[[float], int] = round
    if free.most_pixels and area * scale**2 > free.most_pixels:
        scale, whole = math.sqrt(free.most_pixels / area), math.floor

    def side(length: float) -> int:
        return _clamp(whole(length * scale / step), multiples) * step

    return Size(width=side(width), height=side(height))


def _distance(shape: Size | Ratio, wanted: Size | Ratio) -> float:
    return abs(math.log(shape.width / shape.height * wanted.height / wanted.width))


def _clamp(number: int, span: Span) -> int:
    return max(span.least, min(span.most, number))
