"""Over real sockets: what arrives where, and what never leaves."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from core.adapters.http import Addresses, Clients, belt, guard
from core.adapters.http.addresses import AddressRefused
from core.adapters.http.download import TooLarge, fetch
from core.adapters.http.guard import GuardedTransport
from tests.core.adapters.http.conftest import local, quiet, says, until
from tests.servers import wire

PUBLIC = "93.184.216.34"
ELSEWHERE = "93.184.216.35"
HOSTILE = (
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "017700000001",
    "127.0.0.0x1",
    "127.0.0.1.",
    "127。0。0。1",
    "%31%32%37.0.0.1",
    "0.0.0.0",  # noqa: S104 - Linux takes it for this machine
    "0",
    "[::1]",
    "[::]",
    "[::1%25lo]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::7f00:1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "good@127.0.0.1",
    "example.com:443@127.0.0.1",
    "localhost",
    "LOCALHOST.",
    "service",
    "private.example",
    "private6.example",
    "mixed.example",
    "printer.local",
    "metadata.google.internal",
)

# Where a public name leads, only a resolver knows: here or at the proxy.
SEEN_AS_INNER = tuple(host for host in HOSTILE if not host.endswith(".example"))


@asynccontextmanager
async def guarded(
    *allow: str, proxy: str | None = None, ranges: tuple[str, ...] = ()
) -> AsyncIterator[httpx.AsyncClient]:
    """Any hang is a failure."""
    addresses = Addresses.of(allow, ranges, proxied=proxy is not None)
    transport = GuardedTransport(addresses, proxy)
    async with (
        httpx.AsyncClient(transport=transport, trust_env=False) as client,
        asyncio.timeout(10),
    ):
        yield client


@pytest.fixture
def hostile_names(names):
    names.known |= {
        "service": ["127.0.0.1"],
        "private.example": ["127.0.0.1"],
        "private6.example": ["::1"],
        "mixed.example": [PUBLIC, "127.0.0.1"],
        "printer.local": ["127.0.0.1"],
        "metadata.google.internal": ["169.254.169.254"],
    }
    return names


class TestHostileHosts:
    @pytest.mark.usefixtures("hostile_names")
    @pytest.mark.parametrize("scheme", ["https", "http"])
    @pytest.mark.parametrize("host", HOSTILE)
    async def test_nothing_is_dialled(self, host, scheme, listener, internet):
        async with guarded() as client:
            with pytest.raises(AddressRefused):
                await client.post(f"{scheme}://{host}:{listener.port}/v1", content=b"secret")
        assert internet.dialled == []
        assert listener.untouched

    @pytest.mark.usefixtures("hostile_names")
    @pytest.mark.parametrize("scheme", ["https", "http"])
    @pytest.mark.parametrize("host", HOSTILE)
    async def test_nor_when_a_download_is_sent_on_to_them(self, host, scheme, listener, internet):
        sends_on = says(b"", 302, location=f"{scheme}://{host}:{listener.port}/")
        async with local(sends_on) as server, guarded(f"127.0.0.1:{server.port}") as client:
            with pytest.raises((AddressRefused, httpx.RemoteProtocolError)):
                await fetch(client, server.url(), limit=100, bodies=asyncio.Semaphore(1))
        assert internet.dialled == ["127.0.0.1"]  # the server that sent us on
        assert listener.untouched

    @pytest.mark.parametrize("host", ["１２７.0.0.1", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "0177.0.0.1"])
    async def test_some_are_no_url_at_all(self, host, listener, internet):
        async with guarded() as client:
            with pytest.raises(httpx.InvalidURL):
                await client.get(f"https://{host}:{listener.port}/")
        assert internet.dialled == []

    async def test_plain_http_to_a_public_name_is_refused_unresolved(self, names, internet):
        names.known["example.com"] = [PUBLIC]
        async with guarded() as client:
            with pytest.raises(AddressRefused):
                await client.get("http://example.com/")
        assert names.asked == internet.dialled == []

    @pytest.mark.usefixtures("names")
    @pytest.mark.parametrize("name", ["a" * 64 + ".example", "unknown.example"])
    async def test_a_name_that_does_not_resolve_is_a_connection_that_failed(self, name, internet):
        async with guarded() as client:
            with pytest.raises(httpx.ConnectError):
                await client.get(f"https://{name}/")
        assert internet.dialled == []


class TestDialling:
    async def test_the_checked_answer_is_what_is_dialled_and_nobody_resolves_again(
        self, names, internet, listener
    ):
        names.known["rebind.example"] = [[PUBLIC], ["127.0.0.1"]]
        internet.at[PUBLIC] = ConnectionRefusedError()
        url = f"https://rebind.example:{listener.port}/"
        async with guarded() as client:
            with pytest.raises(httpx.ConnectError):
                await client.get(url)
            assert names.asked == ["rebind.example"]
            with pytest.raises(AddressRefused):
                await client.get(url)
        assert internet.dialled == [PUBLIC]
        assert listener.untouched

    async def test_a_name_that_goes_over_to_an_inner_address_is_refused_on_the_next_redirect(
        self, names, internet
    ):
        names.known["rebind.example"] = [["127.0.0.1"], ["127.0.0.2"]]
        async with local(says()) as server, guarded(f"127.0.0.1:{server.port}") as client:
            with pytest.raises(AddressRefused):
                await client.get(f"https://rebind.example:{server.port}/")
        assert internet.dialled == []

    async def test_the_next_answer_is_tried_when_one_refuses(self, names, internet):
        names.known["two.test"] = [PUBLIC, ELSEWHERE]
        async with local(says(b"hello")) as server, guarded(f"two.test:{server.port}") as client:
            internet.at = {PUBLIC: ConnectionRefusedError(), ELSEWHERE: server.port}
            reply = await client.get(f"http://two.test:{server.port}/")
        assert reply.content == b"hello"
        assert internet.dialled == [PUBLIC, ELSEWHERE]

    async def test_when_all_refuse_the_last_one_says_why(self, names, internet):
        names.known["two.test"] = [PUBLIC, ELSEWHERE]
        internet.at = {PUBLIC: OSError("first"), ELSEWHERE: OSError("last")}
        async with guarded() as client:
            with pytest.raises(httpx.ConnectError, match="last"):
                await client.get("https://two.test/")
        assert internet.dialled == [PUBLIC, ELSEWHERE]

    @pytest.mark.parametrize("slow", ["getaddrinfo", "sock_connect"])
    async def test_neither_a_resolver_nor_a_host_that_is_silent_is_waited_for(
        self, slow, monkeypatch, names
    ):
        async def silent(*_: object, **__: object) -> None:
            await asyncio.Event().wait()

        names.known["slow.example"] = [PUBLIC]
        loop = asyncio.get_running_loop()
        monkeypatch.setattr(loop, slow, silent)
        async with guarded() as client:
            with pytest.raises(httpx.ConnectTimeout):
                await client.get("https://slow.example/", timeout=0.05)

    async def test_an_allowed_server_is_reached_over_plain_http(self, names):
        names.known["comfy.lan"] = ["127.0.0.1"]
        async with local(says(b"hello")) as server:
            for host in ("127.0.0.1", "localhost", "comfy.lan"):
                here = f"{host}:{server.port}"
                async with guarded(here) as client:
                    assert (await client.get(f"http://{here}/")).content == b"hello"

    async def test_an_allowed_name_is_reached_inside_the_belt_as_well(self, names):
        names.known["comfy.lan"] = ["127.0.0.1"]
        async with local(says(b"{}")) as server:
            here = f"comfy.lan:{server.port}"
            clients = Clients(Addresses.of([here], []), proxy=None, limit=100)
            async with clients.call(secret="k") as (_, client):  # noqa: S106
                assert (await client.post(f"http://{here}/")).is_success
            await clients.close()

    async def test_one_more_server_for_one_call_is_closed_to_every_other(self):
        async with local(says(b"{}")) as server:
            here = f"127.0.0.1:{server.port}"
            clients = Clients(Addresses(), proxy=None, limit=100)
            async with clients.call(secret="k", named=here) as (_, client):  # noqa: S106
                assert (await client.post(server.url())).is_success
            async with clients.call(secret="k") as (_, client):  # noqa: S106
                with pytest.raises(AddressRefused):
                    await client.post(server.url())
            with pytest.raises(AddressRefused):
                await clients.download(server.url())
            await clients.close()
        assert len(server.requests) == 1

    async def test_a_name_in_a_fake_range_is_dialled_once_the_range_is_set(self, names, internet):
        names.known["example.com"] = ["198.18.0.7"]
        internet.at["198.18.0.7"] = OSError("there")
        async with guarded() as client:
            with pytest.raises(AddressRefused) as refused:
                await client.get("https://example.com/")
        assert refused.value.fake_ip
        async with guarded(ranges=("198.18.0.0/15",)) as client:
            with pytest.raises(httpx.ConnectError, match="there"):
                await client.get("https://example.com/")
            with pytest.raises(AddressRefused):
                await client.get("https://198.18.0.7/")
        assert internet.dialled == ["198.18.0.7"]

    async def test_a_unix_socket_is_refused(self):
        for backend in (guard._Guard(Addresses()), guard._Dialler()):
            with pytest.raises(AddressRefused):
                await backend.connect_unix_socket("/run/docker.sock")

    async def test_a_connection_that_idles_is_not_used_again(self, monkeypatch):
        monkeypatch.setattr(guard, "_IDLE_FOR", 0.0)
        async with local(says()) as server, guarded(f"127.0.0.1:{server.port}") as client:
            for _ in range(2):
                await client.get(server.url())
        assert server.connections == 2

    @pytest.mark.parametrize("fault", ["closed", "reset", "unasked"])
    async def test_a_connection_that_went_bad_meanwhile_is_not_used_again(self, fault):
        """Else the next paid request would be lost on it."""
        bad = asyncio.Event()

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await wire.send(says(), writer)
            await bad.wait()
            if fault == "reset":
                await wire.reset(reader, writer)
            elif fault == "unasked":
                writer.write(b"HTTP/1.1 408 Request Timeout\r\n\r\n")
                await wire.hang(reader, writer)

        async with local(answer) as server, guarded(f"127.0.0.1:{server.port}") as client:
            await client.get(server.url())
            bad.set()
            await until(lambda: fault == "unasked" or not server.open)
            await quiet()
            assert (await client.get(server.url())).is_success
        assert server.connections == 2


@pytest.mark.parametrize("name", ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy"])
async def test_proxies_of_the_environment_are_not_asked(name, monkeypatch, listener, internet):
    monkeypatch.setenv(name, f"http://127.0.0.1:{listener.port}")
    async with local(says(b"{}")) as server:
        here = f"127.0.0.1:{server.port}"
        clients = Clients(Addresses.of([here], []), proxy=None, limit=100)
        assert await clients.download(server.url()) == b"{}"
        async with clients.call(secret="k") as (_, client):  # noqa: S106
            await client.post(server.url())
            internet.at[PUBLIC] = OSError("direct")
        with pytest.raises(httpx.ConnectError, match="direct"):
            await clients.download(f"https://{PUBLIC}/")
        await clients.close()
    assert listener.untouched


class TestProxy:
    async def test_an_https_name_arrives_in_connect_and_is_never_resolved_here(
        self, names, internet
    ):
        async with local(says(b"", 403)) as proxy, guarded(proxy=proxy.url()) as client:
            with pytest.raises(httpx.ProxyError):
                await client.get("https://example.com/secret")
        assert [(seen.method, seen.path) for seen in proxy.requests] == [
            ("CONNECT", "example.com:443")
        ]
        assert "proxy-authorization" not in proxy.requests[0].headers
        assert names.asked == []
        assert internet.dialled == ["127.0.0.1"]

    async def test_its_user_and_password_are_shown_to_it(self):
        async with local(says(b"", 403)) as proxy:
            url = f"http://me:pa%40ss@127.0.0.1:{proxy.port}"
            async with guarded(proxy=url) as client:
                with pytest.raises(httpx.ProxyError):
                    await client.get("https://example.com/")
        basic = httpx.BasicAuth("me", "pa@ss")._auth_header
        assert proxy.requests[0].headers["proxy-authorization"] == basic

    async def test_allowed_servers_go_through_it_as_well(self):
        async with (
            local(says(b"by proxy")) as proxy,
            guarded("127.0.0.1:8188", proxy=proxy.url()) as client,
        ):
            reply = await client.get("http://127.0.0.1:8188/x")
        assert reply.content == b"by proxy"
        assert proxy.requests[0].path == "http://127.0.0.1:8188/x"

    @pytest.mark.parametrize("host", [*SEEN_AS_INNER, "10.0.0.1", "[fd00::1]", "x.localdomain"])
    async def test_inner_hosts_are_refused_before_it_sees_anything(self, host, listener):
        async with guarded(proxy=f"http://127.0.0.1:{listener.port}") as client:
            with pytest.raises(AddressRefused):
                await client.get(f"https://{host}/")
        assert listener.untouched

    async def test_the_belt_lets_it_be_dialled_and_nothing_beside_it(self, listener):
        async with local(says(b"", 403)) as proxy:
            addresses = Addresses.of([], [], proxied=True)
            clients = Clients(addresses, proxy=proxy.url(), limit=100)
            async with clients.call(secret="k") as (_, client):  # noqa: S106
                with pytest.raises(httpx.ProxyError):
                    await client.post("https://example.com/")
                for port in (proxy.port, listener.port):
                    with pytest.raises(AddressRefused):
                        await asyncio.to_thread(httpx.get, f"http://127.0.0.1:{port}/")
            await clients.close()
        assert proxy.connections == 1
        assert listener.untouched

    async def test_without_one_the_belt_knows_no_such_exception(self, listener):
        with belt.only(Addresses()), pytest.raises(AddressRefused):
            await asyncio.to_thread(httpx.get, f"http://127.0.0.1:{listener.port}/")
        assert listener.untouched


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Path:
    """One for good.test alone, key and all, that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "good.test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("good.test")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    path: Path = tmp_path_factory.mktemp("tls") / "certificate.pem"
    path.write_bytes(
        made.public_bytes(pem)
        + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


@pytest.fixture
def asked_for() -> list[str | None]:
    """The server names that clients asked for."""
    return []


@pytest.fixture
def tls(certificate, asked_for) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _, name, __: asked_for.append(name)
    return context


@pytest.fixture
def trusted(certificate, monkeypatch) -> None:
    monkeypatch.setattr(guard, "_certificates", lambda: str(certificate))


class TestTls:
    async def post(self, host: str, tls: ssl.SSLContext, names) -> list[wire.Request]:
        """What a server saw of a body for this host."""
        names.known[host] = ["127.0.0.1"]
        async with local(says(b"{}"), tls) as server:
            try:
                async with guarded(f"{host}:{server.port}") as client:
                    await client.post(f"https://{host}:{server.port}/", content=b"secret")
            finally:
                seen = server.requests
        return seen

    @pytest.mark.parametrize("host", ["good.test", "localhost"])
    async def test_a_certificate_of_nobody_known_ends_it_before_a_byte_is_sent(
        self, host, tls, names, asked_for
    ):
        seen: list[wire.Request] = []
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            seen = await self.post(host, tls, names)
        assert seen == []
        assert asked_for == [host]

    @pytest.mark.usefixtures("trusted")
    async def test_the_name_of_the_url_is_asked_for_and_verified_not_the_address(
        self, tls, names, asked_for
    ):
        assert len(await self.post("good.test", tls, names)) == 1
        with pytest.raises(httpx.ConnectError, match="Hostname mismatch"):
            await self.post("other.test", tls, names)
        assert asked_for == ["good.test", "other.test"]

    @pytest.mark.usefixtures("trusted")
    async def test_a_server_that_does_not_say_goodbye_is_left_at_once(self, tls, names):
        names.known["good.test"] = ["127.0.0.1"]

        async def deaf(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\n\r\nmuch too long")
            writer.transport.pause_reading()  # type: ignore[attr-defined]
            await asyncio.Event().wait()

        async with local(deaf, tls) as server, guarded(f"good.test:{server.port}") as client:
            with pytest.raises(TooLarge):
                await fetch(
                    client,
                    f"https://good.test:{server.port}/",
                    limit=4,
                    bodies=asyncio.Semaphore(1),
                )

    @pytest.mark.usefixtures("trusted")
    async def test_through_a_proxy_as_well(self, tls, names, asked_for):
        async with (
            local(says(b"inside"), tls) as server,
            local(_tunnel(server.port)) as proxy,
            guarded(proxy=proxy.url()) as client,
        ):
            assert (await client.get("https://good.test/")).content == b"inside"
            with pytest.raises(httpx.ConnectError, match="Hostname mismatch"):
                await client.get("https://other.test/")
        assert [seen.path for seen in proxy.requests] == ["good.test:443", "other.test:443"]
        assert asked_for == ["good.test", "other.test"]
        assert names.asked == []


def _tunnel(port: int) -> wire.Fault:
    """What a proxy does once it has read CONNECT."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(_pump(reader, there_writer))
                both.create_task(_pump(there_reader, writer))
        finally:
            there_writer.transport.abort()

    return answer


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()
    writer.transport.abort()
