"""The local Discord on its socket, and the people in it."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from aiohttp import web

from tests.servers.discord import openapi, payloads
from tests.servers.discord.cdn import Cdn
from tests.servers.discord.gateway import Gateway
from tests.servers.discord.person import Person
from tests.servers.discord.posting import Draft, create
from tests.servers.discord.rest import BASE, Rest
from tests.servers.discord.things import Account, Channel, Message
from tests.servers.discord.world import Upload, World

_ALL: Final = "*"


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class LocalDiscord(World):
    """The settings of `World` may be given, and changed while it runs.

    `spec`: Discord's description; by default the copy beside the checkout, where there is one.
    """

    spec: Path | None = field(default_factory=openapi.description)
    sessions: Gateway = field(init=False)
    _closing: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def __aenter__(self) -> Self:
        description = openapi.Description(self.spec) if self.spec else None
        self.sessions = Gateway(self)
        rest, cdn = Rest(self, description), Cdn(self)
        app = web.Application(client_max_size=1 << 30)
        app.router.add_get("/gateway", self.sessions.answer)
        for folder in ("attachments", "ephemeral-attachments"):
            app.router.add_get(f"/{folder}/{{channel}}/{{file}}/{{name}}", cdn.answer)
        app.router.add_route(_ALL, f"{BASE}/{{tail:.*}}", rest.answer)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        self._closing.push_async_callback(runner.cleanup)
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self._closing.push_async_callback(self.sessions.drop, code=1001)
        host, port = runner.addresses[0][:2]
        self.origin = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._closing.aclose()

    @property
    def validates(self) -> bool:
        return self.spec is not None

    @property
    def api_base(self) -> str:
        return f"{self.origin}{BASE}"

    @property
    def gateway(self) -> str:
        return f"{self.origin.replace('http', 'ws', 1)}/gateway"

    @property
    def cdn(self) -> str:
        """The host of files, with its port."""
        return self.origin.removeprefix("http://")

    def person(self, name: str, *, language: str = "en-US") -> Person:
        """A new person of this name, at home in `general`."""
        return Person(self, self.account(name), language, self.channel("general"))

    def post(
        self,
        channel: Channel,
        who: "Person | Account",
        content: str = "",
        *,
        files: Iterable[Upload] | Mapping[str, bytes] = (),
        embeds: Iterable[dict[str, Any]] = (),
    ) -> Message:
        """What a person writes or shows in a channel. `files`: uploads, or name -> bytes."""
        if isinstance(files, Mapping):
            files = [Upload(name=name, data=data) for name, data in files.items()]
        body = {"content": content, "embeds": list(embeds)}
        draft = Draft(body=body, uploads=dict(enumerate(files)))
        author = who.account if isinstance(who, Person) else who
        message = create(self, channel, author, draft)
        self.keep(message, payloads.message)
        return message

    async def until(self, condition: Callable[[], Any], within: float = 10.0) -> Any:
        """Wait for the condition's first true value, seen after each change here."""
        return await self.changes.until(condition, within, self.told)

    async def connected(self, within: float = 10.0) -> None:
        """Wait until the bot is there."""
        await self.until(lambda: self.sessions.connected, within)

    async def drop(self, *, code: int = 4000, forget: bool = False) -> None:
        """Cut the bot's gateway connections; it may come back. `forget`: its sessions too."""
        await self.sessions.drop(code=code, forget=forget)

    def calls(self, method: str, part: str) -> list[Any]:
        """The REST requests so far with this method and this part in the path."""
        return [r for r in self.requests if r.method == method and part in r.path]
