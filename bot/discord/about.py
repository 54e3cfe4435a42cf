"""`/help` and `/privacy`."""

from typing import TYPE_CHECKING, Any

from discord import app_commands

from bot.discord.asking import Interaction, speech_of
from bot.words.speech import mark

if TYPE_CHECKING:
    from bot.discord.front import Front
    from bot.words import Speech


def register(tree: app_commands.CommandTree[Any], front: "Front") -> None:
    del front  # nothing is looked up

    @tree.command(description=mark("How OmniImage is used"))
    async def help(interaction: Interaction) -> None:  # noqa: A001 - the command's name
        await interaction.response.send_message(_help(speech_of(interaction)), ephemeral=True)

    @tree.command(description=mark("What is kept of you, and who could read it"))
    async def privacy(interaction: Interaction) -> None:
        await interaction.response.send_message(_privacy(speech_of(interaction)), ephemeral=True)


def _help(_: "Speech") -> str:
    lines = (
        _("`/imagine` sends one prompt to several image models and compares what they paint."),
        _("Without a key the demo models answer; `/keys add` keeps your own key for a provider."),
        _("Under each picture: Split cuts a grid, Cut out takes the background away, Zip packs."),
        _("`/enhance` and `/translate` word a prompt first; `/show` and `/again` find old ones."),
    )
    return "\n".join(lines)


def _privacy(_: "Speech") -> str:
    lines = (
        _("Your prompts, the pictures and your choices are kept on the operator's own machine."),
        _("Your keys lie there encrypted, pay for your requests alone and are never shown."),
        _("Whoever runs that machine could read it. Providers see the prompts sent to them."),
        _("`/keys forget-all` forgets your keys; Delete in a picture's panel is for good."),
    )
    return "\n".join(lines)
