"""A chat front end, as the terminal starts it; which ones there are, only `bot.cli` knows."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.app import App
    from core.config.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontEnd:
    """`run` works until it is cancelled, and prints by what it is given that it is ready."""

    is_enabled: "Callable[[Settings], bool]"
    run: "Callable[[App, Settings, Callable[[str], None]], Coroutine[Any, Any, None]]"
