"""The prompt of a comparison or a draft, edited and asked anew."""

from typing import TYPE_CHECKING, Any

import discord
from discord import ui
from typing_extensions import override

from bot.actions import edited
from bot.discord.asking import FRONT_END
from bot.discord.form import Form

if TYPE_CHECKING:
    from bot.actions import Prefilled
    from bot.discord.asking import Interaction
    from bot.discord.front import Front
    from bot.words import Speech
    from core.models.asker import Asker
    from core.models.job import NewDelivery

_LONGEST = 4000  # characters that a field of Discord takes


class EditForm(Form):
    def __init__(self, front: "Front", speech: "Speech", prefilled: "Prefilled") -> None:
        _ = speech
        super().__init__(_("Edit the prompt"))
        self._front = front
        self._job = prefilled.job
        self._prompt: ui.TextInput[Any] = ui.TextInput(
            style=discord.TextStyle.paragraph,
            default=prefilled.prompt[:_LONGEST],
            max_length=_LONGEST,
        )
        self.add_item(ui.Label(text=_("Prompt"), component=self._prompt))

    @override
    async def submitted(self, interaction: "Interaction") -> None:
        job, prompt = self._job, self._prompt.value

        async def begin(asker: "Asker", delivery: "NewDelivery") -> None:
            once = f"{FRONT_END}:{interaction.id}"
            await self._front.app.jobs.submit(asker, edited(job, prompt), delivery, once=once)

        await self._front.command(interaction, begin)
