"""A whole house for a test: the real application over a real database, with fake models."""

from collections.abc import AsyncIterator, Iterable
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

from core.app import App, open_app
from core.config.settings import Limits, Settings, Storage
from core.ids import LOCAL, JobId, ModelId, OwnerId, PlaceId
from core.models.asker import Asker
from core.models.job import Job
from core.models.request import Parameters, Request
from tests.fakes import FakeModels

ASKER = Asker(owner=LOCAL, place=PlaceId(LOCAL))
ANN = Asker(owner=OwnerId("discord:user:1"), place=PlaceId("discord:channel:5"))
BEN = Asker(owner=OwnerId("discord:user:2"), place=PlaceId("discord:channel:5"))
FAR = Asker(owner=OwnerId("discord:user:3"), place=PlaceId("discord:channel:9"))


def settings(data: Path, **limits: Any) -> Settings:
    return Settings(
        data_dir=data,
        config_dir=data / "config",
        limits=Limits(**limits),
        storage=Storage(min_free_mib=0),
    )


@asynccontextmanager
async def house(
    data: Path, fakes: FakeModels, *, adopt: bool = False, **limits: Any
) -> AsyncIterator[App]:
    async with open_app(settings(data, **limits), adopt=adopt, more_models=[fakes]) as app:
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


async def finished(app: App, job: JobId) -> Job:
    return (await states(app, job))[-1]


async def states(app: App, job: JobId) -> list[Job]:
    async with aclosing(app.jobs.watch(job)) as seen:
        return [state async for state in seen]


async def until(app: App, job: JobId, names: Iterable[str]) -> Job:
    """Watch until the attempts stand as named, in the order asked."""
    wanted = list(names)
    async with aclosing(app.jobs.watch(job)) as seen:
        async for state in seen:
            if stands(state) == wanted:
                return state
    raise AssertionError(stands(state))


def stands(job: Job) -> list[str]:
    return [attempt.state.value for attempt in job.attempts]


def kinds(job: Job) -> list[str | None]:
    return [attempt.failure.kind.value if attempt.failure else None for attempt in job.attempts]
