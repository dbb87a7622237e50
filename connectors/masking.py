"""What must not be read in a log or a message: secrets are masked, wherever they turn up.

Two nets: values that were named as secret (:func:`hide`), and whatever looks like one (passwords
in addresses, keys in queries, tokens in the paths of webhooks, headers that authenticate).
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

MASK = "***"
SHORTEST_HIDDEN = 4
"""A shorter value would be found in the middle of ordinary words."""

_NAMES = r"[\w.-]*(?:token|key|secret|passw(?:or)?d|pwd|sig|signature|auth|credentials?)"
_PATTERNS = (
    # scheme://user:password@host
    (re.compile(r"(?<=://)[^/\s@]+@"), f"{MASK}@"),
    # Apprise: everything after slack://, mailto://, tgram:// and the like is the secret.
    (
        re.compile(
            r"\b(?!https?:|file:|sqlite:|hdfs:|s3:|gs:)([a-z][a-z0-9+.-]*://)[^\s\"'<>]+",
            re.IGNORECASE,
        ),
        rf"\1{MASK}",
    ),
    # Slack's services, Discord's webhooks, Teams' workflows: the path is the password.
    (
        re.compile(
            r"(https?://[^\s/]+/(?:[^\s/?#]+/)*?(?:hooks?|webhook\w*|services|workflows)/)"
            r"[^\s\"'<>]+",
            re.IGNORECASE,
        ),
        rf"\1{MASK}",
    ),
    (re.compile(r"(/bot)\d+:[\w-]+"), rf"\1{MASK}"),
    (re.compile(rf"([?&;]{_NAMES}=)[^&\s\"'<>#]+", re.IGNORECASE), rf"\1{MASK}"),
    (
        re.compile(
            r"\b([\w-]*(?:api[_-]?key|token|secret|passw(?:or)?d|authorization|cookie)[\"']?\s*[=:]"
            # Not our own words about a key: "secret: expected …", "${SECRET:-default}".
            r"\s*[\"']?)(?!expected |-default\})(?:(?:bearer|basic|apikey)\s+)?[^\s\"',;&}]+",
            re.IGNORECASE,
        ),
        rf"\1{MASK}",
    ),
    (
        re.compile(r"\b(bearer|basic|apikey) +(?=\S*[\d=])[\w.~+/=-]{8,}", re.IGNORECASE),
        rf"\1 {MASK}",
    ),
)

_hidden: set[str] = set()
_hidden_paths: dict[str, re.Pattern[str]] = {}


def hide(*secrets: str | None) -> None:
    """Remember ``secrets`` of this process: :func:`mask` takes them out of every text.

    Of an address, its path and query are hidden too: an error may name them alone.
    """
    for secret in secrets:
        if len(secret or "") >= SHORTEST_HIDDEN:
            _hidden.add(secret or "")
        path = _behind_host(secret or "")
        if len(path) >= SHORTEST_HIDDEN and path not in _hidden_paths:
            # Whole: "/hook" is not in "https://hooks.example", whose own secret comes later.
            _hidden_paths[path] = re.compile(rf"(?<![/:]){re.escape(path)}(?![\w-])")


def _behind_host(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if not parts.netloc or parts.path in {"", "/"}:
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")


def mask(text: str) -> str:
    """Return ``text`` without the secrets in it.

    >>> mask("https://u:pass@es.example:9200 ?api_key=abc Authorization: Bearer abcdef123")
    'https://***@es.example:9200 ?api_key=*** Authorization: ***'
    >>> mask("got https://hooks.slack.com/services/T0/B0/xyz and mailto://me:pw@mail.example")
    'got https://hooks.slack.com/services/*** and mailto://***'
    """
    for secret in sorted(_hidden, key=len, reverse=True):
        text = text.replace(secret, MASK)
    for path in sorted(_hidden_paths, key=len, reverse=True):
        if path in text:
            text = _hidden_paths[path].sub(MASK, text)
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text
