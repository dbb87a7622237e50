"""Turn the configured alert rules into those the story step decides by."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from pipelines.stories import AlertRule

if TYPE_CHECKING:
    from pipelines.config_models import AlertSettings


def alert_rules(settings: AlertSettings) -> tuple[AlertRule, ...]:
    """Return the rules of ``settings``; a rule without channels alerts all of them."""
    return tuple(
        AlertRule(
            subjects=rule.subjects,
            developments=rule.developments,
            channels=rule.channels or tuple(settings.channels),
            severity=rule.severity,
            min_sources=rule.min_sources,
            quiet_hours=_hours(rule.quiet_hours),
            time_zone=rule.time_zone,
            cool_down_secs=rule.cool_down_secs,
            include_late=settings.late_articles,
        )
        for rule in settings.rules
    )


def _hours(written: str | None) -> tuple[time, time] | None:
    if written is None:
        return None
    start, end = written.split("-")
    return time.fromisoformat(start), time.fromisoformat(end)
