import base64
import io
import time

import httpx
import pytest
from PIL import Image

from tests.fakes import png
from tests.servers import refusals, spec
from tests.servers.conftest import ask, download, size
from tests.servers.openai_images import OpenAIImages, numbered


@pytest.mark.parametrize("model", ["good", "url", "url:b", "slow-0", "slow-download-0"])
async def test_a_good_model_answers_the_address_of_a_picture(
    server: OpenAIImages, client: httpx.AsyncClient, model: str
):
    brought = await download(client, server, model)

    assert brought.headers["content-type"] == "image/png"
    assert size(brought.content) == (64, 64)
    assert server.paid == {model: 1}
    assert [one.method for one in server.downloads] == ["GET"]


@pytest.mark.parametrize("model", ["b64", "usage", "gpt-image-2"])
async def test_a_good_model_answers_the_picture_itself(
    server: OpenAIImages, client: httpx.AsyncClient, model: str
):
    answer = (await ask(client, server, model, n=2)).json()

    assert [base64.b64decode(item["b64_json"]) for item in answer["data"]] == [server.picture] * 2
    assert answer.get("usage", {}).get("output_tokens") == (None if model == "b64" else 2112)


async def test_requests_are_kept_as_they_came(server: OpenAIImages, client: httpx.AsyncClient):
    before = time.monotonic()
    await ask(client, server, "url", size="1024x1024")
    [request] = server.requests

    assert (request.method, request.path) == ("POST", "/v1/images/generations")
    assert request.headers["authorization"] == "Bearer sk-canary"
    assert request.body == {"model": "url", "prompt": "a fox", "size": "1024x1024"}
    assert before <= request.at <= time.monotonic()


@pytest.mark.parametrize(
    ("model", "status", "kind", "code"),
    [
        ("status-400", 400, "invalid_request_error", "invalid_value"),
        ("status-401", 401, "invalid_request_error", "invalid_api_key"),
        ("status-402", 402, "insufficient_credits", "payment_required"),
        ("status-403", 403, "invalid_request_error", "missing_scope"),
        ("status-404", 404, "invalid_request_error", "model_not_found"),
        ("status-422", 422, "invalid_request_error", "invalid_type"),
        ("status-429", 429, "input-images", "rate_limit_exceeded"),
        ("status-500", 500, "server_error", None),
        ("status-503", 503, "service_unavailable_error", None),
        ("status-418", 418, "invalid_request_error", None),
        ("status-599", 599, "server_error", None),
        ("no-credit", 429, "insufficient_quota", "insufficient_quota"),
        ("moderated", 400, "image_generation_user_error", "moderation_blocked"),
        ("policy", 400, "invalid_request_error", "content_policy_violation"),
        ("unverified", 403, "invalid_request_error", None),
        ("nobody/knows", 404, "invalid_request_error", "model_not_found"),
        ("wait-5", 404, "invalid_request_error", "model_not_found"),
    ],
)
async def test_a_refusal_speaks_as_openai_does(
    server: OpenAIImages,
    client: httpx.AsyncClient,
    model: str,
    status: int,
    kind: str,
    code: str | None,
):
    answer = await ask(client, server, model)
    error = answer.json()["error"]

    assert (answer.status_code, error["type"], error["code"]) == (status, kind, code)
    assert error["message"]
    assert answer.headers["x-request-id"] == "req_1"
    assert answer.headers.get("retry-after") == ("7" if model == "status-429" else None)
    assert server.paid == {model: 1}


async def test_a_refusal_names_the_model(server: OpenAIImages, client: httpx.AsyncClient):
    answer = await ask(client, server, 'the "best"')

    assert 'The model `the "best"` does not exist' in answer.json()["error"]["message"]


async def test_a_model_may_play_the_part_of_another(
    server: OpenAIImages, client: httpx.AsyncClient
):
    server.plays["gpt-image-2"] = "moderated"

    assert (await ask(client, server, "gpt-image-2")).status_code == 400
    assert server.paid == {"gpt-image-2": 1}


async def test_the_picture_is_the_one_given(server: OpenAIImages, client: httpx.AsyncClient):
    server.picture, server.pictures_per_reply = png("red", (9, 5)), 3
    items = (await ask(client, server, "url")).json()["data"]

    assert len({item["url"] for item in items}) == 3
    assert size((await client.get(items[0]["url"])).content) == (9, 5)


async def test_no_two_distinct_pictures_are_equal(server: OpenAIImages, client: httpx.AsyncClient):
    server.distinct = True
    pictures = [(await download(client, server, "url")).content for _ in range(3)]

    assert len(set(pictures)) == 3
    assert {size(picture) for picture in pictures} == {(64, 64)}
    with Image.open(io.BytesIO(numbered(server.picture, 7))) as image:
        image.load()
        assert image.info["number"] == "7"


@pytest.mark.parametrize(
    ("header", "code"),
    [(None, None), ("Bearer sk-wrong", "invalid_api_key"), ("Key sk-right", "invalid_api_key")],
)
async def test_a_wrong_key_is_refused_everywhere(
    server: OpenAIImages, client: httpx.AsyncClient, header: str | None, code: str | None
):
    server.keys = {"sk-right"}
    client.headers.update({"Authorization": header} if header else {})
    listed = await client.get(f"{server.base_url}/models")
    painted = await client.post(f"{server.base_url}/images/generations", json={"model": "url"})

    for answer in (listed, painted):
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, code)


async def test_the_right_key_sees_the_models(server: OpenAIImages, client: httpx.AsyncClient):
    server.keys = {"sk-right"}
    listed = await client.get(
        f"{server.base_url}/models", headers={"Authorization": "Bearer sk-right"}
    )

    assert {"url", "hang"} <= {model["id"] for model in listed.json()["data"]}
    assert spec.findings("ListModelsResponse", listed.json()) == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", None),
        (b"[]", None),
        (b'{"model": "url"}', "missing_required_parameter"),
        (b'{"model": "url", "prompt": "a", "n": "2"}', "invalid_type"),
        (b'{"prompt": "a"}', "model_not_found"),
    ],
)
async def test_a_bad_body_is_refused(
    server: OpenAIImages, client: httpx.AsyncClient, body: bytes, code: str | None
):
    answer = await client.post(f"{server.base_url}/images/generations", content=body)

    assert answer.status_code in {400, 404}
    assert answer.json()["error"]["code"] == code
    assert server.paid.total() == 1


@pytest.mark.parametrize("name", ["seed", "steps", "response_format", "style"])
async def test_only_a_strict_server_refuses_what_it_does_not_know(
    server: OpenAIImages, client: httpx.AsyncClient, name: str
):
    assert (await ask(client, server, "url", **{name: 1})).status_code == 200

    server.strict = True
    answer = await ask(client, server, "url", **{name: 1})
    error = answer.json()["error"]

    assert (answer.status_code, error["code"]) == (400, "unknown_parameter")
    assert error["param"] == name
    assert (await ask(client, server, "url", quality="high")).status_code == 200


async def test_another_path_is_unknown(server: OpenAIImages, client: httpx.AsyncClient):
    assert (await client.get(f"{server.base_url}/chat")).status_code == 404
    assert (await client.get(f"{server.origin}/files/9.png")).status_code == 404
    assert server.paid.total() == 0


@pytest.mark.skipif(spec.specs() is None, reason="OpenAI's spec does not lie beside the checkout")
async def test_bodies_for_gpt_image_models_are_held_to_the_spec(
    server: OpenAIImages, client: httpx.AsyncClient
):
    await ask(client, server, "gpt-image-2", n=2, size="1024x1024", quality="high", user=None)
    await ask(client, server, "url", seed=7)
    assert server.invalid == []

    await ask(client, server, "gpt-image-2", n=11, size="16:9", seed=7)

    assert len(server.invalid) == 3
    assert [name for name in ("$.n", "$.size", "'seed'") if name not in str(server.invalid)] == []


async def test_good_answers_hold_to_the_spec(server: OpenAIImages, client: httpx.AsyncClient):
    for model in ("url", "b64", "usage"):
        answer = (await ask(client, server, model)).json()
        assert spec.findings("ImagesResponse", answer) == []


async def test_the_known_fields_are_those_of_the_spec():
    body = dict.fromkeys(refusals.KNOWN_FIELDS, object())
    assert not [line for line in spec.findings("CreateImageRequest", body) if "Additional" in line]
