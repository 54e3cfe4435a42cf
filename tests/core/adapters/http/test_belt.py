"""Whatever a library opens by itself, with the listener of the test as what it must not reach."""

import asyncio
import contextvars
import socket
import threading
import urllib.request
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

import aiohttp
import httpx
import pytest
import requests

from core.adapters.http import Addresses, belt, of_error
from core.adapters.http.addresses import AddressRefused
from core.models.failure import FailureKind
from tests.core.adapters.http.conftest import local, says, until

Dial = Callable[[int], Awaitable[object]]


def by_socket(port: int) -> None:
    with socket.socket() as line:
        line.connect(("127.0.0.1", port))


def by_connect_ex(port: int) -> None:
    with socket.socket() as line:
        line.connect_ex(("127.0.0.1", port))


def by_create_connection(port: int) -> None:
    socket.create_connection(("127.0.0.1", port)).close()


def by_urllib(port: int) -> None:
    urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()


def by_requests(port: int) -> None:
    requests.get(f"http://127.0.0.1:{port}/", timeout=5)


def by_httpx(port: int) -> None:
    httpx.get(f"http://127.0.0.1:{port}/", trust_env=False)


async def by_async_httpx(port: int) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        await client.get(f"http://127.0.0.1:{port}/")


async def by_aiohttp(port: int) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/"):
        pass


async def by_asyncio(port: int) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()
    await writer.wait_closed()


async def by_a_task(port: int) -> None:
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(by_asyncio(port))


async def by_a_pool_that_copies_the_context(port: int) -> None:
    with ThreadPoolExecutor(1) as pool:
        context = contextvars.copy_context()
        await asyncio.get_running_loop().run_in_executor(pool, context.run, by_socket, port)


def in_a_thread(dial: Callable[[int], None]) -> Dial:
    async def dials(port: int) -> None:
        await asyncio.to_thread(dial, port)

    return dials


SYNCHRONOUS = (
    by_socket,
    by_connect_ex,
    by_create_connection,
    by_urllib,
    by_requests,
    by_httpx,
)
DIALS = {
    **{dial.__name__: in_a_thread(dial) for dial in SYNCHRONOUS},
    **{
        dial.__name__: dial
        for dial in (
            by_async_httpx,
            by_aiohttp,
            by_asyncio,
            by_a_task,
            by_a_pool_that_copies_the_context,
        )
    },
}
every_dial = pytest.mark.parametrize("dial", DIALS.values(), ids=DIALS.keys())


async def refused(dial: Dial, port: int) -> bool:
    try:
        async with asyncio.timeout(10):
            await dial(port)
    except Exception as error:
        failed = of_error(error, sent=True)
        if failed is None or failed.failure.kind is not FailureKind.BLOCKED:
            raise
        return True
    return False


@every_dial
async def test_nothing_of_any_library_reaches_an_address_that_is_not_allowed(dial, listener):
    with belt.only(Addresses.of([f"127.0.0.1:{listener.port + 1}"], [])):
        assert await refused(dial, listener.port)
    assert listener.untouched


@every_dial
async def test_an_allowed_one_is_reached(dial):
    async with local(says()) as server:
        with belt.only(Addresses.of([f"127.0.0.1:{server.port}"], [])):
            assert not await refused(dial, server.port)
        await until(lambda: server.connections == 1)


@every_dial
async def test_outside_nothing_is_changed(dial):
    async with local(says()) as server:
        with belt.only(Addresses()):
            pass
        assert not await refused(dial, server.port)
        await until(lambda: server.connections == 1)


@pytest.mark.parametrize("dial", SYNCHRONOUS)
def test_nor_without_an_event_loop(dial, listener):
    with belt.only(Addresses()), pytest.raises(AddressRefused):
        dial(listener.port)
    assert listener.untouched


def test_a_belt_inside_a_belt_holds_alone_and_the_outer_one_again_after_it(listener):
    open_to_it = Addresses.of([f"127.0.0.1:{listener.port}"], [])
    with belt.only(Addresses()):
        with belt.only(open_to_it):
            by_socket(listener.port)
            with belt.only(Addresses()), pytest.raises(AddressRefused):
                by_socket(listener.port)
            by_socket(listener.port)
        with belt.checked():
            by_socket(listener.port)
        with pytest.raises(AddressRefused):
            by_socket(listener.port)
    by_socket(listener.port)


def test_it_comes_off_after_an_error(listener):
    with pytest.raises(KeyError), belt.only(Addresses()):
        raise KeyError
    by_socket(listener.port)


async def test_it_holds_for_one_task_and_not_for_its_neighbours(listener):
    worn, seen = asyncio.Event(), asyncio.Event()

    async def belted() -> None:
        with belt.only(Addresses()):
            worn.set()
            await seen.wait()

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(belted())
        await worn.wait()
        by_socket(listener.port)
        seen.set()


def test_a_thread_that_copies_no_context_wears_none(listener):
    """The limit of it: whoever starts threads of its own hands the context on."""
    with belt.only(Addresses()):
        thread = threading.Thread(target=by_socket, args=(listener.port,))
        thread.start()
        thread.join()
    assert not listener.untouched


def test_what_was_refused_is_left_open_by_nobody(listener):
    line = socket.socket()
    with belt.only(Addresses()), pytest.raises(AddressRefused):
        line.connect(("127.0.0.1", listener.port))
    assert line.fileno() == -1


def test_sockets_of_other_kinds_are_no_concern_of_it(tmp_path):
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as line:
        server.bind(str(tmp_path / "s"))
        server.listen()
        with belt.only(Addresses()):
            line.connect(str(tmp_path / "s"))
