"""The address guard: no request leaves for an address that is not public and not allowed.

Two checks, both pure. :func:`blocked_url` refuses what the text of an address shows: schemes,
credentials, literal addresses in any notation. :func:`blocked_reason` judges the address and port
that a socket is about to connect to, after name resolution, so that neither DNS rebinding nor a
trick in a name or a redirect passes. The second is the one that holds; the first gives early and
clear reasons, and covers requests through a proxy.

``ipaddress.is_global`` alone passes multicast, 192.88.99.0/24, fec0::/10, 64:ff9b::/96,
64:ff9b:1::/48 and 2002::/16 (measured, design.md §5); they are denied here by name.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import unicodedata
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urlsplit

from connectors.net.policy import OPEN_PORTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from connectors.net.policy import FetchPolicy

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

SPECIAL_NETWORKS = tuple(
    (ipaddress.ip_network(cidr), name)
    for cidr, name in (
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared (CGNAT)"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
        ("::/96", "unspecified, loopback or IPv4-compatible"),
        ("64:ff9b::/96", "NAT64"),
        ("64:ff9b:1::/48", "NAT64"),
        ("100::/64", "discard"),
        ("2001::/23", "protocol assignments (Teredo, ORCHID)"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("5f00::/16", "segment routing"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    )
)
"""IANA special-purpose registries (RFC 6890 and its updates)."""

MAX_URL_CHARS = 4096
"""Longer addresses are refused: none of a real page is near it."""

_NUMERIC_HOST = re.compile(
    r"(?:0x[0-9a-f]*|[0-9]+)(?:\.(?:0x[0-9a-f]*|[0-9]+)){0,3}\.?", re.IGNORECASE
)
_BAD_LETTERS = re.compile(r"[\x00-\x20\x7f\\]")


class BlockedAddress(OSError):
    """The socket's address may not be contacted; the message says why."""


def blocked_reason(address: str, port: int, policy: FetchPolicy) -> str | None:
    """Return why ``address``:``port`` may not be contacted, or None when it may.

    >>> from connectors.net.policy import FetchPolicy
    >>> blocked_reason("127.0.0.1", 80, FetchPolicy())
    'loopback address 127.0.0.1'
    >>> blocked_reason("127.0.0.1", 8000, FetchPolicy(allow_addresses=("127.0.0.0/8",)))
    >>> blocked_reason("93.184.215.14", 22, FetchPolicy())
    'port 22 of a public address'
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return f"not an address: {address[:80]!r}"
    inner = getattr(found, "ipv4_mapped", None) or found
    if any(inner in network for network in policy.allowed_networks):
        return None
    special = _special_name(inner)
    if special is not None:
        return f"{special} address {address}"
    if port not in OPEN_PORTS:
        return f"port {port} of a public address"
    return None


def _special_name(address: Address) -> str | None:
    for network, name in SPECIAL_NETWORKS:
        if address.version == network.version and address in network:
            return name
    return None if address.is_global and not address.is_multicast else "special"


def blocked_url(url: str, policy: FetchPolicy) -> str | None:
    """Return why the text of ``url`` already forbids a request, or None.

    >>> from connectors.net.policy import FetchPolicy
    >>> blocked_url("http://2130706433/", FetchPolicy())
    'loopback address 127.0.0.1'
    >>> blocked_url("file:///etc/passwd", FetchPolicy())
    "scheme 'file'"
    >>> blocked_url("https://example.org/a", FetchPolicy())
    """
    if len(url) > MAX_URL_CHARS or _BAD_LETTERS.search(url):
        return f"longer than {MAX_URL_CHARS} characters, or with a space, control or backslash"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        return f"malformed address ({error})"
    if parts.scheme not in {"http", "https"}:
        return f"scheme {parts.scheme[:20]!r}"
    if "@" in parts.netloc:
        return "credentials in the address"
    if not parts.hostname:
        return "no host in the address"
    return _blocked_host(parts, port, policy)


def _blocked_host(parts: SplitResult, port: int | None, policy: FetchPolicy) -> str | None:
    port = (443 if parts.scheme == "https" else 80) if port is None else port
    literal = literal_address(parts.hostname or "")
    if literal is not None:
        return blocked_reason(literal, port, policy)
    if port not in OPEN_PORTS and not policy.allow_addresses:
        return f"port {port} of a public address"
    return None


def literal_address(host: str) -> str | None:
    """Return the address that ``host`` spells out in any notation, None when it is a name.

    Full-width digits and dots, decimal, octal and hexadecimal parts are read as the C library
    reads them.

    >>> literal_address("0x7f.1"), literal_address("①②⑦。0。0。1"), literal_address("example.org")
    ('127.0.0.1', '127.0.0.1', None)
    """
    folded = unicodedata.normalize("NFKC", host).replace("。", ".").strip("[]")
    if ":" in folded:
        return folded
    if not _NUMERIC_HOST.fullmatch(folded):
        return None
    try:
        return socket.inet_ntoa(socket.inet_aton(folded.rstrip(".")))
    except OSError:
        return folded


def guarded_socket(
    policy: FetchPolicy, on_blocked: Callable[[str], None]
) -> Callable[[Any], socket.socket]:
    """Return a socket factory for aiohttp that refuses blocked addresses before connecting."""

    def make_socket(addr_info: Any) -> socket.socket:  # noqa: ANN401 - getaddrinfo's own tuple
        family, kind, protocol, _, address = addr_info
        reason = blocked_reason(address[0], address[1], policy)
        if reason is not None:
            on_blocked(reason)
            raise BlockedAddress(reason)
        return socket.socket(family=family, type=kind, proto=protocol)

    return make_socket
