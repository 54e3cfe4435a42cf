from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.adapters.http.addresses import Addresses, AddressRefused, host_and_port, public

PRIVATE = tuple(
    ip_network(net)
    for net in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/96",
        "::ffff:0:0:0/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/32",
        "2001:db8::/32",
        "2002::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
)
PUBLIC = ("1.1.1.1", "8.8.8.8", "93.184.216.34", "172.32.0.1", "223.255.255.254")
PUBLIC_6 = ("2606:4700::1111", "2a00:1450:4001:81b::200e", "::ffff:8.8.8.8", "64:ff9b::808:808")
FAKE = Addresses.of((), ("198.18.0.0/15",))
PLAIN = Addresses()
PROXIED = Addresses.of((), (), proxied=True)

LITERALS = (
    "127.0.0.1",
    "10.1.2.3",
    "172.31.255.255",
    "192.168.1.5",
    "169.254.169.254",
    "168.63.129.16",
    "100.64.0.1",
    "100.100.100.200",
    "192.0.0.192",
    "192.88.99.1",
    "198.18.0.1",
    "0.0.0.0",  # noqa: S104 - an address that nobody may dial
    "0.1.2.3",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:a9fe:a9fe",
    "::ffff:0:7f00:1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::7f00:1",
    "2002:7f00:1::",
    "2001:0:7f00:1::",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%lo",
    "fec0::1",
    "ff02::1",
    "2606:4700::1111%lo",
)
IN_DISGUISE = (
    "2130706433",
    "017700000001",
    "0x7f000001",
    "0x7f.0.0.1",
    "0x7f.1",
    "127.1",
    "127.0.1",
    "127.0.0.0x1",
    "10.0x10000",
    "127.0.0.1.",
    "1.1.1.1.",
    "%31%32%37.0.0.1",
    "127.0.0.1%2f.example.com",
    "127.0.0.1%00.example.com",
    "::1%25lo",
    "[::1].example.com",
)
INNER_NAMES = (
    "localhost",
    "LOCALHOST",
    "localhost.",
    "localhost.localdomain",
    "my.localhost",
    "postgres",
    "postgres.",
    "printer.local",
    "Printer.LOCAL.",
    "metadata.google.internal",
    "Metadata.Google.Internal.",
    "nas.home.arpa",
    "nas.lan",
    ".",
    "..",
    "",
    "a..b",
    ".example.com",
)


def refuses(addresses: Addresses, host: str, *answers: str) -> AddressRefused:
    with pytest.raises(AddressRefused) as refused:
        addresses.check_answers(host, 443, answers)
    return refused.value


@pytest.mark.parametrize("address", LITERALS)
def test_an_address_that_leads_inside_is_refused_at_every_door(address):
    assert not public(ip_address(address))
    assert not PLAIN.may_dial(address, 443)
    refuses(PLAIN, "example.com", address)
    refuses(PLAIN, address, address)
    with pytest.raises(AddressRefused):
        PLAIN.check_url("https", address, 443)


@pytest.mark.parametrize("addresses", [PLAIN, FAKE, PROXIED], ids=["plain", "fake", "proxied"])
@pytest.mark.parametrize("host", [*IN_DISGUISE, *INNER_NAMES])
def test_a_number_in_disguise_and_an_inner_name_are_refused_before_anyone_resolves_them(
    addresses, host
):
    with pytest.raises(AddressRefused):
        addresses.check_url("https", host, 443)
    assert not addresses.may_dial(host, 443)


@pytest.mark.parametrize("address", [*PUBLIC, *PUBLIC_6])
def test_a_public_address_passes_every_door(address):
    assert public(ip_address(address))
    assert PLAIN.may_dial(address, 443)
    PLAIN.check_url("https", address, 443)
    PLAIN.check_answers("example.com", 443, [address])


@pytest.mark.parametrize(
    "host",
    [
        "example.com",
        "EXAMPLE.com",
        "example.com.",
        "xn--bcher-kva.de",
        "example.xn--p1ai",
        "a_b.s3.amazonaws.com",
        "1.example.com",
        "0x7f.example.com",
        "local.example.com",
        "internal.com",
    ],
)
def test_a_public_name_passes(host):
    PLAIN.check_url("https", host, 443)


def test_plain_http_is_for_named_servers_alone():
    with pytest.raises(AddressRefused):
        PLAIN.check_url("http", "example.com", 80)
    PLAIN.also("example.com", 80).check_url("http", "example.com", 80)


@pytest.mark.parametrize(
    "url",
    [
        "https://good@127.0.0.1/",
        "https://example.com:443@127.0.0.1/",
        "https://127。0。0。1/",
        "https://%31%32%37.0.0.1/",
        "https://[::ffff:7f00:1]/",
        "https://LOCALHOST/",
    ],
)
def test_what_counts_is_the_host_that_httpx_would_dial(url):
    parsed = httpx.URL(url)
    with pytest.raises(AddressRefused):
        PLAIN.check_url(parsed.scheme, parsed.raw_host.decode(), 443)


@pytest.mark.parametrize(
    "url", ["https://１２７.0.0.1/", "https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/", "https://0177.0.0.1/", "https://[::1/"]
)
def test_some_disguises_do_not_even_become_a_url(url):
    with pytest.raises(httpx.InvalidURL):
        httpx.URL(url)


@pytest.mark.parametrize(
    "answers",
    [
        (),
        ("127.0.0.1",),
        ("8.8.8.8", "127.0.0.1"),
        ("127.0.0.1", "8.8.8.8"),
        ("8.8.8.8", "::1"),
        ("8.8.8.8", "no address"),
        ("8.8.8.8", ""),
    ],
)
def test_every_answer_must_be_public(answers):
    assert not refuses(PLAIN, "example.com", *answers).fake_ip


class TestAllowed:
    def test_host_and_port_hold_exactly(self):
        one = Addresses.of(["127.0.0.1:8188"], [])
        one.check_url("http", "127.0.0.1", 8188)
        one.check_answers("127.0.0.1", 8188, ["127.0.0.1"])
        assert one.may_dial("127.0.0.1", 8188)
        for host, port in (("127.0.0.1", 8189), ("127.0.0.2", 8188), ("localhost", 8188)):
            with pytest.raises(AddressRefused):
                one.check_url("http", host, port)
            refuses(one, host, "127.0.0.1")
        assert not one.may_dial("127.0.0.1", 8189)
        assert not one.may_dial("127.0.0.2", 8188)

    def test_a_name_is_taken_with_whatever_it_stands_for(self):
        one = Addresses.of(["Comfy.lan:8188"], [])
        one.check_url("http", "comfy.LAN", 8188)
        one.check_answers("comfy.lan", 8188, ["192.168.1.5"])
        refuses(one, "comfy.lan", "192.168.1.5")
        refuses(one, "192.168.1.5", "192.168.1.5")

    def test_the_bracketed_and_the_bare_form_are_one(self):
        one = Addresses.of(["[::1]:8188"], [])
        one.check_url("http", "::1", 8188)
        assert one.may_dial("::1", 8188)
        assert host_and_port("[::1]:8188") == host_and_port("::1:8188") == ("::1", 8188)

    def test_localhost_covers_both_loopbacks_on_its_port(self):
        one = Addresses.of(["localhost:8188"], [])
        assert one.may_dial("127.0.0.1", 8188)
        assert one.may_dial("::1", 8188)
        assert not one.may_dial("localhost", 8188)  # nobody has looked at what it stands for
        assert not one.may_dial("127.0.0.1", 8189)
        assert not one.may_dial("10.0.0.1", 8188)

    def test_one_more_for_one_person_leaves_the_rule_as_it_was(self):
        more = PLAIN.also("LocalHost", 8188)
        more.check_url("http", "localhost", 8188)
        with pytest.raises(AddressRefused):
            PLAIN.check_url("http", "localhost", 8188)


class TestFakeAddresses:
    def test_off_by_default_but_the_error_knows_what_would_help(self):
        assert refuses(PLAIN, "example.com", "198.18.0.7").fake_ip
        assert refuses(PLAIN, "example.com", "198.19.255.255").fake_ip
        assert not refuses(PLAIN, "example.com", "198.20.0.1", "10.0.0.1").fake_ip
        assert not refuses(PLAIN, "198.18.0.7", "198.18.0.7").fake_ip

    def test_a_range_holds_for_names_and_never_for_numbers(self):
        FAKE.check_answers("example.com", 443, ["198.18.0.7"])
        assert FAKE.may_dial("198.18.0.7", 443)
        refuses(FAKE, "198.18.0.7", "198.18.0.7")
        with pytest.raises(AddressRefused):
            FAKE.check_url("https", "198.18.0.7", 443)
        with pytest.raises(AddressRefused):
            FAKE.check_url("https", "198.18.7", 443)

    @pytest.mark.parametrize("inside", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1"])
    def test_a_range_opens_nothing_else(self, inside):
        refuses(FAKE, "example.com", inside)
        refuses(FAKE, "example.com", "198.18.0.7", inside)

    @pytest.mark.parametrize(
        "inside",
        [
            "169.254.169.254",
            "168.63.129.16",
            "100.100.100.200",
            "192.0.0.192",
            "127.0.0.1",
            "::1",
            "::ffff:169.254.169.254",
            "64:ff9b::a9fe:a9fe",
            "fe80::1",
            "fd00:ec2::254",
        ],
    )
    def test_no_range_is_so_wide_that_it_opens_metadata_or_this_machine(self, inside):
        wide = Addresses.of([], ["0.0.0.0/0", "::/0"])
        refuses(wide, "example.com", inside)
        assert not wide.may_dial(inside, 443)

    def test_a_range_may_be_of_the_sixth_version(self):
        six = Addresses.of([], ["fc00::/18"])
        six.check_answers("example.com", 443, ["fc00::7"])
        refuses(six, "example.com", "fd00::7")


def test_beside_a_proxy_nothing_is_dialled_that_goes_past_the_guard():
    proxied = Addresses.of(["127.0.0.1:8188"], ["198.18.0.0/15"], proxied=True)
    for address in ("8.8.8.8", "127.0.0.1", "169.254.169.254", "198.18.0.1", "example.com"):
        assert not proxied.may_dial(address, 8188)


def addresses_in(net: IPv4Network | IPv6Network):
    return st.ip_addresses(network=net)


@given(st.sampled_from(PRIVATE).flatmap(addresses_in))
def test_no_private_address_is_public_in_any_coat(address):
    assert not public(address)
    if address.version == 4:
        for coat in (f"::ffff:{address}", f"64:ff9b::{address}", f"::{address}"):
            assert not public(ip_address(coat))


@given(st.one_of(st.ip_addresses(v=4), addresses_in(ip_network("2000::/3"))))
@example(ip_address("8.8.8.8"))
def test_every_other_unicast_address_is_public(address):
    known = any(address.version == net.version and address in net for net in PRIVATE)
    assert public(address) is (address.is_global and not known)


@given(st.integers(0, 2**32 - 1), st.sampled_from(["{}", "0x{:x}", "0{:o}", "{:d}."]))
def test_a_whole_number_is_no_host(number, form):
    with pytest.raises(AddressRefused):
        PROXIED.check_url("https", form.format(number), 443)
