"""Buttons and menus that never die: what they do is read from their code, not from memory."""

import re
from typing import TYPE_CHECKING, Any, Self, cast

import discord
from discord import ui
from typing_extensions import override

from bot.discord.answering import take
from bot.discord.render.values import Button, Choice, Style

if TYPE_CHECKING:
    from bot.discord.asking import Interaction
    from bot.discord.client import Client

_STYLES: dict[Style, discord.ButtonStyle] = {
    "grey": discord.ButtonStyle.secondary,
    "blue": discord.ButtonStyle.primary,
    "red": discord.ButtonStyle.danger,
}


class PressButton(
    ui.DynamicItem[ui.Button[Any]], template=r"1:[a-z_]{1,16}:[a-z2-7]{20}:[\w.-]{0,20}"
):
    """A button whose custom_id is an action's code."""

    @classmethod
    @override
    async def from_custom_id(
        cls, interaction: "Interaction", item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        take(interaction)
        return cls(cast("ui.Button[Any]", item))

    @override
    async def callback(self, interaction: "Interaction") -> None:
        client = cast("Client", interaction.client)
        await client.pressed(interaction, self.custom_id)


class PressSelect(ui.DynamicItem[ui.Select[Any]], template=r"(?:1s|m1):[\w.:-]{1,90}"):
    """A menu whose options' values are actions' codes; to choose one is to press it."""

    @classmethod
    @override
    async def from_custom_id(
        cls, interaction: "Interaction", item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        take(interaction)
        return cls(cast("ui.Select[Any]", item))

    @override
    async def callback(self, interaction: "Interaction") -> None:
        client = cast("Client", interaction.client)
        await client.pressed(interaction, next(iter(self.item.values), ""))


def item_of(part: Button | Choice) -> PressButton | PressSelect:
    """To stand in a view with others of its kind alone, which is never used twice."""
    if isinstance(part, Button):
        style = _STYLES[part.style]
        return PressButton(
            ui.Button(label=part.label, custom_id=part.code, style=style, disabled=part.disabled)
        )
    options = [discord.SelectOption(label=one.label, value=one.value) for one in part.options]
    return PressSelect(
        ui.Select(custom_id=part.code, placeholder=part.placeholder, options=options)
    )
