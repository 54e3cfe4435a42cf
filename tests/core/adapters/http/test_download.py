import asyncio
import gzip

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.adapters.http import Addresses, Clients
from core.adapters.http.addresses import AddressRefused
from core.adapters.http.download import TooLarge, Unfetchable, fetch
from tests.core.adapters.http.conftest import Answers, Local, local, raw, says, until
from tests.servers import wire

LIMIT = 1000
PICTURE = bytes(range(256)) * 3
HOPS = 5


async def download(server: Local, path: str = "/", limit: int = LIMIT) -> bytes:
    clients = Clients(Addresses.of([f"127.0.0.1:{server.port}"], []), proxy=None, limit=limit)
    try:
        async with asyncio.timeout(10):
            return await clients.download(server.url(path))
    finally:
        await clients.close()


def sends_on(*, hops: int, status: int = 302) -> Answers:
    """/1 leads to /2, and so on; the last gives the picture."""

    def answer(request: wire.Request) -> wire.Reply:
        hop = int(request.path.strip("/"))
        return says(b"", status, location=str(hop + 1)) if hop <= hops else says(PICTURE)

    return answer


async def test_a_picture_comes_as_it_is():
    async with local(says(PICTURE)) as server:
        assert await download(server) == PICTURE


async def test_nothing_of_a_key_or_a_person_is_told_to_the_server():
    async with local(says()) as server:
        await download(server, "/a?b=c")
    (request,) = server.requests
    assert (request.method, request.path) == ("GET", "/a?b=c")
    assert set(request.headers) == {
        "host",
        "accept",
        "accept-encoding",
        "connection",
        "user-agent",
    }
    assert request.headers["accept-encoding"] == "identity"


async def test_a_call_under_way_lends_its_key_to_no_download():
    async with local(says()) as server:
        here = f"127.0.0.1:{server.port}"
        clients = Clients(Addresses.of([here], []), proxy=None, limit=LIMIT)
        async with clients.call(secret="canary") as (_, client):  # noqa: S106
            client.headers["authorization"] = "Bearer canary"
            await client.post(server.url("/v1"))
            await clients.download(server.url("/picture"))
        await clients.close()
    call, picture = server.requests
    assert call.headers["authorization"] == "Bearer canary"
    assert "canary" not in str(picture)


class TestRedirects:
    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    async def test_every_kind_is_followed(self, status):
        async with local(sends_on(hops=1, status=status)) as server:
            assert await download(server, "/1") == PICTURE
        assert [request.method for request in server.requests] == ["GET", "GET"]

    @pytest.mark.parametrize("hops", [0, 1, HOPS])
    async def test_at_most_five(self, hops):
        async with local(sends_on(hops=hops)) as server:
            assert await download(server, "/1") == PICTURE
        assert len(server.requests) == hops + 1

    @pytest.mark.parametrize("hops", [HOPS + 1, 1000])
    async def test_more_are_given_up(self, hops):
        async with local(sends_on(hops=hops)) as server:
            with pytest.raises(Unfetchable):
                await download(server, "/1")
        assert len(server.requests) == HOPS + 1

    @pytest.mark.parametrize("location", ["/", "", "?again", "http://127.0.0.1:{port}/"])
    async def test_a_loop_ends(self, location):
        def answer(_: wire.Request) -> wire.Reply:
            return says(b"", 302, location=location.format(port=server.port))

        async with local(answer) as server:
            with pytest.raises(Unfetchable):
                await download(server)
        assert len(server.requests) == HOPS + 1

    @pytest.mark.parametrize(
        "location",
        [
            "file:///etc/passwd",
            "FILE:///etc/passwd",
            "ftp://127.0.0.1/x",
            "data:image/png;base64,AAAA",
            "gopher://127.0.0.1/",
            "unix:///run/docker.sock",
            "javascript:0",
        ],
    )
    async def test_what_is_no_http_is_refused(self, location):
        async with local(says(b"", 302, location=location)) as server:
            with pytest.raises((AddressRefused, httpx.InvalidURL)):
                await download(server)
        assert len(server.requests) == 1

    @pytest.mark.parametrize("location", ["//127.0.0.1:{port}/", "http://[::1]:{port}/", "//0/"])
    async def test_where_it_leads_is_checked_each_time(self, location, listener):
        async with local(says(b"", 302, location=location.format(port=listener.port))) as server:
            with pytest.raises(AddressRefused):
                await download(server)
        assert listener.untouched

    async def test_to_a_scheme_in_capitals_as_well(self):
        def answer(request: wire.Request) -> wire.Reply:
            location = server.url("/there", "HTTP")
            return says() if request.path == "/there" else says(b"", 302, location=location)

        async with local(answer) as server:
            assert await download(server) == b"picture"

    async def test_cookies_stay_with_the_download_that_got_them(self):
        async with local(says(set_cookie="who=me; Path=/")) as server:
            clients = Clients(
                Addresses.of([f"127.0.0.1:{server.port}"], []), proxy=None, limit=LIMIT
            )
            await clients.download(server.url())
            await clients.download(server.url())
            await clients.close()
        assert all("cookie" not in request.headers for request in server.requests)

    async def test_a_redirect_to_nowhere_is_no_picture(self):
        async with local(says(b"", 302)) as server:
            with pytest.raises(Unfetchable):
                await download(server)

    @given(st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=30))
    async def test_no_location_breaks_out_of_the_agreed_errors(self, location):
        def answer(request: httpx.Request) -> httpx.Response:
            headers = [(b"location", location.encode("latin-1"))]
            return httpx.Response(302, headers=headers, request=request)

        transport = httpx.MockTransport(answer)
        async with httpx.AsyncClient(transport=transport) as client:
            with pytest.raises(
                (AddressRefused, Unfetchable, httpx.InvalidURL, httpx.TransportError)
            ):
                await fetch(
                    client, "https://example.com/", limit=LIMIT, bodies=asyncio.Semaphore(1)
                )


@pytest.mark.parametrize("url", ["HTTPS://example.com/", "Https://EXAMPLE.com/"])
async def test_an_address_in_capitals_is_one_as_well(url, names, internet):
    names.known["example.com"] = ["93.184.216.34"]
    internet.at["93.184.216.34"] = ConnectionRefusedError()
    clients = Clients(Addresses(), proxy=None, limit=LIMIT)
    with pytest.raises(httpx.ConnectError):
        await clients.download(url)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "data:,x", "/etc/passwd", "", "ftp://example.com/", "x"]
)
async def test_an_address_that_is_no_http_is_refused(url):
    clients = Clients(Addresses(), proxy=None, limit=LIMIT)
    with pytest.raises(AddressRefused):
        await clients.download(url)


async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Chunks for as long as anybody listens."""
    writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
    while not reader.at_eof():
        writer.write(b"40\r\n" + b"x" * 64 + b"\r\n")
        await writer.drain()


class TestCap:
    @pytest.mark.parametrize("size", [LIMIT - 1, LIMIT])
    async def test_up_to_the_limit_it_passes(self, size):
        async with local(says(b"x" * size)) as server:
            assert len(await download(server)) == size

    @pytest.mark.parametrize(
        "answer",
        [
            says(b"x" * (LIMIT + 1)),
            wire.Reply(body=b"x", claims=10**10),
            wire.Reply(body=b"x" * (LIMIT + 1), sized=False),
            endless,
        ],
        ids=["declared", "only declared", "unsized", "chunked"],
    )
    async def test_beyond_it_is_given_up_and_hung_up(self, answer):
        async with local(answer) as server:
            with pytest.raises(TooLarge):
                await download(server)
            await until(lambda: not server.open)

    @pytest.mark.parametrize("coding", ["gzip", "br", "deflate", "zstd", "gzip, identity"])
    async def test_a_coding_that_nobody_asked_for_is_refused_unread(self, coding):
        bomb = gzip.compress(b"\0" * 100_000)
        async with local(says(bomb, content_encoding=coding)) as server:
            with pytest.raises(Unfetchable):
                await download(server)

    @pytest.mark.parametrize("coding", ["identity", "Identity", ""])
    async def test_no_coding_by_whatever_name_is_fine(self, coding):
        async with local(says(PICTURE, content_encoding=coding)) as server:
            assert await download(server) == PICTURE


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 429, 500, 503])
async def test_another_status_is_told(status):
    async with local(says(b"<html>", status)) as server:
        with pytest.raises(Unfetchable) as unfetchable:
            await download(server)
    assert unfetchable.value.status == status


async def test_an_empty_body_is_empty_bytes():
    async with local(says(b"")) as server:
        assert await download(server) == b""


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (raw(b"HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\nx"), httpx.RemoteProtocolError),
        (raw(b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\nx"), httpx.RemoteProtocolError),
        (raw(b"HTTP/1.1 200 OK\r\ncontent-length: \xb2\r\n\r\nx"), httpx.RemoteProtocolError),
        (
            raw(b"HTTP/1.1 200 OK\r\ncontent-length: " + b"9" * 5000 + b"\r\n\r\nx"),
            httpx.RemoteProtocolError,
        ),
        (
            raw(b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx"),
            httpx.RemoteProtocolError,
        ),
        (raw(b"SSH-2.0-OpenSSH_9.6\r\n"), httpx.RemoteProtocolError),
        (raw(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"), httpx.RemoteProtocolError),
        (raw(b"HTTP/1.1 200 OK\r\nx: " + b"y" * 2_000_000), httpx.RemoteProtocolError),
        (
            raw(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n"),
            httpx.RemoteProtocolError,
        ),
        (wire.close, httpx.RemoteProtocolError),
        (wire.reset, (httpx.ReadError, httpx.WriteError)),
    ],
)
async def test_a_server_that_speaks_badly_is_a_transport_error(answer, error):
    async with local(answer) as server:
        with pytest.raises(error):
            await download(server)


@pytest.mark.parametrize("answer", [wire.hang, wire.drip, wire.drip_head, endless])
async def test_whoever_stops_waiting_hangs_up(answer):
    async with local(answer) as server:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await download(server, limit=10**12)
        await until(lambda: not server.open)
