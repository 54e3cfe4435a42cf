from collections.abc import Sequence

from core.errors import LongPrompt, UnknownId
from core.ids import JobId
from core.models.asker import Asker
from core.models.job import Comparison
from core.ports.jobs import HistoryStore, JobStore
from core.ports.policy import Action, Policy

_SEARCH_LIMIT = 10_000  # characters


class History:
    """What an owner has asked before; reads only."""

    def __init__(self, history: HistoryStore, jobs: JobStore, policy: Policy) -> None:
        self._history = history
        self._jobs = jobs
        self._policy = policy

    async def recent(
        self, asker: Asker, *, search: str | None, limit: int
    ) -> Sequence[Comparison]:
        """LongPrompt for a search longer than any database compares."""
        if search and len(search) > _SEARCH_LIMIT:
            raise LongPrompt(length=len(search), limit=_SEARCH_LIMIT)
        return await self._history.recent(asker.owner, search, limit)

    async def find(self, asker: Asker, job: JobId) -> Comparison:
        """UnknownId also for what is another's and shown elsewhere."""
        found = await self._jobs.load(job)
        if not isinstance(found, Comparison):
            raise UnknownId(id=job)
        self._policy.allow(asker, Action.SHOW, found)
        return found
