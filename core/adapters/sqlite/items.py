"""The parts of a tool run: its sources, and what was made of each."""

from collections.abc import Sequence

from core.adapters.sqlite.database import Transaction
from core.adapters.sqlite.rows import dump, insert_images
from core.errors import LostJob
from core.ids import ItemId, JobId, RunnerId, new_id
from core.models.attempt import Progress
from core.models.tool import ItemState, Source, ToolFailure, ToolFailureKind
from core.ports.jobs import Made

SPOILED_AS = {
    ToolFailureKind.CANCELLED: ItemState.CANCELLED,
    ToolFailureKind.INTERRUPTED: ItemState.INTERRUPTED,
}


async def insert_items(tx: Transaction, job: JobId, sources: Sequence[Source]) -> None:
    await tx.run_many(
        "insert into items (id, job, position, source, state) values (?, ?, ?, ?, 'queued')",
        [(new_id(), job, at, dump(source)) for at, source in enumerate(sources)],
    )


async def set_working(tx: Transaction, item: ItemId, runner: RunnerId, progress: Progress) -> None:
    await _fence_item(tx, item, runner)
    await tx.run(
        "update items set state = 'running', progress = ? where id = ?", dump(progress), item
    )


async def set_made(tx: Transaction, item: ItemId, runner: RunnerId, made: Made) -> None:
    await _fence_item(tx, item, runner)
    await insert_images(tx, made.images, item)
    await tx.run(
        "update items set state = ?, outcome = ? where id = ?",
        made.state,
        dump(made.outcome),
        item,
    )


async def set_spoiled(
    tx: Transaction, item: ItemId, runner: RunnerId, failure: ToolFailure
) -> None:
    await _fence_item(tx, item, runner)
    await tx.run(
        "update items set state = ?, failure = ? where id = ?",
        SPOILED_AS.get(failure.kind, ItemState.FAILED),
        dump(failure),
        item,
    )


async def end_items(tx: Transaction, job: JobId, unfinished: ToolFailureKind) -> None:
    await tx.run(
        "update items set state = ?, failure = ? where job = ? and state in ('queued', 'running')",
        SPOILED_AS[unfinished],
        dump(ToolFailure(kind=unfinished)),
        job,
    )


async def begin_items_again(tx: Transaction, job: JobId) -> None:
    """Free work is done at least once: what a dead runner had in hand starts over."""
    await tx.run(
        "update items set state = 'queued', progress = null where job = ? and state = 'running'",
        job,
    )


async def _fence_item(tx: Transaction, item: ItemId, runner: RunnerId) -> None:
    changed = await tx.run(
        "update jobs set version = version + 1, state = 'running' where runner = ? "
        "and state in ('queued', 'running') and id = "
        "(select job from items where id = ? and state in ('queued', 'running'))",
        runner,
        item,
    )
    if not changed:
        raise LostJob(id=item)
