"""What the answer to a poll means for the schedule: pure."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from connectors.feed_known import tellings
from connectors.feed_schedule import PollReport
from connectors.net.outcomes import cache_lifetime_secs

if TYPE_CHECKING:
    from datetime import datetime

    from connectors.feed_document import ParsedFeed
    from connectors.net import Fetched


def fetch_report(fetched: Fetched, now: datetime) -> PollReport:
    """Return what an answer without a usable body means for the schedule."""
    return PollReport(
        outcome=fetched.outcome,
        detail=fetched.detail,
        lifetime_secs=cache_lifetime_secs(fetched.headers, now),
        retry_after_secs=fetched.retry_after_secs,
        permanent_url=fetched.permanent_url,
    )


def parsed_report(fetched: Fetched, parsed: ParsedFeed, new: int, now: datetime) -> PollReport:
    """Return what a parsed document means for the schedule.

    A document with entries is a success even when cut; a cut one is asked for again in full.
    A well-formed feed without entries is a quiet feed, not a failure.
    """
    broken = parsed.problem is not None
    usable = not broken or (parsed.problem == "malformed" and bool(parsed.entries))
    outcome = "ok" if not broken else str(parsed.problem)
    if outcome == "malformed" and not usable:
        outcome = "not_a_feed"
    return replace(
        fetch_report(fetched, now),
        outcome=outcome,
        detail=parsed.detail,
        etag=_validator(fetched, "etag") if not broken else None,
        last_modified=_validator(fetched, "last-modified") if not broken else None,
        body_hash=hash_body(fetched.body) if not broken else None,
        seen=len(parsed.entries),
        new=new,
        entry_ids=tuple(entry.id for entry in parsed.entries),
        tellings=tellings(parsed.entries),
        ttl_secs=parsed.ttl_secs,
        update_secs=parsed.update_secs,
        skip_hours=parsed.skip_hours,
        skip_days=parsed.skip_days,
    )


def _validator(fetched: Fetched, name: str) -> str | None:
    value = fetched.headers.get(name, "")
    return value if 0 < len(value) <= 1000 and value.isprintable() else None


def hash_body(body: bytes) -> str:
    """Return the hash by which an unchanged body is known, whatever its validators claim."""
    return hashlib.blake2b(body, digest_size=16).hexdigest()
