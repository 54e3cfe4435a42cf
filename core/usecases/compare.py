import asyncio
import logging
import time
from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

from core.errors import (
    BadImage,
    EmptyPrompt,
    LongPrompt,
    OmniImageError,
    StoreFull,
    TooMany,
    UnknownModel,
)
from core.ids import ImageId, OwnerId, ProviderId, new_id, provider_of
from core.imaging.formats import measure
from core.models.attempt import Attempt, AttemptState, Cost, Painted, Progress
from core.models.card import Card
from core.models.failure import Failure, FailureKind, PaintFailed
from core.models.image import Image
from core.models.job import Job, Slot, Work
from core.models.order import Order
from core.models.request import PROMPT_LIMIT
from core.params import fit
from core.ports.blobs import Blobs
from core.ports.jobs import Landed
from core.ports.offload import Offload
from core.ports.run import Run
from core.usecases.catalog import Catalog

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareLimits:
    deadline: float  # seconds of one attempt, from its sending to its reply
    models: int
    count: int
    parallel: int  # attempts of one owner at one provider at the same time


class Compare:
    """The fan-out: every attempt on its own, failure as a value, results as they land."""

    def __init__(
        self, catalog: Catalog, blobs: Blobs, offload: Offload, limits: CompareLimits
    ) -> None:
        self._catalog = catalog
        self._blobs = blobs
        self._offload = offload
        self._limits = limits
        self._lanes: defaultdict[tuple[OwnerId, ProviderId], asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(limits.parallel)
        )

    def plan(self, work: Work) -> tuple[Slot, ...]:
        if not work.prompt.strip():
            raise EmptyPrompt
        if len(work.prompt) > PROMPT_LIMIT:
            raise LongPrompt(length=len(work.prompt), limit=PROMPT_LIMIT)
        for model in work.models:
            self._catalog.card(model)
        models = tuple(dict.fromkeys(work.models))
        _check("models", len(models), self._limits.models)
        _check("count", work.parameters.count, self._limits.count)
        numbers = range(1, work.parameters.count + 1)
        return tuple(Slot(model=model, number=number) for model in models for number in numbers)

    async def __call__(self, run: Run) -> None:
        queued = [a for a in run.job.attempts if a.state is AttemptState.QUEUED]
        # Every model's first picture before any second one: a limit delays no other model.
        queued.sort(key=lambda attempt: attempt.number)
        async with asyncio.TaskGroup() as group:
            for attempt in queued:
                group.create_task(self._attempt(run, attempt))

    async def _attempt(self, run: Run, attempt: Attempt) -> None:
        async with self._lanes[run.job.owner, provider_of(attempt.model)]:
            started = time.monotonic()
            try:
                card = self._catalog.card(attempt.model)
                order = fit(run.job.work, card, attempt.number)
                await run.sent(attempt.id, order)
                started = time.monotonic()
                painted = await self._paint(run, attempt, order)
                seconds = time.monotonic() - started
                await run.unbroken(self._keep(run, attempt, card, painted, seconds))
            except (PaintFailed, OmniImageError) as error:
                failure = _failure(error)
                if failure is None:
                    raise
                await run.failed(attempt.id, failure, time.monotonic() - started)

    async def _paint(self, run: Run, attempt: Attempt, order: Order) -> Painted:
        async def report(progress: Progress) -> None:
            await run.progressed(attempt.id, progress)

        try:
            async with asyncio.timeout(run.job.work.deadline or self._limits.deadline):
                return await self._catalog.painter(order.model).paint(order, None, report)
        except TimeoutError as error:
            raise PaintFailed(FailureKind.TIMEOUT) from error
        except (PaintFailed, OmniImageError):
            raise
        except Exception as error:
            # A reply that our own code stumbles over must not take its siblings down.
            _log.exception("%s: the reply could not be read", order.model)
            raise PaintFailed(FailureKind.GARBAGE) from error

    async def _keep(
        self, run: Run, attempt: Attempt, card: Card, painted: Painted, seconds: float
    ) -> None:
        """Picture on disk, then row. Of several pictures the sound ones are kept."""
        if not painted.pictures:
            raise PaintFailed(FailureKind.EMPTY)
        images, bad = [], None
        for data in painted.pictures:
            try:
                images.append(await self._kept(run.job, attempt, data))
            except BadImage as error:
                bad = error
        if bad and not images:
            raise bad
        await run.landed(
            attempt.id,
            Landed(
                images=tuple(images), seconds=seconds, cost=_cost(painted, card), seed=painted.seed
            ),
        )

    async def _kept(self, job: Job, attempt: Attempt, data: bytes) -> Image:
        measured = await self._offload(measure, data)
        return Image(
            id=ImageId(new_id()),
            owner=job.owner,
            place=job.place,
            job=job.id,
            attempt=attempt.id,
            sha256=await self._blobs.put(data),
            bytes=len(data),
            format=measured.format,
            width=measured.width,
            height=measured.height,
            created=time.time(),
        )


def _check(what: Literal["models", "count"], asked: int, limit: int) -> None:
    if asked > limit:
        raise TooMany(what=what, asked=asked, limit=limit)


def _cost(painted: Painted, card: Card) -> Cost | None:
    """As the reply says, else as the card estimates it; unknown stays unknown, it is not free."""
    if painted.cost or not card.price:
        return painted.cost
    return Cost(amount=card.price.amount, exact=False)


def _failure(error: PaintFailed | OmniImageError) -> Failure | None:
    """What went wrong with one attempt alone; None for what ends the whole job."""
    match error:
        case PaintFailed():
            return error.failure
        case BadImage():
            return Failure(kind=FailureKind(error.kind))
        case StoreFull():
            return Failure(kind=FailureKind.NO_SPACE)
        case UnknownModel():
            return Failure(kind=FailureKind.NOT_FOUND)
        case _:
            return None
