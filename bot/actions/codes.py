"""What a button is called inside, and the code that stands on it."""

import re
from dataclasses import dataclass
from enum import StrEnum

_CODE = re.compile(r"1:([a-z_]{1,16}):([a-z2-7]{20}):([\w.-]{0,20})", re.ASCII)


class Action(StrEnum):
    """The words stand in codes on old messages: none ever changes its meaning."""

    SPLIT = "split"
    CUTOUT = "cutout"
    ZIP = "zip"
    CANCEL = "cancel"
    RETRY = "retry"
    AGAIN = "again"
    EDIT = "edit"
    ZIP_ALL = "zip_all"
    CUTOUT_ALL = "cutout_all"
    PANEL = "panel"
    ORIGINAL = "original"
    STICKER = "sticker"
    EMOJI = "emoji"
    SAME_SEED = "same_seed"
    INFO = "info"
    DELETE = "delete"
    GRID = "grid"
    USE = "use"
    USE_ORIGINAL = "use_original"
    SHARE = "share"


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """One button. `target` is the id of an image or a job; `argument` what else it needs."""

    action: Action
    target: str
    argument: str = ""


def code_of(press: Press) -> str:
    """At most 64 bytes, as Telegram takes them; it says nothing outside our own store."""
    return f"1:{press.action}:{press.target}:{press.argument}"


def read_code(code: str) -> Press | None:
    """None for what is no code of ours, or of an action that is no more."""
    match = _CODE.fullmatch(code)
    if match is None or match[1] not in set(Action):
        return None
    return Press(action=Action(match[1]), target=match[2], argument=match[3])
