import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from bot.actions import Press
from bot.discord.asking import Interaction
from bot.discord.client import Client, Parts, Tree
from bot.discord.pointing import point
from bot.discord.serving import serve
from tests.servers.discord import LocalDiscord


@pytest.fixture
async def discord() -> AsyncIterator[LocalDiscord]:
    async with LocalDiscord() as discord:
        yield discord


def commands_alone(tree: Tree, client: Client) -> None:
    """None at all."""


async def no_press(_: Interaction, press: Press) -> None:
    raise AssertionError(press)


async def for_ever() -> None:
    await asyncio.Event().wait()


class Impatient(Client):
    """Without discord.py's 5 seconds before it identifies again."""

    @override
    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        pass


def client_at(
    discord: LocalDiscord,
    data: Path,
    *,
    register: Callable[[Tree, Client], None] = commands_alone,
    on_press: Callable[[Interaction, Press], Any] = no_press,
) -> Client:
    parts = Parts(register=register, on_press=on_press, beside=for_ever)
    client = Impatient(lambda _: parts, data)
    point(client, api_base=discord.api_base, gateway=discord.gateway)
    return client


@asynccontextmanager
async def serving(discord: LocalDiscord, client: Client) -> AsyncIterator[list[str]]:
    """It runs and is online; yields what it printed."""
    said: list[str] = []
    async with asyncio.TaskGroup() as group:
        running = group.create_task(serve(client, discord.token, said.append))
        await client.online.wait()
        yield said
        running.cancel()
    await discord.until(lambda: not discord.sessions.connected)
