"""The routes that an interaction's token opens: its first answer and what follows it."""

from typing import Any, Final

from tests.servers.discord import callbacks, payloads, posting, refused
from tests.servers.discord.interactions import AUTOCOMPLETE, Interaction
from tests.servers.discord.posting import Draft
from tests.servers.discord.things import Message
from tests.servers.discord.world import Request, World

_ORIGINAL: Final = "@original"
_MOST_FOLLOWUPS: Final = 5  # where only the person brought the application along

Answer = tuple[int, Any]


def by_token(world: World, application: str, token: str) -> Interaction:
    """Refused with 50027 when its quarter of an hour is over, 10015 when it has no answer yet."""
    found = [made for made in world.interactions if made.token == token]
    if int(application) != world.application or not found:
        raise refused.dead_token()
    if world.clock.now() - found[0].at > world.token_life:
        raise refused.dead_token()
    if found[0].acknowledged_at is None or found[0].kind == AUTOCOMPLETE:
        raise refused.unknown_webhook()
    return found[0]


def callback(world: World, request: Request, interaction: str, token: str) -> Answer:
    found = [made for made in world.interactions if made.id == int(interaction)]
    if not found or found[0].token != token:
        raise refused.unknown_interaction()
    body = request.body if isinstance(request.body, dict) else {}
    try:
        told = callbacks.respond(world, found[0], body, request.files)
    except refused.Refused as error:
        found[0].told.append(str(error))
        raise
    return (200, told) if request.query.get("with_response") in ("1", "true") else (204, None)


def follow(world: World, request: Request, application: str, token: str) -> Answer:
    interaction = by_token(world, application, token)
    draft = Draft(body=request.body or {}, uploads=request.files)
    first = interaction.original
    if (
        first is not None and first.loading and not first.deleted
    ):  # the placeholder takes the first that is posted
        return 200, _changed(world, first, draft)
    place = interaction.channel
    if place.guild and not place.guild.installed and interaction.counted >= _MOST_FOLLOWUPS:
        raise refused.too_many_followups()
    made = callbacks.answer(world, interaction, draft)
    interaction.counted += 1
    interaction.followups.append(made)
    world.changes.notify()
    return 200, payloads.message(world, made)


def show(world: World, request: Request, application: str, token: str, which: str) -> Answer:
    del request
    return 200, payloads.message(world, _message(world, application, token, which))


def edit(world: World, request: Request, application: str, token: str, which: str) -> Answer:
    draft = Draft(body=request.body or {}, uploads=request.files)
    return 200, _changed(world, _message(world, application, token, which), draft)


def delete(world: World, request: Request, application: str, token: str, which: str) -> Answer:
    del request
    world.delete(_message(world, application, token, which))
    return 204, None


def _message(world: World, application: str, token: str, which: str) -> Message:
    """One that this interaction made, or that it was pressed on."""
    interaction = by_token(world, application, token)
    own = [m for m in (interaction.original, *interaction.followups) if m is not None]
    if which == _ORIGINAL:
        found = [interaction.original] if interaction.original else []
    else:
        found = [message for message in own if message.id == int(which)]
    if not found:
        raise refused.unknown_message()
    return world.find_message(found[0].id)


def _changed(world: World, message: Message, draft: Draft) -> dict[str, Any]:
    posting.sizes(draft, world.filesize_limit)
    posting.allowed(world, message.channel, draft, sends=False)
    posting.change(world, message, draft)
    return payloads.message(world, message)
