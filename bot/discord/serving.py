"""From the login to the end: what can go wrong there has a name."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import discord
from aiohttp import ClientError

from bot.discord.client import quiet_loggers
from bot.words.starting import FrontEndFailed, Problem

if TYPE_CHECKING:
    from bot.discord.client import Client

_NAME = "Discord"
_CLOSE_WITHIN = 5.0  # seconds; a server that went silent would hold the end up for much longer
_log = logging.getLogger(__name__)


async def serve(
    client: "Client", token: str, tell: Callable[[str], None], *, start_within: float = 60.0
) -> None:
    """Until it is cancelled; FrontEndFailed, also in a group, when that is not possible.

    `tell` is given the one line that says it is ready. `start_within`: seconds that the gateway
    may take to answer, as discord.py itself would try for ever.
    """
    quiet_loggers()
    try:
        with _named(client):
            await client.login(token)
        async with asyncio.TaskGroup() as group:
            group.create_task(_connect(client))
            await _online(client, start_within)
            assert client.user is not None  # noqa: S101 - it is online
            tell(f"{_NAME} is ready as {client.user.name}")
            await client.parts.beside()
    finally:
        await _close(client)


async def _connect(client: "Client") -> None:
    """discord.py comes back by itself after a line was cut; what ends it is final."""
    with _named(client):
        await client.connect()
    raise FrontEndFailed(_NAME, "ended", 1000, started=client.online.is_set())


async def _online(client: "Client", within: float) -> None:
    """Many shards take their time: only the first one has a deadline."""
    try:
        async with asyncio.timeout(within):
            await client.reached.wait()
    except TimeoutError:
        raise FrontEndFailed(_NAME, "unreachable") from None
    await client.online.wait()


@contextmanager
def _named(client: "Client") -> Iterator[None]:
    try:
        yield
    except (discord.DiscordException, ClientError, OSError) as error:
        _log.warning("Discord: %s", error)
        problem, detail = _problem(error)
        raise FrontEndFailed(_NAME, problem, detail, started=client.online.is_set()) from None


def _problem(error: Exception) -> tuple[Problem, object]:
    match error:
        case discord.LoginFailure() | discord.ConnectionClosed(code=4004):
            return "token", ""
        case discord.ConnectionClosed():
            return "ended", error.code
        case discord.HTTPException():
            return "refused", error.status
        case _:
            return "unreachable", ""


async def _close(client: "Client") -> None:
    try:
        async with asyncio.timeout(_CLOSE_WITHIN):
            await client.close()
    except TimeoutError:
        _log.warning("the gateway did not say goodbye in time")
        await client.http.close()
