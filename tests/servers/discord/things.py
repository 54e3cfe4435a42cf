"""What a Discord holds: accounts, guilds, channels, files, messages."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from typing_extensions import override

SUPPRESS_EMBEDS: Final = 1 << 2
EPHEMERAL: Final = 1 << 6
LOADING: Final = 1 << 7
SUPPRESS_NOTIFICATIONS: Final = 1 << 12
V2: Final = 1 << 15

Json = dict[str, Any]


class Can(enum.IntFlag):
    """The permissions that matter here, by Discord's bits."""

    ADMINISTRATOR = 1 << 3
    MANAGE_GUILD = 1 << 5
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    USE_APPLICATION_COMMANDS = 1 << 31
    SEND_MESSAGES_IN_THREADS = 1 << 38
    USE_EXTERNAL_APPS = 1 << 50


EVERYDAY: Final = (
    Can.VIEW_CHANNEL
    | Can.SEND_MESSAGES
    | Can.EMBED_LINKS
    | Can.ATTACH_FILES
    | Can.READ_MESSAGE_HISTORY
    | Can.USE_APPLICATION_COMMANDS
    | Can.SEND_MESSAGES_IN_THREADS
    | Can.USE_EXTERNAL_APPS
)


@dataclass(slots=True, kw_only=True, eq=False)
class Account:
    """A person or the bot."""

    id: int
    name: str
    bot: bool = False
    accepts_dms: bool = True
    roles: list["Role"] = field(default_factory=list)


@dataclass(slots=True, kw_only=True, eq=False)
class Role:
    id: int
    name: str
    can: Can = EVERYDAY


@dataclass(slots=True, kw_only=True, eq=False)
class Guild:
    """`installed`: the bot is a member; else people may still bring the app along."""

    id: int
    name: str
    locale: str = "en-US"
    installed: bool = True
    automod: set[str] = field(default_factory=set)  # words that no public message may hold


@dataclass(slots=True, kw_only=True, eq=False)
class Channel:
    """Of a guild (kind 0), a DM with the bot (1) or a group of people (3)."""

    id: int
    name: str
    kind: int = 0
    guild: Guild | None = None
    people: list[Account] = field(default_factory=list)
    nsfw: bool = False
    deleted: bool = False
    forbidden: dict[int, Can] = field(default_factory=dict)  # account or role id -> bits

    @property
    def with_bot(self) -> bool:
        """Whether the bot's own token reaches it."""
        return self.guild.installed if self.guild else self.kind == 1


@dataclass(slots=True, kw_only=True, eq=False)
class Stored:
    """A file that was sent. `gone`: its message, or its place in it, is no more."""

    id: int
    channel: int
    name: str
    data: bytes
    kind: str
    size: tuple[int, int] | None = None  # pixels
    description: str | None = None
    ephemeral: bool = False
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How a message stood from a moment on, as the API would have given it."""

    at: float
    payload: Json


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class Message:
    """As Discord keeps it; the object stays the same over all edits."""

    id: int
    channel: Channel
    author: Account
    at: float
    kind: int = 0
    flags: int = 0
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)  # media: {"attachment_id"} or {"url"}
    attachments: list[Stored] = field(default_factory=list)
    reader: Account | None = None  # the only one who sees an ephemeral message
    metadata: Json | None = None  # of the interaction that made it
    reference: Json | None = None
    edited: float | None = None
    deleted: bool = False
    pinged: list[str] = field(default_factory=list)  # names; "everyone"
    states: list[State] = field(default_factory=list)

    @override
    def __repr__(self) -> str:
        return f"<message {self.id}: {self.text!r}, buttons {self.labels}>"

    @property
    def v2(self) -> bool:
        return bool(self.flags & V2)

    @property
    def ephemeral(self) -> bool:
        return bool(self.flags & EPHEMERAL)

    @property
    def loading(self) -> bool:
        """The bot "is thinking..."."""
        return bool(self.flags & LOADING)

    def walk(self) -> Iterator[Json]:
        """Every component, nested ones too, in the order in which they are seen."""
        yield from walk(self.components)

    @property
    def text(self) -> str:
        """All that can be read, a line for each piece."""
        shown = [self.content, *(str(part["content"]) for part in self.walk() if _is_text(part))]
        for embed in self.embeds:
            shown += [embed.get("title") or "", embed.get("description") or ""]
            for entry in embed.get("fields", []):
                shown += [entry["name"], entry["value"]]
            shown.append((embed.get("footer") or {}).get("text") or "")
        return "\n".join(piece for piece in shown if piece)

    @property
    def buttons(self) -> list[Json]:
        return [part for part in self.walk() if part["type"] == 2]

    @property
    def labels(self) -> list[str]:
        """What the buttons say."""
        return [label_of(button) for button in self.buttons]

    @property
    def selects(self) -> list[Json]:
        return [part for part in self.walk() if part["type"] in (3, 5, 6, 7, 8)]

    @property
    def media(self) -> list[Json]:
        """The media of galleries, thumbnails and files, in order."""
        found: list[Json] = []
        for part in self.walk():
            found += [item["media"] for item in part.get("items", [])]
            found += [part[name] for name in ("media", "file") if name in part]
        return found

    @property
    def pictures(self) -> list[bytes | None]:
        """What is really shown as a file; None for a reference that leads nowhere any more.

        In a Components V2 message only what a component names is shown.
        """
        if not self.v2:
            return [kept.data for kept in self.attachments if not kept.gone]
        held = {kept.id: kept for kept in self.attachments}
        return [
            held[part["attachment_id"]].data if part.get("attachment_id") in held else None
            for part in self.media
        ]

    @property
    def files(self) -> dict[str, bytes]:
        """Attached files by name."""
        return {kept.name: kept.data for kept in self.attachments}


def walk(components: list[Json]) -> Iterator[Json]:
    for part in components:
        yield part
        yield from walk(part.get("components", []))
        yield from walk([part[name] for name in ("accessory", "component") if name in part])


def label_of(button: Json) -> str:
    return str(button.get("label") or (button.get("emoji") or {}).get("name") or "")


def _is_text(part: Json) -> bool:
    return bool(part["type"] == 10)
