"""The parts of a text: what is to be done with it, and what a text model made of it."""

import time
from collections.abc import Sequence

from core.adapters.sqlite.database import Transaction
from core.adapters.sqlite.endings import FAILED_AS
from core.adapters.sqlite.rows import dump, search_text
from core.errors import LostJob
from core.ids import JobId, RunnerId, StepId, new_id
from core.models.attempt import AttemptState
from core.models.failure import Failure
from core.models.text import StepKind
from core.ports.jobs import Written


async def insert_steps(tx: Transaction, job: JobId, kinds: Sequence[StepKind]) -> None:
    await tx.run_many(
        "insert into steps (id, job, position, kind, state) values (?, ?, ?, ?, 'queued')",
        [(new_id(), job, at, kind) for at, kind in enumerate(kinds)],
    )


async def set_asking(tx: Transaction, step: StepId, runner: RunnerId) -> None:
    await _fence_step(tx, step, runner)
    await tx.run("update steps set state = 'running', sent = ? where id = ?", time.time(), step)


async def set_written(tx: Transaction, step: StepId, runner: RunnerId, written: Written) -> None:
    """What a model wrote is found by a search, as well as what the person did."""
    await _fence_step(tx, step, runner)
    await tx.run(
        "update jobs set search = search || ? where id = (select job from steps where id = ?)",
        "\n" + search_text(written.text or ""),
        step,
    )
    await _end(tx, step, AttemptState.DONE, written)


async def set_unwritten(
    tx: Transaction, step: StepId, runner: RunnerId, failure: Failure, written: Written
) -> None:
    await _fence_step(tx, step, runner)
    await _end(tx, step, FAILED_AS.get(failure.kind, AttemptState.FAILED), written, failure)


async def _end(
    tx: Transaction,
    step: StepId,
    state: AttemptState,
    written: Written,
    failure: Failure | None = None,
) -> None:
    await tx.run(
        "update steps set state = ?, text = ?, seconds = ?, cost = ?, failure = ? where id = ?",
        state,
        written.text,
        written.seconds,
        dump(written.cost) if written.cost else None,
        dump(failure) if failure else None,
        step,
    )


async def _fence_step(tx: Transaction, step: StepId, runner: RunnerId) -> None:
    changed = await tx.run(
        "update jobs set version = version + 1, state = 'running' where runner = ? "
        "and state in ('queued', 'running') and id = "
        "(select job from steps where id = ? and state in ('queued', 'running'))",
        runner,
        step,
    )
    if not changed:
        raise LostJob(id=step)
