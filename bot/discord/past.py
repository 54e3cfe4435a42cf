"""`/show` and `/again`: what was asked before."""

from typing import TYPE_CHECKING, Any

from discord import app_commands

from bot.actions import Action, Press, Pressed, perform
from bot.discord.asking import FRONT_END, Interaction, asker_of, speech_of
from bot.words.speech import mark
from core.ids import JobId

if TYPE_CHECKING:
    from bot.discord.front import Front
    from core.models.asker import Asker
    from core.models.job import NewDelivery

_CHOICES, _LONGEST = 25, 100  # that Discord shows, characters of each


def register(tree: app_commands.CommandTree[Any], front: "Front") -> None:
    @tree.command(description=mark("Show a comparison once more"))
    @app_commands.describe(
        id=mark("Which one; type a part of its prompt"), private=mark("To me alone")
    )
    async def show(
        interaction: Interaction,
        id: str,  # noqa: A002 - the option's name
        private: bool = True,  # noqa: FBT001, FBT002 - discord.py reads it from here
    ) -> None:
        async def begin(asker: "Asker", delivery: "NewDelivery") -> None:
            await front.app.jobs.show(asker, JobId(id), delivery)

        await front.command(interaction, begin, private=private)

    @tree.command(description=mark("Ask the same once more, for other pictures"))
    @app_commands.describe(id=mark("Which one; type a part of its prompt"))
    async def again(interaction: Interaction, id: str) -> None:  # noqa: A002
        async def begin(asker: "Asker", delivery: "NewDelivery") -> None:
            await perform(
                Pressed(
                    app=front.app,
                    press=Press(action=Action.AGAIN, target=id),
                    asker=asker,
                    speech=speech_of(interaction),
                    delivery=delivery,
                    once=f"{FRONT_END}:{interaction.id}",
                )
            )

        await front.command(interaction, begin)

    for command in (show, again):

        @command.autocomplete("id")
        async def complete(
            interaction: Interaction, current: str
        ) -> list[app_commands.Choice[str]]:
            found = await front.app.history.recent(
                asker_of(interaction), search=current or None, limit=_CHOICES
            )
            return [
                app_commands.Choice(
                    name=" ".join(job.work.prompt.split())[:_LONGEST] or job.id, value=job.id
                )
                for job in found
            ]
