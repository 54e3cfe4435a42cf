"""What goes wrong alike at every local provider, whatever it was asked for."""

import json
from collections.abc import Mapping
from typing import Any, Final

from tests.servers import wire
from tests.servers.refusals import said
from tests.servers.wire import Fault, Reply, Request

BIG: Final = 60 * 2**20
HTML: Final = b"<!doctype html><html><body><h1>It works!</h1></body></html>"

LINE: Final[Mapping[str, Fault]] = {
    "hang": wire.hang,
    "reset": wire.reset,
    "close": wire.close,
    "drip": wire.drip,
    "drip-head": wire.drip_head,
}


def plain(content: Any) -> Reply:
    return Reply(body=json.dumps(content).encode())


def html() -> Reply:
    return Reply(body=HTML, kind="text/html; charset=utf-8")


def notjson() -> Reply:
    return Reply(body=b'{"created": 1, "data": [}')


def to(address: str, status: int = 302) -> Reply:
    return Reply(status=status, headers={"location": address})


def echoes_key(request: Request, status: int = 200) -> Reply:
    """An error that gives the Authorization header away."""
    shown = request.headers.get("authorization", "")
    return said(
        status,
        f"Incorrect API key provided: {shown}. You can find your API key at "
        "https://platform.openai.com/account/api-keys.",
        code="invalid_api_key",
    )
