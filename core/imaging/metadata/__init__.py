"""What a picture says about how it was made, as the field writes it: the A1111 parameters."""

from core.imaging.metadata.files import embed, text_of
from core.imaging.metadata.infotext import Made, describe, parse

__all__ = ["Made", "describe", "embed", "parse", "read", "text_of"]


def read(data: bytes) -> Made | None:
    """How a picture was made, as its own metadata tells; None when they tell nothing."""
    text = text_of(data)
    return None if text is None else parse(text)
