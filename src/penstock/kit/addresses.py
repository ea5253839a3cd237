"""Which IP addresses outgoing requests may reach: public unicast ones, and nothing that leads back inside.

`ipaddress.is_global` is no guard: it calls NAT64, 6to4 and IPv4-compatible forms of private addresses, Azure's
168.63.129.16 and multicast global. The tables follow the IANA special-purpose registries (RFC 6890).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_REFUSED_V4: tuple[tuple[IPv4Network, str], ...] = tuple(
    (IPv4Network(network), reason)
    for network, reason in (
        ("0.0.0.0/8", "this host"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
)
_UNICAST_V6 = IPv6Network("2000::/3")  # All of IPv6 that IANA hands out; whatever is outside is refused.
_REFUSED_V6: tuple[tuple[IPv6Network, str], ...] = tuple(
    (IPv6Network(network), reason)
    for network, reason in (
        ("2001::/32", "Teredo"),
        ("2001::/23", "reserved"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("3fff::/20", "documentation"),
    )
)
_IN_LOW_BITS = (IPv6Network("::/96"), IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))  # fmt: skip
_ISATAP = (0x0000_5EFE, 0x0200_5EFE)  # RFC 5214, 6.1: bits 64 to 96 of the address.

# Answer with credentials to whoever asks from inside a cloud machine; no allow-list opens them.
_METADATA: tuple[IPv4Network | IPv6Network, ...] = (
    IPv4Network("169.254.0.0/16"),  # AWS, Google, Azure, DigitalOcean; ECS and EKS task roles
    IPv4Network("168.63.129.16/32"),  # Azure WireServer
    IPv4Network("100.100.100.200/32"),  # Alibaba
    IPv4Network("192.0.0.192/32"),  # Oracle
    IPv6Network("fd00:ec2::/32"),  # AWS
    IPv6Network("fd20:ce::254/128"),  # Google
)


@lru_cache(maxsize=4096)
def refusal(ip: str) -> str | None:
    """Why requests must not go to this address ("loopback", "private", …), or None when it is public.

    Raises ValueError when `ip` is not the canonical text of an address.
    """
    if (reason := metadata_refusal(ip)) is not None:
        return reason
    address = ip_address(ip)
    if isinstance(address, IPv4Address):
        return next((reason for network, reason in _REFUSED_V4 if address in network), None)
    for inner in _embedded(address):
        if (reason := refusal(str(inner))) is not None:
            return f"{reason}, inside an IPv6 address"
    if address not in _UNICAST_V6:
        return "loopback" if address.is_loopback else "not public"
    if int(address) >> 32 & 0xFFFF_FFFF in _ISATAP:
        return "ISATAP"
    return next((reason for network, reason in _REFUSED_V6 if address in network), None)


@lru_cache(maxsize=4096)
def metadata_refusal(ip: str) -> str | None:
    """The reason when the address belongs to a cloud's metadata service, in whatever form it is written."""
    address = ip_address(ip)
    forms = [address, *(_embedded(address) if isinstance(address, IPv6Address) else ())]
    return "cloud metadata" if any(form in network for form in forms for network in _METADATA) else None


def _embedded(address: IPv6Address) -> Iterator[IPv4Address]:
    """The IPv4 addresses that an IPv6 address may lead to."""
    number = int(address)
    low = IPv4Address(number & 0xFFFF_FFFF)
    if any(address in network for network in _IN_LOW_BITS) or number >> 32 & 0xFFFF_FFFF in _ISATAP:
        yield low
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield from address.teredo
