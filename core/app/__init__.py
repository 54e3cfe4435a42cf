"""The composition root: builds every part and wires it; no logic."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from core.adapters.litellm import LiteLLMTexts, text_servers
from core.adapters.runners import LockedRunners, only_one
from core.adapters.sqlite.database import Database
from core.adapters.sqlite.deliveries import SqliteDeliveries
from core.adapters.sqlite.history import SqliteHistory
from core.adapters.sqlite.images import SqliteImages
from core.adapters.sqlite.jobs import SqliteJobs
from core.adapters.sqlite.keys import SqliteKeys
from core.adapters.sqlite.migrate import migrate, shipped
from core.adapters.sqlite.panels import SqlitePanels
from core.adapters.sqlite.preferences import SqlitePreferences
from core.app import parts
from core.jobs.desk import Desk
from core.jobs.runner import Handlers, Runner
from core.jobs.supervisor import Supervisor
from core.jobs.wakes import Wakes
from core.models.job import JobKind
from core.ports.policy import Policy
from core.ports.tools import Weights
from core.tools import SourcesOfAll, Tools
from core.usecases.catalog import Catalog
from core.usecases.deliveries import Deliveries
from core.usecases.export import Export
from core.usecases.history import History
from core.usecases.housekeeping import Housekeeping, Sweep
from core.usecases.keys import Keys
from core.usecases.panels import Panels
from core.usecases.pictures import Pictures
from core.usecases.preferences import Choices
from core.usecases.prompts import Prompts
from core.usecases.results import Results

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.config.settings import Settings
    from core.ports.models import ImageModel
    from core.ports.tools import Fetch

_ADOPT_WITHIN = 600.0  # seconds after which a waiting person has given up


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """What a front end works with."""

    jobs: Desk
    deliveries: Deliveries
    catalog: Catalog
    keys: Keys
    preferences: Choices
    panels: Panels
    policy: Policy
    history: History
    export: Export
    pictures: Pictures
    results: Results
    prompts: Prompts
    weights: Weights


@asynccontextmanager
async def open_app(
    settings: "Settings",
    *,
    adopt: bool = False,
    alone: bool = False,
    verify_keys: bool = True,
    more_models: "Sequence[ImageModel]" = (),
    fetches: "Mapping[str, Fetch]" = MappingProxyType({}),
) -> AsyncIterator[App]:
    """Open the house; leaving stops the jobs that still run here, and keeps what had landed.

    `adopt` takes over what dead processes had queued for a chat. `alone`: AlreadyRunning while
    another one that is to be alone has this data folder open; others do not count. Without
    `verify_keys` a lost master key is no reason to refuse, so that the keys can be forgotten.
    `fetches`: how each front end gets what a person brings.
    """
    with only_one(settings.data_dir) if alone else nullcontext():
        async with parts.ground(settings) as ground:
            database, blobs = ground.database, ground.blobs
            await migrate(database, settings.data_dir / "backups", shipped())
            catalog = parts.catalog(settings, ground, more_models)
            texts = LiteLLMTexts(
                text_servers(catalog.providers.values(), settings.texts.models), ground.clients
            )
            vault = parts.vault(settings)
            providers = {**texts.providers, **catalog.providers}
            keys = Keys(SqliteKeys(database), vault, providers, settings.network.allow)
            if verify_keys:
                await keys.verify()
            policy = parts.policy(settings, blobs)
            images = SqliteImages(database)
            sources = SourcesOfAll(images, blobs, fetches, ground.tools, policy)
            prompts = Prompts(texts, catalog, keys, ground.tools, settings.texts.deadline)
            handlers: Handlers = {
                JobKind.COMPARISON: parts.compare(settings, ground, catalog, keys),
                JobKind.TOOL: Tools(parts.kit(settings, ground, catalog, sources)),
                JobKind.TEXT: prompts,
            }
            deliveries = Deliveries(SqliteDeliveries(database), vault)
            panels = Panels(SqlitePanels(database))
            await _swept(ground, [deliveries.sweep, panels.sweep])
            wakes = Wakes()
            async with _jobs(settings, database, policy, handlers, wakes, adopt=adopt) as desk:
                yield App(
                    jobs=desk,
                    deliveries=deliveries,
                    catalog=catalog,
                    keys=keys,
                    preferences=Choices(SqlitePreferences(database), catalog, keys, policy),
                    panels=panels,
                    policy=policy,
                    history=History(SqliteHistory(database), SqliteJobs(database), policy),
                    export=Export(blobs, ground.decode),
                    pictures=Pictures(sources, images, blobs, ground.tools, policy, wakes.wake),
                    results=Results(blobs, ground.folders),
                    prompts=prompts,
                    weights=ground.weights,
                )


async def _swept(ground: parts.Ground, sweeps: "Sequence[Sweep]") -> None:
    """Now, and from now on."""
    house = Housekeeping(sweeps)
    await house.once()
    ground.supervisor.start(house.keep(), name="sweeping rows")
    ground.supervisor.start(ground.folders.keep_swept(), name="sweeping job folders")


@asynccontextmanager
async def _jobs(
    settings: "Settings",
    database: Database,
    policy: Policy,
    handlers: Handlers,
    wakes: Wakes,
    *,
    adopt: bool,
) -> AsyncIterator[Desk]:
    """The desk over a living runner; what dead ones left is put in order first."""
    runners = LockedRunners(settings.data_dir / "runners")
    supervisor, store = Supervisor(), SqliteJobs(database)
    me = runners.hold()
    try:
        runner = Runner(me, store, handlers, wakes, supervisor)
        since = time.time() - _ADOPT_WITHIN if adopt else None
        for job in await store.recover(me, runners.dead, since):
            await runner.resume(job)
        supervisor.start(runner.listen(), name="listener")
        yield Desk(store, SqliteDeliveries(database), policy, handlers, runner, wakes)
    finally:
        await supervisor.stop()
        runners.release()
