"""What the image tools say."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.words.parameters import say_names
from bot.words.speech import Speech, mark
from core.errors import StoreFull, StoreUnwritable
from core.models.tool import Item, ItemState, PageWords, ToolFailure, ToolFailureKind

if TYPE_CHECKING:
    from core.imaging.metadata import Made

_SENTENCES: Mapping[ToolFailureKind, str] = {
    ToolFailureKind.UNKNOWN: mark("Nothing with this id is kept here. Check the id."),
    ToolFailureKind.DAMAGED: mark(
        "The kept picture is missing or damaged on the disk. Restore it from a backup."
    ),
    ToolFailureKind.MISSING: mark("There is no such file. Check the name."),
    ToolFailureKind.FOLDER: mark("This is a folder. Name the pictures in it."),
    ToolFailureKind.UNREADABLE: mark("This file cannot be read. Check its permissions."),
    ToolFailureKind.EMPTY: mark("The file is empty. Save the picture again."),
    ToolFailureKind.GARBAGE: mark(
        "This is not a picture that can be read. PNG, JPEG, WebP, AVIF and GIF are."
    ),
    ToolFailureKind.TRUNCATED: mark("The end of the picture is missing. Download it again."),
    ToolFailureKind.TOO_LARGE: mark(
        "The picture is too large to be opened safely. Use a smaller one."
    ),
    ToolFailureKind.ANIMATED: mark("The picture is animated. Save one frame of it, and use that."),
    ToolFailureKind.TOO_SMALL: mark(
        "The picture is too small to be cut that often. Use a larger one."
    ),
    ToolFailureKind.NO_SUBJECT: mark(
        "No subject was found in the picture. Use one that stands out from its background."
    ),
    ToolFailureKind.NO_WEIGHTS: mark(
        "The model for the cut-out could not be fetched from anywhere. Put the file {file} "
        "({checksum}) into the folder {folder}."
    ),
    ToolFailureKind.WRONG_WEIGHTS: mark(
        "{path} is not the released file: its checksum is {found}, not {checksum}. Put the "
        "right one there; no other source answered."
    ),
    ToolFailureKind.NO_MEMORY: mark(
        "There is not enough memory for this. Use a smaller picture, leave fine edges out if you "
        "asked for them, or let the operator raise cutout.memory_mib."
    ),
    ToolFailureKind.CRASHED: mark(
        "The tool broke down over this picture. Try again; if it happens once more, save the "
        "picture in another format."
    ),
    ToolFailureKind.BUSY: mark("Too many cut-outs are waiting already. Try again in a moment."),
    ToolFailureKind.OVER_LIMIT: mark(
        "The picture alone is larger than a part may be. Allow larger parts."
    ),
    ToolFailureKind.NO_SPACE: mark(
        "The disk is full or cannot be written. Free some space, then try again."
    ),
    ToolFailureKind.UNWRITABLE: mark(
        "{path} cannot be written. Check its permissions, or choose another folder."
    ),
    ToolFailureKind.INTERRUPTED: mark("Interrupted before it was done. Start it again."),
    ToolFailureKind.CANCELLED: mark("Cancelled."),
}
# What the details of a failure stand for in its sentence.
_NAMES: Mapping[ToolFailureKind, tuple[str, ...]] = {
    ToolFailureKind.NO_WEIGHTS: ("file", "checksum", "folder"),
    ToolFailureKind.WRONG_WEIGHTS: ("path", "checksum", "found"),
    ToolFailureKind.UNWRITABLE: ("path",),
}


def say_tool_failure(_: Speech, failure: ToolFailure) -> str:
    """Why nothing was made of a source, and what to do about it."""
    named = _NAMES.get(failure.kind, ())
    return _(_SENTENCES[failure.kind], **dict(zip(named, failure.detail, strict=False)))


def failure_of(error: StoreFull | StoreUnwritable) -> ToolFailure:
    """A result that could not be written, as what became of its source."""
    if isinstance(error, StoreFull):
        return ToolFailure(kind=ToolFailureKind.NO_SPACE)
    return ToolFailure(kind=ToolFailureKind.UNWRITABLE, detail=(str(error.path),))


def say_unsure(_: Speech) -> str:
    """Nothing was cut; how to say the layout is for the front end to add."""
    return _("No grid was found for sure, so nothing was cut.")


def say_item(_: Speech, name: str, item: Item, outputs: Sequence[Path]) -> str:
    """One line for what came of a source."""
    if item.failure:
        return f"{name}: {say_tool_failure(_, item.failure)}"
    if len(outputs) == 1:
        return f"{name} → {outputs[0]}"
    made = _.n(
        "{count} picture in {folder}",
        "{count} pictures in {folder}",
        len(outputs),
        folder=outputs[0].parent if outputs else "",
    )
    grid = f" ({item.outcome.grid})" if item.outcome and item.outcome.grid else ""
    return f"{name}{grid} → {made}"


def say_working(_: Speech, item: Item) -> str:
    """What is being done with a source that is not finished."""
    progress = item.progress
    if progress.loading:
        share = f" {progress.share:.0%}" if progress.share is not None else ""
        return _("fetching the model {name}", name=progress.loading) + share
    if progress.queue_position:
        return _("place {place} in the queue", place=progress.queue_position)
    return _("waiting") if item.state is ItemState.QUEUED else _("working")


def page_words(_: Speech) -> PageWords:
    """What the page in a zip says."""
    return PageWords(language=_.language, title=_("Pictures"), names=tuple(say_names(_).items()))


def say_made(_: Speech, made: "Made") -> list[tuple[str, str]]:
    """How a picture was made, in rows of a name and a value."""
    rows = {
        _("prompt"): made.prompt,
        _("negative"): made.negative,
        _("model"): made.model,
        _("seed"): made.seed,
        _("steps"): made.steps,
        _("sampler"): made.sampler,
        _("guidance"): made.cfg,
        _("size"): made.size,
        **dict(made.others),
    }
    return [(name, str(value)) for name, value in rows.items() if value not in (None, "")]
