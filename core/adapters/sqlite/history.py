from collections.abc import Sequence

from core.adapters.sqlite.database import Database
from core.adapters.sqlite.rows import WHOLE, comparisons_from, search_text
from core.ids import OwnerId
from core.models.job import Comparison


class SqliteHistory:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def recent(self, owner: OwnerId, search: str | None, limit: int) -> Sequence[Comparison]:
        newest = (
            "select id from jobs where owner = ? and kind = 'comparison' "
            "and search like ? escape '\\' order by created desc, id desc limit ?"
        )
        pattern = _pattern(search or "")
        return comparisons_from(
            await self._database.rows(WHOLE.format(newest), owner, pattern, limit)
        )


def _pattern(text: str) -> str:
    """A part of the text itself: the signs that `like` reads are taken by the letter."""
    plain = search_text(text).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{plain}%"
