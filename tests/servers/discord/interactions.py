"""What a person did with the bot, and what came of it."""

from dataclasses import dataclass, field
from typing import Any

from typing_extensions import override

from tests.servers.discord.things import Account, Channel, Json, Message

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class Interaction:
    """Times are the server's, in seconds."""

    id: int
    token: str
    kind: int
    data: Json
    person: Account
    channel: Channel
    locale: str
    at: float
    source: Message | None = None  # the message it was pressed on
    cause: "Interaction | None" = None  # what brought the modal that was submitted
    acknowledged_at: float | None = None
    answer: int | None = None  # type of the first response: 4, 5, 6, 7, 8, 9
    original: Message | None = None  # what the first response shows or changes
    followups: list[Message] = field(default_factory=list)
    counted: int = 0  # messages that were posted after the first
    shown: Json | None = None  # the modal that the first response brought
    choices: list[Json] | None = None
    late: bool = False  # the person reads "The application did not respond"
    told: list[str] = field(default_factory=list)  # what the client was refused with, in words

    @override
    def __repr__(self) -> str:
        state = "failed" if self.failed else f"answered with {self.answer}"
        return f"<interaction of {self.person.name}, {self.data}: {state}, {self.answers}>"

    @property
    def acked(self) -> float | None:
        """Seconds from the act to the first response."""
        return None if self.acknowledged_at is None else self.acknowledged_at - self.at

    @property
    def failed(self) -> bool:
        """The person reads "This interaction failed"."""
        return self.acknowledged_at is None

    @property
    def deferred(self) -> bool:
        return self.answer in (5, 6)

    @property
    def private(self) -> bool:
        """The first message that answers is for the person alone."""
        return bool(self.answers) and self.answers[0].ephemeral

    @property
    def message(self) -> Message:
        """What the first response shows or changes; AssertionError when that is no message."""
        assert self.original is not None, f"no message: {self.told or 'not answered so'}"
        return self.original

    @property
    def modal(self) -> Json:
        """What the first response opened; AssertionError when that is no modal."""
        assert self.shown is not None, f"no modal: {self.told or 'not answered so'}"
        return self.shown

    @property
    def answers(self) -> list[Message]:
        """The messages that came of it and still stand; a pressed message is none of them."""
        shown = [m for m in (self.original, *self.followups) if m and m is not self.source]
        return [message for message in shown if not message.deleted]

    @property
    def reply(self) -> Message:
        """The newest message that came of it; AssertionError when there is none."""
        assert self.answers, f"no message: {self.told or 'none came'}"
        return self.answers[-1]

    def choice_names(self) -> list[Any]:
        return [choice["name"] for choice in self.choices or []]
