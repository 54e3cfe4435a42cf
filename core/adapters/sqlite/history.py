from collections.abc import Sequence

from core.adapters.sqlite.database import Database, Row
from core.adapters.sqlite.rows import STATE, job_from, search_text
from core.ids import OwnerId
from core.models.job import Job


class SqliteHistory:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def recent(self, owner: OwnerId, search: str | None, limit: int) -> Sequence[Job]:
        heads = await self._database.rows(
            "select * from jobs where owner = ? and kind = 'comparison' "
            "and search like ? escape '\\' order by created desc, id desc limit ?",
            owner,
            _pattern(search or ""),
            limit,
        )
        marks = ", ".join("?" * len(heads))
        rows = await self._database.rows(STATE.format(marks), *(head["id"] for head in heads))
        states: dict[str, list[Row]] = {}
        for row in rows:
            states.setdefault(row["job_id"], []).append(row)
        return [job_from(head, states[head["id"]]) for head in heads if head["id"] in states]


def _pattern(text: str) -> str:
    """A part of the text itself: the signs that `like` reads are taken by the letter."""
    plain = search_text(text).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{plain}%"
