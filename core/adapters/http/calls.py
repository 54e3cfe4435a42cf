"""One call of one attempt: sent once, read with a cap, remembered for its failure's sake."""

import asyncio

import httpx
from typing_extensions import override

from core.adapters.http.download import Slot, read_capped


class SecondCall(httpx.TransportError):
    """A library wanted to send a paid request again."""


class OneCall(httpx.AsyncBaseTransport):
    """Lets exactly one request through, whatever a library would like to repeat or follow.

    `status`, `headers` and `body` are of the reply, once there is one. A large body holds a slot
    of `bodies` until `release`, so that memory stays bounded.
    """

    def __init__(
        self, inner: httpx.AsyncBaseTransport, limit: int, bodies: asyncio.Semaphore
    ) -> None:
        self.sent = False
        self.status: int | None = None
        self.headers = httpx.Headers()
        self.body = b""
        self._inner = inner
        self._limit = limit
        self._slot = Slot(bodies)

    @override
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.sent:
            raise SecondCall("a second request", request=request)
        self.sent = True
        request.headers["accept-encoding"] = "identity"
        reply = await self._inner.handle_async_request(request)
        try:
            self.status, self.headers = reply.status_code, reply.headers
            self.body = await read_capped(reply, self._limit, self._slot)
        finally:
            await reply.aclose()
        return httpx.Response(
            self.status, headers=self.headers, content=self.body, request=request
        )

    def release(self) -> None:
        self.body = b""
        self._slot.free()
