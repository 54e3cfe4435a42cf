"""A belt beside the guard: inside `only`, no socket of any library dials what is not allowed."""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from core.adapters.http.addresses import Addresses, AddressRefused

_allowed: ContextVar[Addresses | None] = ContextVar("allowed", default=None)


@contextmanager
def only(addresses: Addresses) -> Iterator[None]:
    """Holds for this task, what it starts, and the threads that copy its context."""
    _fasten()
    with _set(addresses):
        yield


@contextmanager
def checked() -> Iterator[None]:
    """The guard dials: it has looked itself, and knows the name behind the address."""
    with _set(None):
        yield


@contextmanager
def _set(addresses: Addresses | None) -> Iterator[None]:
    token = _allowed.set(addresses)
    try:
        yield
    finally:
        _allowed.reset(token)


@cache
def _fasten() -> None:
    """An audit hook can never be taken off again, so it is put on once, when first needed."""
    sys.addaudithook(_hook)


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if event != "socket.connect":
        return
    addresses = _allowed.get()
    if addresses is None:
        return
    connection, address = arguments
    assert isinstance(connection, socket.socket)  # noqa: S101 - what the event promises
    inet = connection.family in (socket.AF_INET, socket.AF_INET6)
    if inet and isinstance(address, tuple) and not addresses.may_dial(address[0], address[1]):
        connection.close()  # libraries do so for an OSError alone
        raise AddressRefused
