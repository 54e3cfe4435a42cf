"""`omniimage run`."""

from typing import TYPE_CHECKING

import click

from bot.terminal.speaking import Command
from bot.terminal.terminal import Terminal
from bot.words.speech import mark

if TYPE_CHECKING:
    from core.app import App


@click.command(
    "run",
    cls=Command,
    help=mark("Start the front ends that the settings enable."),
    short_help=mark("Start the enabled bots."),
    epilog=mark("Example: omniimage --config config.toml run"),
)
@click.pass_obj
def command(terminal: Terminal) -> int:
    async def work(app: "App") -> int:  # noqa: ARG001 - opening it has put the rows in order
        _ = terminal.speech
        click.echo(
            _(
                "No front end is enabled, so nothing was started. Discord and Telegram are not "
                "there yet; a token in config.toml will enable each. Until then, "
                "omniimage try paints here."
            )
        )
        return 0

    return terminal.run(work, adopt=True)
