import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import cast

from core.adapters.sqlite.beginnings import (
    insert_attempts,
    insert_job,
    same,
    today,
    usage_of,
)
from core.adapters.sqlite.database import Database, Transaction, Value
from core.adapters.sqlite.endings import FAILED_AS, end, end_or_adopt
from core.adapters.sqlite.items import set_made, set_spoiled, set_working
from core.adapters.sqlite.rows import (
    WHOLE,
    WHOLE_TEXT,
    WHOLE_TOOL,
    comparisons_from,
    dump,
    insert_images,
    text_runs_from,
    tool_run_from,
)
from core.adapters.sqlite.steps import set_asking, set_unwritten, set_written
from core.errors import LostJob, NothingToRetry, StillRunning
from core.ids import AttemptId, ItemId, JobId, OwnerId, RunnerId, StepId
from core.models.attempt import AttemptState, Progress
from core.models.failure import Failure, FailureKind
from core.models.job import Comparison, Job, JobKind, JobState, Slot, Usage
from core.models.order import Order
from core.models.tool import Source, ToolFailure
from core.ports.jobs import Landed, Made, NewJob, Written


class SqliteJobs:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def insert(self, new: NewJob, gate: Callable[[Usage], None]) -> tuple[Job, bool]:
        async with self._database.write() as tx:
            existing = await same(tx, new)
            if existing is None:
                slots = [part for part in new.parts if isinstance(part, Slot)]
                sources = [part for part in new.parts if isinstance(part, Source)]
                usage = await usage_of(tx, new.owner, new.kind, adding=len(slots))
                begun = await today(tx, new.owner) if new.kind is JobKind.COMPARISON else 0
                gate(replace(usage, sources=len(sources), today=begun))
            job = existing or await insert_job(tx, new)
        return await self._loaded(job), existing is None

    async def load(self, job: JobId) -> Job | None:
        row = await self._database.row("select kind from jobs where id = ?", job)
        if row is None:
            return None
        match row["kind"]:
            case JobKind.TOOL:
                return tool_run_from(await self._database.rows(WHOLE_TOOL, job))
            case JobKind.TEXT:
                return text_runs_from(await self._database.rows(WHOLE_TEXT.format("?"), job))[0]
        return comparisons_from(await self._database.rows(WHOLE.format("?"), job))[0]

    async def version(self, job: JobId) -> int:
        row = await self._database.row("select version from jobs where id = ?", job)
        return int(row["version"]) if row else 0

    async def sent(
        self, job: JobId, runner: RunnerId, orders: Callable[[], Mapping[AttemptId, Order]]
    ) -> None:
        async with self._database.write() as tx:
            now = time.time()
            rows = [(dump(order), now, attempt) for attempt, order in orders().items()]
            await _fence(tx, job, runner)
            await tx.run_many(
                "update attempts set state = 'running', sent_order = ?, sent = ? where id = ?",
                rows,
            )

    async def progressed(self, attempt: AttemptId, runner: RunnerId, progress: Progress) -> None:
        await self._change(
            attempt, runner, "update attempts set progress = ? where id = ?", dump(progress)
        )

    async def landed(self, attempt: AttemptId, runner: RunnerId, landed: Landed) -> None:
        async with self._database.write() as tx:
            await _fence_attempt(tx, attempt, runner)
            await insert_images(tx, landed.images)
            await tx.run(
                "update attempts set state = 'done', seconds = ?, cost = ?, seed = ? where id = ?",
                landed.seconds,
                dump(landed.cost) if landed.cost else None,
                landed.seed,
                attempt,
            )

    async def failed(
        self, attempt: AttemptId, runner: RunnerId, failure: Failure, seconds: float
    ) -> None:
        await self._change(
            attempt,
            runner,
            "update attempts set state = ?, failure = ?, seconds = ? where id = ?",
            FAILED_AS.get(failure.kind, AttemptState.FAILED),
            dump(failure),
            seconds,
        )

    async def working(self, item: ItemId, runner: RunnerId, progress: Progress) -> None:
        async with self._database.write() as tx:
            await set_working(tx, item, runner, progress)

    async def made(self, runner: RunnerId, made: Mapping[ItemId, Made]) -> None:
        async with self._database.write() as tx:
            for item, each in made.items():
                await set_made(tx, item, runner, each)

    async def spoiled(self, item: ItemId, runner: RunnerId, failure: ToolFailure) -> None:
        async with self._database.write() as tx:
            await set_spoiled(tx, item, runner, failure)

    async def asking(self, step: StepId, runner: RunnerId) -> None:
        async with self._database.write() as tx:
            await set_asking(tx, step, runner)

    async def written(self, step: StepId, runner: RunnerId, written: Written) -> None:
        async with self._database.write() as tx:
            await set_written(tx, step, runner, written)

    async def unwritten(
        self, step: StepId, runner: RunnerId, failure: Failure, written: Written
    ) -> None:
        async with self._database.write() as tx:
            await set_unwritten(tx, step, runner, failure, written)

    async def finish(self, job: JobId, runner: RunnerId) -> None:
        async with self._database.write() as tx:
            await _fence(tx, job, runner)
            row = await tx.row("select cancel_asked from jobs where id = ?", job)
            cancelled = row is not None and bool(row["cancel_asked"])
            kind = FailureKind.CANCELLED if cancelled else FailureKind.INTERRUPTED
            await end(tx, job, kind, ended=time.time())

    async def reopen(
        self, job: JobId, runner: RunnerId, gate: Callable[[Usage], None]
    ) -> Comparison:
        async with self._database.write() as tx:
            row = await tx.row("select owner, state from jobs where id = ?", job)
            if row is None or not JobState(row["state"]).final:
                raise StillRunning(id=job)
            missing = await tx.rows(
                "select a.* from attempts a where a.job = ? and a.state <> 'done' and a.round = "
                "(select max(round) from attempts b where b.job = a.job "
                "and b.position = a.position) order by a.position",
                job,
            )
            if not missing:
                raise NothingToRetry(id=job)
            owner = OwnerId(row["owner"])
            gate(await usage_of(tx, owner, JobKind.COMPARISON, adding=len(missing)))
            await insert_attempts(
                tx,
                job,
                [(m["position"], m["model"], m["number"], m["round"] + 1) for m in missing],
            )
            await tx.run(
                "update jobs set state = 'queued', runner = ?, cancel_asked = 0, finished = null, "
                "version = version + 1 where id = ?",
                runner,
                job,
            )
        return cast("Comparison", await self._loaded(job))

    async def ask_cancel(self, job: JobId) -> None:
        async with self._database.write() as tx:
            await tx.run(
                "update jobs set cancel_asked = 1, version = version + 1 where id = ? "
                "and state in ('queued', 'running') and cancel_asked = 0",
                job,
            )

    async def cancel_asked(self, runner: RunnerId) -> Sequence[JobId]:
        rows = await self._database.rows(
            "select id from jobs where runner = ? and cancel_asked = 1 "
            "and state in ('queued', 'running')",
            runner,
        )
        return [JobId(row["id"]) for row in rows]

    async def recover(
        self,
        runner: RunnerId,
        dead: Callable[[RunnerId], bool],
        adopt_since: float | None,
    ) -> Sequence[JobId]:
        left = "select id, runner from jobs where state in ('queued', 'running') and runner <> ?"
        if not await self._database.rows(left, runner):
            return []
        async with self._database.write() as tx:
            rows = await tx.rows(left, runner)
            gone = {name for name in {row["runner"] for row in rows} if dead(RunnerId(name))}
            jobs = [JobId(row["id"]) for row in rows if row["runner"] in gone]
            return [job for job in jobs if await end_or_adopt(tx, job, runner, adopt_since)]

    async def data_version(self) -> int:
        row = await self._database.row("pragma data_version")
        return int(row["data_version"]) if row else 0

    async def _loaded(self, job: JobId) -> Job:
        return cast("Job", await self.load(job))

    async def _change(
        self, attempt: AttemptId, runner: RunnerId, sql: str, *values: Value
    ) -> None:
        async with self._database.write() as tx:
            await _fence_attempt(tx, attempt, runner)
            await tx.run(sql, *values, attempt)


async def _fence(tx: Transaction, job: JobId, runner: RunnerId) -> None:
    """Bump the version, and prove in the same statement that the job is still this runner's."""
    changed = await tx.run(
        "update jobs set version = version + 1, state = 'running' where id = ? and runner = ? "
        "and state in ('queued', 'running')",
        job,
        runner,
    )
    if not changed:
        raise LostJob(id=job)


async def _fence_attempt(tx: Transaction, attempt: AttemptId, runner: RunnerId) -> None:
    changed = await tx.run(
        "update jobs set version = version + 1, state = 'running' where runner = ? "
        "and state in ('queued', 'running') and id = "
        "(select job from attempts where id = ? and state in ('queued', 'running'))",
        runner,
        attempt,
    )
    if not changed:
        raise LostJob(id=attempt)
