"""Which developments become alerts: the rules of a subject over what a placement found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from connectors.records import Alert, stable_id, utc

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connectors.records import Document
    from pipelines.stories.model import Development, Placement

DEVELOPMENTS = ("new_story", "new_claim", "changed_status", "contradiction", "revision")
"""Every kind, in the order in which they are told."""

ANY_SUBJECT = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRule:
    """What of a subject is alerted, and how; the first rule that names a subject holds for it.

    Args:
        subjects: subject ids, or ``*`` for all that no earlier rule names.
        developments: the kinds that alert, of ``DEVELOPMENTS``.
        min_sources: outlets that must have reported it by themselves (1 or more).
        quiet_hours: (from, to) in UTC; an alert of these hours is sent at their end.
        cool_down_secs: an alert sooner than this after the subject's last development waits
            for the rest of it; it is delayed, not lost.
        severity: passed on with the alert.
        channels: names of the channels it goes to.
        include_late: alert on articles that are older than the book takes as news.
    """

    subjects: tuple[str, ...] = (ANY_SUBJECT,)
    developments: tuple[str, ...] = DEVELOPMENTS
    min_sources: int = 1
    quiet_hours: tuple[time, time] | None = None
    cool_down_secs: int = 0
    severity: str = "info"
    channels: tuple[str, ...] = ()
    include_late: bool = False

    def __post_init__(self) -> None:
        unknown = sorted(set(self.developments) - set(DEVELOPMENTS))
        if unknown:
            raise ValueError(f"developments: expected some of {DEVELOPMENTS}, got {unknown}")
        if self.min_sources < 1:
            raise ValueError(f"min_sources: expected 1 or more, got {self.min_sources}")
        if self.cool_down_secs < 0:
            raise ValueError(f"cool_down_secs: expected 0 or more, got {self.cool_down_secs}")


def decide_alerts(
    document: Document,
    placement: Placement,
    *,
    rules: Iterable[AlertRule],
    now: datetime,
) -> tuple[Alert, ...]:
    """Return the alerts that ``document`` gives rise to, in the order of ``DEVELOPMENTS``.

    None for copies, further reports, late articles (but see ``include_late``), and subjects
    without a rule. Pure: the same arguments give the same alerts. An alert is created now and
    waits (``next_attempt_at``) for the end of quiet hours or cool-down.
    """
    given = tuple(rules)
    chosen: list[Alert] = []
    for development in placement.developments:
        rule = rule_for(development.subject, given)
        if rule is None or not _alerts(development, placement, rule):
            continue
        chosen.append(_alert(document, placement, development, rule, utc(now)))
    order = {kind: place for place, kind in enumerate(DEVELOPMENTS)}
    return tuple(sorted(chosen, key=lambda a: (order[a.development], a.subject, a.id)))


def rule_for(subject: str, rules: Iterable[AlertRule]) -> AlertRule | None:
    """Return the first rule that names ``subject`` or stands for all."""
    for rule in rules:
        if subject in rule.subjects or ANY_SUBJECT in rule.subjects:
            return rule
    return None


def alert_id(development: Development) -> str:
    """Return the id of the alert of ``development``, whoever reports it first."""
    return stable_id("alert", development.subject, development.id)


def wait_until(rule: AlertRule, *, previous_at: datetime | None, now: datetime) -> datetime | None:
    """Return when an alert of ``rule`` may be sent, or None for at once.

    >>> from datetime import timezone
    >>> night = AlertRule(quiet_hours=(time(22), time(6)))
    >>> wait_until(night, previous_at=None, now=datetime(2024, 12, 6, 23, tzinfo=timezone.utc))
    datetime.datetime(2024, 12, 7, 6, 0, tzinfo=datetime.timezone.utc)
    """
    due_at = now
    if previous_at is not None and rule.cool_down_secs:
        due_at = max(due_at, previous_at + timedelta(seconds=rule.cool_down_secs))
    if rule.quiet_hours is not None:
        start, end = rule.quiet_hours
        clock = due_at.time()
        over_midnight = start > end
        quiet = (clock >= start or clock < end) if over_midnight else start <= clock < end
        if quiet:
            day = due_at.date() + timedelta(days=int(over_midnight and clock >= start))
            due_at = datetime.combine(day, end, tzinfo=due_at.tzinfo)
    return due_at if due_at > now else None


def _alerts(development: Development, placement: Placement, rule: AlertRule) -> bool:
    return (
        development.kind in rule.developments
        and (rule.include_late or not placement.late)
        and development.sources_before < rule.min_sources <= development.sources
    )


def _alert(
    document: Document,
    placement: Placement,
    development: Development,
    rule: AlertRule,
    now: datetime,
) -> Alert:
    article = document.article
    return Alert(
        id=alert_id(development),
        subject=development.subject,
        story_id=placement.story_id,
        development=development.kind,
        document_id=article.id,
        title=article.title,
        url=article.url,
        outlet=article.outlet,
        language=article.language,
        quote=development.quote,
        created_at=now,
        published_at=article.published_at,
        first_seen_at=article.first_seen_at,
        new_claims=development.new_claims,
        old_claims=development.old_claims,
        severity=rule.severity,
        channels=rule.channels,
        next_attempt_at=wait_until(rule, previous_at=development.previous_at, now=now),
    )
