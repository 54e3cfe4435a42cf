from typing import TYPE_CHECKING

from core.models.grid import Grid
from core.models.job import ToolRun
from core.models.tool import ItemState, Outcome, Source, Split
from core.ports.jobs import Made
from core.tools.kit import Kit

if TYPE_CHECKING:
    from core.imaging.split import Tiles


async def split(kit: Kit, run: ToolRun, source: Source, tool: Split) -> Made:
    """A grid into its tiles; unsure when neither a person nor the picture says the layout."""
    opened = await kit.open(run, source)
    grid = tool.grid or kit.known_grid(opened.origin)
    tiles = await kit.offload(_cut_up, opened.data, grid)
    if tiles is None:
        return Made(outcome=Outcome(name=opened.name), state=ItemState.UNSURE)
    images = [await kit.keep(run, opened, "split", tile) for tile in tiles.tiles]
    return Made(outcome=Outcome(name=opened.name, grid=tiles.grid), images=tuple(images))


def _cut_up(data: bytes, grid: Grid | None) -> "Tiles | None":
    """NumPy comes with the first split, in its thread: nobody else waits for it."""
    from core.imaging.split import split

    return split(data, grid)
