"""How one discord.py client is pointed at another server, and no other client with it."""

from typing import Any

import discord
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL


def point(client: discord.Client, *, api_base: str | None, gateway: str | None) -> None:
    """To be called before the client logs in. None: Discord's own.

    discord.py spells a request's address in `Route`, whose base holds for the whole process;
    here it is replaced where one client sends, and in the session that it lends to webhooks and
    interactions.
    """
    if api_base is not None:
        _point_requests(client.http, api_base.rstrip("/"))
    if gateway is not None:
        _point_gateway(client.http, gateway)


def _point_requests(http: Any, api_base: str) -> None:
    send, login = http.request, http.static_login

    async def request(route: Route, **more: Any) -> Any:
        route.url = _moved(route.url, api_base)
        return await send(route, **more)

    async def static_login(token: str) -> Any:
        user = await login(token)
        http._HTTPClient__session = _Session(http._HTTPClient__session, api_base)  # noqa: SLF001
        return user

    http.request = request
    http.static_login = static_login


def _point_gateway(http: Any, gateway: str) -> None:
    connect, ask = http.ws_connect, http.get_bot_gateway

    async def get_bot_gateway() -> Any:
        shards, _, limit = await ask()
        return shards, gateway, limit

    async def ws_connect(url: str, **more: Any) -> Any:
        """A shard that lost its session turns to the address that the library knows by heart."""
        asked = URL(url)
        if asked.host == DiscordWebSocket.DEFAULT_GATEWAY.host:
            asked = URL(gateway).with_query(asked.query)
        return await connect(str(asked), **more)

    http.get_bot_gateway = get_bot_gateway
    http.ws_connect = ws_connect


def _moved(url: str, api_base: str) -> str:
    return api_base + url.removeprefix(Route.BASE) if url.startswith(Route.BASE) else url


class _Session:
    """The client's session, as webhooks and interactions borrow it."""

    def __init__(self, session: Any, api_base: str) -> None:
        self._session = session
        self._api_base = api_base

    def request(self, method: str, url: str, **more: Any) -> Any:
        return self._session.request(method, _moved(url, self._api_base), **more)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)
