"""The routes about the bot itself and its commands."""

from typing import Any, Final

from tests.servers.discord import commands, payloads, refused
from tests.servers.discord.things import Json
from tests.servers.discord.world import Request, World

Answer = tuple[int, Any]
_DEFAULTS: Final[Json] = {
    "type": 1,
    "description": "",
    "name_localizations": None,
    "description_localizations": None,
    "default_member_permissions": None,
    "nsfw": False,
    "integration_types": [0],
    "contexts": None,
}


def me(world: World, request: Request) -> Answer:
    del request
    return 200, {**payloads.user(world.bot), "mfa_enabled": False, "verified": True}


def application(world: World, request: Request) -> Answer:
    del request
    bot = payloads.user(world.bot)
    return 200, {
        "id": str(world.application),
        "name": world.bot.name,
        "icon": None,
        "description": "",
        "summary": "",
        "type": None,
        "bot": bot,
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": 0,
        "owner": {**bot, "id": "1", "username": "operator", "bot": False},
        "team": None,
        "integration_types_config": {"0": {}, "1": {}},
        "interactions_endpoint_url": None,
    }


def gateway(world: World, request: Request) -> Answer:
    del request
    limit = {"total": 1000, "remaining": 999, "reset_after": 14_400_000, "max_concurrency": 1}
    address = world.origin.replace("http", "ws", 1) + "/gateway"
    return 200, {"url": address, "shards": 1, "session_start_limit": limit}


def put_commands(
    world: World, request: Request, application: str, guild: str | None = None
) -> Answer:
    """The whole list at once; a command whose name and type stay keeps its id."""
    place = _place(world, application, guild)
    listed = request.body if isinstance(request.body, list) else []
    commands.check(listed)
    before = {(old["type"], old["name"]): old["id"] for old in world.commands.get(place, [])}
    world.commands[place] = [_stored(world, spelt, before, place) for spelt in listed]
    world.changes.notify()
    return 200, world.commands[place]


def get_commands(
    world: World, request: Request, application: str, guild: str | None = None
) -> Answer:
    del request
    return 200, world.commands.get(_place(world, application, guild), [])


def post_command(
    world: World, request: Request, application: str, guild: str | None = None
) -> Answer:
    """One more, or in place of the one with its name and type."""
    place = _place(world, application, guild)
    spelt = {**_DEFAULTS, **(request.body or {})}
    key = (spelt["type"], spelt["name"])
    others = [old for old in world.commands.get(place, []) if (old["type"], old["name"]) != key]
    known = len(others) < len(world.commands.get(place, []))
    commands.check([*others, spelt])
    before = {(old["type"], old["name"]): old["id"] for old in world.commands.get(place, [])}
    made = _stored(world, spelt, before, place)
    world.commands[place] = [*others, made]
    world.changes.notify()
    return (200 if known else 201), made


def _place(world: World, application: str, guild: str | None) -> int | None:
    if int(application) != world.application:
        raise refused.missing_access()
    if guild is None:
        return None
    if not any(known.id == int(guild) and known.installed for known in world.guilds):
        raise refused.missing_access()
    return int(guild)


def _stored(
    world: World, spelt: Json, before: dict[tuple[int, str], str], place: int | None
) -> Json:
    whole = {**_DEFAULTS, **spelt}
    made = {
        **whole,
        "id": before.get((whole["type"], whole["name"])) or str(world.new_id()),
        "application_id": str(world.application),
        "version": str(world.new_id()),
    }
    return made if place is None else {**made, "guild_id": str(place)}
