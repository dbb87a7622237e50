"""Which developments become alerts: the rules of a subject over what a placement found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from connectors.records import Alert, stable_id, utc
from pipelines.stories.corrections import DELETION
from pipelines.stories.developments import WEEK_DAYS, news_id
from pipelines.stories.turns import MAX_TURN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from connectors.records import Document
    from pipelines.stories.model import Development, Placement

DEVELOPMENTS = ("new_story", "new_claim", "changed_status", "contradiction", "revision", DELETION)
"""Every kind, in the order in which they are told."""

ANY_SUBJECT = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRule:
    """What of a subject is alerted, and how; the first rule that names a subject holds for it.

    Args:
        subjects: subject ids, or ``*`` for all that no earlier rule names.
        developments: the kinds that alert, of ``DEVELOPMENTS``.
        min_sources: outlets that must have reported it by themselves (1 or more).
        quiet_hours: (from, to); an alert of these hours is sent at their end. Equal: never quiet.
        time_zone: IANA name of the zone that quiet hours are in; summer time is followed.
        cool_down_secs: what comes sooner than this after the subject's last alert waits for the
            rest of it, and is sent together; it is delayed, not lost.
        severity: passed on with the alert.
        channels: names of the channels it goes to.
        include_late: alert on articles that are older than the book takes as news.
    """

    subjects: tuple[str, ...] = (ANY_SUBJECT,)
    developments: tuple[str, ...] = DEVELOPMENTS
    min_sources: int = 1
    quiet_hours: tuple[time, time] | None = None
    time_zone: str = "UTC"
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
        try:
            ZoneInfo(self.time_zone)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(
                f"time_zone: expected a name such as Europe/Paris, got {self.time_zone!r} "
                "(if it is right, the package tzdata is missing)"
            ) from error


def decide_alerts(
    document: Document,
    placement: Placement,
    *,
    rules: Iterable[AlertRule],
    now: datetime,
    released: Mapping[str, datetime] | None = None,
) -> tuple[Alert, ...]:
    """Return the alerts that ``document`` gives rise to, in the order of ``DEVELOPMENTS``.

    None for copies, further reports, late articles (but see ``include_late``), and subjects
    without a rule; one for a deletion. Pure: the same arguments give the same alerts. An alert is
    created now and waits (``next_attempt_at``) for the end of quiet hours or cool-down.

    Args:
        document: what was placed.
        placement: what the book said of it.
        rules: the first that names a subject holds for it.
        now: aware.
        released: when the last alert of each subject was or will be sent (:func:`release_at`).
    """
    given, last = tuple(rules), released or {}
    chosen: list[Alert] = []
    for development in placement.developments:
        rule = rule_for(development.subject, given)
        if rule is None or not _alerts(development, placement, rule):
            continue
        if development.kind == DELETION and any(one.development == DELETION for one in chosen):
            continue
        wait = wait_until(rule, released_at=last.get(development.subject), now=utc(now))
        chosen.append(_alert(document, placement, development, rule, utc(now), wait))
    order = {kind: place for place, kind in enumerate(DEVELOPMENTS)}
    return tuple(sorted(chosen, key=lambda a: (order[a.development], a.subject, a.id)))


def rule_for(subject: str, rules: Iterable[AlertRule]) -> AlertRule | None:
    """Return the first rule that names ``subject`` or stands for all."""
    for rule in rules:
        if subject in rule.subjects or ANY_SUBJECT in rule.subjects:
            return rule
    return None


def alert_id(subject: str, development_id: str) -> str:
    """Return the id of the alert of a development, whoever reports it first."""
    return stable_id("alert", subject, development_id)


def turn_of(alert: Alert) -> tuple[int, int] | None:
    """Return (week, turn) of the story whose first mention ``alert`` told, or None."""
    if alert.development != "new_story":
        return None
    told_at = utc(min(alert.published_at or alert.first_seen_at, alert.first_seen_at))
    this_week = (told_at.toordinal() - 1) // WEEK_DAYS
    for week in (this_week, this_week - 1):
        for turn in range(MAX_TURN + 1):
            if alert.id == alert_id(alert.subject, news_id(alert.subject, week, turn)):
                return week, turn
    return None


def release_at(alert: Alert) -> datetime:
    """Return when ``alert`` was or will be sent for the first time, receivers willing."""
    return alert.alerted_at or max(alert.next_attempt_at or alert.created_at, alert.created_at)


def wait_until(rule: AlertRule, *, released_at: datetime | None, now: datetime) -> datetime | None:
    """Return when an alert of ``rule`` may be sent, or None for at once.

    What waits for the end of a cool-down or of quiet hours is joined by what comes meanwhile.

    >>> from datetime import timezone
    >>> night = AlertRule(quiet_hours=(time(22), time(6)))
    >>> wait_until(night, released_at=None, now=datetime(2024, 12, 6, 23, tzinfo=timezone.utc))
    datetime.datetime(2024, 12, 7, 6, 0, tzinfo=datetime.timezone.utc)
    """
    due_at = now
    if released_at is not None and rule.cool_down_secs:
        after = released_at + timedelta(seconds=rule.cool_down_secs)
        due_at = released_at if now < released_at else max(now, after)
    if rule.quiet_hours is not None:
        due_at = _end_of_quiet(due_at, *rule.quiet_hours, ZoneInfo(rule.time_zone))
    return due_at if due_at > now else None


def _end_of_quiet(at: datetime, start: time, end: time, zone: ZoneInfo) -> datetime:
    """Return ``at``, or in quiet hours their end; on clocks of ``zone``, in UTC."""
    local = at.astimezone(zone)
    clock, over_midnight = local.time(), start > end
    quiet = (clock >= start or clock < end) if over_midnight else start <= clock < end
    if not quiet:
        return at
    day = local.date() + timedelta(days=int(over_midnight and clock >= start))
    return max(at, utc(datetime.combine(day, end, tzinfo=zone)))


def _alerts(development: Development, placement: Placement, rule: AlertRule) -> bool:
    return (
        development.kind in rule.developments
        and (rule.include_late or not placement.late)
        and development.sources_before < rule.min_sources <= development.sources
    )


def _alert(  # noqa: PLR0913, PLR0917 - one call site
    document: Document,
    placement: Placement,
    development: Development,
    rule: AlertRule,
    now: datetime,
    wait: datetime | None,
) -> Alert:
    article = document.article
    return Alert(
        id=alert_id(development.subject, development.id),
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
        next_attempt_at=wait,
        outlets=placement.story.outlets,
        languages=placement.story.languages,
    )
