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
    TooMany,
)
from core.ids import ImageId, ModelId, OwnerId, ProviderId, new_id, provider_of
from core.imaging.formats import measure
from core.models.attempt import Attempt, AttemptState, Cost, Painted, Progress
from core.models.card import Card
from core.models.failure import CallFailed, FailureKind
from core.models.image import Image
from core.models.job import Comparison, Slot
from core.models.key import Key
from core.models.order import Order
from core.models.request import PROMPT_LIMIT, Request
from core.params import fit
from core.ports.blobs import Blobs
from core.ports.jobs import Landed
from core.ports.keys import KeyRing
from core.ports.offload import Offload
from core.ports.run import Run
from core.usecases.catalog import Catalog
from core.usecases.failures import failure_of

_STORABLE = range(-(2**63), 2**63)  # whole numbers that every database holds
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
        self,
        catalog: Catalog,
        keys: KeyRing,
        blobs: Blobs,
        offload: Offload,
        limits: CompareLimits,
    ) -> None:
        self._catalog = catalog
        self._keys = keys
        self._blobs = blobs
        self._offload = offload
        self._limits = limits
        self._lanes: defaultdict[tuple[OwnerId, ProviderId], asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(limits.parallel)
        )

    def plan(self, work: Request) -> tuple[Slot, ...]:
        if not work.prompt.strip():
            raise EmptyPrompt
        for text in (work.prompt, work.parameters.negative or ""):
            if len(text) > PROMPT_LIMIT:
                raise LongPrompt(length=len(text), limit=PROMPT_LIMIT)
        for model in work.models:
            self._catalog.card(model)
        models = tuple(dict.fromkeys(work.models))
        _check("models", len(models), self._limits.models)
        _check("count", work.parameters.pictures, self._limits.count)
        numbers = range(1, work.parameters.pictures + 1)
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
                order, key = await self._prepared(run.job, attempt)
                await run.sent(attempt.id, order)
                started = time.monotonic()
                painted = await self._paint(run, attempt, order, key)
            except (CallFailed, OmniImageError) as error:
                await _fail(run, attempt, error, time.monotonic() - started)
            else:
                seconds = time.monotonic() - started
                await run.unbroken(self._keep(run, attempt, painted, seconds))

    async def _prepared(self, job: Comparison, attempt: Attempt) -> tuple[Order, Key | None]:
        """All that comes before anything is sent."""
        try:
            card = self._catalog.card(attempt.model)
            key = await self._key(job.owner, card)
            await self._catalog.painter(card.model).ready()
            return fit(job.work, card, attempt.number), key
        except (CallFailed, OmniImageError):
            raise
        except Exception as error:
            _log.exception("%s could not be made ready", attempt.model)
            raise CallFailed(FailureKind.PROVIDER_DOWN) from error

    async def _key(self, owner: OwnerId, card: Card) -> Key | None:
        """The owner's own, opened as late as possible; nobody else's stands in for it."""
        key = await self._keys.open(owner, provider_of(card.model))
        if card.needs_key and key is None:
            raise CallFailed(FailureKind.NO_KEY)
        return key

    async def _paint(self, run: Run, attempt: Attempt, order: Order, key: Key | None) -> Painted:
        async def report(progress: Progress) -> None:
            await run.progressed(attempt.id, progress)

        try:
            async with asyncio.timeout(run.job.work.deadline or self._limits.deadline):
                return await self._catalog.painter(order.model).paint(order, key, report)
        except TimeoutError as error:
            raise CallFailed(FailureKind.TIMEOUT) from error
        except (CallFailed, OmniImageError):
            raise
        except Exception as error:
            # A reply that our own code stumbles over must not take its siblings down.
            _log.exception("%s: the reply could not be read", order.model)
            raise CallFailed(FailureKind.GARBAGE) from error

    async def _keep(self, run: Run, attempt: Attempt, painted: Painted, seconds: float) -> None:
        """Pictures on disk, then the row that says so."""
        try:
            images = await self._images(run.job, attempt, painted)
        except (CallFailed, OmniImageError) as error:
            await _fail(run, attempt, error, seconds)
            return
        cost = painted.cost or self._estimate(attempt.model)
        seed = painted.seed if (painted.seed or 0) in _STORABLE else None
        landed = Landed(images=images, seconds=seconds, cost=cost, seed=seed)
        await run.landed(attempt.id, landed)
        await self._keep_bytes(images, painted)

    async def _keep_bytes(self, images: tuple[Image, ...], painted: Painted) -> None:
        """Equal ones may have been deleted with another image before this row stood."""
        if not all(self._blobs.path(image.sha256).exists() for image in images):
            for data in painted.pictures:
                await self._blobs.put(data)

    def _estimate(self, model: ModelId) -> Cost | None:
        """By the card's price; what is unknown stays unknown, it is not free."""
        price = self._catalog.card(model).price
        return Cost(amount=price.amount, exact=False) if price else None

    async def _images(
        self, job: Comparison, attempt: Attempt, painted: Painted
    ) -> tuple[Image, ...]:
        """Of several pictures the sound ones are kept."""
        images, bad = [], None
        for data in painted.pictures:
            try:
                images.append(await self._kept(job, attempt, data))
            except BadImage as error:
                bad = error
        if not images:
            raise bad or CallFailed(FailureKind.EMPTY)
        return tuple(images)

    async def _kept(self, job: Comparison, attempt: Attempt, data: bytes) -> Image:
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


async def _fail(
    run: Run, attempt: Attempt, error: CallFailed | OmniImageError, seconds: float
) -> None:
    failure = failure_of(error)
    if failure is None:
        raise error
    await run.failed(attempt.id, failure, seconds)
