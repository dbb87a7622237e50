"""Turn the configured alert rules into those the story step decides by."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from pipelines.errors import UserError
from pipelines.stories import AlertRule
from pipelines.stories.alerts import ANY_SUBJECT
from pipelines.yaml_source import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection

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


def check_subjects(settings: AlertSettings, known: Collection[str]) -> None:
    """Return if every rule is of subjects that are looked for.

    Raises:
        UserError: a rule names another, and would never alert; one line for each.
    """
    faults = []
    for number, rule in enumerate(settings.rules):
        for subject in rule.subjects:
            if subject in known or subject == ANY_SUBJECT:
                continue
            hint = did_you_mean(subject, known, "subjects")
            faults.append(f"alerts.rules.{number}.subjects: unknown subject {subject}; {hint}")
    if faults:
        raise UserError("\n".join(faults))


def _hours(written: str | None) -> tuple[time, time] | None:
    if written is None:
        return None
    start, end = written.split("-")
    return time.fromisoformat(start), time.fromisoformat(end)
