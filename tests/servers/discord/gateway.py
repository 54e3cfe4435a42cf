"""The gateway: hello, identify, heartbeats, resume, and events to the sessions that stand."""

import asyncio
import json
import secrets
import zlib
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import WSCloseCode, WSMsgType, web

from tests.servers.discord import payloads
from tests.servers.discord.things import Guild, Json
from tests.servers.discord.world import World

_DISPATCH, _HEARTBEAT, _IDENTIFY, _PRESENCE, _RESUME, _RECONNECT = 0, 1, 2, 3, 6, 7
_INVALID, _HELLO, _ACK = 9, 10, 11
_GUILDS: Final = 1 << 0
_PRIVILEGED: Final = 1 << 1 | 1 << 8 | 1 << 15  # members, presences, message content
_KNOWN: Final = (1 << 27) - 1
_GOODBYE: Final = (WSCloseCode.OK, WSCloseCode.GOING_AWAY)  # with these a session ends
_INTERVAL: Final = 41_250  # milliseconds


class _Line:
    """One connection. `compress`: zlib-stream, one context for all its frames."""

    def __init__(self, socket: web.WebSocketResponse, *, compress: bool) -> None:
        self.socket = socket
        self.cut = False  # by us
        self._zlib = zlib.compressobj() if compress else None

    async def send(self, payload: Json) -> None:
        text = json.dumps(payload)
        if self._zlib is None:
            await self.socket.send_str(text)
            return
        data = self._zlib.compress(text.encode()) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
        await self.socket.send_bytes(data)


@dataclass(slots=True, kw_only=True, eq=False)
class Session:
    """Outlives its connection until it is forgotten; events in between wait for a resume."""

    id: str
    intents: int
    shard: tuple[int, int]
    line: _Line | None = None
    events: list[Json] = field(default_factory=list)
    resumed: int = 0

    def takes(self, guild: Guild | None) -> bool:
        number, count = self.shard
        return number == ((guild.id >> 22) % count if guild else 0)


class Gateway:
    def __init__(self, world: World) -> None:
        self._world = world
        self.sessions: list[Session] = []
        self.refused: list[int] = []  # close codes that clients were sent away with
        self._lines: list[_Line] = []

    @property
    def connected(self) -> bool:
        return any(session.line for session in self.sessions)

    async def answer(self, raw: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoping=True, compress=False)
        await socket.prepare(raw)
        line = _Line(socket, compress=raw.query.get("compress") == "zlib-stream")
        self._lines.append(line)
        session: Session | None = None
        try:
            await line.send({"op": _HELLO, "d": {"heartbeat_interval": _INTERVAL}})
            async for frame in socket:
                if frame.type is not WSMsgType.TEXT:
                    break
                session = await self._hear(json.loads(frame.data), line, session)
        except ConnectionError:
            pass
        finally:
            self._lines.remove(line)
            if session and session.line is line:
                session.line = None
                if not line.cut and socket.close_code in _GOODBYE:
                    self.sessions.remove(session)
            self._world.changes.notify()
        return socket

    async def _hear(self, payload: Json, line: _Line, session: Session | None) -> Session | None:
        code = payload["op"]
        if code == _HEARTBEAT:
            await line.send({"op": _ACK})
        elif code == _IDENTIFY and session is None:
            return await self._identify(payload["d"], line)
        elif code == _RESUME and session is None:
            return await self._resume(payload["d"], line)
        elif code in (_IDENTIFY, _RESUME):
            await self._send_away(line, 4005)
        elif session is None:
            await self._send_away(line, 4003)
        elif code != _PRESENCE:
            await self._send_away(line, 4001)
        return session

    async def _send_away(self, line: _Line, code: int) -> None:
        self.refused.append(code)
        self._world.changes.notify()
        await line.socket.close(code=code)

    async def _identify(self, asked: Json, line: _Line) -> Session | None:
        intents = int(asked.get("intents", 0))
        if asked.get("token") != self._world.token:
            await self._send_away(line, 4004)
            return None
        if intents & ~_KNOWN:
            await self._send_away(line, 4013)
            return None
        if intents & _PRIVILEGED & ~self._world.privileged:
            await self._send_away(line, 4014)
            return None
        number, count = asked.get("shard") or (0, 1)
        session = Session(id=secrets.token_hex(16), intents=intents, shard=(number, count))
        session.line = line
        self.sessions.append(session)
        await self._ready(session, sharded="shard" in asked)
        return session

    async def _ready(self, session: Session, *, sharded: bool) -> None:
        world = self._world
        mine = [held for held in world.guilds if held.installed and session.takes(held)]
        if not session.intents & _GUILDS:
            mine = []
        ready: Json = {
            "v": 10,
            "user": payloads.user(world.bot),
            "guilds": [{"id": str(held.id), "unavailable": True} for held in mine],
            "session_id": session.id,
            "resume_gateway_url": world.origin.replace("http", "ws", 1) + "/gateway",
            "application": {"id": str(world.application), "flags": 0},
        }
        if sharded:
            ready["shard"] = list(session.shard)
        await self._tell(session, "READY", ready)
        for held in mine:
            await self._tell(session, "GUILD_CREATE", payloads.guild(world, held))
        world.changes.notify()

    async def _resume(self, asked: Json, line: _Line) -> Session | None:
        found = [one for one in self.sessions if one.id == asked.get("session_id")]
        if not found or asked.get("token") != self._world.token:
            await line.send({"op": _INVALID, "d": False})
            return None
        [session] = found
        session.line = line
        session.resumed += 1
        for event in session.events[int(asked.get("seq") or 0) :]:
            await line.send(event)
        await self._tell(session, "RESUMED", {})
        self._world.changes.notify()
        return session

    async def _tell(self, session: Session, name: str, content: Any) -> None:
        event = {"op": _DISPATCH, "t": name, "s": len(session.events) + 1, "d": content}
        session.events.append(event)
        if session.line:
            await session.line.send(event)

    async def dispatch(self, name: str, content: Any, guild: Guild | None) -> bool:
        """To the session that looks after this guild; False when the bot is not there at all."""
        heard = [session for session in self.sessions if session.takes(guild)]
        for session in heard:
            await self._tell(session, name, content)
        return bool(heard)

    async def drop(self, *, code: int = 4000, forget: bool = False) -> None:
        """Cut every connection. `forget`: the sessions too, so that a resume is refused."""
        for line in self._lines:
            line.cut = True
        if forget:
            self.sessions.clear()
        await asyncio.gather(*(line.socket.close(code=code) for line in list(self._lines)))

    async def ask_to_reconnect(self) -> None:
        """As before a restart of Discord's own gateway."""
        for line in list(self._lines):
            await line.send({"op": _RECONNECT, "d": None})
