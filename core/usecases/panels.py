import time
from collections.abc import Callable

from core.errors import UnknownId
from core.ids import PanelId, new_id
from core.models.asker import Asker
from core.models.panel import Panel
from core.ports.panels import PanelStore

_KEPT = 30 * 86_400.0  # seconds


class Panels:
    """What fits no button, each for its owner alone, for thirty days."""

    def __init__(self, store: PanelStore) -> None:
        self._store = store

    async def add(self, asker: Asker, kind: str, content: str) -> Panel:
        panel = Panel(
            id=PanelId(new_id()),
            owner=asker.owner,
            place=asker.place,
            kind=kind,
            content=content,
            created=time.time(),
        )
        await self._store.add(panel)
        return panel

    async def find(self, asker: Asker, panel: PanelId) -> Panel:
        """UnknownId also for another owner's."""
        found = await self._store.find(panel)
        if found is None or found.owner != asker.owner:
            raise UnknownId(id=panel)
        return found

    async def change(self, asker: Asker, panel: PanelId, edit: Callable[[str], str]) -> Panel:
        """Two changes at once lose neither: each edits what the other left; UnknownId."""
        await self.find(asker, panel)
        changed = await self._store.change(panel, edit)
        if changed is None:
            raise UnknownId(id=panel)
        return changed

    async def sweep(self) -> None:
        await self._store.sweep(time.time() - _KEPT)
