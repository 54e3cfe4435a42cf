"""`/keys`: each person's own, seen by nobody else."""

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui
from typing_extensions import override

from bot.discord.asking import asker_of, speech_of
from bot.discord.form import Form
from bot.discord.render.markup import plain
from bot.words.speech import mark
from core.ids import ProviderId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.discord.asking import Interaction
    from bot.discord.front import Front
    from bot.words import Speech
    from core.models.key import KeyNote

_LONGEST = 400  # characters of a key or an address
_CHOICES = 25


class AddKey(Form):
    """Discord knows no field that hides what is typed; it never enters a channel."""

    def __init__(self, front: "Front", speech: "Speech") -> None:
        _ = speech
        super().__init__(_("Add a key"))
        self._front = front
        self._provider: ui.TextInput[Any] = ui.TextInput(placeholder="openai", max_length=40)
        self._key: ui.TextInput[Any] = ui.TextInput(max_length=_LONGEST)
        self._url: ui.TextInput[Any] = ui.TextInput(
            placeholder="https://", max_length=_LONGEST, required=False
        )
        self.add_item(ui.Label(text=_("Provider"), component=self._provider))
        self.add_item(ui.Label(text=_("API key"), component=self._key))
        self.add_item(ui.Label(text=_("Base URL"), component=self._url))

    @override
    async def submitted(self, interaction: "Interaction") -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        asker, provider = asker_of(interaction), ProviderId(self._provider.value.strip().lower())
        self._front.app.policy.enter(asker)
        url = self._url.value.strip() or None
        self._front.app.keys.check(asker, provider, url)
        note = await self._front.app.keys.set(asker, provider, self._key.value, url)
        _ = speech_of(interaction)
        text = _(
            "Your key for {provider} is kept, encrypted. It ends in {last_four}.",
            provider=note.provider,
            last_four=note.last_four,
        )
        await interaction.followup.send(plain(text), ephemeral=True)


class Keys(app_commands.Group):
    def __init__(self, front: "Front") -> None:
        super().__init__(name="keys", description=mark("Your own API keys"))
        self._front = front

    @app_commands.command(description=mark("Add your key for a provider"))
    async def add(self, interaction: "Interaction") -> None:
        await interaction.response.send_modal(AddKey(self._front, speech_of(interaction)))

    @app_commands.command(name="list", description=mark("List your keys"))
    async def show(self, interaction: "Interaction") -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        asker = asker_of(interaction)
        self._front.app.policy.enter(asker)
        notes = await self._front.app.keys.list(asker)
        await interaction.followup.send(_listed(speech_of(interaction), notes), ephemeral=True)

    @app_commands.command(description=mark("Forget your key for a provider"))
    @app_commands.describe(provider=mark("Whose key"))
    async def forget(self, interaction: "Interaction", provider: str) -> None:
        await self._forget(interaction, ProviderId(provider))

    @forget.autocomplete("provider")
    async def _complete(
        self, interaction: "Interaction", current: str
    ) -> "list[app_commands.Choice[str]]":
        notes = await self._front.app.keys.list(asker_of(interaction))
        names = [note.provider for note in notes if current.lower() in note.provider]
        return [app_commands.Choice(name=name, value=name) for name in names[:_CHOICES]]

    @app_commands.command(name="forget-all", description=mark("Forget all your keys"))
    async def forget_all(self, interaction: "Interaction") -> None:
        await self._forget(interaction, None)

    async def _forget(self, interaction: "Interaction", provider: ProviderId | None) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        _ = speech_of(interaction)
        count = await self._front.app.keys.forget(asker_of(interaction), provider)
        text = (
            _.n("{count} key is forgotten.", "{count} keys are forgotten.", count)
            if count
            else _("You have no such key.")
        )
        await interaction.followup.send(text, ephemeral=True)


def _listed(_: "Speech", notes: "Sequence[KeyNote]") -> str:
    if not notes:
        return _("You have no key yet. /keys add keeps one.")
    lines = [
        f"{plain(note.provider)} · …{plain(note.last_four)}"
        + (f" · {plain(note.base_url)}" if note.base_url else "")
        for note in notes
    ]
    return discord.utils.escape_mentions("\n".join([_("Your keys:"), *lines]))


def register(tree: app_commands.CommandTree[Any], front: "Front") -> None:
    tree.add_command(Keys(front))
