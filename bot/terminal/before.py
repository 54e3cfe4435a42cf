"""Words before pictures: `omniimage try --translate --enhance`."""

from typing import TYPE_CHECKING

import click

from bot.terminal.asking import choose, is_there
from bot.terminal.facts import text_facts
from bot.terminal.terminal import Terminal
from bot.terminal.views import print_json
from bot.terminal.writing import say_left_alone, say_unwritten, written
from bot.words import Speech
from core.ids import ModelId
from core.models.draft import Draft
from core.models.failure import OF_TEXTS
from core.models.text import StepKind, TextRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.app import App
    from core.models.job import TextRun
    from core.models.request import Request


async def write_before(
    terminal: Terminal,
    app: "App",
    request: "Request",
    steps: "Sequence[StepKind]",
    *,
    model: str | None,
    asks: bool,
    as_json: bool,
) -> "Request | None":
    """The comparison with the better prompt; None when a person or a failure ends it here."""
    _ = terminal.speech
    chosen = (
        ModelId(model)
        if model is not None
        else await app.prompts.choose(terminal.asker, request.prompt, steps)
    )
    text = TextRequest(text=request.prompt, steps=tuple(steps), model=chosen, purpose=request)
    app.jobs.check(text)
    asks = asks and is_there()
    needed = await app.prompts.needed(text.text, text.steps)
    if asks and needed and choose(_, _question(_, text), "yn") == "n":
        click.echo(_("Nothing was sent."), err=True)
        return None
    run, stopped = await written(terminal, app, text)
    if stopped:
        raise click.Abort
    if as_json:
        print_json({"event": "draft", **text_facts(_, run)})
    say_left_alone(terminal, run)
    say_unwritten(terminal, run)
    if run.failure and run.failure.kind not in OF_TEXTS:
        click.echo(_("Nothing was painted."), err=True)
        return None
    if not as_json:
        _say_draft(_, run.draft)
    return _decided(terminal, app, run, asks=asks)


def _decided(terminal: Terminal, app: "App", run: "TextRun", *, asks: bool) -> "Request | None":
    """Whoever can be asked is, once more before pictures cost money."""
    request = run.request()
    changed = request.draft is not None
    if not (asks and (changed or run.failure) and _spends(app, request)):
        return request
    _ = terminal.speech
    models = _.list(request.models)
    question = (
        _("Send this to {models}? y: yes, o: your own words, n: no", models=models)
        if changed
        else _("Send your own words to {models}? y/n", models=models)
    )
    match choose(_, question, "yon" if changed else "yn"):
        case "n":
            click.echo(_("Nothing was painted."), err=True)
            return None
        case "o":
            return run.request(run.draft.original)
        case _other:
            return request


def _spends(app: "App", request: "Request") -> bool:
    """Unless all of it is known to be free."""
    prices = [app.catalog.card(model).price for model in request.models]
    return any(price is None or price.amount != 0 for price in prices)


def _question(_: Speech, text: TextRequest) -> str:
    match text.steps:
        case (StepKind.TRANSLATE,):
            return _(
                "{model} will translate the prompt, paid with your key. Go on? y/n",
                model=text.model,
            )
        case (StepKind.ENHANCE,):
            return _(
                "{model} will enhance the prompt, paid with your key. Go on? y/n", model=text.model
            )
        case _other:
            return _(
                "{model} will translate the prompt and then enhance it: two calls, paid with "
                "your key. Go on? y/n",
                model=text.model,
            )


def _say_draft(_: Speech, draft: Draft) -> None:
    if draft.translated:
        click.echo(_("Translated: {text}", text=draft.translated))
    if draft.enhanced:
        click.echo(_("Enhanced: {text}", text=draft.enhanced))
