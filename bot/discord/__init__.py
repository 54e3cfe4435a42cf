"""The front end on Discord; the one way in is `run`."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from bot.discord.client import Client, Parts
from bot.discord.parts import parts_of
from bot.discord.pointing import point
from bot.discord.serving import serve

if TYPE_CHECKING:
    from core.app import App
    from core.config.settings import Settings

__all__ = ["run"]


async def run(
    app: "App",
    settings: "Settings",
    tell: Callable[[str], None],
    parts: "Callable[[App, Client], Parts]" = parts_of,
) -> None:
    """Until it is cancelled. FrontEndFailed, also in a group; BadSetting for a token that is none.

    `tell` prints the line that says it is ready.
    """
    token = settings.discord.secret()
    assert token is not None  # noqa: S101 - else it is off, and nobody runs it
    client = Client(partial(parts, app), settings.data_dir, proxy=settings.network.proxy)
    point(client, api_base=settings.discord.api_base, gateway=settings.discord.gateway)
    await serve(client, token, tell)
