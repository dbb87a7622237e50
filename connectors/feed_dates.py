"""Dates of feeds, in the forms that occur; None rather than an invented one."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_tz

MAX_AHEAD = timedelta(days=1)
"""A clock may run ahead and an embargo end tomorrow; what lies further is a wrong date."""

EARLIEST_YEAR = 1990
"""No news site is older; 1970 and 0001 are what broken software prints."""

_ZONES = {
    "z": 0,
    "ut": 0,
    "utc": 0,
    "gmt": 0,
    "wet": 0,
    "west": 60,
    "cet": 60,
    "cest": 120,
    "mez": 60,
    "mesz": 120,
    "eet": 120,
    "eest": 180,
    "msk": 180,
    "trt": 180,
    "jst": 540,
    "kst": 540,
    "est": -300,
    "edt": -240,
    "cdt": -300,
    "mst": -420,
    "mdt": -360,
    "pst": -480,
    "pdt": -420,
}
"""Abbreviations with one meaning in news feeds; others (BST, CST, IST …) are ambiguous."""

_AMBIGUOUS_BUT_RFC = {"cst": -360}
"""RFC 822 itself defines CST."""

_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt\s,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s*(.*))?"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?\s*(.*))?")
_OFFSET = re.compile(r"(?:GMT|UTC)?\s*([+-])(\d{1,2}):?(\d{2})?(?:\s*\(.{0,20}\))?", re.IGNORECASE)
_MONTHS = {
    name: at
    for at, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_RFC = re.compile(
    r"(?:[^\W\d_]{2,12}\.?,?\s*)?(\d{1,2})[\s-]+([A-Za-z]{3,9})\.?[\s,-]+(\d{4}|\d{2})"
    r"(?:[\s,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(.*))?"
)


def parse_feed_date(value: object, *, now: datetime) -> datetime | None:
    """Return the instant that ``value`` states, in UTC; None when it is wrong or incomplete.

    RFC 822 with its errors (two-digit years, full month names, missing seconds or week-day) and
    ISO 8601 with its own (space for T, compact form). Without a zone it is taken as UTC; with a
    zone that cannot be read, or ambiguous, it is None, as is a date without its day, before
    1990, or more than a day after ``now``. A date without a time is that day's midnight, UTC.

    >>> moment = datetime(2025, 1, 1, tzinfo=timezone.utc)
    >>> parse_feed_date("Sat, 07 Dec 2024 11:00:00 +0100", now=moment).isoformat()
    '2024-12-07T10:00:00+00:00'
    >>> parse_feed_date("2024-12", now=moment), parse_feed_date("yesterday", now=moment)
    (None, None)
    """
    if not isinstance(value, str):
        return None
    text = value.strip()[:80]
    fields = _iso_fields(text) or _rfc_fields(text)
    if fields is None:
        return None
    year, month, day, hour, minute, second, zone = fields
    offset = _zone_minutes(zone)
    if offset is None:
        return None
    try:
        moment = datetime(
            year, month, day, hour % 24, minute, min(second, 59), tzinfo=timezone.utc
        ) + timedelta(days=hour // 24, minutes=-offset)
    except (ValueError, OverflowError):
        return None
    if hour > 24 or year < EARLIEST_YEAR or moment > now + MAX_AHEAD:
        return None
    return moment


_Fields = tuple[int, int, int, int, int, int, str]


def _iso_fields(text: str) -> _Fields | None:
    found = _ISO.fullmatch(text) or _COMPACT.fullmatch(text)
    if found is None:
        return None
    numbers = [int(part or 0) for part in found.groups()[:6]]
    return (*numbers, (found[7] or "").strip())  # type: ignore[return-value]


def _rfc_fields(text: str) -> _Fields | None:
    found = _RFC.fullmatch(text)
    if found is None:
        return _asctime_fields(text)
    day, name, year, hour, minute, second, zone = found.groups()
    month = _MONTHS.get(name[:3].lower())
    if month is None or not _is_month(name):
        return None
    return (
        _full_year(int(year), len(year)),
        month,
        int(day),
        int(hour or 0),
        int(minute or 0),
        int(second or 0),
        (zone or "").strip(),
    )


def _asctime_fields(text: str) -> _Fields | None:
    """Read ``Sat Dec  7 11:00:00 2024``."""
    if not re.fullmatch(r"[A-Za-z]{3},? [A-Za-z]{3} +\d{1,2} \d{1,2}:\d{2}:\d{2} \d{4}", text):
        return None
    found = parsedate_tz(text)
    return (*found[:6], "") if found is not None else None


def _is_month(name: str) -> bool:
    full = (
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "sept",
    )
    lowered = name.lower()
    return len(lowered) == 3 or lowered in full


def _full_year(year: int, digits: int) -> int:
    if digits == 4:
        return year
    return year + (2000 if year < 70 else 1900)


def _zone_minutes(zone: str) -> int | None:
    if not zone:
        return 0
    lowered = zone.lower()
    named = _ZONES.get(lowered, _AMBIGUOUS_BUT_RFC.get(lowered))
    if named is not None:
        return named
    found = _OFFSET.fullmatch(zone)
    if found is None:
        return None
    minutes = int(found[2]) * 60 + int(found[3] or 0)
    if minutes > 14 * 60:
        return None
    return minutes if found[1] == "+" else -minutes
