"""What is answered to a press; what a press does is said in `bot.actions`."""

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import discord

from bot.actions import (
    Action,
    Begun,
    Handed,
    Looked,
    Opened,
    Outcome,
    Prefilled,
    Press,
    Pressed,
    perform,
)
from bot.discord.asking import FRONT_END, address_of, asker_of, speech_of, token_until
from bot.discord.edit import EditForm
from bot.discord.press import item_of
from bot.discord.render import panel_page, view_of
from bot.discord.render.markup import plain
from bot.words.tools import say_made

if TYPE_CHECKING:
    from bot.discord.asking import Interaction
    from bot.discord.front import Front
    from core.models.asker import Asker
    from core.models.job import NewDelivery

_PUBLIC = frozenset(
    {Action.AGAIN, Action.SAME_SEED, Action.USE, Action.USE_ORIGINAL, Action.SHARE}
)
_IN_PLACE = frozenset({Action.CANCEL, Action.RETRY, Action.DELETE})  # their message shows it


async def on_press(front: "Front", interaction: "Interaction", press: Press) -> None:
    if press.action is Action.EDIT:
        outcome = await _performed(front, interaction, press)
        assert isinstance(outcome, Prefilled)  # noqa: S101 - what editing is
        await interaction.response.send_modal(EditForm(front, speech_of(interaction), outcome))
    elif press.action in _IN_PLACE:
        await _in_place(front, interaction, press)
    elif press.action is Action.PANEL:
        await _panel(front, interaction, press)
    elif press.action in (Action.ORIGINAL, Action.INFO):
        await _at_once(front, interaction, press)
    else:
        await _begin(front, interaction, press)


async def _performed(front: "Front", interaction: "Interaction", press: Press) -> Outcome:
    return await perform(
        Pressed(
            app=front.app,
            press=press,
            asker=asker_of(interaction),
            speech=speech_of(interaction),
            once=_once(interaction),
        )
    )


def _once(interaction: "Interaction") -> str:
    return f"{FRONT_END}:{interaction.id}"


async def _in_place(front: "Front", interaction: "Interaction", press: Press) -> None:
    """The fresh token keeps the message of the album alive, if it is one."""
    await interaction.response.defer()
    message = interaction.message
    assert message is not None  # noqa: S101 - a button stands on one
    address = address_of(message.channel.id, message.id)
    if delivery := await front.app.deliveries.by_address(FRONT_END, address):
        until = token_until(interaction)
        await front.app.deliveries.take_over(delivery.id, interaction.token, until)
    await _performed(front, interaction, press)
    front.courier.wake()


async def _at_once(front: "Front", interaction: "Interaction", press: Press) -> None:
    await interaction.response.defer(ephemeral=True, thinking=True)
    match await _performed(front, interaction, press):
        case Handed() as handed:
            name = f"original.{handed.image.format}"
            file = discord.File(io.BytesIO(handed.data), name)
            await interaction.followup.send(file=file, ephemeral=True)
        case Looked() as looked:
            measured = looked.facts.measured
            size = f"{measured.format.upper()} · {measured.width} × {measured.height}"
            made = looked.facts.made
            facts = say_made(speech_of(interaction), made) if made else []
            lines = [size, *(f"{name}: {value}" for name, value in facts)]
            text = "\n".join(plain(line) for line in lines)
            await interaction.followup.send(text[:2000], ephemeral=True)


async def _panel(front: "Front", interaction: "Interaction", press: Press) -> None:
    await interaction.response.defer(ephemeral=True, thinking=True)
    outcome = await _performed(front, interaction, press)
    assert isinstance(outcome, Opened)  # noqa: S101 - what a panel is
    page = panel_page(speech_of(interaction), outcome.image)
    await interaction.followup.send(view=view_of(page, item_of), ephemeral=True)


async def _begin(front: "Front", interaction: "Interaction", press: Press) -> None:
    _ = speech_of(interaction)
    if press.action in (Action.ZIP, Action.ZIP_ALL):  # parts that this place takes
        press = replace(press, argument=str(interaction.filesize_limit // 1024))

    async def begin(asker: "Asker", delivery: "NewDelivery") -> None:
        pressed = Pressed(
            app=front.app,
            press=press,
            asker=asker,
            speech=_,
            delivery=delivery,
            once=_once(interaction),
        )
        outcome = await perform(pressed)
        if isinstance(outcome, Begun) and not outcome.fresh:
            await interaction.followup.send(_("That is already running."), ephemeral=True)

    await front.press(interaction, begin, private=press.action not in _PUBLIC)
