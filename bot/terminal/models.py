"""`omniimage models`."""

from typing import TYPE_CHECKING

import click

from bot.terminal.options import json_option
from bot.terminal.speaking import Command
from bot.terminal.terminal import Terminal
from bot.words.speech import mark

if TYPE_CHECKING:
    from core.app import App


@click.command(
    "models",
    cls=Command,
    help=mark("List the models, what each takes, its price, and which need a key."),
    short_help=mark("List the models."),
    epilog=mark("Example: omniimage models demo --json"),
)
@click.argument("provider", required=False, metavar="[PROVIDER]")
@click.option(
    "--all", "hidden", is_flag=True, help=mark("Also list the demo models that fail on purpose.")
)
@json_option
@click.pass_obj
def command(terminal: Terminal, provider: str | None, *, hidden: bool, as_json: bool) -> int:
    from bot.terminal.facts import card_facts
    from bot.terminal.tables import models_table, print_table
    from bot.terminal.views import print_json
    from core.ids import ProviderId

    async def work(app: "App") -> int:
        of = None if provider is None else ProviderId(provider)
        cards = app.catalog.cards(provider=of, hidden=hidden)
        keys = {note.provider for note in await app.keys.list(terminal.asker)}
        if as_json:
            for card in cards:
                print_json(card_facts(card, keys))
        else:
            print_table(models_table(terminal.speech, cards, keys))
        return 0

    return terminal.run(work)
