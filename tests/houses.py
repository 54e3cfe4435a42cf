"""A whole house for a test: the real application over a real database, with fake models."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

from core.app import App, open_app
from core.config.chats import PolicySetting
from core.config.settings import CutoutSetting, Limits, Settings, Storage
from core.ids import LOCAL, JobId, ModelId, OwnerId, PlaceId
from core.models.asker import Asker
from core.models.job import Comparison
from core.models.request import Parameters, Request
from core.ports.tools import Fetch
from tests.fakes import FakeModels

ASKER = Asker(owner=LOCAL, place=PlaceId(LOCAL))
ANN = Asker(owner=OwnerId("discord:user:1"), place=PlaceId("discord:channel:5"))
BEN = Asker(owner=OwnerId("discord:user:2"), place=PlaceId("discord:channel:5"))
FAR = Asker(owner=OwnerId("discord:user:3"), place=PlaceId("discord:channel:9"))


def settings(data: Path, policy: Mapping[str, Any] | None = None, **limits: Any) -> Settings:
    """`policy` and `limits` hold what differs from the defaults."""
    return Settings(
        data_dir=data,
        config_dir=data / "config",
        limits=Limits(**limits),
        policy=PolicySetting(**policy or {}),
        storage=Storage(min_free_mib=0),
        cutout=CutoutSetting(better="none", index=False, mirrors=()),
    )


@asynccontextmanager
async def house(
    data: Path,
    fakes: FakeModels,
    *,
    adopt: bool = False,
    alone: bool = False,
    fetches: Mapping[str, Fetch] = MappingProxyType({}),
    policy: Mapping[str, Any] | None = None,
    **limits: Any,
) -> AsyncIterator[App]:
    opening = open_app(
        settings(data, policy, **limits),
        adopt=adopt,
        alone=alone,
        more_models=[fakes],
        fetches=fetches,
    )
    async with opening as app:
        yield app


def request(
    *names: str, prompt: str = "a fox", deadline: float | None = None, **parameters: Any
) -> Request:
    return Request(
        prompt=prompt,
        models=tuple(ModelId(f"fake/{name}") for name in names),
        parameters=Parameters(**parameters),
        deadline=deadline,
    )


async def finished(app: App, job: JobId) -> Comparison:
    return (await states(app, job))[-1]


async def states(app: App, job: JobId) -> list[Comparison]:
    async with aclosing(app.jobs.watch(job, Comparison)) as seen:
        return [state async for state in seen]


async def until(app: App, job: JobId, names: Iterable[str]) -> Comparison:
    """Watch until the attempts stand as named, in the order asked."""
    wanted = list(names)
    async with aclosing(app.jobs.watch(job, Comparison)) as seen:
        async for state in seen:
            if stands(state) == wanted:
                return state
    raise AssertionError(stands(state))


def stands(job: Comparison) -> list[str]:
    return [attempt.state.value for attempt in job.attempts]


def kinds(job: Comparison) -> list[str | None]:
    return [attempt.failure.kind.value if attempt.failure else None for attempt in job.attempts]
