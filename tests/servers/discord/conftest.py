import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from bot.discord.pointing import point
from tests.servers.discord import LocalDiscord
from tests.servers.discord.bot import TestBot


class Raw:
    """Requests as any client may send them; answers are `(status, code)`."""

    def __init__(self, session: aiohttp.ClientSession, discord: LocalDiscord) -> None:
        self._session = session
        self._discord = discord

    async def __call__(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        files: dict[str, bytes] | None = None,
        key: str | None = None,
    ) -> tuple[int, Any]:
        """The status and the JSON of the answer."""
        more: dict[str, Any] = {"json": body} if body is not None else {}
        if files:
            form = aiohttp.FormData(quote_fields=False)
            form.add_field("payload_json", json.dumps(body))
            for index, (name, data) in enumerate(files.items()):
                form.add_field(f"files[{index}]", data, filename=name)
            more = {"data": form}
        headers = {"Authorization": f"Bot {key or self._discord.token}"}
        url = f"{self._discord.api_base}{path}"
        async with self._session.request(method, url, headers=headers, **more) as answer:
            return answer.status, (None if answer.status == 204 else await answer.json())


@pytest.fixture
async def raw(discord: LocalDiscord) -> AsyncIterator[Raw]:
    async with aiohttp.ClientSession() as session:
        yield Raw(session, discord)


@pytest.fixture
async def discord() -> AsyncIterator[LocalDiscord]:
    async with LocalDiscord() as discord:
        yield discord


@asynccontextmanager
async def running(discord: LocalDiscord, bot: TestBot | None = None) -> AsyncIterator[TestBot]:
    """A bot on the real discord.py, connected, its commands synced."""
    client = bot or TestBot()
    point(client, api_base=discord.api_base, gateway=discord.gateway)
    async with client:
        await client.login(discord.token)
        async with asyncio.TaskGroup() as connection:
            connection.create_task(client.connect())
            await discord.connected()
            try:
                yield client
            finally:
                await client.close()
                await discord.until(lambda: not discord.sessions.connected)
