"""robots.txt by RFC 9309, parsed by protego: what may be fetched, cached for a day at most."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from protego import Protego

from connectors.net.policy import PRODUCT

if TYPE_CHECKING:
    from connectors.net.outcomes import Fetched

ROBOTS_BYTES = 512 * 1024
"""RFC 9309 asks for at least 500 KiB; what lies behind it is not read."""

ROBOTS_REDIRECTS = 5
"""RFC 9309, section 2.3.1.2."""

CACHE_SECS = 86_400.0
"""RFC 9309, section 2.4: not longer than a day."""

UNREACHABLE_SECS = 600.0
"""How long a host whose robots.txt cannot be had is left alone before it is asked again."""

MAX_CACHED = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsRules:
    """What one host's robots.txt says until ``expires_at`` (seconds of the loop's clock).

    ``verdict`` is ``parsed``, ``allow_all``, ``unreachable`` or ``blocked``.
    """

    verdict: str
    expires_at: float
    parsed: Protego | None = None
    detail: str = ""

    def allows(self, url: str) -> bool:
        """Return whether ``url`` may be fetched."""
        if self.parsed is not None:
            return bool(self.parsed.can_fetch(url, PRODUCT))
        return self.verdict == "allow_all"

    @property
    def crawl_delay_secs(self) -> float:
        """The host's own Crawl-delay, 0 when it states none."""
        delay = self.parsed.crawl_delay(PRODUCT) if self.parsed is not None else None
        return max(0.0, float(delay)) if delay is not None else 0.0


def robots_rules(answer: Fetched, now: float) -> RobotsRules:
    """Return the rules that ``answer`` to a request for /robots.txt stands for.

    2xx is parsed (its first 500 KiB); 4xx, and redirects that lead nowhere, allow all; 5xx and an
    unreachable host forbid all until it answers again (RFC 9309, section 2.3.1).
    """
    if answer.outcome in {"ok", "too_big"}:
        text = answer.body[:ROBOTS_BYTES].decode("utf-8", "replace").lstrip("\ufeff")
        try:
            parsed = Protego.parse(text)
        except Exception as error:  # noqa: BLE001 - the world's file must not end a fetch
            return RobotsRules(
                verdict="allow_all", expires_at=now + CACHE_SECS, detail=type(error).__name__
            )
        return RobotsRules(verdict="parsed", expires_at=now + CACHE_SECS, parsed=parsed)
    if answer.outcome in {"gone", "not_found", "http_error", "bad_redirect", "bad_encoding"}:
        return RobotsRules(verdict="allow_all", expires_at=now + CACHE_SECS)
    if answer.outcome == "blocked_address":
        return RobotsRules(verdict="blocked", expires_at=now + CACHE_SECS, detail=answer.detail)
    return RobotsRules(
        verdict="unreachable",
        expires_at=now + max(UNREACHABLE_SECS, answer.retry_after_secs or 0.0),
        detail=f"robots.txt: {answer.outcome} {answer.detail}".strip(),
    )


class RobotsCache:
    """The rules of the hosts seen, by origin, bounded in number."""

    def __init__(self) -> None:
        """Start with no rules."""
        self._rules: OrderedDict[str, RobotsRules] = OrderedDict()

    def get(self, origin: str, now: float) -> RobotsRules | None:
        """Return the rules of ``origin`` when they are known and fresh."""
        rules = self._rules.get(origin)
        return rules if rules is not None and rules.expires_at > now else None

    def put(self, origin: str, rules: RobotsRules) -> None:
        """Remember the rules of ``origin``."""
        self._rules[origin] = rules
        self._rules.move_to_end(origin)
        if len(self._rules) > MAX_CACHED:
            self._rules.popitem(last=False)
