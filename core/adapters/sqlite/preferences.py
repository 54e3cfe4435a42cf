from collections.abc import Callable, Sequence

from core.adapters.sqlite.database import Database
from core.adapters.sqlite.rows import dump, read, search_text
from core.ids import OwnerId
from core.models.preferences import ModelSet, Preferences


class SqlitePreferences:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, owner: OwnerId) -> Preferences:
        row = await self._database.row("select value from preferences where owner = ?", owner)
        return read(Preferences, row["value"]) if row else Preferences()

    async def put(self, owner: OwnerId, preferences: Preferences) -> None:
        async with self._database.write() as tx:
            await tx.run(
                "insert into preferences (owner, value) values (?, ?) "
                "on conflict (owner) do update set value = excluded.value",
                owner,
                dump(preferences),
            )

    async def sets(self, owner: OwnerId) -> Sequence[ModelSet]:
        rows = await self._database.rows(
            "select value from model_sets where owner = ? order by folded", owner
        )
        return [read(ModelSet, row["value"]) for row in rows]

    async def put_set(self, owner: OwnerId, new: ModelSet, gate: Callable[[int], None]) -> None:
        folded = search_text(new.name)
        async with self._database.write() as tx:
            row = await tx.row(
                "select count(*) as others from model_sets where owner = ? and folded <> ?",
                owner,
                folded,
            )
            gate(row["others"] if row else 0)
            await tx.run(
                "insert into model_sets (owner, folded, value) values (?, ?, ?) "
                "on conflict (owner, folded) do update set value = excluded.value",
                owner,
                folded,
                dump(new),
            )

    async def forget_set(self, owner: OwnerId, name: str) -> bool:
        async with self._database.write() as tx:
            return bool(
                await tx.run(
                    "delete from model_sets where owner = ? and folded = ?",
                    owner,
                    search_text(name),
                )
            )
