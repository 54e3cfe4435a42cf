"""A person at Discord's client: types, completes, presses, chooses, submits, looks."""

import secrets
from typing import TYPE_CHECKING, Any

from tests.servers.discord import commands, modals, payloads
from tests.servers.discord.entering import Entered
from tests.servers.discord.interactions import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    MODAL_SUBMIT,
    Interaction,
)
from tests.servers.discord.things import Account, Can, Channel, Json, Message, label_of

if TYPE_CHECKING:
    from tests.servers.discord.server import LocalDiscord


class Person:
    """Each act returns when the first response is there, or when the time for it is over.

    AssertionError or LookupError when Discord's client would not offer the act. `place` is where
    commands are typed, unless `at` says otherwise.
    """

    def __init__(
        self, discord: "LocalDiscord", account: Account, language: str, place: Channel
    ) -> None:
        self._discord = discord
        self.account = account
        self.language = language
        self.place = place

    @property
    def id(self) -> int:
        return self.account.id

    @property
    def dm(self) -> Channel:
        """The conversation with the bot."""
        return self._discord.private(self.account)

    def commands(self, at: Channel | None = None, kind: int = commands.CHAT) -> list[str]:
        """What the client offers there, in the person's language; subcommands as `keys add`."""
        offered: list[str] = []
        for command in self._offered(at or self.place):
            if command["type"] == kind:
                offered += self._paths(command)
        return offered

    def _paths(self, entry: Json) -> list[str]:
        name = commands.shown(entry, "name", self.language)
        below = [o for o in entry.get("options") or [] if o["type"] in (1, 2)]
        return [f"{name} {path}" for part in below for path in self._paths(part)] or [name]

    def _offered(self, place: Channel) -> list[Json]:
        known = self._discord.commands
        listed = [*known.get(None, []), *known.get(place.guild.id if place.guild else 0, [])]
        may = self._discord.can(self.account, place)
        assert Can.USE_APPLICATION_COMMANDS in may, "may not use commands there"
        here = [command for command in listed if commands.offered(command, place)]
        needed = [int(command["default_member_permissions"] or 0) for command in here]
        return [c for c, need in zip(here, needed, strict=True) if not need & ~may]

    async def types(
        self, command: str, /, *, at: Channel | None = None, **options: Any
    ) -> Interaction:
        """`/keys add` or `keys add`; options by their names, files as Upload."""
        return await self._command(command, at or self.place, options)

    async def completes(
        self, command: str, option: str, text: Any, /, *, at: Channel | None = None, **others: Any
    ) -> list[Json]:
        """The choices (`name`, `value`) offered while this text stands in the option."""
        made = await self._command(command, at or self.place, others, focused=(option, text))
        assert made.choices is not None, "no choices: the application did not respond"
        return list(made.choices)

    async def _command(
        self,
        command: str,
        place: Channel,
        options: dict[str, Any],
        *,
        focused: tuple[str, Any] | None = None,
    ) -> Interaction:
        path = command.removeprefix("/").split()
        found, chain = commands.find(self._offered(place), path, commands.CHAT, self.language)
        described = (chain[-1] if chain else found).get("options") or []
        entered = Entered(world=self._discord, place=place)
        spelt = self._options(entered, described, options, complete=focused is None)
        if focused:
            [option] = [o for o in described if o["name"] == focused[0]]
            assert option.get("autocomplete"), f"{focused[0]} does not complete"
            spelt.append(
                {"name": focused[0], "type": option["type"], "value": focused[1], "focused": True}
            )
        for part in reversed(chain):
            spelt = [{"name": part["name"], "type": part["type"], "options": spelt}]
        data = {"id": found["id"], "name": found["name"], "type": 1, "options": spelt}
        if "guild_id" in found:
            data["guild_id"] = found["guild_id"]
        kind = AUTOCOMPLETE if focused else COMMAND
        return await self._act(kind, entered.into(data), place)

    def _options(
        self, entered: Entered, described: list[Json], options: dict[str, Any], *, complete: bool
    ) -> list[Json]:
        known = {o["name"]: o for o in described}
        assert not set(options) - set(known), f"no {set(options) - set(known)} among {set(known)}"
        missing = [n for n, o in known.items() if o.get("required") and n not in options]
        assert not (complete and missing), f"{missing} must be given"
        return [entered.option(known[name], value) for name, value in options.items()]

    async def opens_context_menu(
        self, name: str, target: "Message | Person", /, *, at: Channel | None = None
    ) -> Interaction:
        """Apps -> name, on a message or on a person."""
        on_message = isinstance(target, Message)
        place = at or (target.channel if isinstance(target, Message) else self.place)
        kind = commands.ON_MESSAGE if on_message else commands.ON_USER
        found, _ = commands.find(self._offered(place), [name], kind, self.language)
        entered = Entered(world=self._discord, place=place)
        if isinstance(target, Message):
            assert self.sees(target), "the message is not to be seen"
            spelt = payloads.message(self._discord, target)
            entered.resolved["messages"] = {str(target.id): spelt}
        else:
            entered.thing(target)
        data = {"id": found["id"], "name": found["name"], "type": kind}
        return await self._act(COMMAND, entered.into({**data, "target_id": str(target.id)}), place)

    async def presses(
        self, message: Message, label: str = "", *, custom_id: str = "", nth: int | None = None
    ) -> Interaction:
        """The button that says so, else the one whose label holds these words.

        `nth` (from 1) where several do.
        """
        button = self.button(message, label, custom_id=custom_id, nth=nth)
        assert not button.get("disabled"), f"{label or custom_id} is disabled"
        assert button.get("custom_id"), f"{label} is a link"
        data = {"id": button["id"], "component_type": 2, "custom_id": button["custom_id"]}
        return await self._act(COMPONENT, data, message.channel, source=message)

    def button(
        self, message: Message, label: str = "", *, custom_id: str = "", nth: int | None = None
    ) -> Json:
        self._reaches(message)
        buttons = message.buttons
        if custom_id:
            found = [b for b in buttons if b.get("custom_id") == custom_id]
        else:
            found = [b for b in buttons if label_of(b) == label]
            found = found or [b for b in buttons if label in label_of(b)]
        assert found, f"no button {label or custom_id!r} among {message.labels}"
        assert nth or len(found) == 1, f"{len(found)} buttons say {label!r}: which? (nth)"
        return found[(nth or 1) - 1]

    async def chooses(
        self, message: Message, /, *values: Any, custom_id: str = "", placeholder: str = ""
    ) -> Interaction:
        """In the message's select (which one, where there are several): labels or values."""
        self._reaches(message)
        found = [
            select
            for select in message.selects
            if custom_id in ("", select["custom_id"])
            and placeholder in (select.get("placeholder") or "")
        ]
        assert len(found) == 1, f"{len(found)} selects fit, of {len(message.selects)}"
        [select] = found
        assert not select.get("disabled"), "the select is disabled"
        entered = Entered(world=self._discord, place=message.channel)
        least, most = select.get("min_values", 1), select.get("max_values", 1)
        assert least <= len(values) <= most, f"the select takes {least} to {most} values"
        chosen = [self._chosen(select, entered, value) for value in values]
        data = {"id": select["id"], "component_type": select["type"]}
        data |= {"custom_id": select["custom_id"], "values": chosen}
        return await self._act(COMPONENT, entered.into(data), message.channel, source=message)

    def _chosen(self, select: Json, entered: Entered, value: Any) -> str:
        if select["type"] != 3:
            return entered.thing(value)
        offered = select["options"]
        fitting = [o for o in offered if value in (o["value"], o["label"])]
        fitting = fitting or [o for o in offered if str(value) in o["label"]]
        assert fitting, f"no {value!r} among {[o['label'] for o in offered]}"
        return str(fitting[0]["value"])

    async def submits(self, shown: Interaction, entries: dict[str, Any], /) -> Interaction:
        """The modal that this interaction brought. `entries`: label or custom_id -> value."""
        entered = Entered(world=self._discord, place=shown.channel)
        filled = modals.filled(shown.modal, entered.entries(entries))
        data = entered.into({"custom_id": shown.modal["custom_id"], "components": filled})
        source = shown.source if shown.kind == COMPONENT else None
        return await self._act(MODAL_SUBMIT, data, shown.channel, source=source, cause=shown)

    def sees(self, message: Message) -> Message | None:
        """The message as it now stands; None when it is gone or not for this person's eyes."""
        hidden = message.reader not in (None, self.account)
        may = Can.VIEW_CHANNEL in self._discord.can(self.account, message.channel)
        return None if message.deleted or hidden or not may else message

    def _reaches(self, message: Message) -> None:
        assert self.sees(message), "the message is gone, or not for this person's eyes"
        assert not message.loading, "the message is still loading"

    async def _act(
        self,
        kind: int,
        data: Json,
        place: Channel,
        *,
        source: Message | None = None,
        cause: Interaction | None = None,
    ) -> Interaction:
        discord = self._discord
        made = Interaction(
            id=discord.new_id(),
            token=secrets.token_urlsafe(96),
            kind=kind,
            data=data,
            person=self.account,
            channel=place,
            locale=self.language,
            at=discord.clock.now(),
            source=source,
            cause=cause,
        )
        discord.interactions.append(made)
        spelt = payloads.interaction(discord, made)
        heard = await discord.sessions.dispatch("INTERACTION_CREATE", spelt, place.guild)
        while heard and made.failed:
            left = made.at + discord.answer_within - discord.clock.now()
            if left <= 0:
                break
            await discord.changes.wait(left)
        made.late = made.failed
        return made
