"""Turn the configured alert rules into those the story step decides by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.stories import AlertRule

if TYPE_CHECKING:
    from pipelines.settings import AlertSettings


def alert_rules(settings: AlertSettings) -> tuple[AlertRule, ...]:
    """Return the rules of ``settings``; a rule without channels alerts all of them."""
    return tuple(
        AlertRule(
            subjects=rule.subjects,
            developments=rule.developments,
            channels=rule.channels or tuple(settings.channels),
            severity=rule.severity,
            min_sources=rule.min_sources,
            quiet_hours=rule.quiet_hours,
            cool_down_secs=rule.cool_down_secs,
        )
        for rule in settings.rules
    )
