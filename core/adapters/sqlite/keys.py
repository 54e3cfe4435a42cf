import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from core.adapters.sqlite.database import Database, Row
from core.ids import OwnerId, ProviderId
from core.models.key import KeyNote
from core.ports.keys import SealedKey

_CHECK = "master key check"


class SqliteKeys:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, make: Callable[[], tuple[SealedKey, bytes]]) -> None:
        async with self._database.write() as tx:
            key, check = make()
            note = key.note
            await tx.run(
                "insert into keys (owner, provider, base_url, sealed, last_four, added) "
                "values (?, ?, ?, ?, ?, ?) on conflict (owner, provider) do update set "
                "base_url = excluded.base_url, sealed = excluded.sealed, "
                "last_four = excluded.last_four, added = excluded.added, used = null",
                key.owner,
                note.provider,
                note.base_url,
                key.sealed,
                note.last_four,
                note.added,
            )
            await tx.run(
                "insert into meta (name, value) values (?, ?) on conflict (name) do update "
                "set value = excluded.value",
                _CHECK,
                check,
            )

    async def get(self, owner: OwnerId, provider: ProviderId) -> SealedKey | None:
        row = await self._database.row(
            "select * from keys where owner = ? and provider = ?", owner, provider
        )
        return _key(row) if row else None

    async def all(self, owner: OwnerId) -> Sequence[SealedKey]:
        rows = await self._database.rows(
            "select * from keys where owner = ? order by provider", owner
        )
        return [_key(row) for row in rows]

    async def used(self, owner: OwnerId, provider: ProviderId) -> None:
        async with self._database.write() as tx:
            await tx.run(
                "update keys set used = ? where owner = ? and provider = ?",
                time.time(),
                owner,
                provider,
            )

    async def forget(self, owner: OwnerId, provider: ProviderId | None) -> int:
        async with self._database.write() as tx:
            return await tx.run(
                "delete from keys where owner = ? and provider = coalesce(?, provider)",
                owner,
                provider,
            )

    async def check(self) -> bytes | None:
        row = await self._database.row(
            "select value from meta where name = ? and exists (select 1 from keys)", _CHECK
        )
        return bytes(row["value"]) if row else None

    async def reseal(self, change: Callable[[SealedKey], bytes], check: bytes) -> int:
        async with self._database.write() as tx:
            keys = [_key(row) for row in await tx.rows("select * from keys")]
            changed = [replace(key, sealed=change(key)) for key in keys]
            await tx.run_many(
                "update keys set sealed = ? where owner = ? and provider = ?",
                [(key.sealed, key.owner, key.note.provider) for key in changed],
            )
            await tx.run("update meta set value = ? where name = ?", check, _CHECK)
        return len(keys)


def _key(row: Row) -> SealedKey:
    note = KeyNote(
        provider=ProviderId(row["provider"]),
        last_four=row["last_four"],
        base_url=row["base_url"],
        added=row["added"],
        used=row["used"],
    )
    return SealedKey(owner=OwnerId(row["owner"]), note=note, sealed=bytes(row["sealed"]))
