"""LiteLLM itself: imported late, away from the event loop, and kept quiet."""

import asyncio
import logging
from functools import cache
from typing import Any

import httpx

NEVER = 24 * 3600.0  # seconds; the deadline of whoever asks ends a call


async def load() -> Any:
    """The module. Its first import takes seconds and much of the interpreter: not on the loop."""
    return _load() if _load.cache_info().currsize else await asyncio.to_thread(_load)


@cache
def _load() -> Any:
    loggers = [logging.getLogger(f"LiteLLM{part}") for part in ("", " Router", " Proxy")]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)  # else its import talks on standard output
    import litellm

    litellm.suppress_debug_info = True
    litellm.turn_off_message_logging = True
    litellm.drop_params = False
    for logger in loggers:
        logger.handlers.clear()  # they would print everything twice
    asyncio.run(_warm(litellm))
    return litellm


async def _warm(litellm: Any) -> None:
    """Calls to nowhere: LiteLLM imports half of itself with the first ones, a second's work."""

    def answer(request: httpx.Request) -> httpx.Response:
        said = {"choices": [{"message": {"role": "assistant", "content": "none"}}]}
        painted = {"data": [{"b64_json": "AA=="}]}
        return httpx.Response(200, json={**said, **painted}, request=request)

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer), trust_env=False) as client:
        address = "https://example.invalid/v1"
        pinned = pinned_client()(api_key="none", base_url=address, http_client=client)
        where = {"model": "openai/none", "client": pinned, "api_key": "none", "api_base": address}
        await litellm.aimage_generation(prompt="none", **where)
        await litellm.acompletion(messages=[{"role": "user", "content": "none"}], **where)


@cache
def pinned_client() -> type[Any]:
    """OpenAI's client that never repeats: LiteLLM 1.106.2 sets two retries on whatever it gets."""
    from openai import AsyncOpenAI

    class Pinned(AsyncOpenAI):
        max_retries = property(lambda _: 0, lambda _, __: None)

    return Pinned
