"""What the chats say of a job as it stands."""

from bot.words.captions import say_progress, say_told
from bot.words.speech import Speech
from bot.words.tools import say_tool_failure, say_unsure, say_working
from core.models.attempt import Attempt, AttemptState
from core.models.text import StepKind
from core.models.tool import Item, ItemState


def say_standing(_: Speech, attempt: Attempt) -> str:
    """One line: its state as a word, and what there is to know of it."""
    match attempt.state:
        case AttemptState.DONE if attempt.deleted:
            return _("deleted")
        case AttemptState.DONE:
            return _("done") + " · " + say_told(_, attempt)
        case AttemptState.FAILED:
            return _("failed") + " · " + say_told(_, attempt)
        case AttemptState.CANCELLED:
            return _("cancelled")
        case AttemptState.INTERRUPTED:
            return _("interrupted before the picture came; Retry failed sends it again")
        case _:
            return say_progress(_, attempt)


def say_made_of(_: Speech, item: Item) -> str:
    """What a tool made of one source, or how far it is."""
    if item.failure:
        return say_tool_failure(_, item.failure)
    if item.state is ItemState.UNSURE:
        return say_unsure(_)
    if item.deleted:
        return _("deleted")
    if not item.state.final:
        return say_working(_, item)
    if item.outcome and item.outcome.grid:
        grid = str(item.outcome.grid)
        return _.n(
            "{grid}: {count} picture", "{grid}: {count} pictures", len(item.images), grid=grid
        )
    return _("done")


def say_step(_: Speech, kind: StepKind) -> str:
    """What a text model is doing."""
    return _("translating ...") if kind is StepKind.TRANSLATE else _("enhancing ...")
