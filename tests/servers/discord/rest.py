"""REST: reads a request, makes it fail if a test wants that, judges it, answers like Discord."""

import json
import re
from collections.abc import Callable
from typing import Any, Final

from aiohttp import BodyPartReader, web

from tests.servers.discord import applications, channels, refused, webhooks
from tests.servers.discord.openapi import Description
from tests.servers.discord.refused import Refused
from tests.servers.discord.world import Request, Upload, World

BASE: Final = "/api/v10"
_TOKEN: Final = "/webhooks/{webhook_id}/{webhook_token}"  # noqa: S105 - a template
_GUILD: Final = "/applications/{application_id}/guilds/{guild_id}/commands"
_ROUTES: Final[list[tuple[str, str, Callable[..., tuple[int, Any]]]]] = [
    ("GET", "/users/@me", applications.me),
    ("POST", "/users/@me/channels", channels.open_dm),
    ("GET", "/applications/@me", applications.application),
    ("GET", "/oauth2/applications/@me", applications.application),
    ("GET", "/gateway/bot", applications.gateway),
    ("PUT", "/applications/{application_id}/commands", applications.put_commands),
    ("GET", "/applications/{application_id}/commands", applications.get_commands),
    ("POST", "/applications/{application_id}/commands", applications.post_command),
    ("PUT", _GUILD, applications.put_commands),
    ("GET", _GUILD, applications.get_commands),
    ("POST", _GUILD, applications.post_command),
    (
        "POST",
        "/interactions/{interaction_id}/{interaction_token}/callback",
        webhooks.callback,
    ),
    ("POST", _TOKEN, webhooks.follow),
    ("GET", f"{_TOKEN}/messages/@original", webhooks.show),
    ("PATCH", f"{_TOKEN}/messages/@original", webhooks.edit),
    ("DELETE", f"{_TOKEN}/messages/@original", webhooks.delete),
    ("GET", f"{_TOKEN}/messages/{{message_id}}", webhooks.show),
    ("PATCH", f"{_TOKEN}/messages/{{message_id}}", webhooks.edit),
    ("DELETE", f"{_TOKEN}/messages/{{message_id}}", webhooks.delete),
    ("GET", "/channels/{channel_id}", channels.show),
    ("POST", "/channels/{channel_id}/typing", channels.typing),
    ("POST", "/channels/{channel_id}/messages", channels.post),
    ("GET", "/channels/{channel_id}/messages/{message_id}", channels.show_message),
    ("PATCH", "/channels/{channel_id}/messages/{message_id}", channels.edit),
    ("DELETE", "/channels/{channel_id}/messages/{message_id}", channels.delete),
]


class Rest:
    """`description`: Discord's own, against which bodies are checked; None: they are not."""

    def __init__(self, world: World, description: Description | None) -> None:
        self._world = world
        self._description = description
        self._table = [
            (method, template, re.compile(re.sub(r"{\w+}", "([^/]+)", template)), handler)
            for method, template, handler in _ROUTES
        ]

    async def answer(self, raw: web.Request) -> web.Response:
        request = await _read(raw)
        request.at = self._world.clock.now()
        self._world.requests.append(request)
        fault = self._world.faults.take(request.method, request.path)
        if fault and fault.gate:
            await fault.gate.wait()
        headers: dict[str, str] = {}
        try:
            if fault and fault.refused:
                raise fault.refused
            request.status, request.reply = self._carry_out(request)
        except Refused as error:
            request.status, request.reply, headers = error.status, error.body, error.headers
            if error.ours and not (fault and fault.refused):
                self._world.findings.append(f"{request.method} {request.path}: {error}")
        self._world.changes.notify()
        if fault and fault.lost and raw.transport:
            raw.transport.abort()
        return _spelt(request, headers)

    def _carry_out(self, request: Request) -> tuple[int, Any]:
        for method, template, pattern, handler in self._table:
            found = pattern.fullmatch(request.path)
            if found and method == request.method:
                self._judge(request, template)
                names = found.groups()
                more = ("@original",) if template.endswith("/@original") else ()
                return handler(self._world, request, *names, *more)
        raise refused.not_found()

    def _judge(self, request: Request, template: str) -> None:
        """Who asks, how much, and whether the body is as Discord describes it."""
        by_interaction = template.startswith((_TOKEN, "/interactions/"))
        own = request.headers.get("authorization") == f"Bot {self._world.token}"
        if not own and not by_interaction:
            raise refused.unauthorized()
        if request.size > self._world.request_limit:
            raise refused.too_large()
        if self._description is None:
            return
        broken = self._description.findings(request.method, template, request.body)
        if broken:
            said = [{"code": "OPENAPI", "message": line} for line in broken]
            raise Refused(400, 50035, "Invalid Form Body", errors={"_errors": said}, ours=True)


async def _read(raw: web.Request) -> Request:
    path = raw.path.removeprefix(BASE)
    request = Request(
        method=raw.method,
        path=path,
        query=dict(raw.query),
        headers={name.lower(): value for name, value in raw.headers.items()},
    )
    if raw.content_type == "multipart/form-data":
        await _multipart(raw, request)
    else:
        data = await raw.read()
        request.size = len(data)
        request.body = json.loads(data) if data else None
    return request


async def _multipart(raw: web.Request, request: Request) -> None:
    async for part in await raw.multipart():
        assert isinstance(part, BodyPartReader)
        data = bytes(await part.read(decode=False))
        request.size += len(data)
        name = part.name or ""
        if name == "payload_json":
            request.body = json.loads(data)
        elif found := re.fullmatch(r"files\[(\d+)\]", name):
            request.files[int(found[1])] = Upload(name=part.filename or name, data=data)


def _spelt(request: Request, headers: dict[str, str]) -> web.Response:
    """With exactly `application/json`, without which discord.py leaves the body unread."""
    if request.status == 204:
        return web.Response(status=204, headers=headers)
    body = json.dumps(request.reply).encode()
    kind = {"Content-Type": "application/json"}
    return web.Response(status=request.status, body=body, headers={**headers, **kind})
