"""What is known of a picture, into the pictures that are derived from it."""

from core.imaging.metadata import Made, describe, embed, read, text_of
from core.models.attempt import Attempt
from core.models.job import Comparison
from core.models.origin import Origin
from core.models.request import Size


def made_of(data: bytes, origin: Origin | None) -> Made | None:
    """How a picture was made: by our own rows where it is kept, else by its own words."""
    if origin and origin.comparison and origin.attempt:
        return _made(origin.comparison, origin.attempt)
    return read(data)


def with_notes(result: bytes, data: bytes, origin: Origin | None) -> bytes:
    """`result`, derived from `data`, with the same notes written into it; no pixel changes."""
    if origin and origin.comparison and origin.attempt:
        return embed(result, describe(_made(origin.comparison, origin.attempt)))
    text = text_of(data)
    return result if text is None else embed(result, text)


def _made(comparison: Comparison, attempt: Attempt) -> Made:
    order, parameters = attempt.order, comparison.work.parameters
    picture = attempt.images[0] if attempt.images else None
    others = {
        "Quality": order.quality if order else None,
        "Ratio": order.ratio if order else None,
    }
    return Made(
        prompt=order.prompt if order else comparison.work.prompt,
        negative=(order.negative if order else parameters.negative) or "",
        steps=order.steps if order else None,
        seed=attempt.seed if attempt.seed is not None or order is None else order.seed,
        size=Size(width=picture.width, height=picture.height) if picture else None,
        model=attempt.model,
        others=tuple((name, str(value)) for name, value in others.items() if value is not None),
    )
