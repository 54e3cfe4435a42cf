import time
from collections.abc import Sequence

from core.adapters.sqlite.database import Database, Row, Transaction
from core.ids import DeliveryId, JobId, OwnerId, PlaceId, new_id
from core.models.job import Delivery, NewDelivery

_WAITING = """
select d.* from deliveries d join jobs j on j.id = d.job
where j.owner = ? and j.state not in ('queued', 'running') and d.told < j.version
  and (d.lost = 1 or (d.private = 1 and d.token_until <= ?))
  and not exists (select 1 from deliveries o where o.job = d.job and o.told >= j.version)
order by d.created desc, d.id desc
"""


class SqliteDeliveries:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, job: JobId, new: NewDelivery) -> DeliveryId:
        async with self._database.write() as tx:
            return await insert_delivery(tx, job, new)

    async def open(self, front_end: str) -> Sequence[Delivery]:
        rows = await self._database.rows(
            "select d.* from deliveries d join jobs j on j.id = d.job where d.front_end = ? "
            "and d.lost = 0 and (d.told < j.version or j.state in ('queued', 'running')) "
            "order by d.created, d.id",
            front_end,
        )
        return [_delivery(row) for row in rows]

    async def told(self, delivery: DeliveryId, version: int, *, address: str, memo: str) -> None:
        async with self._database.write() as tx:
            await tx.run(
                "update deliveries set told = ?, address = ?, memo = ? where id = ? and told <= ?",
                version,
                address,
                memo,
                delivery,
                version,
            )

    async def lose(self, delivery: DeliveryId) -> None:
        async with self._database.write() as tx:
            await tx.run(
                "update deliveries set lost = 1, token = null, token_until = null where id = ?",
                delivery,
            )

    async def find(self, delivery: DeliveryId) -> Delivery | None:
        row = await self._database.row("select * from deliveries where id = ?", delivery)
        return _delivery(row) if row else None

    async def renew(self, delivery: DeliveryId, token: bytes, token_until: float) -> None:
        async with self._database.write() as tx:
            await tx.run(
                "update deliveries set lost = 0, token = ?, token_until = ? where id = ?",
                token,
                token_until,
                delivery,
            )

    async def by_address(self, front_end: str, address: str) -> Delivery | None:
        row = await self._database.row(
            "select * from deliveries where front_end = ? and address = ? "
            "order by created desc, id desc limit 1",
            front_end,
            address,
        )
        return _delivery(row) if row else None

    async def waiting(self, owner: OwnerId, now: float) -> Sequence[Delivery]:
        rows = await self._database.rows(_WAITING, owner, now)
        return [_delivery(row) for row in rows]

    async def wipe(self, now: float) -> None:
        row = await self._database.row(
            "select min(token_until) as first from deliveries where token is not null"
        )
        if row and row["first"] is not None and row["first"] <= now:
            async with self._database.write() as tx:
                await tx.run(
                    "update deliveries set token = null where token is not null "
                    "and token_until <= ?",
                    now,
                )


async def insert_delivery(tx: Transaction, job: JobId, new: NewDelivery) -> DeliveryId:
    delivery = DeliveryId(new_id())
    await tx.run(
        "insert into deliveries (id, job, front_end, place, locale, private, address, memo, "
        "token, token_until, created) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        delivery,
        job,
        new.front_end,
        new.place,
        new.locale,
        int(new.private),
        new.address,
        new.memo,
        new.token,
        new.token_until,
        time.time(),
    )
    return delivery


def _delivery(row: Row) -> Delivery:
    return Delivery(
        id=DeliveryId(row["id"]),
        job=JobId(row["job"]),
        front_end=row["front_end"],
        place=PlaceId(row["place"]),
        locale=row["locale"],
        private=bool(row["private"]),
        address=row["address"],
        memo=row["memo"],
        token=row["token"],
        token_until=row["token_until"],
        told=row["told"],
        lost=bool(row["lost"]),
    )
