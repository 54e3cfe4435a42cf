import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.terminal.exits import silence_stdout

if TYPE_CHECKING:
    from bot.terminal.terminal import Terminal
    from core.app import App
    from core.ids import JobId


@contextmanager
def unheard() -> Iterator[None]:
    """A reader that goes away stops no work: what is paid for is still kept."""
    try:
        yield
    except (OSError, SystemExit):  # click makes the second of the first
        silence_stdout()


@contextmanager
def ctrl_c(stopped: asyncio.Event, *more: signal.Signals) -> Iterator[None]:
    """The first Ctrl-C asks for the end, so that rows and files get it too; a second one kills.

    `more`: signals that do the same.
    """
    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, *more)

    def forget() -> None:
        for each in signals:
            loop.remove_signal_handler(each)

    def stop() -> None:
        stopped.set()
        forget()

    try:
        for each in signals:
            loop.add_signal_handler(each, stop)
    except NotImplementedError:  # Windows: asyncio.run cancels the command instead
        yield
        return
    try:
        yield
    finally:
        forget()


async def cancel_when(
    terminal: "Terminal", app: "App", job: "JobId", stopped: asyncio.Event
) -> None:
    await stopped.wait()
    await app.jobs.cancel(terminal.asker, job)
