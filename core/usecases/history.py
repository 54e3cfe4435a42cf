from collections.abc import Sequence
from typing import TypeVar

from core.errors import LongPrompt, UnknownId
from core.ids import JobId
from core.models.asker import Asker
from core.models.job import Comparison, Job, TextRun, ToolRun
from core.ports.jobs import HistoryStore, JobStore
from core.ports.policy import Action, Policy

J = TypeVar("J", bound=Job)
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
        return await self._history.recent(asker.owner, _checked(search), limit)

    async def drafts(self, asker: Asker, *, search: str | None, limit: int) -> Sequence[TextRun]:
        """What text models made of prompts, alike."""
        return await self._history.drafts(asker.owner, _checked(search), limit)

    async def find(self, asker: Asker, job: JobId) -> Comparison:
        """UnknownId also for what is another's and shown elsewhere."""
        return await self._found(asker, job, Comparison)

    async def draft(self, asker: Asker, job: JobId) -> TextRun:
        """A text with its draft, alike."""
        return await self._found(asker, job, TextRun)

    async def tool_run(self, asker: Asker, job: JobId) -> ToolRun:
        """What a tool was used on, alike."""
        return await self._found(asker, job, ToolRun)

    async def any(self, asker: Asker, job: JobId) -> Job:
        """A job of any kind, alike."""
        return await self._found(asker, job, Job)

    async def _found(self, asker: Asker, job: JobId, kind: type[J]) -> J:
        found = await self._jobs.load(job)
        if not isinstance(found, kind):
            raise UnknownId(id=job)
        self._policy.allow(asker, Action.SHOW, found)
        return found


def _checked(search: str | None) -> str | None:
    if search and len(search) > _SEARCH_LIMIT:
        raise LongPrompt(length=len(search), limit=_SEARCH_LIMIT)
    return search
