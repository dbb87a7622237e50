"""How the world outside may be asked: limits, manners and the addresses that are allowed."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.metadata import PackageNotFoundError, version

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

PRODUCT = "Vigie"
"""The product token: what a robots.txt file names."""

OPEN_PORTS = frozenset({80, 443})
"""The only ports of public addresses that are contacted."""

PAGE_RETRY_SECS = (60.0, 300.0, 1800.0, 7200.0)
"""Pauses before the second to fifth attempt at a page: most outages of a site end in two hours."""


@lru_cache(maxsize=64)
def default_user_agent(contact: str = "") -> str:
    """Return the User-Agent header: product, version and where to complain."""
    try:
        number = version("vigie")
    except PackageNotFoundError:
        number = "0"
    return f"{PRODUCT}/{number} (+{contact})" if contact else f"{PRODUCT}/{number}"


@lru_cache(maxsize=64)
def parse_networks(cidrs: tuple[str, ...]) -> tuple[Network, ...]:
    """Return the networks written in ``cidrs``.

    Raises:
        ValueError: one of them is neither an address nor a network.

    >>> parse_networks(("127.0.0.1",))
    (IPv4Network('127.0.0.1/32'),)
    """
    return tuple(ipaddress.ip_network(cidr, strict=False) for cidr in cidrs)


@dataclass(frozen=True, kw_only=True)
class FetchPolicy:
    """The limits and manners of every request; plain values, so that it travels to workers.

    Args:
        user_agent: the User-Agent header; made from ``contact`` when None.
        contact: an address or page where the operator can be reached.
        timeout_secs: total time of one fetch on the network, all redirects included.
        connect_secs: time for one connection.
        article_bytes: largest decoded page.
        feed_bytes: largest decoded feed.
        min_delay_secs: least time between two requests to one host.
        max_connections_per_host: requests under way at one host.
        allow_addresses: networks outside the public internet that may be contacted, on any port.
        obey_robots: whether pages that robots.txt excludes are left alone.
        proxy: address of an HTTP proxy; name resolution of the targets is then the proxy's.
        max_redirects: redirects followed for one fetch.
        concurrency: requests under way in one process.
        max_attempts: attempts at one page before the feed's own text has to do.
        page_retry_secs: pauses before the attempts after the first.

    Raises:
        ValueError: a value is out of its range; the message names it.
    """

    user_agent: str | None = None
    contact: str = ""
    timeout_secs: float = 30.0
    connect_secs: float = 10.0
    article_bytes: int = 3_000_000
    feed_bytes: int = 5_000_000
    min_delay_secs: float = 1.0
    max_connections_per_host: int = 2
    allow_addresses: tuple[str, ...] = ()
    obey_robots: bool = True
    proxy: str | None = None
    max_redirects: int = 5
    concurrency: int = 50
    max_attempts: int = 5
    page_retry_secs: tuple[float, ...] = field(default=PAGE_RETRY_SECS)

    def __post_init__(self) -> None:
        """Check every value once, where it is written."""
        for name in ("timeout_secs", "connect_secs", "article_bytes", "feed_bytes"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name}: expected more than 0, got {getattr(self, name)!r}")
        for name in ("max_connections_per_host", "concurrency", "max_attempts"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name}: expected 1 or more, got {getattr(self, name)!r}")
        if self.min_delay_secs < 0 or self.max_redirects < 0 or not self.page_retry_secs:
            raise ValueError(
                "min_delay_secs, max_redirects: expected 0 or more; page_retry_secs: one"
            )
        try:
            parse_networks(self.allow_addresses)
        except ValueError as error:
            raise ValueError(f"allow_addresses: expected networks (CIDR), got {error}") from None
        if any(ord(letter) < 32 for letter in f"{self.user_agent or ''}{self.contact}"):
            raise ValueError("user_agent, contact: expected one line of text")

    @cached_property
    def allowed_networks(self) -> tuple[Network, ...]:
        """The networks of ``allow_addresses``."""
        return parse_networks(self.allow_addresses)

    @property
    def agent(self) -> str:
        """The User-Agent header that is sent."""
        return self.user_agent or default_user_agent(self.contact)
