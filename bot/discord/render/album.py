"""A comparison as messages: a line for each attempt, its picture and its three buttons."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.actions import Action, Press, code_of
from bot.discord.render.layout import CLASSIC, V2, Album, Block, Line, Tile, lay_out
from bot.discord.render.markup import code, cut, plain
from bot.discord.render.values import (
    Button,
    Choice,
    Gallery,
    Option,
    Page,
    Part,
    Picture,
    Row,
    Showing,
    Text,
    menu_code,
)
from bot.words import Speech
from bot.words.captions import say_attempt, say_parameters
from bot.words.chat import say_standing
from bot.words.labels import MORE, label_of, say_more, say_retry
from core.models.attempt import Attempt, AttemptState
from core.models.image import Image
from core.models.job import Comparison

ICONS = {
    AttemptState.QUEUED: "⏳",
    AttemptState.RUNNING: "🎨",
    AttemptState.DONE: "✅",
    AttemptState.FAILED: "❌",
    AttemptState.CANCELLED: "🚫",
    AttemptState.INTERRUPTED: "⚠️",
}
_GRID_FROM = 5  # models with one picture each, whose lines and buttons are numbered
_OPTIONS = 25  # of one menu
_UNSAFE = re.compile(r"[^A-Za-z0-9.]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slot:
    """Where one picture stands or will stand.

    `at` counts attempts, `part` an attempt's pictures; `number` is what people read, if there is
    more than one to tell apart.
    """

    at: int
    part: int
    number: str
    attempt: Attempt
    image: Image | None


def comparison_pages(
    _: Speech, job: Comparison, sheet: str | None = None, how: Showing | None = None
) -> tuple[Page, ...]:
    """`sheet` names the file of the contact sheet, which stands first when all has ended."""
    how = how or Showing()
    slots = tuple(_slots(job, how))
    album = Album(
        head=(*_header(_, job, how), *_sheet(_, job, sheet)),
        head_room=_sheet_room(slots),
        blocks=tuple(_blocks(_, job, slots, how)),
        foot=tuple(_foot(job, slots, how)),
        foot_room=tuple(_foot_room(job, slots, how)),
        whole=job.state.final or any(attempt.round > 1 for attempt in job.attempts),
    )
    return lay_out(album, CLASSIC if how.classic else V2)


def three_buttons(image: Image, number: str = "") -> Row:
    """What stands under each picture."""
    actions = (Action.SPLIT, Action.CUTOUT, Action.ZIP)
    return Row(buttons=tuple(button(action, image.id, number=number) for action in actions))


def button(action: Action, target: str, *, number: str = "", label: str = "") -> Button:
    red = action in (Action.CANCEL, Action.DELETE)
    return Button(
        label=label or label_of(action, number),
        code=code_of(Press(action=action, target=target)),
        style="red" if red else "blue" if action is Action.USE else "grey",
    )


def _slots(job: Comparison, how: Showing) -> Iterator[_Slot]:
    several = job.work.parameters.pictures > 1
    many = len(job.attempts) > (1 if how.classic else _GRID_FROM - 1)
    for at, attempt in enumerate(job.attempts, 1):
        number = str(attempt.number) if several else str(at) if many else ""
        if how.classic and many:  # all buttons stand together there
            number = str(at)
        images = attempt.images or (None,)
        for part, image in enumerate(images, 1):
            further = f"{number or at}.{part}" if part > 1 else number
            yield _Slot(at=at, part=part, number=further, attempt=attempt, image=image)


def _header(_: Speech, job: Comparison, how: Showing) -> Iterator[Part]:
    prompt = code(job.work.prompt)
    if how.withheld:
        prompt = _("The prompt is not shown: the AutoMod of this server does not allow it.")
    asked = "" if how.withheld else code(" · ".join(say_parameters(_, job)), 120)
    hint = plain(cut(how.hint, 200))
    lines = (prompt, f"-# {asked}" if asked else "", f"-# {hint}" if hint else "")
    yield Text(markdown="\n".join(line for line in lines if line))


def _sheet(_: Speech, job: Comparison, sheet: str | None) -> Iterator[Part]:
    if sheet and job.state.final and len(job.images) > 1:
        alt = _("All pictures side by side, each with its model")
        yield Gallery(pictures=(Picture(name=sheet, image=None, alt=alt),))


def _sheet_room(slots: Sequence[_Slot]) -> tuple[Part, ...]:
    sheet = Gallery(pictures=(Picture(name="", image=None, alt=""),))
    return (Text(markdown=""), sheet) if len(slots) > 1 else (Text(markdown=""),)


def _blocks(_: Speech, job: Comparison, slots: Sequence[_Slot], how: Showing) -> Iterator[Block]:
    """One for each model, in the order asked."""
    several = job.work.parameters.pictures > 1
    for model, group in groupby(slots, key=lambda slot: slot.attempt.model):
        tiles = tuple(_tile(_, slot, how, several=several) for slot in group)
        yield Block(title=f"**{code(model, 80)}**" if several else "", tiles=tiles)


def _tile(_: Speech, slot: _Slot, how: Showing, *, several: bool) -> Tile:
    line = _line(_, slot, how, several=several) if slot.part == 1 else None
    image = slot.image
    if image is None:
        return Tile(line=line)
    picture = Picture(
        name=_file_name(slot),
        image=image,
        alt=cut(say_attempt(slot.attempt, several=several), 200),
        spoiler=image.id in how.spoilers,
    )
    shown = None if image.id in how.unshown else picture
    return Tile(line=line, picture=shown, row=three_buttons(image, slot.number))


def _line(_: Speech, slot: _Slot, how: Showing, *, several: bool) -> Line:
    number = f"**{slot.number}** " if slot.number else ""
    model = "" if several else f"**{code(slot.attempt.model, 80)}** "
    reasons = [how.unshown[i.id] for i in slot.attempt.images if i.id in how.unshown]
    said = " · ".join((say_standing(_, slot.attempt), *dict.fromkeys(reasons)))
    return Line(lead=f"{ICONS[slot.attempt.state]} {number}{model}· ", said=said)


def _file_name(slot: _Slot) -> str:
    """A preview's: WebP whatever the picture is, and the same in every state of the job."""
    part = f"{slot.at}-{slot.part}" if slot.part > 1 else str(slot.at)
    model = _UNSAFE.sub("-", slot.attempt.model)[:60].strip("-.")
    again = f"-{slot.attempt.number}" if slot.attempt.number > 1 else ""
    return f"{part}-{model}{again}.webp"


def _foot(job: Comparison, slots: Sequence[_Slot], how: Showing) -> Iterator[Part]:
    if not job.state.final:
        yield Row(buttons=(button(Action.CANCEL, job.id),))
        return
    buttons = [button(Action.ZIP_ALL, job.id)] if job.images else []
    if job.missing:
        label = say_retry(len(job.missing))
        buttons.append(button(Action.RETRY, job.id, label=label))
    buttons += [button(Action.AGAIN, job.id), button(Action.EDIT, job.id)]
    if how.private:
        buttons.append(button(Action.SHARE, job.id))
    yield Row(buttons=tuple(buttons))
    yield from _menus(job, slots)


def _menus(job: Comparison, slots: Sequence[_Slot]) -> Iterator[Choice]:
    options = [_option(slot, slot.image) for slot in slots if slot.image]
    for at in range(0, len(options), _OPTIONS):
        some = tuple(options[at : at + _OPTIONS])
        yield Choice(code=menu_code("more", job.id, at), placeholder=MORE, options=some)


def _option(slot: _Slot, image: Image) -> Option:
    label = say_more(slot.number or str(slot.at), slot.attempt.model)
    value = code_of(Press(action=Action.PANEL, target=image.id))
    return Option(label=cut(label, 100), value=value)


def _foot_room(job: Comparison, slots: Sequence[_Slot], how: Showing) -> Iterator[Part]:
    """As if it had ended with all its buttons."""
    yield Row(buttons=(button(Action.ZIP_ALL, job.id),) * (4 + how.private))
    for _at in range(-(-len(slots) // _OPTIONS)):
        yield Choice(code="", placeholder="", options=())
