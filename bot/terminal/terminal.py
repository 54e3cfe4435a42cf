import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.terminal.sources import FRONT_END, fetch_file
from bot.words import Speech, speech_for
from core.ids import LOCAL, PlaceId
from core.models.asker import Asker

if TYPE_CHECKING:
    from bot.terminal.fronts import FrontEnd
    from core.app import App
    from core.config.settings import Settings


def speak(languages: Sequence[str]) -> Speech:
    return speech_for(languages, add_key="omniimage keys set {provider}")


class Terminal:
    """What every command of one command line shares: language, global options, the way in."""

    def __init__(self, speech: Speech, front_ends: "Sequence[FrontEnd]" = ()) -> None:
        self.speech = speech
        self.front_ends = front_ends
        self._config: Path | None = None
        self._data_dir: Path | None = None

    def prepare(self, config: Path | None, data_dir: Path | None, *, verbose: bool) -> None:
        self._config = config
        self._data_dir = data_dir
        logging.basicConfig(
            level=logging.DEBUG if verbose else logging.CRITICAL,
            format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        )
        for name in ("aiosqlite", "asyncio", "filelock", "PIL"):
            logging.getLogger(name).setLevel(logging.INFO)  # below it they print values of rows

    @property
    def asker(self) -> Asker:
        return Asker(owner=LOCAL, place=PlaceId(LOCAL), language=self.speech.language)

    def settings(self) -> "Settings":
        from core.config import load_settings

        return load_settings(self._config, self._data_dir)

    def run(
        self,
        work: "Callable[[App], Awaitable[int]]",
        *,
        adopt: bool = False,
        alone: bool = False,
        verify_keys: bool = True,
    ) -> int:
        """Open the house, do one command's work in it, return its exit code."""
        from core.app import open_app

        settings = self.settings()
        if settings.language:
            self.speech = speak([settings.language])

        async def inside() -> int:
            async with open_app(
                settings,
                adopt=adopt,
                alone=alone,
                verify_keys=verify_keys,
                fetches={FRONT_END: fetch_file},
            ) as app:
                return await work(app)

        return asyncio.run(inside())
