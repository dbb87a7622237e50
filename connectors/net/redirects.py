"""Redirects, hop by hop: where to, and what is carried along."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urljoin, urlsplit

from connectors.net.outcomes import Fetched

if TYPE_CHECKING:
    from collections.abc import Mapping


def host_key(url: str) -> str:
    """Return the key under which requests to one host are spaced: lower-case host and port.

    >>> host_key("https://Example.org:443/a"), host_key("http://example.org/")
    ('example.org', 'example.org')
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    name = (parts.hostname or "").rstrip(".")
    return name if port in {None, 80, 443} else f"{name}:{port}"


def redirect_target(url: str, answer: Fetched) -> str | None:
    """Return the absolute address that a redirect names, None when it names none."""
    location = answer.headers.get("location", "").strip()
    if not location:
        return None
    try:
        return urldefrag(urljoin(url, location.replace(" ", "%20"))).url
    except ValueError:
        return None


def bad_redirect(url: str, answer: Fetched, detail: str) -> Fetched:
    """Return the end of a chain that leads nowhere."""
    return Fetched(url=url, outcome="bad_redirect", status=answer.status, detail=detail)


def hop_headers(headers: Mapping[str, str], cookies: Mapping[str, str]) -> dict[str, str]:
    """Return the headers of one hop: the caller's, and the chain's cookies."""
    if not cookies:
        return dict(headers)
    return {**headers, "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}


def next_cookies(
    cookies: Mapping[str, str], url: str, target: str, answer: Fetched
) -> dict[str, str]:
    """Carry cookies within one chain and one host: some sites redirect until they come back."""
    if host_key(url) != host_key(target):
        return {}
    first = answer.headers.get("set-cookie", "").partition(";")[0]
    name, equals, value = first.partition("=")
    plain = equals and name.strip().isidentifier() and value.isprintable() and len(value) < 4096
    return {**cookies, name.strip(): value.strip()} if plain else dict(cookies)
