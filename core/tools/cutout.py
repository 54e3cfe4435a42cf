from core.models.job import ToolRun
from core.models.tool import Cutout, Outcome, Source
from core.ports.jobs import Made
from core.ports.tools import Report
from core.tools.kit import Kit


async def cut_out(kit: Kit, run: ToolRun, source: Source, tool: Cutout, report: Report) -> Made:
    """The subject without its background."""
    opened = await kit.open(run, source)
    cut = await kit.cutter.cut(opened.data, tool, report)
    image = await kit.keep(run, opened, "cutout", cut.picture, tool.format.most_bytes)
    return Made(outcome=Outcome(name=opened.name, engine=cut.engine), images=(image,))
