from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from core.ids import AttemptId
from core.models.attempt import Attempt, AttemptState
from core.models.job import Comparison

Event = Literal["started", "landed", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    event: Event
    attempt: Attempt


class Changes:
    """The difference of two states of a job as events. What was over before it began is no event.

    States may be skipped; an attempt that has ended since the last one is started first, if its
    request went out at all.
    """

    def __init__(self, before: Comparison) -> None:
        self._started: set[AttemptId] = set()
        self._ended = {attempt.id for attempt in before.attempts if attempt.state.final}

    def of(self, job: Comparison) -> Iterator[Change]:
        for attempt in job.attempts:
            if attempt.id in self._ended:
                continue
            if attempt.sent is not None and attempt.id not in self._started:
                self._started.add(attempt.id)
                yield Change(event="started", attempt=attempt)
            if attempt.state.final:
                self._ended.add(attempt.id)
                landed = attempt.state is AttemptState.DONE
                yield Change(event="landed" if landed else "failed", attempt=attempt)
