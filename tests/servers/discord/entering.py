"""What a person enters for options and fields becomes the values and `resolved` of a payload."""

from dataclasses import dataclass, field
from typing import Any

from tests.servers.discord import payloads
from tests.servers.discord.commands import (
    ATTACHMENT,
    BOOLEAN,
    CHANNEL,
    INTEGER,
    MENTIONABLE,
    NUMBER,
    ROLE,
    STRING,
    USER,
)
from tests.servers.discord.things import Account, Channel, Json, Role
from tests.servers.discord.world import Upload, World


@dataclass(slots=True, kw_only=True)
class Entered:
    """Collects `resolved` while values are spelt."""

    world: World
    place: Channel
    resolved: Json = field(default_factory=dict)

    def into(self, data: Json) -> Json:
        return {**data, "resolved": self.resolved} if self.resolved else data

    def option(self, described: Json, value: Any) -> Json:
        """AssertionError where Discord's client would not let it be sent."""
        kind, name = described["type"], described["name"]
        spelt = self.value(kind, value)
        if kind == STRING:
            least, most = described.get("min_length", 0), described.get("max_length", 6000)
            assert isinstance(spelt, str), f"{name} is a text, not {value!r}"
            assert least <= len(spelt) <= most, f"{name} takes {least} to {most} signs"
        elif kind in (INTEGER, NUMBER):
            assert not isinstance(spelt, bool), f"{name} is a number, not {value!r}"
            assert isinstance(spelt, int if kind == INTEGER else int | float), (name, value)
            least, most = described.get("min_value"), described.get("max_value")
            assert least is None or least <= spelt, f"{name} is at least {least}"
            assert most is None or spelt <= most, f"{name} is at most {most}"
        elif kind == BOOLEAN:
            assert isinstance(spelt, bool), f"{name} is true or false, not {value!r}"
        if choices := described.get("choices"):
            fitting = [c["value"] for c in choices if spelt in (c["value"], c["name"])]
            assert fitting, f"{name} offers {[c['name'] for c in choices]}, not {value!r}"
            spelt = fitting[0]
        return {"name": name, "type": kind, "value": spelt}

    def value(self, kind: int, value: Any) -> Any:
        if kind == ATTACHMENT:
            return self.file(value)
        if kind in (USER, MENTIONABLE, ROLE, CHANNEL):
            return self.thing(value)
        return value

    def file(self, upload: Upload) -> str:
        kept = self.world.store(upload, self.place, ephemeral=True)
        spelt = payloads.attachment(self.world, kept)
        self.resolved.setdefault("attachments", {})[str(kept.id)] = spelt
        return str(kept.id)

    def thing(self, value: Any) -> str:
        """A person, role or channel, by its id, with what Discord says of it."""
        value = getattr(value, "account", value)
        place, world = self.place, self.world
        key = str(value.id)
        if isinstance(value, Account):
            self.resolved.setdefault("users", {})[key] = payloads.user(value)
            if place.guild:
                member = payloads.member(world, value, place, with_user=False)
                self.resolved.setdefault("members", {})[key] = member
        elif isinstance(value, Role):
            self.resolved.setdefault("roles", {})[key] = payloads.role(value)
        else:
            spelt = payloads.channel(world, value, world.bot)
            self.resolved.setdefault("channels", {})[key] = spelt
        return key

    def entries(self, entries: dict[str, Any]) -> dict[str, Any]:
        """Of a modal: files become ids."""
        return {name: self._entry(value) for name, value in entries.items()}

    def _entry(self, value: Any) -> Any:
        if isinstance(value, Upload):
            return [self.file(value)]
        if isinstance(value, list | tuple):
            return [self.file(one) if isinstance(one, Upload) else one for one in value]
        return value
