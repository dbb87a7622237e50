"""Write ``deploy/kibana``: data views, searches, dashboards and rules, from what is below.

Run after a change of the indices or of this file: ``python tools/generate_kibana.py``.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from kibana_objects import (
    PREFIX,
    Column,
    Dashboard,
    Panel,
    Search,
    View,
    count,
    dashboard_object,
    data_view,
    distinct,
    extreme,
    field_type,
    first,
    latest,
    ndjson,
    over_time,
    percentile,
    saved_search,
    top,
)

TARGET = Path(__file__).parents[1] / "deploy" / "kibana"


def view(name: str, kind: str, time_field: str | None, suffix: str = "") -> View:
    return View(
        id=f"{PREFIX}-index-{kind}{suffix}", name=f"Vigie: {name}", kind=kind, time_field=time_field
    )  # fmt: skip


ARTICLES = view("articles", "articles", "@timestamp")
ARRIVALS = view("articles by arrival", "articles", "event.created", "-arrivals")
MENTIONS = view("mentions", "mentions", "@timestamp")
CLAIMS = view("claims", "claims", "@timestamp")
FINDINGS = view("findings", "findings", "last_at")
FINDINGS_NOW = view("findings, whenever", "findings", None, "-now")
STORIES = view("stories", "stories", "last_seen_at")
ALERTS = view("alerts", "alerts", "created_at")
ALERTS_NOW = view("alerts, whenever", "alerts", None, "-now")
FEEDS = view("feeds", "feeds", None)
LETTERS = view("dead letters", "dead-letters", "last_at")
LETTERS_NOW = view("dead letters, whenever", "dead-letters", None, "-now")
ENTRIES = view("entries", "entries", "first_seen_at")
ENTRIES_NOW = view("entries, whenever", "entries", None, "-now")
VIEWS = (
    ARTICLES, ARRIVALS, MENTIONS, CLAIMS, FINDINGS, FINDINGS_NOW, STORIES, ALERTS, ALERTS_NOW,
    FEEDS, LETTERS, LETTERS_NOW, ENTRIES, ENTRIES_NOW,
)  # fmt: skip

WAITING = "waiting: true and parked: false"
NO_COPIES = "is_copy: false"
OPEN = 'kind: "contradiction" and open: true'
STAGES = 'kind: "stage" and open: true'

NEW_MENTIONS = Search(
    id=f"{PREFIX}-new-mentions",
    title="Vigie: new mentions",
    about="Mentions of tracked subjects, newest first, without syndicated copies.",
    view=MENTIONS,
    columns=("subject", "title", "quote", "outlet", "language", "url", "event.created"),
    sort="event.created",
    query=NO_COPIES,
)
LATEST_CLAIMS = Search(
    id=f"{PREFIX}-latest-claims",
    title="Vigie: claims",
    about="What articles say about deployments and agreements, with the words that say it.",
    view=CLAIMS,
    columns=(
        "system", "place", "status", "when", "speaker", "negated", "hypothetical", "evidence",
        "outlet", "url",
    ),
    sort="event.created",
    query=NO_COPIES,
)  # fmt: skip
BOTH_SIDES = (
    "system", "place", "about", "value", "evidence", "outlet", "speaker", "url", "other_value",
    "other_evidence", "other_outlet", "other_speaker", "other_url", "sources",
)  # fmt: skip
CONTRADICTIONS = Search(
    id=f"{PREFIX}-contradictions",
    title="Vigie: contradictions",
    about="Sources that contradict each other, the first quote of each side; resolved ones too.",
    view=FINDINGS,
    columns=(*BOTH_SIDES, "open", "resolution"),
    sort="last_at",
    query='kind: "contradiction"',
)
REVISIONS = Search(
    id=f"{PREFIX}-revisions",
    title="Vigie: revisions",
    about="What a speaker said later, or was said after a time had passed.",
    view=FINDINGS,
    columns=BOTH_SIDES,
    sort="last_at",
    query='kind: "revision" and open: true',
)
TIMELINE = Search(
    id=f"{PREFIX}-timeline",
    title="Vigie: stages of deployments",
    about="Each stage of each deployment with its earliest source, the times said of it.",
    view=FINDINGS,
    columns=(
        "system", "place", "about", "first_at", "values", "outlet", "speaker", "evidence", "url",
        "sources",
    ),
    sort="last_at",
    query=STAGES,
)  # fmt: skip
LATEST_STORIES = Search(
    id=f"{PREFIX}-latest-stories",
    title="Vigie: stories",
    about="Stories by their last report.",
    view=STORIES,
    columns=("title", "subjects", "languages", "outlets", "first_seen_at", "url"),
    sort="last_seen_at",
)
DEAD_LETTERS = Search(
    id=f"{PREFIX}-latest-dead-letters",
    title="Vigie: dead letters",
    about="Entries that failed; vigie replay sends them through the steps again.",
    view=LETTERS,
    columns=("step", "reason", "detail", "attempts", "parked", "waiting", "feed_id", "url"),
    sort="last_at",
)
FAILING_FEEDS = Search(
    id=f"{PREFIX}-failing-feeds",
    title="Vigie: failing feeds",
    about="Feeds whose last polls failed.",
    view=FEEDS,
    columns=("url", "outcome", "failures", "error", "last_success_at", "next_poll_at"),
    sort="last_poll_at",
    query="failures > 0",
)
UNDELIVERED = Search(
    id=f"{PREFIX}-undelivered-alerts",
    title="Vigie: undelivered alerts",
    about="Alerts that some channel has not got, with the last error.",
    view=ALERTS_NOW,
    columns=("subject", "development", "title", "channels", "delivered_to", "attempts", "error"),
    sort="created_at",
    query="undelivered: true",
)
SEARCHES = (
    NEW_MENTIONS, LATEST_CLAIMS, CONTRADICTIONS, REVISIONS, TIMELINE, LATEST_STORIES,
    DEAD_LETTERS, FAILING_FEEDS, UNDELIVERED,
)  # fmt: skip


def links() -> Panel:
    shown = " · ".join(
        f"[{name}](#/dashboard/{PREFIX}-{name.lower()})"
        for name in ("Developments", "Claims", "Operations")
    )
    return Panel(title="", text=shown, width=48, height=3)


def figure(title: str, about: View, column: Column, query: str = "", width: int = 12) -> Panel:
    return Panel(
        title=title, view=about, chart="metric", columns=(column,), query=query, width=width,
        height=6,
    )  # fmt: skip


DEVELOPMENTS = Dashboard(
    id=f"{PREFIX}-developments",
    title="Vigie: developments",
    about="What the press reports about the tracked subjects, by time, place and source.",
    time_from="now-7d",
    controls_of=MENTIONS,
    controls=(("Subject", "subject"), ("Language", "language"), ("Outlet", "outlet")),
    panels=(
        links(),
        figure("Articles with mentions", MENTIONS, distinct("document_id", "articles")),
        figure("Stories", MENTIONS, distinct("story_id", "stories")),
        figure("Outlets", MENTIONS, distinct("outlet", "outlets")),
        figure("Open contradictions", FINDINGS, count("contradictions"), OPEN),
        Panel(
            title="Mentions by subject",
            view=MENTIONS,
            chart="stacked",
            columns=(
                over_time("@timestamp"),
                top("subject", "subject", by="articles"),
                count("articles"),
            ),
            width=48,
        ),
        Panel(
            title="Newest stories",
            view=MENTIONS,
            chart="table",
            columns=(
                top("story_id", "story", by="first seen", size=50, hidden=True),
                latest("title.keyword", "title", "event.created"),
                latest("subject", "subject", "event.created"),
                extreme("min", "event.created", "first seen"),
                extreme("max", "event.created", "last seen"),
                distinct("outlet", "outlets"),
                distinct("document_id", "articles"),
            ),
            width=32,
            height=15,
        ),
        Panel(
            title="Places in claims",
            view=CLAIMS,
            chart="table",
            columns=(
                top("place", "place", by="claims", size=50),
                count("claims"),
                distinct("system", "systems"),
                extreme("max", "event.created", "last seen"),
            ),
            query=NO_COPIES,
            width=16,
            height=15,
        ),
        Panel(
            title="Languages",
            view=MENTIONS,
            chart="ranking",
            columns=(top("language", "language", by="mentions", size=20), count("mentions")),
            width=16,
        ),
        Panel(
            title="Outlets by mentions",
            view=MENTIONS,
            chart="table",
            columns=(
                top("outlet", "outlet", by="mentions", size=50),
                count("mentions"),
                count("of these copies", "is_copy: true"),
                distinct("story_id", "stories"),
            ),
            width=16,
        ),
        Panel(
            title="Alerts by development",
            view=ALERTS,
            chart="stacked",
            columns=(
                over_time("created_at"),
                top("development", "development", by="alerts"),
                count("alerts"),
            ),
            width=16,
        ),
        Panel(title="Contradictions, newest first", search=CONTRADICTIONS.id, width=48),
        Panel(title="Mentions, newest first", search=NEW_MENTIONS.id, width=48, height=18),
    ),
)

CLAIMS_BOARD = Dashboard(
    id=f"{PREFIX}-claims",
    title="Vigie: claims",
    about="What is said about systems and places: status over time, and who disagrees.",
    time_from="now-30d",
    controls_of=CLAIMS,
    controls=(
        ("System", "system"), ("Place", "place"), ("Status", "status"), ("Language", "language"),
    ),
    panels=(
        links(),
        figure("Claims", CLAIMS, count("claims"), NO_COPIES, 8),
        figure("Systems", CLAIMS, distinct("system", "systems"), width=8),
        figure("Places", CLAIMS, distinct("place", "places"), width=8),
        figure("Denials", CLAIMS, count("claims"), "negated: true and is_copy: false", 8),
        figure("Open contradictions", FINDINGS, count("contradictions"), OPEN, 8),
        figure("Revisions", FINDINGS, count("revisions"), 'kind: "revision" and open: true', 8),
        Panel(
            title="Status over time",
            view=CLAIMS,
            chart="stacked",
            columns=(
                over_time("@timestamp"),
                top("status", "status", by="claims", size=15),
                count("claims"),
            ),
            query=NO_COPIES,
            width=48,
        ),
        Panel(
            title="Status by system and place",
            view=CLAIMS,
            chart="table",
            columns=(
                top("system", "system", by="claims", size=20),
                top("place", "place", by="claims", size=20),
                top("status", "status", by="claims", size=15),
                count("claims"),
                distinct("outlet", "outlets"),
                extreme("min", "@timestamp", "first"),
                extreme("max", "@timestamp", "last"),
            ),
            query=NO_COPIES,
            height=18,
        ),
        Panel(
            title="Disagreements by system and place",
            view=FINDINGS_NOW,
            chart="table",
            columns=(
                top("system", "system", by="last", size=50),
                top("place", "place", by="last", size=50),
                count("open contradictions", OPEN),
                count("resolved", 'kind: "contradiction" and open: false'),
                count("revisions", 'kind: "revision" and open: true'),
                count("refinements", 'kind: "refinement" and open: true'),
                extreme("max", "last_at", "last"),
            ),
            height=18,
        ),
        Panel(
            title="Timeline of each deployment",
            view=FINDINGS_NOW,
            chart="table",
            columns=(
                top("system", "system", by="sources", size=50),
                top("place", "place", by="sources", size=50),
                first("about", "stage", by="step"),
                extreme("min", "stage", "step"),
                extreme("min", "first_at", "first said"),
                latest("values", "times", "first_at"),
                latest("outlet", "first source", "first_at"),
                latest("speaker", "speaker", "first_at"),
                latest("url", "link", "first_at"),
                extreme("max", "sources", "sources"),
            ),
            query=STAGES,
            width=48,
            height=18,
        ),
        Panel(title="Contradictions, newest first", search=CONTRADICTIONS.id, width=48),
        Panel(title="Revisions, newest first", search=REVISIONS.id, width=48),
        Panel(
            title="Statuses of systems",
            view=CLAIMS,
            chart="ranking",
            columns=(
                top("system", "system", by="claims", size=20),
                top("status", "status", by="claims", size=15),
                count("claims"),
            ),
            query=NO_COPIES,
            width=16,
        ),
        Panel(
            title="Statuses at places",
            view=CLAIMS,
            chart="ranking",
            columns=(
                top("place", "place", by="claims", size=20),
                top("status", "status", by="claims", size=15),
                count("claims"),
            ),
            query=NO_COPIES,
            width=16,
        ),
        Panel(
            title="Announced times",
            view=CLAIMS,
            chart="table",
            columns=(
                top("when", "when", by="claims", size=50),
                count("claims"),
                distinct("outlet", "outlets"),
            ),
            query=NO_COPIES,
            width=16,
        ),
        Panel(
            title="Speakers",
            view=CLAIMS,
            chart="table",
            columns=(
                top("speaker", "speaker", by="claims", size=50),
                top("status", "status", by="claims", size=5),
                count("claims"),
                extreme("max", "@timestamp", "last"),
            ),
            query=NO_COPIES,
            width=16,
            height=18,
        ),
        Panel(
            title="Claims, newest first", search=LATEST_CLAIMS.id, width=32, height=18
        ),
    ),
)  # fmt: skip

LAG_RANKS = ((50, "median"), (95, "95th percentile"), (99, "99th percentile"))


def lag(title: str, about: View, field: str, time_field: str, width: int = 16) -> Panel:
    figures = tuple(percentile(field, rank, label) for rank, label in LAG_RANKS)
    return Panel(
        title=title, view=about, chart="lines", columns=(over_time(time_field), *figures),
        width=width,
    )  # fmt: skip


OPERATIONS = Dashboard(
    id=f"{PREFIX}-operations",
    title="Vigie: operations",
    about="Lag, throughput, feeds and what waits or failed; the stored truth, over restarts.",
    time_from="now-24h",
    panels=(
        links(),
        figure("Articles stored", ARRIVALS, count("articles"), width=8),
        figure("Entries waiting now", ENTRIES_NOW, count("entries"), 'state: "pending"', 8),
        figure("Dead letters waiting now", LETTERS_NOW, count("entries"), WAITING, 8),
        figure("Dead letters parked", LETTERS_NOW, count("entries"), "parked: true", 8),
        figure("Alerts undelivered now", ALERTS_NOW, count("alerts"), "undelivered: true", 8),
        figure("Feeds failing now", FEEDS, count("feeds"), "failures > 0", 8),
        lag(
            "Lag from publication to searchable", ARRIVALS, "lag.publication_secs", "event.created"
        ),
        lag("Lag from first sight to searchable", ARRIVALS, "lag.processing_secs", "event.created"),
        lag("Lag from publication to alert", ALERTS, "lag.alert_secs", "created_at"),
        Panel(
            title="Entries by how they ended",
            view=ENTRIES,
            chart="stacked",
            columns=(
                over_time("first_seen_at"),
                top("state", "state", by="entries"),
                count("entries"),
            ),
        ),
        Panel(
            title="Articles by outcome of their page",
            view=ARRIVALS,
            chart="stacked",
            columns=(
                over_time("event.created"),
                top("page_outcome", "page", by="articles"),
                count("articles"),
            ),
        ),
        Panel(
            title="Feeds by outcome of the last poll",
            view=FEEDS,
            chart="ranking",
            columns=(top("outcome", "outcome", by="feeds", size=30), count("feeds")),
            width=16,
        ),
        Panel(
            title="Feeds that bring most",
            view=ARRIVALS,
            chart="table",
            columns=(
                top("feed_id", "feed", by="articles", size=100),
                latest("outlet", "outlet", "event.created"),
                count("articles"),
                extreme("max", "event.created", "last seen"),
                percentile("lag.discovery_secs", 50, "median discovery"),
            ),
            width=32,
        ),
        Panel(
            title="Dead letters over time",
            view=LETTERS,
            chart="stacked",
            columns=(
                over_time("last_at"),
                top("reason", "reason", by="entries"),
                count("entries"),
            ),
            width=16,
        ),
        Panel(
            title="Dead letters by step and reason",
            view=LETTERS_NOW,
            chart="table",
            columns=(
                top("step", "step", by="entries", size=20),
                top("reason", "reason", by="entries", size=20),
                count("entries"),
                count("parked", "parked: true"),
                extreme("max", "attempts", "most attempts"),
                extreme("max", "last_at", "last"),
            ),
            width=32,
        ),
        Panel(title="Failing feeds", search=FAILING_FEEDS.id, width=48),
        Panel(title="Dead letters, newest first", search=DEAD_LETTERS.id, width=48),
        Panel(title="Undelivered alerts", search=UNDELIVERED.id, width=48),
    ),
)
DASHBOARDS = (DEVELOPMENTS, CLAIMS_BOARD, OPERATIONS)

NEW_MENTIONS_RULE = "2b9f7c1e-5d0a-4f6e-8a51-0c6c4f3f7d10"
FRESH_HOURS = 6
"""Attempts at a page take under three hours; pages read again a day later are no news."""

CONTRADICTIONS_RULE = "c1a7d3e4-6b52-4f0e-9a83-2d5e8f7b1c60"
SILENCE_RULE = "8e4f0a52-93c7-4b1d-9d2e-6a1b7e5c2f43"


def rule(
    name: str, kind: str, query: dict[str, Any], every: str, params: dict[str, Any]
) -> dict[str, Any]:
    """The body of POST /api/alerting/rule/ID; connectors are the operator's to add."""
    field_type(kind, params["timeField"])
    index = f"{PREFIX}-{kind}-*" if kind == "articles" else f"{PREFIX}-{kind}"
    return {
        "name": name,
        "tags": [PREFIX],
        "rule_type_id": ".es-query",
        "consumer": "stackAlerts",
        "schedule": {"interval": every},
        "enabled": True,
        "actions": [],
        "params": {
            "searchType": "esQuery",
            "index": [index],
            "esQuery": json.dumps({"query": query}),
            "aggType": "count",
            "excludeHitsFromPreviousRun": False,
        }
        | params,
    }


def rules() -> dict[str, dict[str, Any]]:
    field_type("mentions", "is_copy")
    field_type("mentions", "subject")
    field_type("mentions", "event.created")
    field_type("findings", "kind")
    field_type("findings", "open")
    return {
        NEW_MENTIONS_RULE: rule(
            "Vigie: new mentions",
            "mentions",
            {
                "bool": {
                    "filter": [
                        {"term": {"is_copy": False}},
                        {"range": {"event.created": {"gte": f"now-{FRESH_HOURS}h"}}},
                    ]
                }
            },
            "1m",
            {
                "timeField": "event.ingested",
                "timeWindowSize": 5,
                "timeWindowUnit": "m",
                "threshold": [0],
                "thresholdComparator": ">",
                "size": 10,
                "groupBy": "top",
                "termField": "subject",
                "termSize": 100,
            },
        ),
        CONTRADICTIONS_RULE: rule(
            "Vigie: new contradictions",
            "findings",
            {"bool": {"filter": [{"term": {"kind": "contradiction"}}, {"term": {"open": True}}]}},
            "1m",
            {
                "timeField": "opened_at",
                "timeWindowSize": FRESH_HOURS,
                "timeWindowUnit": "h",
                "threshold": [0],
                "thresholdComparator": ">",
                "size": 10,
                "groupBy": "all",
                "termSize": 5,
                "excludeHitsFromPreviousRun": True,
            },
        ),
        SILENCE_RULE: rule(
            "Vigie: silence",
            "articles",
            {"match_all": {}},
            "5m",
            {
                "timeField": "event.created",
                "timeWindowSize": 1,
                "timeWindowUnit": "h",
                "threshold": [1],
                "thresholdComparator": "<",
                "size": 0,
                "groupBy": "all",
                "termSize": 5,
            },
        ),
    }


def files() -> dict[str, str]:
    objects = [data_view(one) for one in VIEWS]
    objects += [saved_search(one) for one in SEARCHES]
    objects += [dashboard_object(one) for one in DASHBOARDS]
    requests = [
        {"method": "POST", "path": f"/api/alerting/rule/{key}", "body": body}
        for key, body in rules().items()
    ]
    return {"vigie.ndjson": ndjson(objects), "rules.json": json.dumps(requests, indent=2) + "\n"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="exit 1 when a file is not current")
    args = parser.parse_args()
    stale = 0
    for name, wanted in files().items():
        target = TARGET / name
        if not args.check:
            TARGET.mkdir(parents=True, exist_ok=True)
            target.write_text(wanted, encoding="utf-8")
        elif not target.exists() or target.read_text(encoding="utf-8") != wanted:
            print(f"{name} is not current: run tools/generate_kibana.py")
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main())
