"""How jobs begin: counted, written with all their parts, and only once."""

import time
from collections.abc import Iterator, Sequence

from core.adapters.sqlite.database import Transaction
from core.adapters.sqlite.deliveries import insert_delivery
from core.adapters.sqlite.items import insert_items
from core.adapters.sqlite.rows import dump, search_text
from core.adapters.sqlite.steps import insert_steps
from core.ids import JobId, OwnerId, new_id
from core.models.job import JobKind, Slot, Usage, Work
from core.models.request import Request
from core.models.text import StepKind, TextRequest
from core.models.tool import Source
from core.ports.jobs import NewJob

_DAY = 86_400.0  # seconds


async def same(tx: Transaction, new: NewJob) -> JobId | None:
    row = await tx.row(
        "select id from jobs where once = ? "
        "or (owner = ? and press = ? and state in ('queued', 'running'))",
        new.once,
        new.owner,
        new.press,
    )
    return JobId(row["id"]) if row else None


async def usage_of(tx: Transaction, owner: OwnerId, kind: JobKind, *, adding: int) -> Usage:
    row = await tx.row(
        "select count(distinct j.id) as jobs, count(a.id) as attempts from jobs j "
        "left join attempts a on a.job = j.id and a.state in ('queued', 'running') "
        "where j.owner = ? and j.kind = ? and j.state in ('queued', 'running')",
        owner,
        kind,
    )
    return Usage(
        jobs=row["jobs"] if row else 0, attempts=row["attempts"] if row else 0, adding=adding
    )


async def today(tx: Transaction, owner: OwnerId) -> int:
    """The comparisons of the last 24 hours."""
    row = await tx.row(
        "select count(*) as jobs from jobs where owner = ? and kind = ? and created > ?",
        owner,
        JobKind.COMPARISON,
        time.time() - _DAY,
    )
    return int(row["jobs"]) if row else 0


async def insert_job(tx: Transaction, new: NewJob) -> JobId:
    job = JobId(new_id())
    await tx.run(
        "insert into jobs (id, kind, owner, place, state, version, work, search, created, runner, "
        "once, press) values (?, ?, ?, ?, 'queued', 1, ?, ?, ?, ?, ?, ?)",
        job,
        new.kind,
        new.owner,
        new.place,
        dump(new.work),
        search_text("\n".join(_texts(new.work))),
        time.time(),
        new.runner,
        new.once,
        new.press,
    )
    slots = [part for part in new.parts if isinstance(part, Slot)]
    await insert_attempts(
        tx, job, [(at, slot.model, slot.number, 1) for at, slot in enumerate(slots)]
    )
    await insert_items(tx, job, [part for part in new.parts if isinstance(part, Source)])
    await insert_steps(tx, job, [part for part in new.parts if isinstance(part, StepKind)])
    if new.delivery:
        await insert_delivery(tx, job, new.delivery)
    return job


async def insert_attempts(
    tx: Transaction, job: JobId, attempts: Sequence[tuple[int, str, int, int]]
) -> None:
    await tx.run_many(
        "insert into attempts (id, job, position, model, number, round, state) "
        "values (?, ?, ?, ?, ?, ?, 'queued')",
        [(new_id(), job, *attempt) for attempt in attempts],
    )


def _texts(work: Work) -> Iterator[str]:
    """What a search finds a job by: all the words that led to it."""
    match work:
        case Request():
            yield work.prompt
            yield from work.draft.texts if work.draft else ()
        case TextRequest():
            yield work.text
