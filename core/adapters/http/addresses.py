"""Which network addresses may be dialled: public ones, and those that the operator names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
_NAT64 = IPv6Network("64:ff9b::/96")
# What `is_global` calls public although it leads inside: clouds' metadata, tunnels, old mappings.
_DENIED: tuple[IPv4Network | IPv6Network, ...] = tuple(
    ip_network(net)
    for net in (
        "168.63.129.16/32",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "64:ff9b:1::/48",
        "2002::/16",
        "2001::/32",
        "fec0::/10",
        "::/96",
        "::ffff:0:0:0/96",
    )
)
_FAKE = IPv4Network("198.18.0.0/15")  # where proxies of the TUN kind answer every name
# No setting is so wide that it opens this machine or a cloud's metadata.
_NEVER: tuple[IPv4Network | IPv6Network, ...] = tuple(
    ip_network(net)
    for net in (
        "0.0.0.0/8",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "168.63.129.16/32",
        "100.100.100.200/32",
        "192.0.0.0/24",
        "::/96",
        "::ffff:0:0/96",
        "64:ff9b::/96",
        "fe80::/10",
        "fd00:ec2::254/128",
    )
)
_INSIDE = (".local", ".internal", ".localhost", ".localdomain", ".home.arpa", ".lan")
# Its last part begins with a letter: resolvers take 127.1 and 127.0.0.0x1 for numbers.
_NAME = re.compile(r"([a-z0-9_-]+\.)+[a-z][a-z0-9-]*")


class AddressRefused(Exception):
    """Nothing was sent. `fake_ip`: a TUN proxy answered, so a setting can allow it."""

    def __init__(self, *, fake_ip: bool = False) -> None:
        super().__init__("the address may not be reached")
        self.fake_ip = fake_ip


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """The rule of one installation. `allow` holds host and port exactly as they are dialled.

    `proxied`: everything goes through the operator's proxy, nothing past it.
    """

    allow: frozenset[tuple[str, int]] = frozenset()
    fake_ip_ranges: tuple[IPv4Network | IPv6Network, ...] = ()
    proxied: bool = False

    @classmethod
    def of(
        cls, allow: Sequence[str], fake_ip_ranges: Sequence[str], *, proxied: bool = False
    ) -> "Addresses":
        return cls(
            allow=frozenset(map(host_and_port, allow)),
            fake_ip_ranges=tuple(ip_network(net) for net in fake_ip_ranges),
            proxied=proxied,
        )

    def also(self, host: str, port: int) -> "Addresses":
        """With one more server, for the calls of a person who may name it."""
        return replace(self, allow=self.allow | {(host.lower(), port)})

    def named(self, host: str, port: int) -> bool:
        return (host.lower().strip("[]"), port) in self.allow

    def check_url(self, scheme: str, host: str, port: int) -> None:
        """Before anything is resolved: plain http and inner names only for what is named."""
        if self.named(host, port):
            return
        if scheme != "https" or not host:
            raise AddressRefused
        literal = _literal(host)
        name = host.lower().removesuffix(".")
        inside = not _NAME.fullmatch(name) or name.endswith(_INSIDE)
        if inside if literal is None else not public(literal):
            raise AddressRefused

    def check_answers(self, host: str, port: int, answers: Sequence[str]) -> None:
        """After resolving: one private answer among public ones is refused as well."""
        if self.named(host, port):
            return
        found = [_literal(answer) for answer in answers]
        if not found or any(answer is None for answer in found):
            raise AddressRefused
        refused = [answer for answer in found if answer and not self._may(host, answer)]
        if refused:
            fake = any(answer.version == 4 and answer in _FAKE for answer in refused)  # noqa: PLR2004 - IPv4
            raise AddressRefused(fake_ip=fake and _literal(host) is None)

    def may_dial(self, address: str, port: int) -> bool:
        """For a connection that a library makes past the guard: a literal address, no name."""
        ip = _literal(address)
        if ip is None or self.proxied:
            return False
        named = self.named(address, port) or self._named_locally(ip, port)
        return named or public(ip) or self._fake(ip)

    def _named_locally(self, ip: Address, port: int) -> bool:
        return ip.is_loopback and self.named("localhost", port)

    def _may(self, host: str, answer: Address) -> bool:
        """A fake range holds for names alone: nobody dials it by number."""
        return public(answer) or (_literal(host) is None and self._fake(answer))

    def _fake(self, ip: Address) -> bool:
        return _within(ip, self.fake_ip_ranges) and not _within(ip, _NEVER)


def public(ip: Address) -> bool:
    """Fail closed: whatever may lead back inside is not public."""
    if isinstance(ip, IPv6Address):
        if ip.scope_id:
            return False
        if ip.ipv4_mapped:
            return public(ip.ipv4_mapped)
        if ip in _NAT64:
            return public(IPv4Address(ip.packed[-4:]))
    return ip.is_global and not ip.is_multicast and not _within(ip, _DENIED)


def _within(ip: Address, nets: Sequence[IPv4Network | IPv6Network]) -> bool:
    return any(ip.version == net.version and ip in net for net in nets)


def host_and_port(text: str) -> tuple[str, int]:
    """127.0.0.1:8188, localhost:8188, [::1]:8188."""
    host, _, port = text.rpartition(":")
    return host.strip("[]").lower(), int(port)


def _literal(text: str) -> Address | None:
    """The address that a text spells in the usual form; `_NAME` keeps out the unusual ones."""
    try:
        return ip_address(text.strip("[]"))
    except ValueError:
        return None
