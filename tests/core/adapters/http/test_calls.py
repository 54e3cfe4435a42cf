import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager

import httpx
import pytest

from core.adapters.http import Addresses, Clients, clients, download
from core.adapters.http.addresses import AddressRefused
from core.adapters.http.calls import OneCall, SecondCall
from core.adapters.http.download import TooLarge, Unfetchable
from tests.core.adapters.http.conftest import Local, local, quiet, raw, says, until
from tests.servers import wire

LIMIT = 1000
KEY = "a key"


@asynccontextmanager
async def to(*servers: Local, limit: int = LIMIT) -> AsyncIterator[Clients]:
    allow = [f"127.0.0.1:{server.port}" for server in servers]
    made = Clients(Addresses.of(allow, []), proxy=None, limit=limit)
    try:
        async with asyncio.timeout(20):
            yield made
    finally:
        await made.close()


@asynccontextmanager
async def calling(
    answer: wire.Answer,
) -> AsyncIterator[tuple[Local, OneCall, httpx.AsyncClient]]:
    async with (
        local(answer) as server,
        to(server) as made,
        made.call(secret=KEY) as (call, client),
    ):
        yield server, call, client


async def post(made: Clients, server: Local) -> OneCall:
    async with made.call(secret=KEY) as (call, client):
        await client.post(server.url(), json={"prompt": "a fox"})
    return call


async def take_all(made: Clients) -> None:
    for slots, many in ((made._bodies, clients._BODIES), (made._downloads, clients._DOWNLOADS)):
        for _ in range(many):
            await slots.acquire()


def give_all(made: Clients) -> None:
    for slots, many in ((made._bodies, clients._BODIES), (made._downloads, clients._DOWNLOADS)):
        for _ in range(many):
            slots.release()


async def all_free(made: Clients) -> bool:
    """No slot was lost: as many as there are can be held at the same time."""
    async with asyncio.timeout(5):
        await take_all(made)
    free = made._bodies.locked() and made._downloads.locked()
    give_all(made)
    return free


class TestOnce:
    @pytest.mark.parametrize("status", [200, 429, 500])
    async def test_a_second_request_is_an_error_and_never_arrives(self, status):
        async with calling(says(b"{}", status)) as (server, _, client):
            await client.post(server.url())
            for _ in range(2):
                with pytest.raises(SecondCall):
                    await client.post(server.url())
        assert len(server.requests) == 1

    async def test_two_at_the_same_time_are_one_as_well(self):
        async with calling(says(b"{}")) as (server, _, client):
            replies = await asyncio.gather(
                client.post(server.url()), client.post(server.url()), return_exceptions=True
            )
        assert [type(reply) for reply in replies] == [httpx.Response, SecondCall]
        assert len(server.requests) == 1

    @pytest.mark.parametrize("fault", [wire.close, wire.reset])
    async def test_a_lost_answer_is_not_asked_for_again(self, fault):
        async with calling(fault) as (server, call, client):
            with pytest.raises(httpx.TransportError):
                await client.post(server.url())
            with pytest.raises(SecondCall):
                await client.post(server.url())
            assert (call.sent, call.status) == (True, None)
        assert server.connections == 1

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    async def test_a_redirect_is_handed_back_and_not_followed(self, status, listener):
        there = f"http://127.0.0.1:{listener.port}/"
        async with calling(says(b"", status, location=there)) as (server, call, client):
            reply = await client.post(server.url(), content=b"secret")
        assert reply.status_code == call.status == status
        assert listener.untouched

    async def test_each_call_may_send_its_own(self):
        async with local(says(b"{}")) as server, to(server) as made:
            for _ in range(3):
                await post(made, server)
        assert len(server.requests) == 3


class TestRemembered:
    async def test_status_headers_and_body_until_it_is_let_go(self):
        async with local(says(b'{"a": 1}', 429, retry_after="7")) as server, to(server) as made:
            async with made.call(secret=KEY) as (call, client):
                assert not call.sent
                reply = await client.post(server.url())
                assert (call.sent, call.status) == (True, 429)
                assert call.headers["retry-after"] == "7"
                assert call.body == reply.content == b'{"a": 1}'
            assert call.body == b""
            assert (call.status, call.headers["retry-after"]) == (429, "7")

    async def test_the_reply_reads_like_any_other(self):
        async with (
            calling(says(b'{"a": 1}')) as (server, _, client),
            client.stream("POST", server.url()) as reply,
        ):
            assert [piece async for piece in reply.aiter_bytes()] == [b'{"a": 1}']

    async def test_no_coding_is_asked_for_whatever_the_library_says(self):
        async with calling(says(b"{}")) as (server, _, client):
            await client.post(server.url(), headers={"accept-encoding": "gzip, br"})
        assert server.requests[0].headers["accept-encoding"] == "identity"

    @pytest.mark.parametrize(
        ("answer", "error", "status"),
        [
            (says(b"x" * (LIMIT + 1)), TooLarge, 200),
            (wire.Reply(body=b"x" * (LIMIT + 1), sized=False, status=500), TooLarge, 500),
            (wire.Reply(body=b"x", claims=10**10, status=401), TooLarge, 401),
            (says(b"x", 402, content_encoding="gzip"), Unfetchable, 402),
            (wire.Reply(body=b"half", claims=9), httpx.RemoteProtocolError, 200),
            (raw(b"garbage\r\n\r\n"), httpx.RemoteProtocolError, None),
        ],
    )
    async def test_the_status_is_known_although_the_body_is_not(self, answer, error, status):
        async with local(answer) as server, to(server) as made:
            async with made.call(secret=KEY) as (call, client):
                with pytest.raises(error):
                    await client.post(server.url())
                assert (call.status, call.body) == (status, b"")
            assert await all_free(made)
            await until(lambda: not server.open)

    async def test_a_refused_address_leaves_no_status(self, listener):
        made = Clients(Addresses(), proxy=None, limit=LIMIT)
        async with made.call(secret=KEY) as (call, client):
            with pytest.raises(AddressRefused):
                await client.post(f"http://127.0.0.1:{listener.port}/")
        assert call.status is None
        assert await all_free(made)
        assert listener.untouched


class TestSlots:
    @pytest.fixture(autouse=True)
    def every_body_counts(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(download, "_LARGE", 0)

    async def test_a_small_reply_needs_no_slot_however_slow_it_is(
        self, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(download, "_LARGE", 2)
        async with local(says(b"{}")) as server, to(server) as made:
            await take_all(made)
            assert (await post(made, server)).status == 200
            assert await made.download(server.url()) == b"{}"
            give_all(made)

    async def test_after_successes_all_are_free(self):
        async with local(says(b"{}")) as server, to(server) as made:
            for _ in range(clients._BODIES + 1):
                await post(made, server)
            assert await all_free(made)

    @pytest.mark.parametrize(
        "answer", [says(b"x" * 2000), wire.Reply(body=b"x", claims=9), wire.reset, wire.close]
    )
    async def test_after_failures_as_well(self, answer):
        async with local(answer) as server, to(server) as made:
            for _ in range(clients._BODIES + 1):
                with pytest.raises((TooLarge, httpx.TransportError)):
                    await post(made, server)
            for _ in range(clients._BODIES + 1):
                with pytest.raises((TooLarge, httpx.TransportError)):
                    await made.download(server.url())
            assert await all_free(made)

    async def test_after_an_error_of_whoever_reads_the_reply(self):
        async with local(says(b"{}")) as server, to(server) as made:
            for _ in range(clients._BODIES + 1):
                with pytest.raises(KeyError):
                    async with made.call(secret=KEY) as (_, client):
                        raise KeyError(await client.post(server.url()))
            assert await all_free(made)

    @pytest.mark.parametrize("answer", [wire.hang, wire.drip, wire.drip_head])
    async def test_after_a_cancellation_wherever_it_came(self, answer):
        async with local(answer) as server, to(server, limit=10**9) as made:
            ended = await asyncio.gather(
                *(_given_up(post(made, server)) for _ in range(clients._BODIES + 4)),
                *(_given_up(made.download(server.url())) for _ in range(4)),
            )
            assert all(ended)
            assert await all_free(made)
            await until(lambda: not server.open)

    async def test_who_waits_for_one_in_vain_takes_none(self):
        async with local(says(b"{}")) as server, to(server) as made:
            await take_all(made)
            assert await _given_up(post(made, server))
            assert await _given_up(made.download(server.url()))
            give_all(made)
            assert await all_free(made)

    async def test_letting_go_twice_gives_one_back(self):
        async with local(says(b"{}")) as server, to(server) as made:
            async with made.call(secret=KEY) as (call, client):
                await client.post(server.url())
                call.release()
                call.release()
            assert await all_free(made)

    async def test_no_more_than_so_many_bodies_are_held_by_however_many_calls(self):
        opened, calls, most = asyncio.Event(), list[OneCall](), 0

        async def half(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\npic")
            await opened.wait()
            writer.write(b"ture")
            await wire.hang(reader, writer)

        async def paint() -> None:
            nonlocal most
            async with made.call(secret=KEY) as (call, client):
                calls.append(call)
                await client.post(server.url())
                most = max(most, held())
                await quiet()

        def held() -> int:
            return sum(call._slot._held for call in calls)

        async with local(half) as server, to(server) as made, asyncio.TaskGroup() as paints:
            for _ in range(40):
                paints.create_task(paint())
            await until(lambda: len(server.requests) == 40 and held() == clients._BODIES)
            await quiet()
            assert held() == clients._BODIES
            opened.set()
        assert most == clients._BODIES
        assert len(server.requests) == 40

    async def test_url_answers_of_many_calls_are_fetched_although_each_call_had_a_slot(self):
        async with local(says(b"{}")) as server, to(server) as made:

            async def paint() -> bytes:
                await post(made, server)
                return await made.download(server.url())

            assert len(await asyncio.gather(*(paint() for _ in range(40)))) == 40
            assert await all_free(made)


async def _given_up(work: Awaitable[object]) -> bool:
    try:
        async with asyncio.timeout(0.2):
            await work
    except TimeoutError:
        return True
    return False
