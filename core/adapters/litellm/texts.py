import asyncio
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from importlib import resources
from typing import Any

import httpx

from core.adapters.http import Clients
from core.adapters.litellm.failures import failure_of
from core.adapters.litellm.library import NEVER, load, pinned_client
from core.adapters.litellm.replies import Said, read_reply
from core.errors import BadSetting
from core.ids import ModelId, ProviderId, provider_of
from core.models.attempt import Cost
from core.models.failure import CallFailed, FailureKind
from core.models.key import Key
from core.models.provider import Provider
from core.ports.texts import Reply

_LIMIT = 8 * 2**20  # bytes of one reply, a model's long thoughts included


@dataclass(frozen=True, slots=True, kw_only=True)
class TextServer:
    """Who speaks OpenAI's chat API; `model` is asked when a person names none.

    `extra`: what that model is told beside, in the body of the request.
    """

    provider: Provider
    model: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


def text_servers(
    others: Iterable[Provider], models: Mapping[ProviderId, str]
) -> tuple[TextServer, ...]:
    """Those of `texts.toml`, and whichever of `others` is a server at all.

    `models` are the operator's choice, and come first; BadSetting for one of nobody.
    """
    named = {server.provider.id: server for server in _shipped()}
    for provider in others:
        if provider.base_url != "":
            named.setdefault(provider.id, TextServer(provider=provider))
    chosen = []
    for name, model in models.items():
        if name not in named:
            raise BadSetting(path=f"texts.models.{name}", problem="invalid")
        chosen.append(replace(named.pop(name), model=model, extra={}))
    return (*chosen, *named.values())


def _shipped() -> Iterable[TextServer]:
    file = resources.files(__package__ or "") / "texts.toml"
    for table in tomllib.loads(file.read_text("utf-8"))["servers"]:
        provider = Provider(
            id=ProviderId(table["provider"]), takes_base_url=True, base_url=table["base_url"]
        )
        yield TextServer(provider=provider, model=table.get("model"), extra=table.get("extra", {}))


class LiteLLMTexts:
    """Text models of all servers, asked through LiteLLM, with the same care as for pictures."""

    def __init__(self, servers: Iterable[TextServer], clients: Clients) -> None:
        self._servers = {server.provider.id: server for server in servers}
        self._clients = clients

    @property
    def providers(self) -> Mapping[ProviderId, Provider]:
        return {name: server.provider for name, server in self._servers.items()}

    @property
    def defaults(self) -> tuple[ModelId, ...]:
        return tuple(
            ModelId(f"{name}/{server.model}")
            for name, server in self._servers.items()
            if server.model
        )

    async def ready(self) -> None:
        await load()

    async def ask(
        self, model: ModelId, instructions: str, question: str, key: Key | None
    ) -> Reply:
        secret = key.secret if key else ""
        named = key.reach if key else None
        messages = [
            {"role": "system", "content": instructions},
            {"role": "user", "content": question},
        ]
        async with self._clients.call(secret=secret, named=named, limit=_LIMIT) as (call, client):
            failure = None
            try:
                await self._asked(model, messages, key, client)
            except Exception as error:  # noqa: BLE001 - the vendor's text ends here
                failure = failure_of(error, call)
            if call.status and httpx.codes.is_success(call.status) and call.body:
                # What was paid for is read as it came, even where LiteLLM cannot.
                said = await asyncio.to_thread(read_reply, call.body)
                return Reply(text=said.text, cost=await _cost(model, said, key))
        raise failure or CallFailed(FailureKind.EMPTY)  # outside: it has no other as its context

    async def _asked(
        self,
        model: ModelId,
        messages: list[dict[str, str]],
        key: Key | None,
        client: httpx.AsyncClient,
    ) -> None:
        server = self._servers[provider_of(model)]
        name = model.partition("/")[2]
        secret = (key and key.secret) or "none"  # OpenAI's client wants some word
        address = (key and key.base_url) or server.provider.base_url or ""
        litellm = await load()
        await litellm.acompletion(
            model=f"custom_openai/{name}",
            messages=messages,
            client=pinned_client()(api_key=secret, base_url=address, http_client=client),
            api_key=secret,
            api_base=address,
            max_retries=0,
            timeout=NEVER,
            **(
                {"extra_body": dict(server.extra)} if name == server.model and server.extra else {}
            ),
        )


async def _cost(model: ModelId, said: Said, key: Key | None) -> Cost | None:
    """Estimated by LiteLLM's price list, whose 0.0 means unknown; a relay's prices are its own."""
    if key is None or key.base_url is not None:
        return None
    litellm = await load()
    try:
        prices = litellm.cost_per_token(
            model=model, prompt_tokens=said.sent, completion_tokens=said.made
        )
    except Exception:  # noqa: BLE001 - a model that the list does not know
        return None
    amount = sum((Decimal(repr(price)) for price in prices), Decimal(0))
    return Cost(amount=amount, exact=False) if amount else None
