"""Every button once, for both chats: its code, what it does, what comes of it."""

from bot.actions.codes import Action, Press, code_of, read_code
from bot.actions.deeds import Pressed, edited, perform
from bot.actions.outcomes import Begun, Ended, Handed, Looked, Opened, Outcome, Prefilled

__all__ = [
    "Action",
    "Begun",
    "Ended",
    "Handed",
    "Looked",
    "Opened",
    "Outcome",
    "Prefilled",
    "Press",
    "Pressed",
    "code_of",
    "edited",
    "perform",
    "read_code",
]
