"""`/enhance` and `/translate`: a private draft with its buttons."""

from typing import TYPE_CHECKING, Any

from discord import app_commands

from bot.discord.asking import FRONT_END, Interaction
from bot.words.speech import mark
from core.models.text import StepKind, TextRequest

if TYPE_CHECKING:
    from bot.discord.front import Front
    from core.models.asker import Asker
    from core.models.job import NewDelivery

_Prompt = app_commands.Range[str, 1, 4000]


def register(tree: app_commands.CommandTree[Any], front: "Front") -> None:
    @tree.command(description=mark("Word a prompt more vividly, with a text model of yours"))
    @app_commands.describe(prompt=mark("The prompt"))
    async def enhance(interaction: Interaction, prompt: _Prompt) -> None:
        await _write(front, interaction, prompt, StepKind.ENHANCE)

    @tree.command(description=mark("Translate a prompt to English, with a text model of yours"))
    @app_commands.describe(
        prompt=mark("The prompt"), to=mark("The language, as a code such as en or zh")
    )
    async def translate(interaction: Interaction, prompt: _Prompt, to: str = "en") -> None:
        await _write(front, interaction, prompt, StepKind.TRANSLATE, to)


async def _write(
    front: "Front", interaction: Interaction, prompt: str, step: StepKind, language: str = "en"
) -> None:
    async def begin(asker: "Asker", delivery: "NewDelivery") -> None:
        app = front.app
        purpose, _ = await app.preferences.request(asker, prompt)
        work = TextRequest(
            text=purpose.prompt,
            steps=(step,),
            model=await app.prompts.choose(asker, purpose.prompt, (step,), language),
            language=language,
            purpose=purpose,
        )
        await app.jobs.submit(asker, work, delivery, once=f"{FRONT_END}:{interaction.id}")

    await front.command(interaction, begin, private=True)
