"""The file host: addresses are signed, and die at their end or with their message."""

from aiohttp import web

from tests.servers.discord import payloads
from tests.servers.discord.refused import Refused
from tests.servers.discord.world import Request, World


class Cdn:
    def __init__(self, world: World) -> None:
        self._world = world

    async def answer(self, raw: web.Request) -> web.Response:
        world = self._world
        request = Request(
            method=raw.method,
            path=raw.path,
            query=dict(raw.query),
            headers={name.lower(): value for name, value in raw.headers.items()},
            at=world.clock.now(),
        )
        world.downloads.append(request)
        fault = world.faults.take(request.method, request.path)
        if fault and fault.gate:
            await fault.gate.wait()
        try:
            if fault and fault.refused:
                raise fault.refused
            answer = self._file(raw)
        except Refused as error:
            said = "This content is no longer available."
            answer = web.Response(status=error.status, text=said, headers=error.headers)
        request.status = answer.status
        world.changes.notify()
        if fault and fault.lost and raw.transport:
            raw.transport.abort()
        return answer

    def _file(self, raw: web.Request) -> web.Response:
        gone = Refused(404, 0, "gone")
        until, since = raw.query.get("ex", ""), raw.query.get("is", "")
        signed = payloads.signature(self._world, raw.raw_path.partition("?")[0], until, since)
        kept = self._world.stored.get(int(raw.match_info["file"]))
        if signed != raw.query.get("hm") or kept is None or kept.gone:
            raise gone
        if int(until, 16) < self._world.clock.now():
            raise gone
        return web.Response(body=kept.data, content_type=kept.kind)
