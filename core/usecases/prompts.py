import asyncio
import difflib
import logging
import time
from collections.abc import Sequence
from dataclasses import replace

from core.errors import (
    EmptyPrompt,
    LongPrompt,
    NoTextKey,
    OmniImageError,
    UnknownLanguage,
    UnknownModel,
    UnknownProvider,
)
from core.ids import ModelId, OwnerId, provider_of
from core.models.asker import Asker
from core.models.failure import CallFailed, Failure, FailureKind
from core.models.key import Key
from core.models.request import PROMPT_LIMIT
from core.models.text import Step, StepKind, TextRequest
from core.params import read_prompt
from core.ports.jobs import Written
from core.ports.offload import Offload
from core.ports.run import TextsRun
from core.ports.texts import Reply, TextModels
from core.texts import (
    Altered,
    Masked,
    NotAPrompt,
    instructions,
    is_language,
    is_written_in,
    mask,
    prompt_of,
    question,
)
from core.usecases.catalog import Catalog
from core.usecases.failures import failure_of
from core.usecases.keys import Keys

_OTHER_API = "responses/"  # what LiteLLM sends another way, past the guarded client
_log = logging.getLogger(__name__)


class Prompts:
    """Words before pictures: each step of a text at most one paid call, its failure a value."""

    def __init__(
        self, texts: TextModels, catalog: Catalog, keys: Keys, offload: Offload, deadline: float
    ) -> None:
        self._texts = texts
        self._catalog = catalog
        self._keys = keys
        self._offload = offload
        self._deadline = deadline  # seconds of one call

    async def needed(self, text: str, steps: Sequence[StepKind], language: str = "en") -> bool:
        """Whether anything is sent at all."""
        if StepKind.ENHANCE in steps:
            return True
        masked = await self._offload(mask, text, self._names())
        return not await self._offload(is_written_in, masked.bare, language)

    async def choose(
        self, asker: Asker, text: str, steps: Sequence[StepKind], language: str = "en"
    ) -> ModelId:
        """The text model that is asked when none was named; NoTextKey when one is needed."""
        keys = {note.provider for note in await self._keys.list(asker)}
        for model in self._texts.defaults:
            provider = self._texts.providers[provider_of(model)]
            if provider.id in keys or not provider.needs_key:
                return model
        if not await self.needed(text, steps, language):
            return self._texts.defaults[0]
        raise NoTextKey(providers=tuple(provider_of(model) for model in self._texts.defaults))

    def plan(self, work: TextRequest) -> tuple[StepKind, ...]:
        if len(work.text) > PROMPT_LIMIT:
            raise LongPrompt(length=len(work.text), limit=PROMPT_LIMIT)
        if not read_prompt(work.text).prompt:
            raise EmptyPrompt
        if not is_language(work.language):
            raise UnknownLanguage(language=work.language)
        self._check(work.model)
        return work.steps

    async def __call__(self, run: TextsRun) -> None:
        text, failure = run.job.work.text, None
        for step in run.job.steps:
            if step.state.final:  # this run was adopted of a dead process
                text, failure = step.text or text, failure or step.failure
            elif failure:  # what builds on it fails with it, and is never sent
                await run.unwritten(step.id, failure, Written())
            else:
                text, failure = await self._step(run, step, text)

    async def _step(self, run: TextsRun, step: Step, text: str) -> tuple[str, Failure | None]:
        """The text as it now is, and why it stays as it was."""
        work = run.job.work
        masked = await self._offload(mask, text, self._names())
        if not masked.text or not await self.needed(text, (step.kind,), work.language):
            await run.written(step.id, Written())
            return text, None
        try:
            key = await self._prepared(run.job.owner, work.model)
            await run.asking(step.id)
        except (CallFailed, OmniImageError) as error:
            return text, await _fail(run, step, error, Written())
        started = time.monotonic()
        try:
            reply = await self._asked(work, step.kind, masked, key)
        except (CallFailed, OmniImageError) as error:
            spent = Written(seconds=time.monotonic() - started)
            return text, await _fail(run, step, error, spent)
        spent = Written(seconds=time.monotonic() - started, cost=reply.cost)
        return await run.unbroken(self._keep(run, step, (text, masked), reply.text, spent))

    async def _prepared(self, owner: OwnerId, model: ModelId) -> Key | None:
        """All that comes before anything is sent; the owner's own key, opened late."""
        key = await self._keys.open(owner, provider_of(model))
        if key is None and self._texts.providers[provider_of(model)].needs_key:
            raise CallFailed(FailureKind.NO_KEY)
        try:
            await self._texts.ready()
        except Exception as error:
            _log.exception("%s could not be made ready", model)
            raise CallFailed(FailureKind.PROVIDER_DOWN) from error
        return key

    async def _asked(
        self, work: TextRequest, kind: StepKind, masked: Masked, key: Key | None
    ) -> Reply:
        told = instructions(kind, work.language)
        try:
            async with asyncio.timeout(self._deadline):
                return await self._texts.ask(work.model, told, question(masked.text), key)
        except TimeoutError as error:
            raise CallFailed(FailureKind.TIMEOUT) from error
        except (CallFailed, OmniImageError):
            raise
        except Exception as error:
            _log.exception("%s: the reply could not be read", work.model)
            raise CallFailed(FailureKind.GARBAGE) from error

    async def _keep(
        self, run: TextsRun, step: Step, before: tuple[str, Masked], answer: str, spent: Written
    ) -> tuple[str, Failure | None]:
        """What must stay is back in its place, or the text stays as it was."""
        text, masked = before
        made = await self._offload(_read, masked, answer, step.kind, run.job.work.language)
        if isinstance(made, FailureKind):
            failure = Failure(kind=made)
            await run.unwritten(step.id, failure, spent)
            return text, failure
        await run.written(step.id, replace(spent, text=made))
        return made, None

    def _check(self, model: ModelId) -> None:
        provider, _, name = model.partition("/")
        if not name or name.startswith(_OTHER_API):
            near = difflib.get_close_matches(model, self._texts.defaults, n=1)
            raise UnknownModel(model=model, nearest=near[0] if near else None)
        if provider not in self._texts.providers:
            raise UnknownProvider(provider=provider, known=tuple(self._texts.providers))

    def _names(self) -> tuple[ModelId, ...]:
        return tuple(card.model for card in self._catalog.cards(hidden=True))


def _read(masked: Masked, answer: str, kind: StepKind, language: str) -> str | FailureKind:
    """The text that an answer makes, or why it makes none."""
    try:
        return masked.restored(prompt_of(answer, masked.text, kind, language))
    except Altered:
        return FailureKind.ALTERED
    except NotAPrompt:
        return FailureKind.NOT_A_PROMPT


async def _fail(
    run: TextsRun, step: Step, error: CallFailed | OmniImageError, spent: Written
) -> Failure:
    failure = failure_of(error)
    if failure is None:
        raise error
    await run.unwritten(step.id, failure, spent)
    return failure
