"""The base of every modal: it is answered, whatever happens in it."""

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from discord import ui
from typing_extensions import override

from bot.discord.answering import guarded, take

if TYPE_CHECKING:
    from bot.discord.asking import Interaction

_OPEN_FOR = 3600.0  # seconds that a modal may stay open; later it is answered as one that is gone


class Form(ui.Modal, ABC):
    """A subclass says in `submitted` what is done with the fields.

    Its custom_id must be its own, as discord.py keeps modals by it: leave it to be drawn.
    """

    def __init__(self, title: str) -> None:
        super().__init__(title=title, timeout=_OPEN_FOR)

    @abstractmethod
    async def submitted(self, interaction: "Interaction") -> None:
        """Answer it; what is raised becomes a sentence."""

    @override
    async def interaction_check(self, interaction: "Interaction", /) -> bool:
        take(interaction)  # this runs before the client looks for what nobody took
        return True

    @override
    async def on_submit(self, interaction: "Interaction", /) -> None:
        await guarded(interaction, self.submitted(interaction))
