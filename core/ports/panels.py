from collections.abc import Callable
from typing import Protocol

from core.ids import PanelId
from core.models.panel import Panel


class PanelStore(Protocol):
    async def add(self, panel: Panel) -> None: ...

    async def find(self, panel: PanelId) -> Panel | None: ...

    async def change(self, panel: PanelId, edit: Callable[[str], str]) -> Panel | None:
        """Put `edit` of its content in place, in one transaction; None when it is gone."""

    async def sweep(self, before: float) -> None:
        """Drop those made before that moment (seconds since 1970)."""
