"""What a page shows, and whether Discord takes it."""

import re
from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.actions import read_code
from bot.discord.render import Page, classic_of, view_of
from bot.discord.render.values import Button, Choice, Gallery, Row, Text
from tests.servers.discord.components import checked


def texts(pages: Sequence[Page]) -> str:
    return "\n".join(
        part.markdown for page in pages for part in page.parts if isinstance(part, Text)
    )


def buttons(pages: Sequence[Page]) -> list[Button]:
    return [button for page in pages for button in page.buttons]


def labels(pages: Sequence[Page]) -> list[str]:
    return [button.label for button in buttons(pages)]


def choices(pages: Sequence[Page]) -> list[Choice]:
    return [part for page in pages for part in page.parts if isinstance(part, Choice)]


def outside_code(text: str) -> str:
    """What Discord reads as markup: neither code nor escaped."""
    return re.sub(r"\\[^0-9A-Za-z\s]|```.*?```|`[^`\n]+`", "", text, flags=re.DOTALL)


class DynamicButton(ui.DynamicItem[ui.Button[Any]], template=r"1:.*"):
    pass


class DynamicMenu(ui.DynamicItem[ui.Select[Any]], template=r"m1:.*"):
    pass


def dynamic(part: Button | Choice) -> ui.Item[Any]:
    if isinstance(part, Button):
        return DynamicButton(ui.Button(label=part.label, custom_id=part.code))
    options = [discord.SelectOption(label=one.label, value=one.value) for one in part.options]
    menu: ui.Select[Any] = ui.Select(
        custom_id=part.code, placeholder=part.placeholder, options=options
    )
    return DynamicMenu(menu)


def passes(pages: Sequence[Page]) -> None:
    """All that Discord asks of each message, by the rules of the local one."""
    names = [name for page in pages for name in page.files]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[\w.-]+\.\w+", name, re.ASCII) for name in names)
    for page in pages:
        assert page.parts
        assert page.components <= 40
        assert page.characters <= 4000
        assert len(page.files) <= 10
        view = view_of(page, dynamic)
        assert view.total_children_count == page.components
        checked(view.to_components(), v2=True)
    for button in buttons(pages):
        assert read_code(button.code)
    for choice in choices(pages):
        assert read_code(choice.code) is None
        assert all(read_code(option.value) for option in choice.options)


def passes_classic(pages: Sequence[Page]) -> None:
    for page in pages:
        assert len(page.files) <= 10
        content, view = classic_of(page, dynamic)
        assert len(content) <= 2000
        checked(view.to_components(), v2=False)


def tiles(page: Page) -> list[tuple[str, list[str]]]:
    """Each picture's name with the targets of the row that belongs to it, in order."""
    found: list[tuple[str, list[str]]] = []
    open_names: list[str] = []
    for part in page.parts:
        if isinstance(part, Gallery):
            open_names = [picture.name for picture in part.pictures]
        elif isinstance(part, Row) and open_names:
            found.append((open_names.pop(0), [button.code for button in part.buttons]))
    return found
