"""What each button does, once for both chats."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.actions.codes import Action, Press
from bot.actions.outcomes import Begun, Ended, Handed, Looked, Opened, Outcome, Prefilled
from bot.words import Speech
from bot.words.tools import page_words
from core.errors import UnknownId
from core.ids import ImageId, JobId
from core.models.grid import Grid
from core.models.job import Comparison, TextRun, ToolRun
from core.models.request import Request, draw_seed
from core.models.text import TextRequest
from core.models.tool import (
    Archive,
    Cutout,
    CutoutFormat,
    ItemState,
    Kept,
    Split,
    Tool,
    ToolRequest,
)

if TYPE_CHECKING:
    from core.app import App
    from core.models.asker import Asker
    from core.models.job import NewDelivery


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """All that a press needs.

    `delivery`: where its result is to be shown; `once` names the press itself, so that the same
    one is never done twice.
    """

    app: "App"
    press: Press
    asker: "Asker"
    speech: Speech
    delivery: "NewDelivery | None" = None
    once: str | None = None

    @property
    def image(self) -> ImageId:
        return ImageId(self.press.target)

    @property
    def job(self) -> JobId:
        return JobId(self.press.target)

    async def begin(self, work: "Request | ToolRequest | TextRequest") -> Begun:
        """Two equal presses of one person at the same time are one job."""
        press = f"{self.press.action}:{self.press.target}:{self.press.argument}"
        job, fresh = await self.app.jobs.submit(
            self.asker, work, self.delivery, once=self.once, press=press
        )
        return Begun(job=job, fresh=fresh)

    async def use(self, tool: Tool, *images: ImageId) -> Begun:
        sources = tuple(Kept(image=image) for image in images)
        if not sources:
            raise UnknownId(id=self.press.target)
        return await self.begin(ToolRequest(tool=tool, sources=sources))


async def perform(pressed: Pressed) -> Outcome:
    """The one place that says what a button does. Refusals are raised; rights are the core's."""
    return await _DEEDS[pressed.press.action](pressed)


async def _split(pressed: Pressed) -> Outcome:
    return await pressed.use(Split(), pressed.image)


async def _grid(pressed: Pressed) -> Outcome:
    """The target is the run that was unsure; what it was unsure of is cut by the person's word."""
    run = await pressed.app.history.tool_run(pressed.asker, pressed.job)
    unsure = tuple(item.source for item in run.items if item.state is ItemState.UNSURE)
    if not unsure:
        raise UnknownId(id=run.id)
    tool = Split(grid=Grid.read(pressed.press.argument))
    return await pressed.begin(ToolRequest(tool=tool, sources=unsure))


async def _cutout(pressed: Pressed) -> Outcome:
    return await pressed.use(Cutout(), pressed.image)


async def _sticker(pressed: Pressed) -> Outcome:
    return await pressed.use(Cutout(trim=True, format=CutoutFormat.STICKER), pressed.image)


async def _emoji(pressed: Pressed) -> Outcome:
    return await pressed.use(Cutout(trim=True, format=CutoutFormat.EMOJI), pressed.image)


async def _zip(pressed: Pressed) -> Outcome:
    return await pressed.use(_archive(pressed), pressed.image)


async def _zip_all(pressed: Pressed) -> Outcome:
    return await pressed.use(_archive(pressed), *await _images(pressed))


async def _cutout_all(pressed: Pressed) -> Outcome:
    return await pressed.use(Cutout(), *await _images(pressed))


def _archive(pressed: Pressed) -> Archive:
    """The argument is what the place takes of one file, in KiB."""
    most = int(pressed.press.argument) * 1024 if pressed.press.argument else None
    return Archive(name="omniimage", words=page_words(pressed.speech), most_bytes=most)


async def _images(pressed: Pressed) -> list[ImageId]:
    job = await pressed.app.history.any(pressed.asker, pressed.job)
    match job:
        case Comparison():
            return [image.id for image in job.images]
        case ToolRun():
            return [image.id for item in job.items for image in item.images]
        case _:
            return []


async def _cancel(pressed: Pressed) -> Outcome:
    await pressed.app.jobs.cancel(pressed.asker, pressed.job)
    return Ended()


async def _retry(pressed: Pressed) -> Outcome:
    return Begun(job=await pressed.app.jobs.retry(pressed.asker, pressed.job), fresh=True)


async def _again(pressed: Pressed) -> Outcome:
    """Other pictures of the same request; a seed that the person had named stays."""
    found = await pressed.app.history.find(pressed.asker, pressed.job)
    return await pressed.begin(replace(found.work, drawn_seed=draw_seed()))


async def _edit(pressed: Pressed) -> Outcome:
    job = await pressed.app.history.any(pressed.asker, pressed.job)
    match job:
        case Comparison():
            return Prefilled(job=job, prompt=job.work.prompt)
        case TextRun():
            return Prefilled(job=job, prompt=job.draft.text)
        case _:
            raise UnknownId(id=job.id)


def edited(job: Comparison | TextRun, prompt: str) -> Request:
    """What is asked when a person has edited the prompt that `Prefilled` handed over."""
    return job.request(prompt) if isinstance(job, TextRun) else replace(job.work, prompt=prompt)


async def _same_seed(pressed: Pressed) -> Outcome:
    """The same picture's model once more, with the seed that it was painted with."""
    origin = await pressed.app.pictures.find(pressed.asker, pressed.image)
    if origin.comparison is None or origin.attempt is None:
        raise UnknownId(id=pressed.image)
    work, attempt = origin.comparison.work, origin.attempt
    sent = attempt.order.seed if attempt.order else None
    seed = attempt.seed if attempt.seed is not None else sent
    parameters = replace(work.parameters, count=None, seed=seed)
    return await pressed.begin(replace(work, models=(attempt.model,), parameters=parameters))


async def _panel(pressed: Pressed) -> Outcome:
    return Opened(image=(await pressed.app.pictures.find(pressed.asker, pressed.image)).image)


async def _original(pressed: Pressed) -> Outcome:
    image = (await pressed.app.pictures.find(pressed.asker, pressed.image)).image
    return Handed(image=image, data=await pressed.app.results.picture(image))


async def _info(pressed: Pressed) -> Outcome:
    image = (await pressed.app.pictures.find(pressed.asker, pressed.image)).image
    return Looked(facts=await pressed.app.pictures.look(pressed.asker, Kept(image=image.id)))


async def _delete(pressed: Pressed) -> Outcome:
    await pressed.app.pictures.delete(pressed.asker, pressed.image)
    return Ended()


async def _use(pressed: Pressed) -> Outcome:
    draft = await pressed.app.history.draft(pressed.asker, pressed.job)
    return await pressed.begin(draft.request())


async def _use_original(pressed: Pressed) -> Outcome:
    draft = await pressed.app.history.draft(pressed.asker, pressed.job)
    return await pressed.begin(draft.request(draft.draft.original))


async def _share(pressed: Pressed) -> Outcome:
    """A private result is shown in the place as well; `delivery` says where."""
    job = await pressed.app.history.any(pressed.asker, pressed.job)
    if pressed.delivery is None:
        raise UnknownId(id=job.id)
    await pressed.app.jobs.show(pressed.asker, job.id, pressed.delivery)
    return Ended()


_DEEDS: Mapping[Action, Callable[[Pressed], Awaitable[Outcome]]] = {
    Action.SPLIT: _split,
    Action.CUTOUT: _cutout,
    Action.ZIP: _zip,
    Action.CANCEL: _cancel,
    Action.RETRY: _retry,
    Action.AGAIN: _again,
    Action.EDIT: _edit,
    Action.ZIP_ALL: _zip_all,
    Action.CUTOUT_ALL: _cutout_all,
    Action.PANEL: _panel,
    Action.ORIGINAL: _original,
    Action.STICKER: _sticker,
    Action.EMOJI: _emoji,
    Action.SAME_SEED: _same_seed,
    Action.INFO: _info,
    Action.DELETE: _delete,
    Action.GRID: _grid,
    Action.USE: _use,
    Action.USE_ORIGINAL: _use_original,
    Action.SHARE: _share,
}
