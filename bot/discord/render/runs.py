"""A tool run, a text and a picture's own panel as messages."""

from collections.abc import Iterator

from bot.actions import Action, Press, code_of
from bot.discord.render.album import button, three_buttons
from bot.discord.render.layout import CLASSIC, V2, Album, Block, Line, Tile, lay_out
from bot.discord.render.markup import block, code, cut, plain
from bot.discord.render.values import (
    Attached,
    Button,
    Choice,
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
from bot.words.captions import say_attempt
from bot.words.chat import say_made_of, say_step
from bot.words.failures import say_text_failure
from bot.words.labels import EDIT, OTHER_GRID
from core.files.names import extension
from core.models.grid import GRID_SIDE, Grid
from core.models.image import Image
from core.models.job import TextRun, ToolRun
from core.models.origin import Origin
from core.models.tool import Archive, Brought, Item, ItemState

_ICONS = {
    ItemState.QUEUED: "⏳",
    ItemState.RUNNING: "🛠️",
    ItemState.DONE: "✅",
    ItemState.UNSURE: "❔",
    ItemState.FAILED: "❌",
    ItemState.CANCELLED: "🚫",
    ItemState.INTERRUPTED: "⚠️",
}
_COMMON = (Grid(rows=2, columns=2), Grid(rows=3, columns=3), Grid(rows=1, columns=4))
_FILES = 10  # of one message


def tool_pages(_: Speech, run: ToolRun, how: Showing | None = None) -> tuple[Page, ...]:
    """Whatever the tool made, or how far it is, or why it made nothing."""
    how = how or Showing()
    if isinstance(run.work.tool, Archive) and (files := _files(run)):
        return tuple(_archive_pages(_, run, files, how))
    foot = tuple(_foot(run, how))
    album = Album(
        head=(),
        head_room=(),
        blocks=tuple(_blocks(_, run, how)),
        foot=foot,
        foot_room=foot,
        whole=run.state.final,
    )
    return lay_out(album, CLASSIC if how.classic else V2)


def text_pages(_: Speech, run: TextRun, how: Showing | None = None) -> tuple[Page, ...]:
    """One page: the texts as far as they came, and what may be done with them."""
    most = 500 if how and how.classic else 1200
    draft = run.draft
    named = (
        (_("original"), draft.original),
        (_("translated"), draft.translated),
        (_("enhanced"), draft.enhanced),
    )
    texts = [f"**{name}**\n{block(text, most)}" for name, text in named if text]
    if run.failure:
        said = say_text_failure(_, run, run.failure)
        texts.append(f"❌ {plain(said)}")
    waiting = [step for step in run.steps if not step.state.final]
    if waiting and not run.state.final:
        texts.append(f"⏳ {say_step(_, waiting[0].kind)}")
    row = Row(buttons=tuple(_text_buttons(run)))
    return (Page(parts=(Text(markdown="\n".join(texts)), row)),)


def panel_page(_: Speech, image: Image, origin: Origin | None = None) -> Page:
    """What else may be done with one picture; `origin` is where it comes from, if it is known."""
    comparison = origin.comparison if origin else None
    attempt = origin.attempt if origin else None
    several = bool(comparison and comparison.work.parameters.pictures > 1)
    name = code(say_attempt(attempt, several=several), 120) if attempt else _("Picture")
    size = f"{image.width} × {image.height} · {image.format.upper()}"
    makes = [Action.ORIGINAL, Action.STICKER, Action.EMOJI]
    if image.attempt is not None or attempt is not None:
        makes.append(Action.SAME_SEED)
    makes.append(Action.INFO)
    alone = image.attempt is not None and comparison and len(comparison.images) == 1
    rest = [button(Action.DELETE, image.id)]
    if not alone:
        rest.insert(0, button(Action.CUTOUT_ALL, image.job))
    first = Row(buttons=tuple(button(action, image.id) for action in makes))
    head = Text(markdown=f"**{name}**\n-# {size}")
    return Page(parts=(head, first, Row(buttons=tuple(rest))))


def _blocks(_: Speech, run: ToolRun, how: Showing) -> Iterator[Block]:
    """One for each source; a line of its own where it has several pictures or none."""
    for at, item in enumerate(run.items, 1):
        name = code(_name(_, item, at), 80)
        said = say_made_of(_, item)
        reasons = [how.unshown[i.id] for i in item.images if i.id in how.unshown]
        said = " · ".join((said, *dict.fromkeys(reasons)))
        line = Line(lead=f"{_ICONS[item.state]} **{name}** · ", said=said)
        pictures = tuple(_pieces(run, item, at, how))
        if not pictures:
            yield Block(title="", tiles=(Tile(line=line, room=False),))
            continue
        first, *others = pictures
        tiles = (Tile(line=line, picture=first.picture, row=first.row), *others)
        yield Block(title="", tiles=tiles)


def _pieces(run: ToolRun, item: Item, at: int, how: Showing) -> Iterator[Tile]:
    count = sum(len(each.images) for each in run.items)
    for part, image in enumerate(item.images, 1):
        number = "" if count == 1 else str(part) if len(run.items) == 1 else f"{at}.{part}"
        if len(item.images) == 1 and count > 1:
            number = str(at)
        ending = "webp" if image.id in how.shrunk else extension(image.format)
        picture = Picture(
            name=f"{at}-{part}-{image.tool or 'picture'}.{ending}",
            image=image,
            alt=f"{image.tool or ''} {number}".strip() or "1",
            spoiler=image.id in how.spoilers,
        )
        shown = None if image.id in how.unshown else picture
        yield Tile(picture=shown, row=three_buttons(image, number))


def _name(_: Speech, item: Item, at: int) -> str:
    if item.outcome:
        return item.outcome.name
    return (
        item.source.name if isinstance(item.source, Brought) else _("picture {number}", number=at)
    )


def _foot(run: ToolRun, how: Showing) -> Iterator[Part]:
    if not run.state.final:
        yield Row(buttons=(button(Action.CANCEL, run.id),))
        return
    if any(item.state is ItemState.UNSURE for item in run.items):
        yield Row(buttons=tuple(_cut_as(run, grid) for grid in _COMMON))
        yield Choice(
            code=menu_code("grid", run.id),
            placeholder=OTHER_GRID,
            options=tuple(Option(label=str(grid), value=_grid(run, grid)) for grid in _others()),
        )
    if how.private and any(item.images for item in run.items):
        yield Row(buttons=(button(Action.SHARE, run.id),))


def _cut_as(run: ToolRun, grid: Grid) -> Button:
    return Button(label=str(grid), code=_grid(run, grid))


def _grid(run: ToolRun, grid: Grid) -> str:
    return code_of(Press(action=Action.GRID, target=run.id, argument=str(grid)))


def _others() -> Iterator[Grid]:
    sides = range(1, GRID_SIDE + 1)
    for rows in sides:
        for columns in sides:
            grid = Grid(rows=rows, columns=columns)
            if rows * columns > 1 and grid not in _COMMON:
                yield grid


def _files(run: ToolRun) -> tuple[str, ...]:
    """Each part once: every source names the one that it lies in."""
    outcomes = (item.outcome for item in run.items if item.outcome)
    return tuple(dict.fromkeys(name for outcome in outcomes for name in outcome.files))


def _archive_pages(
    _: Speech, run: ToolRun, files: tuple[str, ...], how: Showing
) -> Iterator[Page]:
    packed = sum(item.state is ItemState.DONE for item in run.items)
    said = _.n("{count} picture, untouched", "{count} pictures, untouched", packed)
    lost = [
        f"{_ICONS[item.state]} **{code(_name(_, item, at), 60)}** · "
        + plain(cut(say_made_of(_, item), 200))
        for at, item in enumerate(run.items, 1)
        if item.failure
    ]
    head = cut("\n".join((f"📦 {said}", *lost)), 1900 if how.classic else 3900)
    share = (Row(buttons=(button(Action.SHARE, run.id),)),) if how.private else ()
    chunks = [files[at : at + _FILES] for at in range(0, len(files), _FILES)]
    for at, some in enumerate(chunks, 1):
        text = (Text(markdown=head),) if at == 1 else ()
        yield Page(
            parts=(
                *text,
                *(Attached(name=name) for name in some),
                *(share if at == len(chunks) and run.state.final else ()),
            )
        )


def _text_buttons(run: TextRun) -> Iterator[Button]:
    if not run.state.final:
        yield button(Action.CANCEL, run.id)
        return
    draft, purpose = run.draft, run.work.purpose is not None
    if purpose and (draft.text != draft.original or run.failure is None):
        yield button(Action.USE, run.id)
    yield button(Action.EDIT, run.id, label=EDIT)
    if purpose and (draft.text != draft.original or run.failure):
        yield button(Action.USE_ORIGINAL, run.id)
