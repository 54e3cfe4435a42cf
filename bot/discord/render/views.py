"""Pages as discord.py's objects."""

from collections.abc import Callable
from typing import Any

import discord
from discord import ui

from bot.discord.render.markup import cut
from bot.discord.render.values import (
    Attached,
    Button,
    Choice,
    Gallery,
    Page,
    Part,
    Picture,
    Row,
    Text,
)

MakeItem = Callable[[Button | Choice], ui.Item[Any]]
_MOST = 2000  # characters of a classic message


def view_of(page: Page, item: MakeItem) -> ui.LayoutView:
    """Every button and menu is made by `item`. Never times out; to be used once.

    One plain item beside a DynamicItem would take that item's whole class down with it.
    """
    view = ui.LayoutView(timeout=None)
    for part in page.parts:
        view.add_item(_component(part, item))
    return view


def classic_of(page: Page, item: MakeItem) -> tuple[str, ui.View]:
    """For a page that was laid out as `classic`; its files are attached and show by themselves."""
    view = ui.View(timeout=None)
    texts = [part.markdown for part in page.parts if isinstance(part, Text)]
    for part in page.parts:
        if isinstance(part, Row):
            for button in part.buttons:
                view.add_item(item(button))
        elif isinstance(part, Choice):
            view.add_item(item(part))
    return cut("\n".join(texts), _MOST), view


def _component(part: Part, item: MakeItem) -> ui.Item[Any]:
    match part:
        case Text():
            return ui.TextDisplay(part.markdown)
        case Gallery():
            return ui.MediaGallery(*(_shown(picture) for picture in part.pictures))
        case Row():
            return ui.ActionRow(*(item(button) for button in part.buttons))
        case Choice():
            return ui.ActionRow(item(part))
        case Attached():
            return ui.File(f"attachment://{part.name}")


def _shown(picture: Picture) -> discord.MediaGalleryItem:
    return discord.MediaGalleryItem(
        f"attachment://{picture.name}", description=picture.alt, spoiler=picture.spoiler
    )
