"""The subject on its own layer: RGBA, with nothing to read where it is transparent."""

from PIL import Image, ImageChops, ImageFilter

from core.imaging.cutout.edges import foreground, lightest, tiles
from core.imaging.cutout.source import Source
from core.imaging.formats import Picture
from core.models.tool import ToolFailed, ToolFailureKind

FAINT = 8  # of 255; what is at most so opaque is the network's noise, and nobody sees it

_NOTHING = [255 * (level == 0) for level in range(256)]


def layered(source: Source, mask: Picture, feather: int) -> Picture:
    """Cut out by a mask of whole pixels and soft edges; ToolFailed when nothing is left."""
    alpha = _alpha(source, mask, feather)
    colours = foreground(source.picture, mask, source.visible, alpha)
    return _layer(colours, alpha)


def matted(source: Source, matte: Picture, feather: int) -> Picture:
    """The same from RGBA whose colours are the subject's already, as alpha matting makes it."""
    return _layer(matte.convert("RGB"), _alpha(source, matte.getchannel("A"), feather))


def _alpha(source: Source, mask: Picture, feather: int) -> Picture:
    alpha = mask if source.visible is None else ImageChops.multiply(mask, source.visible)
    if int(alpha.getextrema()[1]) <= FAINT:  # type: ignore[arg-type] # one band: two numbers
        raise ToolFailed(ToolFailureKind.NO_SUBJECT)
    return alpha.filter(ImageFilter.GaussianBlur(feather / 2)) if feather else alpha


def _layer(colours: Picture, alpha: Picture) -> Picture:
    layer = Image.new("RGBA", colours.size)
    for box in tiles(colours.size):
        part = alpha.crop(box)
        if not part.getbbox():
            continue
        tile = colours.crop(box)
        tile.putalpha(part)
        if lightest(part) == 0:
            tile.paste((0, 0, 0, 0), mask=part.point(_NOTHING))
        layer.paste(tile, box)
    return layer
