"""How one discord.py client is pointed at another server, and no other client with it."""

from typing import Any

import discord
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL


def point(client: discord.Client, api_base: str, gateway: str) -> None:
    """Before it is started: all its requests and its gateway go to these addresses.

    discord.py spells the address of a request in `Route` (`Route.BASE`, for all clients of the
    process); it is replaced in the client's own HTTPClient, and in the session from which
    webhooks and interactions send.
    """
    http = client.http
    send, connect, login = http.request, http.ws_connect, http.static_login

    async def request(route: Route, **more: Any) -> Any:
        route.url = _moved(route.url, api_base)
        return await send(route, **more)

    async def ws_connect(url: str, **more: Any) -> Any:
        default = DiscordWebSocket.DEFAULT_GATEWAY
        asked = URL(url)
        if asked.host == default.host:
            asked = URL(gateway).with_query(asked.query)
        return await connect(str(asked), **more)

    async def get_bot_gateway() -> Any:
        shards, _, limit = await type(http).get_bot_gateway(http)
        return shards, gateway, limit

    async def static_login(token: str) -> Any:
        user = await login(token)
        session: Any = http._HTTPClient__session  # type: ignore[attr-defined]
        http._HTTPClient__session = _Session(session, api_base)  # type: ignore[attr-defined]
        return user

    for replacement in (request, ws_connect, get_bot_gateway, static_login):
        setattr(http, replacement.__name__, replacement)


def _moved(url: str, api_base: str) -> str:
    return api_base + url.removeprefix(Route.BASE) if url.startswith(Route.BASE) else url


class _Session:
    """The client's session; interactions and webhooks get it from the client."""

    def __init__(self, session: Any, api_base: str) -> None:
        self._session = session
        self._api_base = api_base

    def request(self, method: str, url: str, **more: Any) -> Any:
        return self._session.request(method, _moved(url, self._api_base), **more)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)
