"""Addresses of articles: one spelling and one key for each, without guessing.

Pure. The key decides which document an entry becomes, so two rules outweigh all others: what
names another article must stay, and the same address must give the same key for ever. Known
trackers go, by name; the order of what stays is kept, since some sites read it. AMP and mobile
addresses are not guessed: a page says itself what its canonical address is.

The address that is *fetched* is always the one the feed printed, never this one.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from courlan import extract_domain

from connectors.records import stable_id

DEFAULT_PORTS = {"http": 80, "https": 443}

TRACKERS = frozenset(
    """
    __twitter_impression _branch_match_id _ga _gl _hsenc _hsmi _openstat cmpid dclid fb_action_ids
    fb_action_types fb_ref fb_source fbclid gbraid gclid gclsrc guccounter guce_referrer
    guce_referrer_sig hsctatracking igsh igshid li_fat_id mc_cid mc_eid mkt_tok ml_subscriber
    ml_subscriber_hash msclkid ns_campaign ns_fee ns_linkname ns_mchannel ns_source oly_anon_id
    oly_enc_id rb_clickid ref_src ref_url s_cid smid srsltid ttclid twclid vero_conv vero_id
    wbraid wickedid wt.mc_id wt.mc_ev wt_mc wt_zmc xtcr xtor yclid ymclid ysclid
    """.split()  # noqa: SIM905 - eighty words read better as words
)
"""Parameters that count clicks, as their vendors document them; none selects an article."""

TRACKER_PREFIXES = ("utm_", "mtm_", "matomo_", "piwik_", "pk_", "hsa_", "at_")
"""Families of trackers: Google, Matomo, HubSpot Ads, AT Internet."""

_EDGE = "".join(map(chr, range(0x21)))
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH_SAFE = _UNRESERVED | frozenset("/:@!$&'()*+,;=")
_QUERY_SAFE = _PATH_SAFE | frozenset("?")


def canonical_url(url: str) -> str:
    """Return the one spelling of ``url``; what is no web address comes back stripped.

    Lower-case scheme and host (IDN as punycode), no default port, user or fragment, dot
    segments resolved, percent-encoding uniform, trackers removed, other parameters in their
    order. Idempotent.

    >>> canonical_url("HTTP://Example.org:80/a/../b?utm_source=x&id=7#top")
    'http://example.org/b?id=7'
    >>> canonical_url("https://пример.рф/новости")
    'https://xn--e1afmkfd.xn--p1ai/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8'
    """
    stripped = re.sub(r"[\t\r\n]", "", url).strip(_EDGE)
    try:
        parts = urlsplit(stripped)
        host, port = parts.hostname, parts.port
    except ValueError:
        return stripped
    scheme = parts.scheme.lower()
    if scheme not in DEFAULT_PORTS or not host:
        return stripped
    network = _ascii_host(host)
    if not network:
        return stripped
    if port is not None and port != DEFAULT_PORTS[scheme]:
        network = f"{network}:{port}"
    path = _resolve_dots(_uniform(parts.path, _PATH_SAFE))
    query = _without_trackers(_uniform(parts.query, _QUERY_SAFE))
    return f"{scheme}://{network}{path}" + (f"?{query}" if query else "")


def address_key(url: str) -> str:
    """Return the identifier of the article at ``url``: its document's ``_id``.

    >>> address_key("https://example.org/a#x") == address_key("https://EXAMPLE.org/a?fbclid=1")
    True
    """
    return stable_id(canonical_url(url))


def host_of(url: str) -> str:
    """Return the lower-case ASCII host of ``url``; empty when it has none.

    >>> host_of("https://Example.org:8443/a")
    'example.org'
    >>> host_of("tag:example.org,2024:7")
    ''
    """
    try:
        return _ascii_host(urlsplit(url.strip(_EDGE)).hostname or "")
    except ValueError:
        return ""


def same_site(first: str, second: str) -> bool:
    """Tell whether two addresses belong to one site: same registrable domain, same odd port.

    >>> same_site("https://www.example.org/a", "https://news.example.org/b")
    True
    >>> same_site("https://example.org/a", "https://example.com/a")
    False
    """
    hosts = host_of(first), host_of(second)
    if not all(hosts) or _odd_port(first) != _odd_port(second):
        return False
    if hosts[0] == hosts[1]:
        return True
    domains = [extract_domain(f"http://{host}/") for host in hosts]
    return domains[0] is not None and domains[0] == domains[1]


def _odd_port(url: str) -> int | None:
    try:
        port = urlsplit(url.strip(_EDGE)).port
    except ValueError:
        return None
    return None if port in DEFAULT_PORTS.values() else port


def _ascii_host(host: str) -> str:
    host = host.rstrip(".").lower()
    if ":" in host:
        return f"[{host}]"
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii").rstrip(".").lower()
    except UnicodeError:
        return host


def _uniform(component: str, safe: frozenset[str]) -> str:
    """Return ``component`` with every character in the one percent-encoding it may have."""
    pieces: list[str] = []
    at = 0
    for match in _PERCENT.finditer(component):
        pieces.extend(_encoded(char, safe) for char in component[at : match.start()])
        char = chr(int(match.group()[1:], 16))
        pieces.append(char if char in _UNRESERVED else match.group().upper())
        at = match.end()
    pieces.extend(_encoded(char, safe) for char in component[at:])
    return "".join(pieces)


def _encoded(char: str, safe: frozenset[str]) -> str:
    if char in safe:
        return char
    return "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "surrogatepass"))


def _resolve_dots(path: str) -> str:
    resolved: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            if len(resolved) > 1:
                resolved.pop()
        elif segment != ".":
            resolved.append(segment)
    if segments[-1] in {".", ".."}:
        resolved.append("")
    joined = "/".join(resolved)
    return joined if joined.startswith("/") else f"/{joined}"


def _without_trackers(query: str) -> str:
    return "&".join(part for part in query.split("&") if part and not _is_tracker(part))


def _is_tracker(parameter: str) -> bool:
    name = parameter.partition("=")[0].lower()
    return name in TRACKERS or name.startswith(TRACKER_PREFIXES)
