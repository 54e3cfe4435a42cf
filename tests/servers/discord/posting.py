"""A message is made or changed by a request's body: the rules of content, files and references."""

import re
from dataclasses import dataclass, field
from typing import Any, Final

from tests.servers.discord import components, payloads, refused
from tests.servers.discord.refused import form, missing_reference
from tests.servers.discord.things import (
    EPHEMERAL,
    LOADING,
    SUPPRESS_EMBEDS,
    SUPPRESS_NOTIFICATIONS,
    V2,
    Account,
    Can,
    Channel,
    Json,
    Message,
    Stored,
    walk,
)
from tests.servers.discord.world import Upload, World

_SETTABLE: Final = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | V2
_LEGACY: Final = ("content", "embeds", "poll", "sticker_ids")
_REFERENCE: Final = "attachment://"


@dataclass(slots=True, kw_only=True)
class Draft:
    """What a request brings. `on_press`: it is a type 7 answer."""

    body: Json
    uploads: dict[int, Upload] = field(default_factory=dict)
    on_press: bool = False

    @property
    def flags(self) -> int:
        return int(self.body.get("flags") or 0)


@dataclass(slots=True, kw_only=True)
class _Files:
    """What a message will hold, and by which names its components may speak of it."""

    held: list[Stored] = field(default_factory=list)
    named: dict[str, Stored] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)  # names that this variant does not keep


def create(
    world: World,
    channel: Channel,
    author: Account,
    draft: Draft,
    *,
    reader: Account | None = None,
    **more: Any,
) -> Message:
    """A new message, not yet kept. `reader`: it is ephemeral, for this person."""
    message = Message(
        id=world.new_id(),
        channel=channel,
        author=author,
        at=world.clock.now(),
        flags=EPHEMERAL if reader else 0,
        reader=reader,
        **more,
    )
    _write(world, message, draft)
    return message


def change(world: World, message: Message, draft: Draft) -> None:
    """Edit it in place and keep it; Refused leaves it as it was."""
    was_loading = message.loading
    _write(world, message, draft)
    message.flags &= ~LOADING
    if not was_loading:
        message.edited = world.clock.now()
    world.keep(message, payloads.message)


def _write(world: World, message: Message, draft: Draft) -> None:
    """All checks first, then the fields."""
    v2 = message.v2 or bool(draft.flags & V2)
    body = draft.body
    if message.v2 and isinstance(body.get("flags"), int) and not draft.flags & V2:
        raise form("flags", "MESSAGE_FLAGS_INVALID", "IS_COMPONENTS_V2 cannot be removed.")
    _legacy(message, body, v2=v2)
    _lengths(body)
    parts = message.components
    if body.get("components") is not None:
        parts = components.checked(body["components"], v2=v2)
    files = _files(world, message, draft, v2=v2)
    if body.get("components") is not None:
        _refer(parts, files)
    content = body["content"] or "" if "content" in body else message.content
    embeds = body["embeds"] or [] if "embeds" in body else message.embeds
    _not_empty(content, embeds, parts, files.held, v2=v2)
    pinged = _pings(world, content, parts, body.get("allowed_mentions"))
    _automod(message, content, parts, embeds)
    for kept in message.attachments:
        kept.gone = kept not in files.held
    world.stored |= {kept.id: kept for kept in files.held}
    message.content, message.embeds, message.components = content, embeds, parts
    message.attachments = files.held
    message.flags |= draft.flags & _SETTABLE
    message.pinged += [name for name in pinged if name not in message.pinged]


def _legacy(message: Message, body: Json, *, v2: bool) -> None:
    """Fields of classic messages have no place beside Components V2."""
    if not v2:
        return
    for name in _LEGACY:
        had = name in ("content", "embeds") and bool(getattr(message, name))
        if body.get(name) or (had and name not in body):
            raise form(
                name,
                "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
            )


def _lengths(body: Json) -> None:
    if len(body.get("content") or "") > 2000:
        raise form("content", "BASE_TYPE_MAX_LENGTH", "Must be 2000 or fewer in length.")
    embeds = body.get("embeds") or []
    if len(embeds) > 10:
        raise form("embeds", "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
    if sum(len(text) for embed in embeds for text in _embed_texts(embed)) > 6000:
        raise form("embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")


def _embed_texts(embed: Json) -> list[str]:
    texts = [embed.get("title"), embed.get("description")]
    texts += [(embed.get(part) or {}).get(name) for part, name in _EMBED_PARTS]
    for entry in embed.get("fields") or []:
        texts += [entry["name"], entry["value"]]
    return [text for text in texts if text]


_EMBED_PARTS: Final = (("footer", "text"), ("author", "name"))


def _files(world: World, message: Message, draft: Draft, *, v2: bool) -> _Files:
    entries = draft.body.get("attachments")
    if entries is None and not draft.uploads:
        held = message.attachments
        return _Files(held=list(held), named={kept.name: kept for kept in held})
    if entries is None and v2 and message.id in world.messages:
        raise form("attachments", "BASE_TYPE_REQUIRED", "Files need an `attachments` array.")
    if entries is None:
        entries = [{"id": index} for index in draft.uploads]
    if len(entries) > 10:
        raise form("attachments", "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
    files = _Files()
    for index, entry in enumerate(entries):
        number = int(entry["id"])
        if number in draft.uploads:
            _upload(world, message, entry, draft.uploads[number], files)
        else:
            _keep(world, message, index, entry, files, v2=v2)
    if draft.on_press and v2 and draft.uploads:  # dropped, by the reports
        raise missing_reference("data.attachments", "a file of a type 7 answer", ours=True)
    _unique(files)
    return files


def _unique(files: _Files) -> None:
    if len({kept.name for kept in files.held}) != len(files.held):
        raise form("attachments", "ATTACHMENT_NAME_DUPLICATED", "File names must be unique.")


def _upload(world: World, message: Message, entry: Json, upload: Upload, files: _Files) -> None:
    more: Json = {"description": entry.get("description"), "ephemeral": message.ephemeral}
    kept = world.store(upload, message.channel, **more)
    kept.name = re.sub(r"[^A-Za-z0-9._-]", "_", entry.get("filename") or upload.name)
    files.held.append(kept)
    files.named[kept.name] = kept  # a name that was rewritten no longer fits its reference


def _keep(
    world: World, message: Message, index: int, entry: Json, files: _Files, *, v2: bool
) -> None:
    known = {kept.id: kept for kept in message.attachments}
    kept = known.get(int(entry["id"]))
    if kept is None:
        unknown = refused.kept_file(index)
        unknown.ours = True
        raise unknown
    if v2 and world.refuses_kept:
        raise refused.kept_file(index)
    if v2 and not world.keeps_files:
        files.lost.add(kept.name)
        return
    files.held.append(kept)
    if not v2 or entry.get("filename") == kept.name:  # by id alone no reference finds it
        files.named[kept.name] = kept


def _refer(parts: list[Json], files: _Files) -> None:
    """Replace `attachment://name` by the file that is meant, and what is named by its address."""
    for path, media in _media(parts, "components"):
        url = str(media["url"])
        if not url.startswith(_REFERENCE):
            continue
        name = url.removeprefix(_REFERENCE)
        kept = files.named.get(name)
        if kept is None or name in files.lost:
            raise missing_reference(f"{path}.url", name, ours=name not in files.lost)
        media.clear()
        media["attachment_id"] = kept.id


def _media(parts: list[Json], path: str) -> list[tuple[str, Json]]:
    found: list[tuple[str, Json]] = []
    for index, part in enumerate(parts):
        here = f"{path}.{index}"
        items = enumerate(part.get("items", []))
        found += [(f"{here}.items.{at}.media", item["media"]) for at, item in items]
        found += [(f"{here}.{name}", part[name]) for name in ("media", "file") if name in part]
        if (accessory := part.get("accessory")) and "media" in accessory:
            found.append((f"{here}.accessory.media", accessory["media"]))
        found += _media(part.get("components", []), f"{here}.components")
    return found


def _not_empty(
    content: str, embeds: list[Json], parts: list[Json], held: list[Stored], *, v2: bool
) -> None:
    if not (parts if v2 else content or embeds or parts or held):
        raise refused.empty_message()


def _texts(content: str, parts: list[Json]) -> str:
    return "\n".join([content, *(part["content"] for part in walk(parts) if part["type"] == 10)])


def _pings(world: World, content: str, parts: list[Json], allowed: Json | None) -> list[str]:
    """Whom the text calls, as far as `allowed_mentions` lets it; without it, everybody named."""
    text = _texts(content, parts)
    rules = {"parse": ["users", "roles", "everyone"]} if allowed is None else allowed
    parse = rules.get("parse") or []
    named = [int(found) for found in re.findall(r"<@!?(\d+)>", text)]
    listed = {int(one) for one in rules.get("users") or []}
    called = [
        world.accounts[one].name
        for one in named
        if one in world.accounts and ("users" in parse or one in listed)
    ]
    if "everyone" in parse and re.search(r"@(everyone|here)", text):
        called.append("everyone")
    if "roles" in parse:
        called += [f"role {found}" for found in re.findall(r"<@&(\d+)>", text)]
    return called


def _automod(message: Message, content: str, parts: list[Json], embeds: list[Json]) -> None:
    """Blocked words of the guild; private answers pass."""
    guild = message.channel.guild
    if guild is None or message.ephemeral:
        return
    said = [_texts(content, parts), *(text for embed in embeds for text in _embed_texts(embed))]
    if any(word.lower() in text.lower() for word in guild.automod for text in said):
        raise refused.blocked_by_automod()


def sizes(draft: Draft, limit: int) -> None:
    """Refused (413) when a file is larger than this place takes."""
    if any(len(upload.data) > limit for upload in draft.uploads.values()):
        raise refused.too_large()
    if len(draft.uploads) > 10:
        raise form("files", "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")


def allowed(world: World, channel: Channel, draft: Draft, *, sends: bool) -> None:
    """Refused when the bot lacks a permission for this. `sends`: as itself, not as an answer."""
    if not channel.guild or not channel.guild.installed:
        return
    can = world.can(world.bot, channel)
    if Can.VIEW_CHANNEL not in can:
        raise refused.missing_access()
    if (sends and Can.SEND_MESSAGES not in can) or (draft.uploads and Can.ATTACH_FILES not in can):
        raise refused.missing_permissions()
