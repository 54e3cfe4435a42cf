from core.adapters.sqlite.database import Database
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
