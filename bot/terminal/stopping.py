import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from bot.terminal.exits import silence_stdout


@contextmanager
def unheard() -> Iterator[None]:
    """A reader that goes away stops no work: what is paid for is still kept."""
    try:
        yield
    except (OSError, SystemExit):  # click makes the second of the first
        silence_stdout()


@contextmanager
def ctrl_c(stopped: asyncio.Event) -> Iterator[None]:
    """The first Ctrl-C asks for the end, so that rows and files get it too; a second one kills."""
    loop = asyncio.get_running_loop()

    def stop() -> None:
        stopped.set()
        loop.remove_signal_handler(signal.SIGINT)

    try:
        loop.add_signal_handler(signal.SIGINT, stop)
    except NotImplementedError:  # Windows: asyncio.run cancels the command instead
        yield
        return
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)
