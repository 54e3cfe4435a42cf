"""The first response to an interaction: what each type may do, and when."""

from collections.abc import Callable
from typing import Any, Final

from tests.servers.discord import commands, modals, payloads, posting, refused
from tests.servers.discord.interactions import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    MODAL_SUBMIT,
    Interaction,
)
from tests.servers.discord.posting import Draft
from tests.servers.discord.refused import form
from tests.servers.discord.things import EPHEMERAL, LOADING, Account, Can, Json, Message, walk
from tests.servers.discord.world import Upload, World

SAY, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
_KIND_OF_REPLY: Final = {COMMAND: 20, COMPONENT: 0, MODAL_SUBMIT: 0}


def respond(
    world: World, interaction: Interaction, body: Json, uploads: dict[int, Upload]
) -> Json:
    """Carry it out; the JSON of `with_response`. Refused leaves the interaction unanswered."""
    _in_time(world, interaction)
    kind = int(body.get("type") or 0)
    _fits(interaction, kind)
    draft = Draft(body=body.get("data") or {}, uploads=uploads, on_press=kind == UPDATE)
    carry: dict[int, Callable[[World, Interaction, Draft], None]] = {
        SAY: _say,
        DEFER: _defer,
        DEFER_UPDATE: _defer_update,
        UPDATE: _update,
        CHOICES: _choices,
        MODAL: _modal,
    }
    if kind not in carry:
        raise form("type", "BASE_TYPE_CHOICES", f"Type {kind} is not for bots like this")
    carry[kind](world, interaction, draft)
    interaction.answer = kind
    interaction.acknowledged_at = world.clock.now()
    world.changes.notify()
    return _told(world, interaction)


def _in_time(world: World, interaction: Interaction) -> None:
    if interaction.acknowledged_at is not None:
        raise refused.acknowledged()
    if interaction.late or world.clock.now() - interaction.at > world.answer_within:
        interaction.late = True
        raise refused.unknown_interaction()


def _fits(interaction: Interaction, kind: int) -> None:
    if (interaction.kind == AUTOCOMPLETE) != (kind == CHOICES):
        raise form("type", "INTERACTION_TYPE_INVALID", "Choices answer autocomplete, nothing else")
    if kind == MODAL and interaction.kind == MODAL_SUBMIT:
        raise form("type", "INTERACTION_TYPE_INVALID", "A modal cannot answer a modal")
    if kind in (DEFER_UPDATE, UPDATE) and interaction.source is None:
        raise form("type", "INTERACTION_TYPE_INVALID", "There is no message to update")


def reader(world: World, interaction: Interaction, draft: Draft) -> Account | None:
    """Who alone will see the answer; None when it is public."""
    place = interaction.channel
    hidden = (
        place.guild is not None
        and not place.guild.installed
        and Can.USE_EXTERNAL_APPS not in world.can(interaction.person, place)
    )
    return interaction.person if hidden or draft.flags & EPHEMERAL else None


def answer(world: World, interaction: Interaction, draft: Draft) -> Message:
    """A new message that answers the interaction, kept."""
    world.find_channel(interaction.channel.id)
    posting.sizes(draft, world.filesize_limit)
    posting.allowed(world, interaction.channel, draft, sends=False)
    made = posting.create(
        world,
        interaction.channel,
        world.bot,
        draft,
        reader=reader(world, interaction, draft),
        kind=_KIND_OF_REPLY[interaction.kind],
        metadata=payloads.metadata(interaction),
    )
    world.keep(made, payloads.message)
    return made


def _say(world: World, interaction: Interaction, draft: Draft) -> None:
    interaction.original = answer(world, interaction, draft)


def _defer(world: World, interaction: Interaction, draft: Draft) -> None:
    if set(draft.body) - {"flags", "tts"} or draft.flags & ~EPHEMERAL:
        raise form("data", "INTERACTION_DEFER_FLAGS", "A deferred answer may only be ephemeral")
    world.find_channel(interaction.channel.id)
    waiting = reader(world, interaction, draft)
    made = Message(
        id=world.new_id(),
        channel=interaction.channel,
        author=world.bot,
        at=world.clock.now(),
        kind=_KIND_OF_REPLY[interaction.kind],
        flags=LOADING | (EPHEMERAL if waiting else 0),
        reader=waiting,
        metadata=payloads.metadata(interaction),
    )
    world.keep(made, payloads.message)
    interaction.original = made


def _defer_update(world: World, interaction: Interaction, draft: Draft) -> None:
    del world, draft
    interaction.original = interaction.source


def _update(world: World, interaction: Interaction, draft: Draft) -> None:
    assert interaction.source is not None
    held = world.find_message(interaction.source.id)
    posting.sizes(draft, world.filesize_limit)
    posting.allowed(world, held.channel, draft, sends=False)
    posting.change(world, held, draft)
    interaction.original = held


def _choices(world: World, interaction: Interaction, draft: Draft) -> None:
    del world
    choices = draft.body.get("choices")
    if not isinstance(choices, list):
        raise form("data.choices", "BASE_TYPE_REQUIRED", "This field is required")
    commands.check_choices(choices, "data.choices")
    interaction.choices = choices


def _modal(world: World, interaction: Interaction, draft: Draft) -> None:
    del world
    modals.check(draft.body)
    for number, part in enumerate(walk(draft.body["components"]), 1):
        part.setdefault("id", number)
    interaction.shown = draft.body


def _told(world: World, interaction: Interaction) -> Json:
    spelt: dict[str, Any] = {
        "interaction": {"id": str(interaction.id), "type": interaction.kind},
    }
    held = interaction.original
    if held is None:
        return spelt
    spelt["interaction"] |= {
        "response_message_id": str(held.id),
        "response_message_loading": held.loading,
        "response_message_ephemeral": held.ephemeral,
    }
    if interaction.answer in (SAY, DEFER, UPDATE):
        message = payloads.message(world, held)
        spelt["resource"] = {"type": interaction.answer, "message": message}
    return spelt
