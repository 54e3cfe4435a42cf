"""`/imagine`: one prompt to several models."""

from typing import TYPE_CHECKING, Any

from discord import app_commands

from bot.discord.asking import Interaction, asker_of
from bot.discord.front import Front
from bot.words.speech import mark
from core.models.request import RATIOS, SEED_LIMIT, Parameters, Quality, Ratio
from core.params.values import MOST_STEPS

if TYPE_CHECKING:
    from core.models.asker import Asker
    from core.models.job import NewDelivery

_MOST_PICTURES = 10
_RATIOS = [app_commands.Choice(name=text, value=text) for text in RATIOS]
_QUALITIES = [app_commands.Choice(name=one.value, value=one.value) for one in Quality]


def register(tree: app_commands.CommandTree[Any], front: Front) -> None:
    @tree.command(description=mark("Send one prompt to several image models and compare them"))
    @app_commands.describe(
        prompt=mark("What should be painted; flags such as --ar 16:9 are understood"),
        models=mark("One or several models or @sets, separated by commas"),
        ratio=mark("Width to height"),
        count=mark("Pictures of each model"),
        seed=mark("Start of the random numbers"),
        steps=mark("Steps, where the model takes them"),
        quality=mark("Quality, where the model takes it"),
        negative=mark("What should not be in the picture"),
        private=mark("Show the result to me alone"),
    )
    @app_commands.choices(ratio=_RATIOS, quality=_QUALITIES)
    async def imagine(  # noqa: PLR0913, PLR0917 - discord.py reads the options from here
        interaction: Interaction,
        prompt: app_commands.Range[str, 1, 4000],
        models: str = "",
        ratio: str | None = None,
        count: app_commands.Range[int, 1, _MOST_PICTURES] | None = None,
        seed: app_commands.Range[int, 0, SEED_LIMIT] | None = None,
        steps: app_commands.Range[int, 1, MOST_STEPS] | None = None,
        quality: str | None = None,
        negative: str | None = None,
        private: bool = False,  # noqa: FBT001, FBT002
    ) -> None:
        options = Parameters(
            ratio=Ratio.read(ratio) if ratio else None,
            count=count,
            seed=seed,
            steps=steps,
            quality=Quality(quality) if quality else None,
            negative=negative,
        )

        async def begin(asker: "Asker", delivery: "NewDelivery") -> None:
            request, _ = await front.app.preferences.request(
                asker, prompt, models_text=models, options=options
            )
            await front.app.jobs.submit(asker, request, delivery, once=str(interaction.id))

        await front.command(interaction, begin, private=private)

    @imagine.autocomplete("models")
    async def complete(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        texts = await front.app.preferences.complete(asker_of(interaction), current)
        return [app_commands.Choice(name=text, value=text) for text in texts]
