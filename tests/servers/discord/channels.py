"""The routes that the bot's own token opens: channels, their messages, DMs."""

from typing import Any

from tests.servers.discord import payloads, posting, refused
from tests.servers.discord.posting import Draft
from tests.servers.discord.things import Can, Channel, Message
from tests.servers.discord.world import Request, World

Answer = tuple[int, Any]


def _reached(world: World, channel: str) -> Channel:
    """Refused unless it exists and the bot may look into it."""
    found = world.find_channel(int(channel))
    if not found.with_bot or Can.VIEW_CHANNEL not in world.can(world.bot, found):
        raise refused.missing_access()
    return found


def _message(world: World, channel: str, message: str) -> Message:
    """Ephemeral messages do not exist for the bot's token."""
    place = _reached(world, channel)
    found = world.find_message(int(message))
    if found.channel is not place or found.ephemeral:
        raise refused.unknown_message()
    return found


def show(world: World, request: Request, channel: str) -> Answer:
    del request
    return 200, payloads.channel(world, _reached(world, channel))


def open_dm(world: World, request: Request) -> Answer:
    account = world.accounts.get(int((request.body or {}).get("recipient_id") or 0))
    if account is None or account.bot:
        raise refused.unknown_user()
    return 200, payloads.channel(world, world.private(account))


def post(world: World, request: Request, channel: str) -> Answer:
    place = _reached(world, channel)
    draft = Draft(body=request.body or {}, uploads=request.files)
    posting.sizes(draft, world.guild_filesize_limit)
    posting.allowed(world, place, draft, sends=True)
    if place.kind == 1 and not all(one.accepts_dms for one in place.people):
        raise refused.closed_dm()
    once = (place.id, str(draft.body.get("nonce")))
    if draft.body.get("enforce_nonce") and once in world.nonces:
        return 200, payloads.message(world, world.nonces[once])
    made = posting.create(world, place, world.bot, draft)
    world.keep(made, payloads.message)
    world.nonces[once] = made
    return 200, payloads.message(world, made)


def show_message(world: World, request: Request, channel: str, message: str) -> Answer:
    del request
    return 200, payloads.message(world, _message(world, channel, message))


def edit(world: World, request: Request, channel: str, message: str) -> Answer:
    found = _message(world, channel, message)
    if found.author is not world.bot:
        raise refused.another_author()
    draft = Draft(body=request.body or {}, uploads=request.files)
    posting.sizes(draft, world.guild_filesize_limit)
    posting.allowed(world, found.channel, draft, sends=False)
    posting.change(world, found, draft)
    return 200, payloads.message(world, found)


def delete(world: World, request: Request, channel: str, message: str) -> Answer:
    del request
    found = _message(world, channel, message)
    may = Can.MANAGE_MESSAGES in world.can(world.bot, found.channel)
    if found.author is not world.bot and not may:
        raise refused.missing_permissions()
    world.delete(found)
    return 204, None


def typing(world: World, request: Request, channel: str) -> Answer:
    del request
    _reached(world, channel)
    return 204, None
