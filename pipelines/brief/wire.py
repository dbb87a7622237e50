"""The newest alerts of a briefing as HTML: what is new, in which article, whom it told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.brief.markup import clock, isolated, lang, link, text
from pipelines.brief.stages import claim_in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.records import Alert
    from pipelines.brief.sections import Names

DEVELOPMENTS = {
    "new_story": "New story",
    "new_claim": "New claim",
    "changed_status": "Changed status",
    "contradiction": "Contradiction",
    "revision": "Revision",
    "deletion": "Page deleted",
}
MAX_ALERTS = 100


def render_alerts(alerts: Sequence[Alert], names: Names) -> str:
    """Return the newest alerts as a list."""
    rows = []
    for alert in alerts[:MAX_ALERTS]:
        kind = DEVELOPMENTS.get(alert.development, alert.development.replace("_", " "))
        css = " ".join(word for word in (alert.development, alert.severity) if word.isidentifier())
        quote = ""
        # A bare name says nothing that the subject beside it does not.
        if " " in alert.quote and alert.quote not in alert.title:
            quote = f'<p class="by">“{isolated(alert.quote, alert.language)}”</p>'
        rows.append(
            f'<li class="{css}"><div class="head"><span><b>{text(kind)}</b> · '
            f"{text(names.subject(alert.subject))}</span>{clock(alert.created_at)}</div>{_news(alert)}"
            f"<p{lang(alert.language)}>{link(alert.url, isolated(alert.title))}</p>{quote}"
            f'<p class="by">{isolated(alert.outlet or "")} {_delivery(alert)}</p></li>'
        )
    return f'<ol class="wire">{"".join(rows)}</ol>'


def _delivery(alert: Alert) -> str:
    if alert.delivered_to:
        return f"· told {text(', '.join(alert.delivered_to))}"
    return "· not delivered yet" if alert.channels else ""


def _news(alert: Alert) -> str:
    """Return what is said now and what was said before, for readers of other languages too."""
    now = "; ".join(dict.fromkeys(claim_in_words(one) for one in alert.new_claims))
    before = "; ".join(dict.fromkeys(claim_in_words(one) for one in alert.old_claims))
    if not now:
        return ""
    return f'<p class="news">{now}{f" <em>(before:</em> {before}<em>)</em>" if before else ""}</p>'
