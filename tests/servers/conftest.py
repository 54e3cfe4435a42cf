import io
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.servers.openai_chat import OpenAIChat
from tests.servers.openai_images import OpenAIImages


@pytest.fixture
async def server() -> AsyncIterator[OpenAIImages]:
    async with OpenAIImages() as server:
        yield server


@pytest.fixture
async def chat() -> AsyncIterator[OpenAIChat]:
    async with OpenAIChat() as chat:
        yield chat


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(trust_env=False, timeout=20, limits=limits) as client:
        yield client


async def ask(
    client: httpx.AsyncClient, server: OpenAIImages, model: str, **more: Any
) -> httpx.Response:
    timeout = more.pop("timeout", 20)
    return await client.post(
        f"{server.base_url}/images/generations",
        json={"model": model, "prompt": "a fox", **more},
        headers={"Authorization": "Bearer sk-canary"},
        timeout=timeout,
    )


async def talk(
    client: httpx.AsyncClient, chat: OpenAIChat, model: str, message: Any = "a fox", **more: Any
) -> httpx.Response:
    timeout = more.pop("timeout", 20)
    said = [{"role": "system", "content": "Enhance."}, {"role": "user", "content": message}]
    return await client.post(
        f"{chat.base_url}/chat/completions",
        json={"model": model, "messages": said, **more},
        headers={"Authorization": "Bearer sk-canary"},
        timeout=timeout,
    )


async def download(
    client: httpx.AsyncClient, server: OpenAIImages, model: str, **more: Any
) -> httpx.Response:
    [item] = (await ask(client, server, model)).json()["data"]
    return await client.get(item["url"], **more)


def size(picture: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(picture)) as image:
        image.load()
        return image.size
