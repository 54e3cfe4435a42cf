"""What is written on buttons and menus.

The labels are names, as commands are: the same English words for everybody, so that a person who
is told "press Split" finds it in any language. Numbers or emoji may stand around them.
"""

from collections.abc import Mapping

# By the name of the action, as it stands in the codes.
LABELS: Mapping[str, str] = {
    "split": "Split",
    "cutout": "Cut out",
    "zip": "Zip",
    "cancel": "Cancel",
    "retry": "Retry failed",
    "again": "Again",
    "edit": "Edit prompt",
    "zip_all": "Zip all",
    "cutout_all": "Cut out all",
    "original": "Original",
    "sticker": "Sticker",
    "emoji": "Emoji",
    "same_seed": "Same seed",
    "info": "Info",
    "delete": "Delete",
    "use": "Use",
    "use_original": "Use original",
    "share": "Share",
}
MORE = "More for picture..."
OTHER_GRID = "Other..."
EDIT = "Edit"  # a text that is not yet anybody's prompt


def label_of(action: str, number: str = "") -> str:
    """`number` says which of several pictures it is for."""
    return f"{LABELS[action]} {number}" if number else LABELS[action]


def say_retry(missing: int) -> str:
    return f"{LABELS['retry']} ({missing})"


def say_more(number: str, model: str) -> str:
    """One picture in the menu."""
    return f"{number} · {model}"
