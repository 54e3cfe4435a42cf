import time
from collections.abc import Awaitable, Callable

from core.adapters.sqlite.database import Database, Transaction
from core.adapters.sqlite.rows import WHOLE, comparisons_from, image_from, read
from core.ids import ImageId, JobId
from core.models.attempt import Attempt
from core.models.job import Comparison
from core.models.origin import Origin
from core.models.tool import Outcome

_ONE = "select i.*, t.outcome from images i left join items t on t.id = i.item where i.id = ?"
# From the image back to the one that an attempt brought, if there is one.
_FIRST = """
with recursive line (id, parent, job, attempt) as (
  select id, parent, job, attempt from images where id = ?
  union all
  select above.id, above.parent, above.job, above.attempt
  from images above join line on above.id = line.parent
)
select job, attempt from line where attempt is not null
"""


class SqliteImages:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, image: ImageId) -> Origin | None:
        row = await self._database.row(_ONE, image)
        if row is None:
            return None
        comparison, attempt = await self._first(image)
        return Origin(
            image=image_from(row),
            position=row["position"],
            outcome=read(Outcome, row["outcome"]) if row["outcome"] else None,
            comparison=comparison,
            attempt=attempt,
        )

    async def delete(self, image: ImageId, drop: Callable[[str], Awaitable[None]]) -> JobId | None:
        async with self._database.write() as tx:
            row = await tx.row("select job, sha256 from images where id = ?", image)
            if row is None:
                return None
            await tx.run("delete from images where id = ?", image)
            await _grow(tx, JobId(row["job"]))
            if not await tx.row("select 1 from images where sha256 = ?", row["sha256"]):
                await drop(row["sha256"])
        return JobId(row["job"])

    async def _first(self, image: ImageId) -> tuple[Comparison | None, Attempt | None]:
        row = await self._database.row(_FIRST, image)
        if row is None:
            return None, None
        whole = await self._database.rows(WHOLE.format("?"), JobId(row["job"]))
        for comparison in comparisons_from(whole):
            for attempt in comparison.attempts:
                if attempt.id == row["attempt"]:
                    return comparison, attempt
        return None, None


async def _grow(tx: Transaction, job: JobId) -> None:
    """A new version; where all had been told and nobody can be told any more, it stays so."""
    await tx.run(
        "update deliveries set told = told + 1 where job = ? "
        "and (lost = 1 or (private = 1 and token_until <= ?)) "
        "and told = (select version from jobs where jobs.id = deliveries.job)",
        job,
        time.time(),
    )
    await tx.run("update jobs set version = version + 1 where id = ?", job)
