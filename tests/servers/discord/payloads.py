"""How Discord spells what it holds."""

import hashlib
import hmac
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from tests.servers.discord.interactions import COMMAND, COMPONENT, MODAL_SUBMIT, Interaction
from tests.servers.discord.things import (
    EVERYDAY,
    Account,
    Can,
    Channel,
    Guild,
    Json,
    Message,
    Role,
    Stored,
)
from tests.servers.discord.world import World


def timestamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()


def user(account: Account) -> Json:
    return {
        "id": str(account.id),
        "username": account.name.lower(),
        "discriminator": "0",
        "global_name": None if account.bot else account.name,
        "avatar": None,
        "bot": account.bot,
        "public_flags": 0,
        "clan": None,
        "primary_guild": None,
        "avatar_decoration_data": None,
        "collectibles": None,
    }


def member(world: World, account: Account, channel: Channel, *, with_user: bool = True) -> Json:
    spelt: Json = {
        "nick": None,
        "avatar": None,
        "banner": None,
        "roles": [str(role.id) for role in account.roles],
        "joined_at": "2024-01-01T00:00:00+00:00",
        "premium_since": None,
        "communication_disabled_until": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "unusual_dm_activity_until": None,
        "flags": 0,
        "permissions": str(int(world.can(account, channel)) & (1 << 53) - 1),
    }
    return {**spelt, "user": user(account)} if with_user else spelt


def role(held: Role, position: int = 0) -> Json:
    return {
        "id": str(held.id),
        "name": held.name,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "icon": None,
        "unicode_emoji": None,
        "position": position,
        "permissions": str(int(held.can)),
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


def channel(world: World, place: Channel, reader: Account | None = None) -> Json:
    """With the reader's permissions, as interactions have it."""
    spelt: Json = {
        "id": str(place.id),
        "type": place.kind,
        "last_message_id": None,
        "flags": 0,
    }
    if not place.guild:
        others = [one for one in place.people if one is not world.bot]
        return {**spelt, "recipients": [user(one) for one in others]}
    spelt |= {
        "guild_id": str(place.guild.id),
        "name": place.name,
        "position": 0,
        "nsfw": place.nsfw,
        "parent_id": None,
        "topic": None,
        "rate_limit_per_user": 0,
        "permission_overwrites": [],
    }
    if reader:
        spelt["permissions"] = str(int(world.can(reader, place)) & (1 << 53) - 1)
    return spelt


def guild(world: World, held: Guild) -> Json:
    places = [c for c in world.channels.values() if c.guild is held and not c.deleted]
    return {
        "id": str(held.id),
        "name": held.name,
        "owner_id": "1",
        "preferred_locale": held.locale,
        "premium_tier": 0,
        "unavailable": False,
        "large": False,
        "joined_at": "2024-01-01T00:00:00+00:00",
        "member_count": len(world.accounts),
        "features": [],
        "emojis": [],
        "stickers": [],
        "roles": [role(world.everyone[held.id])],
        "channels": [channel(world, place) for place in places],
        "members": [member(world, world.bot, place) for place in places[:1]],
        "threads": [],
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
        "system_channel_id": None,
        "afk_channel_id": None,
        "afk_timeout": 300,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "system_channel_flags": 0,
    }


def link(world: World, kept: Stored) -> str:
    """The file's address, signed from now on."""
    folder = "ephemeral-attachments" if kept.ephemeral else "attachments"
    path = f"/{folder}/{kept.channel}/{kept.id}/{quote(kept.name)}"
    since = int(world.clock.now())
    until = int(since + world.link_life)
    signed = signature(world, path, f"{until:x}", f"{since:x}")
    return f"{world.origin}{path}?ex={until:x}&is={since:x}&hm={signed}&"


def signature(world: World, path: str, until: str, since: str) -> str:
    return hmac.new(world.signing, f"{path}{until}{since}".encode(), hashlib.sha256).hexdigest()


def attachment(world: World, kept: Stored) -> Json:
    url = link(world, kept)
    spelt: Json = {
        "id": str(kept.id),
        "filename": kept.name,
        "size": len(kept.data),
        "url": url,
        "proxy_url": url,
        "content_type": kept.kind,
        "flags": 0,
    }
    if kept.size:
        spelt |= {"width": kept.size[0], "height": kept.size[1]}
    if kept.description is not None:
        spelt["description"] = kept.description
    return {**spelt, "ephemeral": True} if kept.ephemeral else spelt


def _media(world: World, media: Json) -> Json:
    kept = world.stored.get(media.get("attachment_id", 0))
    if kept is None:
        return {**media, "proxy_url": media["url"], "loading_state": 3, "flags": 0}
    spelt = attachment(world, kept)
    shown = {name: spelt.get(name) for name in ("url", "proxy_url", "width", "height")}
    more = {"content_type": kept.kind, "loading_state": 2, "placeholder": "AAAA", "flags": 0}
    return {**shown, **more, "placeholder_version": 1, "attachment_id": str(kept.id)}


def components(world: World, parts: list[Json]) -> list[Json]:
    """As the API gives them: media with addresses that hold from now on."""
    return [_component(world, part) for part in parts]


def _component(world: World, part: Json) -> Json:
    spelt = dict(part)
    for name in ("media", "file"):
        if name in spelt:
            spelt[name] = _media(world, spelt[name])
    if "items" in spelt:
        spelt["items"] = [{**i, "media": _media(world, i["media"])} for i in spelt["items"]]
    if "components" in spelt:
        spelt["components"] = components(world, spelt["components"])
    if "accessory" in spelt:
        spelt["accessory"] = _component(world, spelt["accessory"])
    return spelt


def message(world: World, held: Message) -> Json:
    """As the API gives it to the application."""
    shown = {media.get("attachment_id") for media in held.media} if held.v2 else set()
    listed = [k for k in held.attachments if world.lists_v2_attachments or k.id not in shown]
    spelt: Json = {
        "id": str(held.id),
        "channel_id": str(held.channel.id),
        "type": held.kind,
        "author": user(held.author),
        "content": held.content,
        "timestamp": timestamp(held.at),
        "edited_timestamp": None if held.edited is None else timestamp(held.edited),
        "tts": False,
        "mention_everyone": "everyone" in held.pinged,
        "mentions": [],
        "mention_roles": [],
        "attachments": [attachment(world, kept) for kept in listed],
        "embeds": held.embeds,
        "components": components(world, held.components),
        "pinned": False,
        "flags": held.flags,
    }
    if held.metadata:
        spelt |= {
            "application_id": str(world.application),
            "webhook_id": str(world.application),
            "interaction_metadata": held.metadata,
        }
    return {**spelt, "message_reference": held.reference} if held.reference else spelt


def metadata(interaction: Interaction) -> Json:
    spelt: Json = {
        "id": str(interaction.id),
        "type": interaction.kind,
        "user": user(interaction.person),
        "authorizing_integration_owners": owners(interaction),
    }
    if interaction.kind == COMPONENT and interaction.source:
        spelt["interacted_message_id"] = str(interaction.source.id)
    if interaction.kind == MODAL_SUBMIT and interaction.cause:
        spelt["triggering_interaction_metadata"] = metadata(interaction.cause)
    if interaction.kind == COMMAND:
        spelt["command_type"] = interaction.data["type"]
    return spelt


def owners(interaction: Interaction) -> Json:
    """Who installed the application: "0" the guild (or "0" for the DM), "1" the person."""
    place = interaction.channel
    if place.guild and place.guild.installed:
        return {"0": str(place.guild.id)}
    return {"0": "0"} if place.kind == 1 else {"1": str(interaction.person.id)}


def interaction(world: World, made: Interaction) -> Json:
    place = made.channel
    bot_can = world.can(world.bot, place) if place.with_bot else EVERYDAY
    if place.guild and not place.guild.installed:
        bot_can = Can.ATTACH_FILES | Can.EMBED_LINKS | Can.USE_EXTERNAL_APPS
    spelt: Json = {
        "id": str(made.id),
        "application_id": str(world.application),
        "type": made.kind,
        "token": made.token,
        "version": 1,
        "data": made.data,
        "channel_id": str(place.id),
        "channel": channel(world, place, made.person),
        "locale": made.locale,
        "app_permissions": str(int(bot_can) & (1 << 53) - 1),
        "entitlements": [],
        "entitlement_sku_ids": [],
        "authorizing_integration_owners": owners(made),
        "context": 0 if place.guild else 1 if place.kind == 1 else 2,
        "attachment_size_limit": world.filesize_limit,
    }
    spelt |= _who(world, made)
    if made.source:
        spelt["message"] = message(world, made.source)
    return spelt


def _who(world: World, made: Interaction) -> dict[str, Any]:
    place = made.channel
    if not place.guild:
        return {"user": user(made.person)}
    return {
        "guild_id": str(place.guild.id),
        "guild": {"id": str(place.guild.id), "locale": place.guild.locale, "features": []},
        "guild_locale": place.guild.locale,
        "member": member(world, made.person, place),
    }
