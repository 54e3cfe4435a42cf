from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from core.ids import ModelId
from core.models.grid import Grid
from core.models.request import Quality, Ratio, Size


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A whole number from `least` to `most`, both included."""

    least: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeSize:
    """Any size whose sides (pixels) lie in the span and divide by `multiple`."""

    side: Span
    multiple: int = 1
    most_pixels: int | None = None  # of the whole picture
    natural: Size  # what the model paints when nothing is asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """Of one picture, in US dollars, as the provider's list said on that date."""

    amount: Decimal
    as_of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPrice:
    """US dollars for a million tokens; the reply counts them, so the cost is exact."""

    text_in: Decimal
    image_in: Decimal
    image_out: Decimal
    as_of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Retired:
    """A model that its provider shuts on a day; from then on the successor is named instead."""

    model: ModelId
    successor: ModelId
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What one model can do. What it does not name, the model does not take.

    At most one of `sizes` (a list of real sizes), `ratios` (words of the provider) and
    `free_size` is given; with none of them the model chooses its own size.
    """

    model: ModelId
    sizes: tuple[Size, ...] = ()
    ratios: tuple[Ratio, ...] = ()
    free_size: FreeSize | None = None
    seed: Span | None = None
    steps: Span | None = None
    qualities: tuple[Quality, ...] = ()
    negative: bool = False
    price: Price | None = None
    token_price: TokenPrice | None = None
    needs_key: bool = True
    demo: bool = False  # painted by our own code: said on the sheet
    grid: Grid | None = None  # when every picture of it is a grid of that layout
    hidden: bool = False  # listed only with --all

    @property
    def takes(self) -> tuple[str, ...]:
        """The parameters that the model honours, as people write them."""
        shaped = bool(self.sizes or self.ratios or self.free_size)
        taken = {
            "ratio": shaped,
            "size": shaped,  # by a ratio alone: the nearest one
            "seed": self.seed is not None,
            "steps": self.steps is not None,
            "quality": bool(self.qualities),
            "negative": self.negative,
        }
        return tuple(name for name, does in taken.items() if does)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardChange:
    """What an operator's settings say otherwise of a card; None leaves the card as it is."""

    sizes: tuple[Size, ...] | None = None
    ratios: tuple[Ratio, ...] | None = None
    free_size: FreeSize | None = None
    seed: Span | None = None
    steps: Span | None = None
    qualities: tuple[Quality, ...] | None = None
    negative: bool | None = None
    price: Price | None = None
    grid: Grid | None = None
    hidden: bool | None = None

    def given(self) -> dict[str, Any]:
        return {
            field.name: value
            for field in fields(self)
            if (value := getattr(self, field.name)) is not None
        }
