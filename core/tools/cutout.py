from core.models.job import ToolRun
from core.models.tool import Cutout, Outcome, Source
from core.ports.jobs import Made
from core.ports.tools import Opened, Report
from core.tools.kit import Kit


async def cut_out(kit: Kit, run: ToolRun, source: Source, tool: Cutout, report: Report) -> Made:
    """The subject without its background."""
    taken: list[Opened] = []

    async def take() -> bytes:
        taken.append(await kit.open(run, source))
        return taken[-1].data

    cut = await kit.cutter.cut(take, tool, report)
    [opened] = taken
    image = await kit.keep(run, opened, "cutout", cut.picture, tool.format.most_bytes)
    return Made(outcome=Outcome(name=opened.name, engine=cut.engine), images=(image,))
