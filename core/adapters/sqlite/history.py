from collections.abc import Sequence

from core.adapters.sqlite.database import Database
from core.adapters.sqlite.rows import (
    WHOLE,
    WHOLE_TEXT,
    comparisons_from,
    search_text,
    text_runs_from,
)
from core.ids import OwnerId
from core.models.job import Comparison, JobKind, TextRun

_NEWEST = (
    "select id from jobs where owner = ? and kind = ? "
    "and search like ? escape '\\' order by created desc, id desc limit ?"
)


class SqliteHistory:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def recent(self, owner: OwnerId, search: str | None, limit: int) -> Sequence[Comparison]:
        pattern = _pattern(search or "")
        return comparisons_from(
            await self._database.rows(
                WHOLE.format(_NEWEST), owner, JobKind.COMPARISON, pattern, limit
            )
        )

    async def drafts(self, owner: OwnerId, search: str | None, limit: int) -> Sequence[TextRun]:
        pattern = _pattern(search or "")
        return text_runs_from(
            await self._database.rows(
                WHOLE_TEXT.format(_NEWEST), owner, JobKind.TEXT, pattern, limit
            )
        )


def _pattern(text: str) -> str:
    """A part of the text itself: the signs that `like` reads are taken by the letter."""
    plain = search_text(text).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{plain}%"
