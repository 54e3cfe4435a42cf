"""LiteLLM itself: imported late, away from the event loop, and kept quiet."""

import asyncio
import logging
from functools import cache
from typing import Any


async def load() -> Any:
    """The module. Its first import takes seconds and much of the interpreter: not on the loop."""
    return _load() if _load.cache_info().currsize else await asyncio.to_thread(_load)


@cache
def _load() -> Any:
    loggers = [logging.getLogger(f"LiteLLM{part}") for part in ("", " Router", " Proxy")]
    for logger in loggers:
        logger.setLevel(logging.WARNING)  # else its import talks on standard output
    import litellm

    litellm.suppress_debug_info = True
    litellm.turn_off_message_logging = True
    litellm.drop_params = False
    for logger in loggers:
        logger.handlers.clear()  # they would print everything twice
    pinned_client()
    return litellm


@cache
def pinned_client() -> type[Any]:
    """OpenAI's client that never repeats: LiteLLM 1.106.2 sets two retries on whatever it gets."""
    from openai import AsyncOpenAI

    class Pinned(AsyncOpenAI):
        max_retries = property(lambda _: 0, lambda _, __: None)

    return Pinned
