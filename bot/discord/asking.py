"""Who types or presses, and where a result of it is to be shown."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.words import Speech, speech_for
from core.ids import OwnerId, PlaceId
from core.models.asker import Asker

if TYPE_CHECKING:
    from core.app import App
    from core.models.job import NewDelivery

FRONT_END = "discord"
_HAND_OVER = 90.0  # seconds before the end of a token, which lives 15 minutes

Interaction = discord.Interaction[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Memo:
    """What is known of a delivery's messages. `files`: the ids of each one's files by name.

    `limit`: bytes of one file; `reachable`: the bot may edit them when the token has died;
    `withheld`: the place refuses the prompt.
    """

    application: int
    channel: int
    limit: int
    reachable: bool = False
    withheld: bool = False
    messages: tuple[int, ...] = ()
    files: tuple[Mapping[str, int], ...] = ()

    def dump(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, text: str) -> Self:
        told = json.loads(text)
        return cls(**{**told, "messages": tuple(told["messages"]), "files": tuple(told["files"])})


def address_of(channel: int, message: int) -> str:
    """Of a delivery's first message; 0: it has not been seen yet."""
    return f"{channel}:{message}"


def speech_of(interaction: Interaction) -> Speech:
    return speech_for([interaction.locale.value], add_key="/keys add")


def asker_of(interaction: Interaction, *, private: bool = False) -> Asker:
    """As Discord shows them now; a private result's place is its owner."""
    user = interaction.user
    owner = OwnerId(f"discord:user:{user.id}")
    shown = PlaceId(f"discord:channel:{interaction.channel_id}")
    parent = getattr(interaction.channel, "parent_id", None)
    channels = [shown, *([f"discord:channel:{parent}"] if parent else [])]
    roles = user.roles if isinstance(user, discord.Member) else []
    return Asker(
        owner=owner,
        place=PlaceId(owner) if private else shown,
        server=str(interaction.guild_id) if interaction.guild_id else None,
        channels=frozenset(channels),
        roles=frozenset(str(role.id) for role in roles),
        moderator=bool(interaction.guild_id) and interaction.permissions.manage_messages,
        language=speech_of(interaction).language,
    )


def token_until(interaction: Interaction) -> float:
    """When its token is given up, in good time before Discord does."""
    return interaction.expires_at.timestamp() - _HAND_OVER


def delivery_of(
    app: "App", interaction: Interaction, asker: Asker, *, private: bool
) -> "NewDelivery":
    """The interaction's own answer, until its token dies; then by the bot, where it may."""
    channel = interaction.channel_id or 0
    memo = Memo(
        application=interaction.application_id,
        channel=channel,
        limit=interaction.filesize_limit,
        reachable=not private and _is_reachable(interaction),
    )
    new = app.deliveries.new(
        FRONT_END,
        asker.place,
        interaction.locale.value,
        address_of(channel, 0),
        private=private,
        token=interaction.token,
        token_until=token_until(interaction),
    )
    return replace(new, memo=memo.dump())


def _is_reachable(interaction: Interaction) -> bool:
    """In the bot's own private chat too, which discord.py does not count among them."""
    return interaction.is_guild_integration() or interaction.context.dm_channel
