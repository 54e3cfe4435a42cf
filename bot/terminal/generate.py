"""`omniimage try`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.terminal.exits import FAILED
from bot.terminal.options import json_option, out_option, parameter_options
from bot.terminal.reading import read_text
from bot.terminal.speaking import Command
from bot.terminal.terminal import Terminal
from bot.words.speech import mark
from core.ids import ModelId
from core.models.request import Parameters, Request

if TYPE_CHECKING:
    from core.app import App
    from core.models.job import Comparison


@click.command(
    "try",
    cls=Command,
    help=mark(
        "Send one prompt to several models and get a labelled comparison. "
        "PROMPT - reads it from standard input."
    ),
    short_help=mark("Send one prompt to several models."),
    epilog=mark('Example: omniimage try "a red fox in the snow" -m demo/landscape --ratio 16:9'),
)
@click.argument("prompt", metavar="PROMPT")
@click.option(
    "-m",
    "--model",
    "models",
    multiple=True,
    metavar="ID",
    help=mark("A model to ask; may be given several times."),
)
@parameter_options
@out_option
@click.option(
    "--zip/--no-zip", "with_zip", default=True, help=mark("Write comparison.zip, or leave it out.")
)
@click.option("--split", is_flag=True, help=mark("Cut what is a grid into its pictures."))
@click.option("--cutout", is_flag=True, help=mark("Take the background of each away, too."))
@click.option("--translate", is_flag=True, help=mark("Translate the prompt to English first."))
@click.option("--enhance", is_flag=True, help=mark("Let a text model word the prompt first."))
@click.option(
    "--text-model",
    metavar="ID",
    help=mark("The text model for that; without it the cheapest that your keys allow."),
)
@click.option("-y", "--yes", is_flag=True, help=mark("Do not ask before that spends money."))
@json_option
@click.pass_obj
def command(
    terminal: Terminal,
    /,
    prompt: str,
    *,
    models: tuple[str, ...],
    out: str | None,
    with_zip: bool,
    split: bool,
    cutout: bool,
    translate: bool,
    enhance: bool,
    text_model: str | None,
    yes: bool,
    as_json: bool,
    deadline: float | None,
    **parameters: Any,
) -> int:
    from bot.terminal.before import write_before
    from bot.terminal.follow import follow
    from core.models.text import StepKind
    from core.models.tool import Cutout, Split
    from core.params import read_prompt

    if parameters["ratio"] and parameters["size"]:
        _ = terminal.speech
        message = _("Give either --ratio or --size, not both.")
        raise click.BadParameter(message, click.get_current_context())
    written = read_prompt(read_text(prompt), Parameters(**_given(parameters)))
    _mention(terminal, written.unknown)
    steps = [
        *([StepKind.TRANSLATE] if translate else []),
        *([StepKind.ENHANCE] if enhance else []),
    ]

    async def work(app: "App") -> int:
        request = Request(
            prompt=written.prompt,
            models=tuple(map(ModelId, models)) or app.catalog.defaults(),
            parameters=written.parameters,
            deadline=deadline,
        )
        app.jobs.check(request)
        if steps:
            before = await write_before(
                terminal, app, request, steps, model=text_model, asks=not yes, as_json=as_json
            )
            if before is None:
                return FAILED
            request = before

        async def begin() -> "Comparison":
            return (await app.jobs.submit(terminal.asker, request))[0]

        return await follow(
            terminal,
            app,
            begin,
            out=Path(out) if out else None,
            as_json=as_json,
            with_zip=with_zip,
            tools=[*([Split()] if split else []), *([Cutout()] if cutout else [])],
        )

    return terminal.run(work)


def _given(parameters: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in parameters.items() if value is not None}


def _mention(terminal: Terminal, unknown: tuple[str, ...]) -> None:
    if unknown:
        _ = terminal.speech
        click.echo(
            _("Not understood as flags, so left in the prompt: {flags}", flags=_.list(unknown)),
            err=True,
        )
