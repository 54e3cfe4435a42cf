"""What every handler does the same way: acknowledge, begin, return; the courier shows the rest."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.courier import Courier
from bot.discord.answering import apologize
from bot.discord.asking import asker_of, delivery_of
from core.errors import OmniImageError

if TYPE_CHECKING:
    from bot.discord.asking import Interaction
    from core.app import App
    from core.models.asker import Asker
    from core.models.job import NewDelivery

    Begin = Callable[[Asker, NewDelivery], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """The house, and the courier that shows what is begun in it."""

    app: "App"
    courier: Courier

    async def command(
        self, interaction: "Interaction", begin: "Begin", *, private: bool = False
    ) -> None:
        """For a command. A private result belongs to its asker's own place."""
        await interaction.response.defer(ephemeral=private, thinking=True)
        await self._begin(interaction, begin, asker_of(interaction, private=private), private)

    async def press(self, interaction: "Interaction", begin: "Begin", *, private: bool) -> None:
        """For a button: its result is shown to the presser alone, or to the place."""
        await interaction.response.defer(ephemeral=private, thinking=True)
        await self._begin(interaction, begin, asker_of(interaction), private)

    async def _begin(
        self,
        interaction: "Interaction",
        begin: "Begin",
        asker: "Asker",
        private: bool,  # noqa: FBT001 - as asked
    ) -> None:
        delivery = delivery_of(self.app, interaction, asker, private=private)
        try:
            await begin(asker, delivery)
        except OmniImageError as error:
            await apologize(interaction, error)
            return
        self.courier.wake()
