"""How jobs and their attempts end: by the runner itself, or after it has died."""

import time

from core.adapters.sqlite.database import Transaction
from core.adapters.sqlite.items import begin_items_again, end_items
from core.adapters.sqlite.rows import dump
from core.ids import JobId, RunnerId
from core.models.attempt import AttemptState
from core.models.failure import Failure, FailureKind
from core.models.job import JobState
from core.models.tool import ItemState, ToolFailureKind

FAILED_AS = {
    FailureKind.CANCELLED: AttemptState.CANCELLED,
    FailureKind.INTERRUPTED: AttemptState.INTERRUPTED,
}


async def end(
    tx: Transaction, job: JobId, unfinished: FailureKind, *, ended: float | None
) -> None:
    """Give every part and the job a final state. `ended` None: nobody saw when it was."""
    for paid in ("attempts", "steps"):
        await tx.run(
            f"update {paid} set state = ?, failure = ?, seconds = ? - sent "  # noqa: S608 - ours
            "where job = ? and state in ('queued', 'running')",
            FAILED_AS[unfinished],
            dump(Failure(kind=unfinished)),
            ended,
            job,
        )
    await end_items(tx, job, ToolFailureKind(unfinished))
    rows = await tx.rows(
        "select state from attempts a where job = ? and round = "
        "(select max(round) from attempts b where b.job = a.job and b.position = a.position) "
        "union select state from items where job = ? "
        "union select state from steps where job = ?",
        job,
        job,
        job,
    )
    await tx.run(
        "update jobs set state = ?, finished = ? where id = ?",
        _job_state({row["state"] for row in rows}),
        time.time(),
        job,
    )


def _job_state(parts: set[str]) -> JobState:
    for state in (JobState.INTERRUPTED, JobState.CANCELLED, JobState.DONE):
        if state in parts:
            return state
    return JobState.DONE if ItemState.UNSURE in parts else JobState.FAILED


async def end_or_adopt(
    tx: Transaction, job: JobId, runner: RunnerId, adopt_since: float | None
) -> bool:
    """End what a dead runner had sent; take over what it had not, where that is wanted."""
    adopted = adopt_since is not None and await tx.row(
        "select 1 from deliveries where job = ? and lost = 0 and created >= ?", job, adopt_since
    )
    if not adopted:
        await end(tx, job, FailureKind.INTERRUPTED, ended=None)
    for paid in ("attempts", "steps"):
        await tx.run(
            f"update {paid} set state = 'interrupted', failure = ? "  # noqa: S608 - ours
            "where job = ? and state = 'running'",
            dump(Failure(kind=FailureKind.INTERRUPTED)),
            job,
        )
    await begin_items_again(tx, job)
    await tx.run(
        "update jobs set runner = ?, version = version + 1, "
        "state = case when state = 'running' then 'queued' else state end where id = ?",
        runner,
        job,
    )
    return bool(adopted)
