"""The composition root: builds every part and wires it; no logic."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.adapters.blobs import DiskBlobs
from core.adapters.providers.demo import DemoModels
from core.adapters.runners import LockedRunners
from core.adapters.sqlite.database import connected
from core.adapters.sqlite.deliveries import SqliteDeliveries
from core.adapters.sqlite.history import SqliteHistory
from core.adapters.sqlite.jobs import SqliteJobs
from core.adapters.sqlite.migrate import migrate, shipped
from core.adapters.threads import threads
from core.ids import ProviderId
from core.imaging.formats import make_bombs_errors
from core.jobs.desk import Desk
from core.jobs.runner import Runner
from core.jobs.supervisor import Supervisor
from core.jobs.wakes import Wakes
from core.models.job import JobKind
from core.ports.jobs import Deliveries
from core.usecases.catalog import Catalog
from core.usecases.compare import Compare, CompareLimits
from core.usecases.export import Export
from core.usecases.history import History
from core.usecases.policy import HousePolicy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.config.settings import Settings
    from core.ports.models import ImageModel

_ADOPT_WITHIN = 600.0  # seconds after which a waiting person has given up
_MIB = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """What a front end works with."""

    jobs: Desk
    deliveries: Deliveries
    catalog: Catalog
    history: History
    export: Export


@asynccontextmanager
async def open_app(
    settings: "Settings",
    *,
    adopt: bool = False,
    more_models: "Mapping[ProviderId, ImageModel] | None" = None,
) -> AsyncIterator[App]:
    """Open the house. `adopt` takes over what dead processes had queued for a chat.

    Leaving stops the jobs that still run here; what had landed is kept.
    """
    make_bombs_errors()
    data = settings.data_dir
    blobs = DiskBlobs(data / "images")
    blobs.open()
    runners = LockedRunners(data / "runners")
    supervisor = Supervisor()
    wakes = Wakes()
    async with (
        connected(data / "omniimage.db") as database,
        threads("decode", 2) as decode,
        threads("demo", 2) as demo,
    ):
        await migrate(database, data / "backups", shipped())
        store = SqliteJobs(database)
        deliveries = SqliteDeliveries(database)
        policy = HousePolicy(
            attempts=settings.limits.attempts,
            open_jobs=settings.limits.open_jobs,
            min_free=settings.storage.min_free_mib * _MIB,
            free=blobs.free,
        )
        catalog = Catalog(
            {ProviderId("demo"): DemoModels(demo), **(more_models or {})},
            {model: card.change() for model, card in settings.cards.items()},
        )
        compare = Compare(catalog, blobs, decode, _compare_limits(settings))
        handlers = {JobKind.COMPARISON: compare}
        me = runners.hold()
        try:
            runner = Runner(me, store, handlers, wakes, supervisor)
            since = time.time() - _ADOPT_WITHIN if adopt else None
            for job in await store.recover(me, runners.dead, since):
                await runner.resume(job)
            supervisor.start(runner.listen(), name="listener")
            yield App(
                jobs=Desk(store, deliveries, policy, handlers, runner, wakes),
                deliveries=deliveries,
                catalog=catalog,
                history=History(SqliteHistory(database), store, policy),
                export=Export(blobs, decode),
            )
        finally:
            await supervisor.stop()
            runners.release()


def _compare_limits(settings: "Settings") -> CompareLimits:
    limits = settings.limits
    return CompareLimits(
        deadline=limits.deadline,
        models=limits.models,
        count=limits.count,
        parallel=limits.parallel,
    )
