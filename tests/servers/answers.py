"""What each model of the local provider does: its name says it.

good url b64 usage        as it should be; every `gpt-image-*` answers as `usage`
slow-2.5                  waits, then as url
status-429 no-credit moderated policy unverified        refusals in OpenAI's words
empty null nothing bad-b64 html notjson                 answers that bring no picture
echo echo-401             an error that gives the Authorization header away; with that status
redirect                  307 of the POST to another path of this server
hang reset close drip drip-head truncated big big-unsized       a bad line, or too much
private-url file-url      picture addresses that must not be opened
slow-download-2.5 cut-file html-file file-404 file-503 big-file big-unsized-file gzip-file bomb
file-redirect file-redirect-private file-redirect-loop
hang-file reset-file close-file drip-file drip-head-file truncated-file         a good answer,
                          whose picture has that fault
A tag makes more models of one: `url:a`, `url:b`.
"""

import base64
import re
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from tests.fakes import bomb
from tests.servers.faults import BIG, HTML, LINE, echoes_key, html, notjson, plain, to
from tests.servers.refusals import refusal, unknown_model
from tests.servers.wire import Answer, Reply, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One POST, and what there is to answer it with."""

    request: Request
    model: str
    pictures: tuple[bytes, ...]
    shelve: Callable[[Answer], str]  # gives what a GET of the returned URL will bring
    origin: str  # http://127.0.0.1:PORT
    private: str  # where `file-redirect-private` points

    @property
    def picture(self) -> bytes:
        return self.pictures[0] if self.pictures else b""


def answer(call: Call, model: str) -> Answer:
    if model in _PLAIN:
        return _PLAIN[model](call)
    if model in LINE:
        return LINE[model]
    if model.startswith("gpt-image-"):
        return usage(call)
    if stem := LINE.get(model.removesuffix("-file")):
        return at(call.shelve(stem))
    if match := re.fullmatch(r"(.+)-(\d+(?:\.\d+)?)", model):
        name, number = match.groups()
        if name in _NUMBERED:
            return _NUMBERED[name](call, float(number))
    return unknown_model(call.model)


def names() -> list[str]:
    return sorted({*_PLAIN, *LINE, *(f"{fault}-file" for fault in LINE)})


def data(*items: Mapping[str, Any], **more: Any) -> Reply:
    return plain({"created": int(time.time()), "data": list(items), **more})


def at(*urls: str) -> Reply:
    return data(*({"url": url} for url in urls))


def image(body: bytes, **more: Any) -> Reply:
    return Reply(body=body, kind="image/png", **more)


def url(call: Call, **more: Any) -> Reply:
    return at(*(call.shelve(image(picture, **more)) for picture in call.pictures))


def b64(call: Call, **more: Any) -> Reply:
    return data(*({"b64_json": _b64(picture)} for picture in call.pictures), **more)


def usage(call: Call) -> Reply:
    tokens = {
        "input_tokens": 13,
        "input_tokens_details": {"text_tokens": 13, "image_tokens": 0},
        "output_tokens": 1056 * len(call.pictures),
        "total_tokens": 13 + 1056 * len(call.pictures),
    }
    return b64(
        call,
        background="opaque",
        output_format="png",
        quality="medium",
        size="1024x1024",
        usage=tokens,
    )


@lru_cache(maxsize=8)
def _b64(picture: bytes) -> str:
    return base64.b64encode(picture).decode()


def big(*, sized: bool = True) -> Reply:
    body = b'{"data": [{"b64_json": "%s"}]}' % (b"A" * BIG)
    return Reply(body=body, sized=sized)


@lru_cache(maxsize=1)
def gzip_bomb() -> bytes:
    """A hundred kilobytes that unpack to a hundred megabytes."""
    pack = zlib.compressobj(level=1, wbits=31)
    block = bytes(2**20)
    return b"".join([*(pack.compress(block) for _ in range(100)), pack.flush()])


def around(call: Call) -> str:
    """A file that leads to itself."""
    headers: dict[str, str] = {}
    headers["location"] = call.shelve(Reply(status=302, headers=headers))
    return headers["location"]


_PLAIN: Final[Mapping[str, Callable[[Call], Answer]]] = {
    "good": url,
    "url": url,
    "b64": b64,
    "usage": usage,
    "no-credit": lambda call: refusal("no-credit", call.model),
    "moderated": lambda call: refusal("moderated", call.model),
    "policy": lambda call: refusal("policy", call.model),
    "unverified": lambda call: refusal("unverified", call.model),
    "empty": lambda _: data(),
    "null": lambda _: plain({"created": int(time.time()), "data": None}),
    "nothing": lambda _: data({}),
    "bad-b64": lambda _: data({"b64_json": "this is !! no base64"}),
    "html": lambda _: html(),
    "notjson": lambda _: notjson(),
    "echo": lambda call: echoes_key(call.request),
    "redirect": lambda call: to(f"{call.origin}/elsewhere/images/generations", 307),
    "truncated": lambda call: b64(call).truncated(),
    "big": lambda _: big(),
    "big-unsized": lambda _: big(sized=False),
    "private-url": lambda _: at("http://169.254.169.254/latest/meta-data"),
    "file-url": lambda _: at("file:///etc/passwd"),
    "bomb": lambda call: at(call.shelve(image(bomb()))),
    "cut-file": lambda call: at(call.shelve(image(call.picture[: len(call.picture) // 2]))),
    "truncated-file": lambda call: at(call.shelve(image(call.picture).truncated())),
    "html-file": lambda call: at(call.shelve(image(HTML))),
    "big-file": lambda call: at(call.shelve(image(call.picture + bytes(BIG)))),
    "big-unsized-file": lambda call: at(
        call.shelve(image(call.picture + bytes(BIG), sized=False))
    ),
    "gzip-file": lambda call: at(
        call.shelve(image(gzip_bomb(), headers={"content-encoding": "gzip"}))
    ),
    "file-redirect": lambda call: at(call.shelve(to(call.shelve(image(call.picture))))),
    "file-redirect-private": lambda call: at(call.shelve(to(call.private))),
    "file-redirect-loop": lambda call: at(around(call)),
}

_NUMBERED: Final[Mapping[str, Callable[[Call, float], Answer]]] = {
    "slow": lambda call, seconds: Reply(body=url(call).body, after=seconds),
    "slow-download": lambda call, seconds: url(call, after=seconds),
    "status": lambda call, status: refusal(str(int(status)), call.model),
    "file": lambda call, status: at(call.shelve(Reply(status=int(status), body=b"gone"))),
    "echo": lambda call, status: echoes_key(call.request, int(status)),
}
