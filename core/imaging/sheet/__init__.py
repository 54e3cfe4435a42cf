"""The contact sheet: the one labelled picture of a comparison."""

from PIL import Image

from core.imaging.sheet.paint import paint
from core.imaging.sheet.plan import (
    MAX_SIDE,
    MAX_TILES,
    TILE,
    Sheet,
    Theme,
    Tile,
    plan_sheet,
    tile_box,
)

__all__ = ["MAX_SIDE", "MAX_TILES", "TILE", "Sheet", "Theme", "Tile", "draw_sheet", "tile_box"]


def draw_sheet(sheet: Sheet) -> Image.Image:
    """Draws a sheet of 1 to 32 tiles, as RGB, no side longer than 4096 pixels."""
    if not 1 <= len(sheet.tiles) <= MAX_TILES:
        raise ValueError(f"a sheet has 1 to {MAX_TILES} tiles, not {len(sheet.tiles)}")
    return paint(plan_sheet(sheet), sheet.theme)
