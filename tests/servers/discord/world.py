"""All that the local Discord knows, and what a test may ask of it or change in it."""

import io
import mimetypes
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from PIL import Image, UnidentifiedImageError

from tests.servers.discord.clock import Changes, Clock
from tests.servers.discord.faults import Faults
from tests.servers.discord.interactions import Interaction
from tests.servers.discord.refused import unknown_channel, unknown_message
from tests.servers.discord.things import (
    EVERYDAY,
    Account,
    Can,
    Channel,
    Guild,
    Json,
    Message,
    Role,
    State,
    Stored,
)

_MIB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as it came in a request or from a person."""

    name: str
    data: bytes


@dataclass(slots=True, kw_only=True, eq=False)
class Request:
    """A REST request as it came, and what it got."""

    method: str
    path: str  # below /api/v10, or of the CDN
    query: Mapping[str, str]
    headers: Mapping[str, str]  # names in lower case
    body: Any = None  # JSON, or what `payload_json` held
    files: dict[int, Upload] = field(default_factory=dict)
    size: int = 0  # bytes of the body
    at: float = 0.0
    status: int = 0
    reply: Any = None


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class World:
    """The settings may change while it runs."""

    # What nobody knows for sure about Discord: edits of Components V2 messages.
    keeps_files: bool = True  # a file named by id and filename stays; False: it is lost
    refuses_kept: bool = False  # naming one is an error
    lists_v2_attachments: bool = False  # `attachments` lists files that components show

    filesize_limit: int = 10 * _MIB  # of one file, on the routes of an interaction
    guild_filesize_limit: int = 10 * _MIB  # of one file, on the routes of a channel
    request_limit: int = 25 * _MIB
    answer_within: float = 3.0  # seconds
    token_life: float = 15 * 60.0
    link_life: float = 24 * 3600.0
    token: str = "local.discord.token"  # noqa: S105 - of this server only
    privileged: int = 0  # intents that need a grant and have it

    changes: Changes = field(default_factory=Changes)
    clock: Clock = field(init=False)
    faults: Faults = field(default_factory=Faults)
    requests: list[Request] = field(default_factory=list)
    downloads: list[Request] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)  # rules that the client broke
    origin: str = ""
    signing: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    bot: Account = field(init=False)
    application: int = field(init=False)
    guilds: list[Guild] = field(default_factory=list)
    everyone: dict[int, Role] = field(default_factory=dict)  # guild id -> its first role
    accounts: dict[int, Account] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    stored: dict[int, Stored] = field(default_factory=dict)
    commands: dict[int | None, list[Json]] = field(default_factory=dict)  # guild id; None: global
    interactions: list[Interaction] = field(default_factory=list)
    nonces: dict[tuple[int, str], Message] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.clock = Clock(changes=self.changes)
        self.bot = self.account("OmniImage", bot=True)
        self.application = self.bot.id
        self.guild("Workshop")
        self.channel("general")

    def new_id(self) -> int:
        return self.clock.snowflake()

    def account(self, name: str, *, bot: bool = False) -> Account:
        made = Account(id=self.new_id(), name=name, bot=bot)
        self.accounts[made.id] = made
        return made

    def guild(self, name: str, *, locale: str = "en-US", installed: bool = True) -> Guild:
        """The guild of this name; made when there is none."""
        for known in self.guilds:
            if known.name == name:
                return known
        made = Guild(id=self.new_id(), name=name, locale=locale, installed=installed)
        self.guilds.append(made)
        self.everyone[made.id] = Role(id=made.id, name="@everyone")
        return made

    def channel(self, name: str, guild: Guild | None = None, *, nsfw: bool = False) -> Channel:
        """The text channel of this name in the guild (else the first); made when there is none."""
        guild = guild or self.guilds[0]
        for known in self.channels.values():
            if known.guild is guild and known.name == name and not known.deleted:
                return known
        made = Channel(id=self.new_id(), name=name, guild=guild, nsfw=nsfw)
        self.channels[made.id] = made
        return made

    def private(self, *people: Account) -> Channel:
        """The DM of one person and the bot, or the group of several people without it."""
        wanted: list[Account] = [*people, self.bot] if len(people) == 1 else list(people)
        for known in self.channels.values():
            if not known.guild and {p.id for p in known.people} == {p.id for p in wanted}:
                return known
        kind = 1 if len(people) == 1 else 3
        made = Channel(id=self.new_id(), name="", kind=kind, people=wanted)
        self.channels[made.id] = made
        return made

    def role(self, name: str, can: Can = EVERYDAY) -> Role:
        """A role to put into somebody's `roles`."""
        return Role(id=self.new_id(), name=name, can=can)

    def delete_channel(self, channel: Channel) -> None:
        """With all its messages."""
        channel.deleted = True
        for message in self.messages.values():
            if message.channel is channel:
                self.delete(message)
        self.changes.notify()

    def forbid(self, channel: Channel, who: Account | Role, can: Can) -> None:
        channel.forbidden[who.id] = channel.forbidden.get(who.id, Can(0)) | can

    def permit(self, channel: Channel, who: Account | Role, can: Can) -> None:
        channel.forbidden[who.id] = channel.forbidden.get(who.id, Can(0)) & ~can

    def can(self, who: Account, channel: Channel) -> Can:
        """What this account may do there."""
        if not channel.guild:
            return EVERYDAY if who in channel.people else Can(0)
        held = self.everyone[channel.guild.id].can
        for role in who.roles:
            held |= role.can
        if Can.ADMINISTRATOR in held:
            return ~Can(0)
        held &= ~channel.forbidden.get(channel.guild.id, Can(0))
        for holder in (who.id, *(role.id for role in who.roles)):
            held &= ~channel.forbidden.get(holder, Can(0))
        return held if Can.VIEW_CHANNEL in held else Can(0)

    def find_channel(self, channel_id: int) -> Channel:
        """Refused when it is unknown or deleted."""
        channel = self.channels.get(channel_id)
        if channel is None or channel.deleted:
            raise unknown_channel()
        return channel

    def find_message(self, message_id: int) -> Message:
        """Refused when it is unknown or deleted."""
        message = self.messages.get(message_id)
        if message is None or message.deleted:
            raise unknown_message()
        return message

    def store(self, upload: Upload, channel: Channel, **more: Any) -> Stored:
        kind = mimetypes.guess_type(upload.name)[0] or "application/octet-stream"
        kept = Stored(
            id=self.new_id(),
            channel=channel.id,
            name=upload.name,
            data=upload.data,
            kind=kind,
            size=_pixels(upload.data),
            **more,
        )
        self.stored[kept.id] = kept
        return kept

    def keep(self, message: Message, payload: Callable[["World", Message], Json]) -> None:
        """It stands now as it is; whoever waits is told."""
        self.messages[message.id] = message
        message.states.append(State(at=self.clock.now(), payload=payload(self, message)))
        self.changes.notify()

    def delete(self, message: Message) -> None:
        message.deleted = True
        for kept in message.attachments:
            kept.gone = True
        self.changes.notify()

    def told(self) -> str:
        """The last of what is there, for a test that failed."""
        lines = [f"{r.method} {r.path[:60]} -> {r.status}" for r in self.requests[-12:]]
        lines += [
            f"message {message.id}: {message.text!r} {message.labels}"
            for message in list(self.messages.values())[-4:]
        ]
        return "\n".join([*lines, *self.findings])


def _pixels(data: bytes) -> tuple[int, int] | None:
    try:
        with Image.open(io.BytesIO(data)) as image:
            return image.size
    except (UnidentifiedImageError, OSError, ValueError):
        return None
