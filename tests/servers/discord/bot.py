"""A small bot on the real discord.py, for the tests of the local Discord."""

import io
import re
from typing import Any, Self

import discord
from discord import app_commands, ui
from typing_extensions import override

from tests.fakes import png

_MODELS = ("demo/landscape", "demo/portrait", "other/one")


class Press(ui.DynamicItem[ui.Button[Any]], template=r"1:(?P<what>\w+):(?P<key>\w+)"):
    """A button that works after a restart."""

    def __init__(self, what: str, key: str) -> None:
        super().__init__(ui.Button(label=what.capitalize(), custom_id=f"1:{what}:{key}"))
        self.what, self.key = what, key

    @classmethod
    @override
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["what"], match["key"])

    @override
    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        if self.what == "edit":
            await interaction.response.send_modal(Words())
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.followup.send(f"{self.what} of {self.key} for {interaction.locale}")


class Words(ui.Modal):
    def __init__(self) -> None:
        super().__init__(title="Edit prompt", custom_id="1:words")
        style = discord.TextStyle.paragraph
        self.prompt: ui.TextInput[Any] = ui.TextInput(style=style, custom_id="p")
        self.translate: ui.Checkbox[Any] = ui.Checkbox(custom_id="t")
        self.add_item(ui.Label(text="Prompt", component=self.prompt))
        self.add_item(ui.Label(text="Translate", component=self.translate))

    @override
    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        said = f"{self.prompt.value!r}, {self.translate.value}"
        await interaction.response.send_message(said, ephemeral=True)


class Kept:
    """A file that stays: what an edit says of it."""

    def __init__(self, media: Any, name: str) -> None:
        self.media, self.name = media, name

    def to_dict(self) -> dict[str, Any]:
        return {"id": self.media.attachment_id, "filename": self.name}


def album(names: list[str], text: str) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(text))
    for name in names:
        gallery: ui.MediaGallery[Any] = ui.MediaGallery()
        gallery.add_item(media=f"attachment://{name}")
        row: ui.ActionRow[Any] = ui.ActionRow()
        row.add_item(Press("split", name.partition(".")[0]))
        view.add_item(gallery).add_item(row)
    return view


def picture(name: str) -> discord.File:
    return discord.File(io.BytesIO(png("teal", (32, 24))), name)


def media(message: discord.Message) -> list[Any]:
    galleries = [c for c in message.components if isinstance(c, discord.MediaGalleryComponent)]
    return [item.media for gallery in galleries for item in gallery.items]


class TestBot(discord.Client):
    """`seen` collects what the handlers were given."""

    __test__ = False

    def __init__(self, intents: discord.Intents | None = None) -> None:
        super().__init__(
            intents=intents or discord.Intents.none(),
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
        )
        self.tree = app_commands.CommandTree(self)
        self.seen: list[Any] = []
        self.errors: list[discord.HTTPException] = []
        self.trusts_attachments = False

    @override
    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Without discord.py's 5 seconds before it identifies again."""

    @override
    async def setup_hook(self) -> None:
        self.add_dynamic_items(Press)
        self._imagine()
        self._menu()
        await self.tree.sync()

    def _imagine(self) -> None:
        @self.tree.command(description="Paint a prompt with several models")
        @app_commands.allowed_installs(guilds=True, users=True)
        @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
        async def imagine(
            interaction: discord.Interaction[Any],
            prompt: str,
            models: str = "",
            private: bool = False,  # noqa: FBT001, FBT002 - discord.py reads it from here
            picture: discord.Attachment | None = None,
        ) -> None:
            self.seen.append((interaction, prompt, models, picture))
            await interaction.response.defer(ephemeral=private)
            try:
                await self.paint(interaction, prompt)
            except discord.HTTPException as error:
                self.errors.append(error)

        @imagine.autocomplete("models")
        async def models(
            interaction: discord.Interaction[Any], current: str
        ) -> list[app_commands.Choice[str]]:
            self.seen.append(interaction.namespace.prompt)
            fitting = [name for name in _MODELS if name.startswith(current)]
            return [app_commands.Choice(name=name, value=name) for name in fitting]

    async def paint(self, interaction: discord.Interaction[Any], prompt: str) -> None:
        """An album that grows by one file with each edit, the earlier ones kept."""
        edit = interaction.edit_original_response
        held = await edit(view=album([], f"{prompt}: waiting"))
        names: list[str] = []
        for name in ("a.png", "b.png"):
            kept: list[Any] = [Kept(m, n) for m, n in zip(media(held), names, strict=True)]
            if self.trusts_attachments:  # what `Message.add_files` does
                kept = list(held.attachments)
            names.append(name)
            held = await edit(view=album(names, prompt), attachments=[*kept, picture(name)])

    def _menu(self) -> None:
        @self.tree.context_menu(name="Split grid")
        async def split(interaction: discord.Interaction[Any], message: discord.Message) -> None:
            self.seen.append(message)
            data = await message.attachments[0].read()
            row: ui.View = ui.View(timeout=None)
            row.add_item(Press("edit", "x"))
            await interaction.response.send_message(f"{len(data)} bytes", view=row)


class ShardedBot(TestBot, discord.AutoShardedClient):
    """The same, as a client of several shards."""
