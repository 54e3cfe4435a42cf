"""Setting short texts of any script into a picture: fonts with fallback, wrapping, drawing."""

from core.imaging.text.characters import graphemes
from core.imaging.text.lines import Block, Style, draw, fit, measure

__all__ = ["Block", "Style", "draw", "fit", "graphemes", "measure"]
