"""What every `ImageModel` keeps to, the fake one and the real ones."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from core.adapters.providers.demo import DemoModels
from core.adapters.threads import threads
from core.ids import ModelId, provider_of
from core.imaging.formats import measure
from core.models.attempt import Progress
from core.models.failure import CallFailed, FailureKind
from core.models.order import Order
from core.models.request import Size
from core.ports.models import ImageModel
from tests.fakes import FakeModels, at_once, never, raising


@asynccontextmanager
async def fake() -> AsyncIterator[ImageModel]:
    refused = raising(CallFailed(FailureKind.REFUSED))
    yield FakeModels({"good": at_once, "refused": refused, "slow": never})


@asynccontextmanager
async def demo() -> AsyncIterator[ImageModel]:
    async with threads("demo", 1) as offload:
        yield DemoModels(offload)


HOUSES = pytest.mark.parametrize(
    ("house", "good", "refused", "slow"),
    [
        (fake, "fake/good", "fake/refused", "fake/slow"),
        (demo, "demo/landscape", "demo/fail-refused", "demo/slow"),
    ],
    ids=["fake", "demo"],
)


def order(model: str, seed: int = 7) -> Order:
    size = Size(width=96, height=64)
    return Order(model=ModelId(model), prompt="a fox", seed=seed, size=size)


async def ignore(progress: Progress) -> None:
    del progress


@HOUSES
async def test_cards_are_of_one_provider_and_name_each_model_once(house, good, refused, slow):
    async with house() as models:
        names = [card.model for card in models.cards()]
    assert {good, refused, slow} <= set(names)
    assert len(set(names)) == len(names)
    assert len({provider_of(name) for name in names}) == 1


@HOUSES
async def test_a_painted_picture_decodes_and_states_the_seed_it_used(house, good, refused, slow):
    del refused, slow
    async with house() as models:
        painted = await models.paint(order(good), None, ignore)
    assert painted.seed == 7
    assert [measure(picture).format for picture in painted.pictures] == ["png"]


@HOUSES
async def test_a_failure_is_raised_with_its_kind(house, good, refused, slow):
    del good, slow
    async with house() as models:
        with pytest.raises(CallFailed) as failed:
            await models.paint(order(refused), None, ignore)
    assert failed.value.failure.kind is FailureKind.REFUSED


@HOUSES
async def test_waiting_can_be_cancelled_at_once(house, good, refused, slow):
    del good, refused
    async with house() as models:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await models.paint(order(slow), None, ignore)


async def test_the_slow_demo_tells_how_far_it_is():
    told: list[Progress] = []

    async def tell(progress: Progress) -> None:
        told.append(progress)

    async with demo() as models:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await models.paint(order("demo/slow"), None, tell)
    assert told == [Progress(share=0.0)]


async def test_the_same_seed_paints_the_same_and_another_one_does_not():
    async with demo() as models:
        painted = [
            (await models.paint(order("demo/subject", seed), None, ignore)).pictures
            for seed in (1, 1, 2)
        ]
    assert painted[0] == painted[1] != painted[2]
