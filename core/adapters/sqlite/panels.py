from collections.abc import Callable

from core.adapters.sqlite.database import Database, Row
from core.ids import OwnerId, PanelId, PlaceId
from core.models.panel import Panel


class SqlitePanels:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, panel: Panel) -> None:
        async with self._database.write() as tx:
            await tx.run(
                "insert into panels (id, owner, place, kind, content, created) "
                "values (?, ?, ?, ?, ?, ?)",
                panel.id,
                panel.owner,
                panel.place,
                panel.kind,
                panel.content,
                panel.created,
            )

    async def find(self, panel: PanelId) -> Panel | None:
        row = await self._database.row("select * from panels where id = ?", panel)
        return _panel(row) if row else None

    async def change(self, panel: PanelId, edit: Callable[[str], str]) -> Panel | None:
        async with self._database.write() as tx:
            row = await tx.row("select content from panels where id = ?", panel)
            if row is None:
                return None
            content = edit(row["content"])
            await tx.run("update panels set content = ? where id = ?", content, panel)
        return await self.find(panel)

    async def sweep(self, before: float) -> None:
        if await self._database.row("select 1 from panels where created < ?", before):
            async with self._database.write() as tx:
                await tx.run("delete from panels where created < ?", before)


def _panel(row: Row) -> Panel:
    return Panel(
        id=PanelId(row["id"]),
        owner=OwnerId(row["owner"]),
        place=PlaceId(row["place"]),
        kind=row["kind"],
        content=row["content"],
        created=row["created"],
    )
