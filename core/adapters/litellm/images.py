import base64
import binascii
from decimal import Decimal
from typing import Any
from urllib.parse import urljoin

import httpx

from core.adapters.http import Clients, OneCall, of_error
from core.adapters.litellm.failures import failure_of
from core.adapters.litellm.library import NEVER, load, pinned_client
from core.adapters.litellm.servers import Server, plain_card
from core.ids import ModelId
from core.models.attempt import Cost, Painted
from core.models.card import Card, Retired, TokenPrice
from core.models.failure import CallFailed, FailureKind
from core.models.key import Key
from core.models.order import Order
from core.models.provider import Provider
from core.ports.models import Report


class LiteLLMImages:
    """The models of one server that speaks OpenAI's images API, asked through LiteLLM.

    Key and address are always explicit; one request for each attempt, whatever happens.
    """

    def __init__(self, server: Server, clients: Clients) -> None:
        self.provider: Provider = server.provider
        self._server = server
        self._clients = clients
        self._token_prices = {card.model: card.token_price for card in server.cards}

    def cards(self) -> tuple[Card, ...]:
        return self._server.cards

    def retired(self) -> tuple[Retired, ...]:
        return self._server.retired

    def unlisted(self, model: ModelId) -> Card | None:
        if not self._server.open:
            return None
        return plain_card(model, needs_key=self.provider.needs_key)

    async def ready(self) -> None:
        await load()

    async def paint(self, order: Order, key: Key | None, report: Report) -> Painted:  # noqa: ARG002 - nothing to tell
        secret = key.secret if key else ""
        base_url = (key and key.base_url) or self.provider.base_url or ""
        named = key.reach if key else None
        async with self._clients.call(secret=secret, named=named) as (call, client):
            reply = await self._asked(order, secret, base_url, call, client)
        pictures, bad = [], None
        for item in reply.data or ():
            try:
                pictures.append(await self._picture(item, base_url, named))
            except CallFailed as error:
                bad = error
        if bad and not pictures:
            raise bad
        cost = _cost(reply, self._token_prices.get(order.model))
        return Painted(pictures=tuple(pictures), cost=cost)

    async def _asked(
        self, order: Order, secret: str, base_url: str, call: OneCall, client: httpx.AsyncClient
    ) -> Any:
        litellm = await load()
        secret = secret or "none"  # OpenAI's client wants some word; such a server ignores it
        pinned = pinned_client()(api_key=secret, base_url=base_url, http_client=client)
        name = order.model.partition("/")[2]
        try:
            return await litellm.aimage_generation(
                model=f"openai/{name}",
                prompt=order.prompt,
                client=pinned,
                api_key=secret,
                api_base=base_url,
                timeout=NEVER,
                **self._server.spell(order),
            )
        except Exception as error:  # noqa: BLE001 - the vendor's text, maybe with the key, ends here
            failure = failure_of(error, call)
        raise failure  # outside, so that it does not carry the other along as its context

    async def _picture(self, item: Any, base_url: str, named: str | None) -> bytes:
        """The bytes that came along, or those that lie where the reply says."""
        inside = item.b64_json or (item.url if (item.url or "").startswith("data:") else None)
        if inside:
            return _decoded(inside)
        if not item.url:
            raise CallFailed(FailureKind.EMPTY)
        try:
            return await self._clients.download(urljoin(base_url, item.url), named)
        except Exception as error:  # noqa: BLE001 - whatever it was, the picture did not come
            failure = of_error(error, sent=True) or CallFailed(FailureKind.GARBAGE)
        raise failure


def _decoded(text: str) -> bytes:
    """Base64, also with the `data:` in front that some servers write."""
    if text.startswith("data:"):
        text = text.partition(",")[2]
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise CallFailed(FailureKind.GARBAGE) from None


def _cost(reply: Any, price: TokenPrice | None) -> Cost | None:
    """Exact from the tokens that the reply counts; LiteLLM's own 0.0 means unknown."""
    usage = getattr(reply, "usage", None)
    output = getattr(usage, "output_tokens", None)
    if price is None or not output:
        return None
    details = getattr(usage, "input_tokens_details", None)
    text = getattr(details, "text_tokens", None) or 0
    image = getattr(details, "image_tokens", None) or 0
    total = text * price.text_in + image * price.image_in + output * price.image_out
    return Cost(amount=total / Decimal(1_000_000), exact=True)
