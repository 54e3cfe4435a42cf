import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest

from core.adapters.http import Addresses, Clients
from core.adapters.http.addresses import AddressRefused
from core.adapters.http.download import TooLarge, Unfetchable
from core.adapters.http.files import NOT_FETCHED, Target
from tests.core.adapters.http.conftest import Local, local, raw, says, until
from tests.servers import wire
from tests.servers.files import Files, stalls

BODY = hashlib.shake_128(b"file").digest(300_000)
SIZE = len(BODY)


@pytest.fixture
def part(tmp_path: Path) -> Path:
    return tmp_path / ".file.part"


Fetch = Callable[..., Awaitable[list[int]]]


@pytest.fixture
def fetch(part) -> Fetch:
    """Fetch the server's file to `part`; the progress that was told."""

    async def fetch(server: Local, path: str = "/file", stall: float = 10.0) -> list[int]:
        clients = Clients(Addresses.of([f"127.0.0.1:{server.port}"], []), proxy=None, limit=1)
        told: list[int] = []

        async def tell(here: int) -> None:
            told.append(here)

        try:
            async with asyncio.timeout(20):
                target = Target(part=part, size=SIZE, stall=stall)
                await clients.download_file(server.url(path), target, tell)
        finally:
            await clients.close()
        return told

    return fetch


def ranges(server: Local) -> list[str | None]:
    return [request.headers.get("range") for request in server.requests]


async def test_a_file_comes_as_it_is_however_small_the_cap_of_replies(fetch, part):
    async with local(Files(BODY)) as server:
        told = await fetch(server)
    assert part.read_bytes() == BODY
    assert told == sorted(told)
    assert told[-1] == SIZE
    (request,) = server.requests
    assert set(request.headers) == {
        "host",
        "accept",
        "accept-encoding",
        "connection",
        "user-agent",
    }


async def test_nothing_is_left_beside_a_whole_file(fetch, part):
    async with local(Files(BODY, cuts=[1000])) as server:
        with pytest.raises(httpx.RemoteProtocolError):
            await fetch(server)
        await fetch(server)
    assert list(part.parent.iterdir()) == [part]


async def test_what_is_whole_already_is_not_asked_for(fetch, part):
    part.write_bytes(BODY)
    async with local(Files(BODY)) as server:
        await fetch(server)
    assert server.requests == []


class TestResuming:
    async def test_no_byte_is_fetched_twice(self, fetch, part):
        files = Files(BODY, cuts=[100_000, 50_000])
        async with local(files) as server:
            for _ in range(2):
                with pytest.raises(httpx.RemoteProtocolError):
                    await fetch(server)
            told = await fetch(server)
        assert part.read_bytes() == BODY
        assert sum(files.given) == SIZE
        assert ranges(server) == [None, "bytes=100000-", "bytes=150000-"]
        assert [request.headers.get("if-range") for request in server.requests] == [
            None,
            '"one"',
            '"one"',
        ]
        assert told[0] > 150_000

    async def test_a_server_that_ignores_it_starts_over(self, fetch, part):
        async with local(Files(BODY, cuts=[100_000], ranges=False)) as server:
            with pytest.raises(httpx.RemoteProtocolError):
                await fetch(server)
            await fetch(server)
        assert part.read_bytes() == BODY

    async def test_another_version_of_the_file_starts_over(self, fetch, part):
        files = Files(b"x" * SIZE, cuts=[100_000])
        async with local(files) as server:
            with pytest.raises(httpx.RemoteProtocolError):
                await fetch(server)
            files.body, files.etag = BODY, '"two"'
            await fetch(server)
        assert part.read_bytes() == BODY

    @pytest.mark.parametrize("etag", [None, 'W/"weak"'])
    async def test_without_a_strong_etag_there_is_no_condition(self, fetch, part, etag):
        files = Files(BODY, etag=etag, cuts=[100_000])
        async with local(files) as server:
            with pytest.raises(httpx.RemoteProtocolError):
                await fetch(server)
            await fetch(server)
        assert "if-range" not in server.requests[1].headers
        assert (part.read_bytes(), sum(files.given)) == (BODY, SIZE)

    async def test_another_server_goes_on_without_a_condition(self, fetch, part):
        first, second = Files(BODY, cuts=[100_000]), Files(BODY, etag='"theirs"')
        async with local(first) as server:
            with pytest.raises(httpx.RemoteProtocolError):
                await fetch(server)
        async with local(second) as server:
            await fetch(server)
        assert (part.read_bytes(), second.given) == (BODY, [SIZE - 100_000])
        assert "if-range" not in server.requests[0].headers

    @pytest.mark.parametrize(
        "wrong",
        [
            says(b"", 416),
            says(b"x" * 10, 206),
            says(b"x" * 10, 206, content_range="bytes 5-14/300000"),
            says(b"x" * 10, 206, content_range="bytes 100000-100009/17"),
            says(b"x" * 10, 206, content_range="pages 1-2/3"),
        ],
        ids=["416", "no range", "another start", "another size", "nonsense"],
    )
    async def test_a_range_that_is_not_ours_is_asked_for_as_a_whole(self, fetch, part, wrong):
        part.write_bytes(b"y" * 100_000)

        def answer(request: wire.Request) -> wire.Reply:
            return wrong if "range" in request.headers else Files(BODY)(request)

        async with local(answer) as server:
            await fetch(server)
        assert part.read_bytes() == BODY
        assert ranges(server) == ["bytes=100000-", None]

    async def test_a_server_that_knows_no_such_range_costs_nothing_of_what_is_here(
        self, fetch, part
    ):
        part.write_bytes(BODY[:1000])
        async with local(says(b"", 416)) as server:
            with pytest.raises(Unfetchable):
                await fetch(server)
        assert part.read_bytes() == BODY[:1000]

    async def test_a_part_that_is_too_long_starts_over(self, fetch, part):
        part.write_bytes(BODY + b"more")
        async with local(Files(BODY)) as server:
            await fetch(server)
        assert part.read_bytes() == BODY
        assert ranges(server) == [None]

    async def test_a_cancelled_fetch_leaves_what_had_come(self, fetch, part):
        files = Files(BODY)

        def answer(request: wire.Request) -> wire.Answer:
            return files(request) if "range" in request.headers else stalls(BODY[:70_000], SIZE)

        async with local(answer) as server:
            async with asyncio.TaskGroup() as group:
                fetching = group.create_task(fetch(server))
                await until(lambda: part.exists() and part.stat().st_size == 70_000)
                fetching.cancel()
            await until(lambda: not server.open)
            await fetch(server)
        assert (part.read_bytes(), files.given) == (BODY, [SIZE - 70_000])


class TestGivenUp:
    @pytest.mark.parametrize(
        ("answer", "error"),
        [
            (says(b"<html>", 404), Unfetchable),
            (says(b"", 204), Unfetchable),
            (says(BODY, 206, content_range=f"bytes 0-{SIZE - 1}/{SIZE}"), Unfetchable),
            (wire.Reply(body=b"<html>" * 50_000, kind="text/html; charset=utf-8"), Unfetchable),
            (wire.Reply(body=b"{}", kind="application/json"), Unfetchable),
            (says(BODY, content_encoding="gzip"), Unfetchable),
            (wire.Reply(claims=10**12, kind="application/octet-stream"), TooLarge),
            (wire.Reply(claims=SIZE - 1, kind="application/octet-stream"), Unfetchable),
        ],
        ids=["404", "204", "unasked piece", "html", "json", "coded", "too long", "too short"],
    )
    async def test_by_its_head_before_a_byte_is_kept(self, fetch, part, answer, error):
        async with local(answer) as server:
            with pytest.raises(error):
                await fetch(server)
            await until(lambda: not server.open)
        assert not part.exists()

    @pytest.mark.parametrize(
        ("body", "error"), [(BODY + b"more", TooLarge), (BODY[:-1], Unfetchable)]
    )
    async def test_by_its_length_when_its_head_says_none(self, fetch, part, body, error):
        async with local(wire.Reply(body=body, kind="x/y", sized=False)) as server:
            with pytest.raises(error):
                await fetch(server)
        assert list(part.parent.iterdir()) == []

    @pytest.mark.parametrize("answer", [wire.hang, stalls(b"x" * 1000, SIZE)], ids=["at all", ""])
    async def test_when_it_says_nothing(self, fetch, answer):
        async with local(answer) as server:
            with pytest.raises(httpx.ReadTimeout):
                await fetch(server, stall=0.05)
            await until(lambda: not server.open)

    @pytest.mark.parametrize("answer", [wire.close, wire.reset, raw(b"SSH-2.0\r\n")])
    async def test_when_it_hangs_up_or_talks_nonsense(self, fetch, answer):
        async with local(answer) as server:
            with pytest.raises(NOT_FETCHED):
                await fetch(server)


class TestRedirects:
    async def test_they_are_followed_and_the_range_goes_with_them(self, fetch, part):
        part.write_bytes(BODY[:1000])

        def answer(request: wire.Request) -> wire.Reply:
            there = request.path == "/there?signed"
            return Files(BODY)(request) if there else says(b"", 302, location="/there?signed")

        async with local(answer) as server:
            await fetch(server)
        assert part.read_bytes() == BODY
        assert ranges(server) == ["bytes=1000-", "bytes=1000-"]

    async def test_the_etag_belongs_to_the_address_that_was_asked_not_to_a_signed_one(
        self, fetch, part
    ):
        files = Files(BODY, cuts=[1000])
        signed = iter(range(9))

        def answer(request: wire.Request) -> wire.Reply:
            there = request.path.startswith("/there")
            return files(request) if there else says(b"", 302, location=f"/there?{next(signed)}")

        async with local(answer) as server:
            with pytest.raises(httpx.RemoteProtocolError):
                await fetch(server)
            await fetch(server)
        assert server.requests[-1].headers["if-range"] == '"one"'
        assert part.read_bytes() == BODY

    @pytest.mark.parametrize("location", ["http://127.0.0.1:{port}/", "http://[::1]:{port}/"])
    async def test_to_an_inner_address_is_refused(self, fetch, listener, location):
        async with local(says(b"", 302, location=location.format(port=listener.port))) as server:
            with pytest.raises(AddressRefused):
                await fetch(server)
        assert listener.untouched

    @pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://127.0.0.1/", "data:,x"])
    async def test_to_what_is_no_http_is_refused(self, fetch, location):
        async with local(says(b"", 302, location=location)) as server:
            with pytest.raises((AddressRefused, httpx.InvalidURL)):
                await fetch(server)

    async def test_a_loop_ends(self, fetch):
        async with local(says(b"", 302, location="/file")) as server:
            with pytest.raises(Unfetchable):
                await fetch(server)
        assert len(server.requests) == 6


async def test_a_disk_that_refuses_is_an_error_of_the_system(fetch, part):
    part.mkdir()
    async with local(Files(BODY)) as server:
        with pytest.raises(OSError, match="directory"):
            await fetch(server)
