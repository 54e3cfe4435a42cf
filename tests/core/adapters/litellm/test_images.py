"""LiteLLM itself, over real sockets, against the local provider."""

import asyncio
import base64
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from typing_extensions import override

from core.adapters.litellm import LiteLLMImages
from core.app import App, open_app
from core.config.settings import Limits, Network, ServerSetting, Settings, Storage
from core.errors import RetiredModel, UnknownModel
from core.ids import ModelId, ProviderId
from core.models.attempt import Attempt, Cost
from core.models.job import Comparison
from core.models.request import Parameters, Quality, Request, Size
from core.usecases import catalog
from tests.fakes import png
from tests.houses import ANN, ASKER, finished, kinds, stands
from tests.servers.openai_images import OpenAIImages

ROOT = Path(__file__).parents[4]
KEY = "sk-someone's-own-key"
CUSTOM, OPENAI = ProviderId("custom"), ProviderId("openai")


@asynccontextmanager
async def house(root: Path, **more: Any) -> AsyncIterator[App]:
    settings = Settings(
        data_dir=root / "data",
        config_dir=root / "config",
        storage=Storage(min_free_mib=0),
        **more,
    )
    async with open_app(settings) as app:
        yield app


async def asked(app: App, *models: str, **parameters: Any) -> Comparison:
    request = Request(
        prompt="a fox", models=tuple(map(ModelId, models)), parameters=Parameters(**parameters)
    )
    job, _ = await app.jobs.submit(ASKER, request)
    return await finished(app, job.id)


async def attempt(app: App, model: str, **parameters: Any) -> Attempt:
    [one] = (await asked(app, model, **parameters)).attempts
    return one


@pytest.mark.parametrize("model", ["url", "b64", "usage", "file-redirect"])
async def test_a_picture_comes_by_address_or_inside_the_answer(tmp_path, model):
    async with OpenAIImages() as server, house(tmp_path) as app:
        await app.keys.set(ASKER, CUSTOM, KEY, server.base_url)
        end = await attempt(app, f"custom/{model}")
        [image] = end.images
        assert (image.width, image.height, image.format) == (64, 64, "png")
        assert server.paid == {model: 1}
        [request] = [one for one in server.requests if one.method == "POST"]
        assert request.headers["authorization"] == f"Bearer {KEY}"
        assert all("authorization" not in one.headers for one in server.downloads)


FAULTS = {
    "status-400": "bad_request",
    "status-401": "bad_key",
    "status-402": "no_credit",
    "status-403": "bad_key",
    "status-404": "not_found",
    "status-422": "bad_request",
    "status-429": "rate_limited",
    "status-500": "provider_down",
    "status-503": "provider_down",
    "no-credit": "no_credit",
    "moderated": "refused",
    "policy": "refused",
    "unverified": "bad_key",
    "hang": "timeout",
    "drip": "timeout",
    "drip-head": "timeout",
    "slow-5": "timeout",
    "slow-download-5": "timeout",
    "reset": "interrupted",
    "close": "interrupted",
    "truncated": "interrupted",
    "redirect": "blocked",
    "html": "garbage",
    "notjson": "garbage",
    "bad-b64": "garbage",
    "empty": "empty",
    "null": "empty",
    "nothing": "empty",
    "big": "too_large",
    "big-file": "too_large",
    "big-unsized": "too_large",
    "big-unsized-file": "too_large",
    "bomb": "too_large",
    "cut-file": "garbage",
    "html-file": "garbage",
    "gzip-file": "garbage",
    "file-404": "garbage",
    "file-redirect-private": "blocked",
    "private-url": "blocked",
    "file-url": "blocked",
}


@pytest.mark.parametrize(("model", "kind"), FAULTS.items())
async def test_every_fault_is_its_own_failure_and_one_paid_request(tmp_path, model, kind):
    limits = Limits(deadline=1.0 if kind == "timeout" else 20.0)
    async with OpenAIImages() as server, house(tmp_path, limits=limits) as app:
        await app.keys.set(ASKER, CUSTOM, KEY, server.base_url)
        end = await asked(app, f"custom/{model}", "custom/good")
        assert kinds(end) == [kind, None]
        assert server.paid == {model: 1, "good": 1}


async def test_a_rate_limit_says_when_to_come_again(tmp_path):
    async with OpenAIImages() as server, house(tmp_path) as app:
        await app.keys.set(ASKER, CUSTOM, KEY, server.base_url)
        end = await attempt(app, "custom/status-429")
    assert end.failure is not None
    assert end.failure.retry_after == 7


async def test_a_server_that_is_not_there_was_paid_nothing(tmp_path):
    async with OpenAIImages() as server:
        gone = server.base_url
    async with house(tmp_path) as app:
        await app.keys.set(ASKER, CUSTOM, KEY, gone)
        assert kinds(await asked(app, "custom/good")) == ["provider_down"]


async def test_cancelling_closes_the_line_and_sends_nothing_more(tmp_path):
    async with OpenAIImages() as server, house(tmp_path, limits=Limits()) as app:
        await app.keys.set(ASKER, CUSTOM, KEY, server.base_url)
        request = Request(prompt="a fox", models=(ModelId("custom/hang"),))
        job, _ = await app.jobs.submit(ASKER, request)
        async with asyncio.timeout(20):
            while not server.paid:  # noqa: ASYNC110 - the server tells nobody else
                await asyncio.sleep(0.01)
        await app.jobs.cancel(ASKER, job.id)
        assert stands(await finished(app, job.id)) == ["cancelled"]
        assert server.paid == {"hang": 1}


async def test_without_a_key_nothing_is_sent_and_no_other_key_stands_in(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-the-operator's")
    async with OpenAIImages() as server, house(tmp_path) as app:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        await app.keys.set(ANN, OPENAI, KEY, None)
        assert kinds(await asked(app, "openai/gpt-image-2")) == ["no_key"]
        assert server.requests == []


async def test_the_environment_of_the_operator_is_taken_out_of_the_way(tmp_path, monkeypatch):
    for name in ("OPENAI_API_KEY", "XAI_API_KEY", "OPENAI_BASE_URL", "HTTPS_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    async with OpenAIImages() as server, house(tmp_path) as app:
        await app.keys.set(ASKER, CUSTOM, KEY, server.base_url)
        assert stands(await asked(app, "custom/good")) == ["done"]
    names = {"OPENAI_API_KEY", "XAI_API_KEY", "OPENAI_BASE_URL", "HTTPS_PROXY", "http_proxy"}
    assert not names & set(os.environ)  # noqa: TID251 - this is what is tested


async def test_what_is_sent_to_openai_is_what_its_description_knows(tmp_path):
    async with OpenAIImages(strict=True) as server, house(tmp_path) as app:
        await app.keys.set(ASKER, OPENAI, KEY, server.base_url)
        end = await attempt(
            app,
            "openai/gpt-image-2.6-flare",
            size=Size.read("1500x1000"),
            seed=7,
            steps=20,
            negative="text",
            quality=Quality.HIGH,
        )
        assert end.order is not None
        assert end.order.ignored == ("seed", "steps", "negative")
        [request] = [one for one in server.requests if one.method == "POST"]
        assert request.body == {
            "model": "gpt-image-2.6-flare",
            "prompt": "a fox",
            "size": "1504x992",
            "quality": "high",
        }
        assert server.invalid == []


async def test_the_cost_is_counted_from_the_tokens_of_the_reply(tmp_path):
    async with OpenAIImages() as server, house(tmp_path) as app:
        await app.keys.set(ASKER, OPENAI, KEY, server.base_url)
        known = await attempt(app, "openai/gpt-image-2")
        unpriced = await attempt(app, "openai/gpt-image-2.5-flare")
        [answer] = [one.body for one in server.requests if one.body and "2.5" in str(one.body)]
    assert answer
    assert isinstance(known.cost, Cost)
    assert known.cost.exact
    assert Decimal(0) < known.cost.amount < Decimal(1)
    assert unpriced.cost is None


async def test_a_server_of_the_settings_needs_no_key_and_takes_any_name(tmp_path):
    async with OpenAIImages() as server:
        servers = {"lab": ServerSetting(base_url=server.base_url, models=("good",))}
        async with house(tmp_path, servers=servers) as app:
            assert ModelId("lab/good") in [card.model for card in app.catalog.cards()]
            end = await asked(app, "lab/good", "lab/b64")
            assert stands(end) == ["done", "done"]


async def test_an_inner_server_of_a_persons_key_is_reached_only_where_it_is_allowed(tmp_path):
    async with OpenAIImages() as server:
        async with house(tmp_path / "a", network=Network(allow=(server.host_port,))) as app:
            await app.keys.set(ANN, CUSTOM, KEY, server.base_url)
            request = Request(prompt="a fox", models=(ModelId("custom/good"),))
            job, _ = await app.jobs.submit(ANN, request)
            assert stands(await finished(app, job.id)) == ["done"]
        secure = server.base_url.replace("http:", "https:")
        async with house(tmp_path / "b") as app:
            await app.keys.set(ANN, CUSTOM, KEY, secure)
            job, _ = await app.jobs.submit(ANN, request)
            assert kinds(await finished(app, job.id)) == ["blocked"]


async def test_a_model_that_was_shut_names_its_successor(tmp_path, monkeypatch):
    async with house(tmp_path) as app:
        with pytest.raises(RetiredModel) as refused:
            app.catalog.card(ModelId("openai/dall-e-3"))
        assert app.catalog.card(ModelId(refused.value.successor)).model
        with pytest.raises(UnknownModel):
            app.catalog.card(ModelId("openai/gpt-image-9"))

        class Later(datetime):
            @classmethod
            @override
            def now(cls, tz: Any = None) -> "Later":
                return cls(2026, 12, 1, tzinfo=tz or UTC)

        monkeypatch.setattr(catalog, "datetime", Later)
        with pytest.raises(RetiredModel):
            app.catalog.card(ModelId("openai/gpt-image-1.5"))
        names = {card.model for card in app.catalog.cards(provider=OPENAI)}
        assert "openai/gpt-image-1-mini" not in names
        assert "openai/gpt-image-2" in names


async def test_two_hundred_answers_at_once_hold_few_bodies_and_lose_none(tmp_path):
    async with OpenAIImages() as server, house(tmp_path, limits=Limits(parallel=500)) as app:
        await app.keys.set(ASKER, CUSTOM, KEY, server.base_url)
        models = tuple(ModelId(f"custom/{name}") for name in ("url:a", "url:b", "b64:a", "b64:b"))
        jobs = await asyncio.gather(
            *(app.jobs.submit(ASKER, Request(prompt=f"fox {n}", models=models)) for n in range(50))
        )
        ends = await asyncio.gather(*(finished(app, job.id) for job, _ in jobs))
        assert [stands(end) for end in ends] == [["done"] * 4] * 50
        assert sum(server.paid.values()) == 200


async def test_a_stored_key_that_was_altered_fails_alone(tmp_path):
    async with OpenAIImages() as server, house(tmp_path) as app:
        for provider in (CUSTOM, OPENAI):
            await app.keys.set(ASKER, provider, KEY, server.base_url)
        with sqlite3.connect(tmp_path / "data/omniimage.db") as database:
            database.execute(
                "update keys set base_url = 'http://127.0.0.1:9' where provider = 'openai'"
            )
        database.close()
        end = await asked(app, "openai/gpt-image-2", "custom/good", "demo/subject")
        assert kinds(end) == ["bad_key", None, None]
        assert server.paid == {"good": 1}


@asynccontextmanager
async def answering(
    reply: dict[str, Any], files: OpenAIImages | None = None
) -> AsyncIterator[str]:
    """A server that gives every POST this reply, and to a GET the file of another server."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        method, path, _ = head.split(" ", 2)
        body = json.dumps(reply).encode()
        status = "200 OK"
        if method == "GET" and files is not None:
            async with httpx.AsyncClient(trust_env=False) as client:
                body = (await client.get(f"{files.origin}{path.removeprefix('/v1/..')}")).content
        elif method == "GET":
            status = "404 Not Found"
        writer.write(
            f"HTTP/1.1 {status}\r\nconnection: close\r\ncontent-type: application/json\r\n"
            f"content-length: {len(body)}\r\n\r\n".encode()
            + body
        )
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"


@pytest.mark.parametrize(
    ("second", "kept"),
    [({}, 1), ({"b64_json": "?"}, 1), ({"url": "/nowhere.png"}, 1), ({"url": "DATA"}, 2)],
)
async def test_one_bad_picture_of_a_reply_takes_no_sound_one_along(tmp_path, second, kept):
    whole = base64.b64encode(png()).decode()
    if second.get("url") == "DATA":
        second = {"url": f"data:image/png;base64,{whole}"}
    reply = {"data": [{"b64_json": whole}, second]}
    async with answering(reply) as base_url, house(tmp_path) as app:
        await app.keys.set(ASKER, CUSTOM, KEY, base_url)
        assert len((await attempt(app, "custom/x")).images) == kept


@pytest.mark.parametrize("where", ["/files/1.png", "files/1.png", "LOCALHOST"])
async def test_a_server_of_ones_own_may_name_its_files_in_short(tmp_path, where):
    async with OpenAIImages() as server:
        async with httpx.AsyncClient(trust_env=False) as client:
            body = {"model": "url", "prompt": "x"}
            told = await client.post(f"{server.base_url}/images/generations", json=body)
        path = urlsplit(told.json()["data"][0]["url"]).path
        port = server.host_port.rpartition(":")[2]
        named = {
            "/files/1.png": path,
            "files/1.png": f"..{path}",
            "LOCALHOST": f"http://localhost:{port}{path}",
        }[where]
        reply = {"data": [{"url": named}]}
        async with answering(reply, files=server) as base_url, house(tmp_path) as app:
            await app.keys.set(ASKER, CUSTOM, KEY, base_url)
            end = await attempt(app, "custom/x")
            if where == "LOCALHOST":  # another port is another server
                assert end.failure is not None
                assert end.failure.kind.value == "blocked"
            else:
                assert len(end.images) == 1


async def test_a_model_that_cannot_be_made_ready_fails_alone(tmp_path, monkeypatch):
    async def breaks(_: LiteLLMImages) -> None:
        raise FileNotFoundError

    monkeypatch.setattr(LiteLLMImages, "ready", breaks)
    async with OpenAIImages() as server, house(tmp_path) as app:
        await app.keys.set(ASKER, CUSTOM, KEY, server.base_url)
        end = await asked(app, "custom/good", "demo/subject")
        assert kinds(end) == ["provider_down", None]
        assert end.attempts[0].sent is None
        assert not server.paid


def test_the_first_paid_call_imports_nothing_more():
    """In a process of its own, as everything else here has loaded LiteLLM long ago."""
    code = """
import asyncio, sys, tempfile
from pathlib import Path
from core.ids import ModelId
from tests.core.adapters.litellm.test_images import CUSTOM, KEY, ASKER, attempt, house
from tests.servers.openai_images import OpenAIImages

async def main():
    with tempfile.TemporaryDirectory() as folder:
        async with OpenAIImages() as server, house(Path(folder)) as app:
            await app.keys.set(ASKER, CUSTOM, KEY, server.base_url)
            await app.catalog.painter(ModelId("custom/b64")).ready()
            before = set(sys.modules)
            assert (await attempt(app, "custom/b64")).images
            grown = {name for name in set(sys.modules) - before if name.startswith("litellm")}
            assert not grown, sorted(grown)

asyncio.run(main())
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
