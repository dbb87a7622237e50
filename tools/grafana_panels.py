"""The panels of Vigie's Grafana dashboard, row by row; ``generate_grafana.py`` draws them."""

from __future__ import annotations

from dataclasses import dataclass

WINDOW = "$__rate_interval"


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One panel: its queries with their legends, and how it is drawn."""

    title: str
    queries: tuple[tuple[str, str], ...]
    unit: str = "short"
    kind: str = "timeseries"
    width: int = 8
    height: int = 8
    about: str = ""
    stacked: bool = False
    bad_from: float | None = None


def lag(kind: str) -> tuple[tuple[str, str], ...]:
    buckets = f'sum by (le) (rate(vigie_lag_seconds_bucket{{kind="{kind}"}}[{WINDOW}]))'
    return tuple(
        (f"histogram_quantile({q}, {buckets})", f"p{round(100 * q)}") for q in (0.5, 0.95, 0.99)
    )


def by_outcome(step: str) -> tuple[tuple[str, str], ...]:
    rate = f'sum by (outcome) (rate(vigie_step_inputs_total{{step="{step}"}}[{WINDOW}]))'
    return ((rate, "{{outcome}}"),)


def stat(title: str, query: str, *, unit: str = "short", bad_from: float | None = None) -> Panel:
    return Panel(
        title=title, queries=((query, ""),), unit=unit, kind="stat", width=3, height=4,
        bad_from=bad_from,
    )  # fmt: skip


ROWS: tuple[tuple[str, tuple[Panel, ...]], ...] = (
    (
        "Now",
        (
            stat("Entries seen", "sum(max by (outcome) (vigie_entries))"),
            stat("Unaccounted", "max(vigie_entries_unaccounted)", bad_from=1),
            stat("Documents", "max(vigie_documents)"),
            stat("Dead letters", "max(vigie_dead_letters)", bad_from=1),
            stat("Alerts undelivered", "max(vigie_alerts_undelivered)", bad_from=1),
            stat("Poll lateness", "max(vigie_poll_lateness_seconds)", unit="s", bad_from=300),
            stat(
                "Last good poll",
                "time() - max(vigie_last_poll_success_timestamp_seconds)",
                unit="s",
                bad_from=3600,
            ),
            stat(
                "Completeness (estimate)",
                "min(vigie_feed_completeness_ratio)",
                unit="percentunit",
            ),
        ),
    ),
    (
        "Lag",
        (
            Panel(
                title="Publication lag",
                queries=lag("publication"),
                unit="s",
                width=6,
                about="Published to searchable; only dates that outlets state.",
            ),
            Panel(
                title="Discovery lag",
                queries=lag("discovery"),
                unit="s",
                width=6,
                about="Published to first seen: the feeds' delay and ours in polling.",
            ),
            Panel(
                title="Processing lag",
                queries=lag("processing"),
                unit="s",
                width=6,
                about="First seen to searchable. Promise: 95 % within 300 s.",
            ),
            Panel(
                title="Alert lag",
                queries=lag("alert"),
                unit="s",
                width=6,
                about="Published to delivered. Promise: 99 % within an hour.",
            ),
            Panel(
                title="Promise missed: searchable within 300 s",
                queries=(
                    ("vigie:search_slow:ratio_1h", "1 h"),
                    ("vigie:search_slow:ratio_6h", "6 h"),
                    ("vigie:search_slow:ratio_3d", "3 d"),
                ),
                unit="percentunit",
                width=12,
                bad_from=0.05,
            ),
            Panel(
                title="Promise missed: alerted within an hour",
                queries=(
                    ("vigie:alert_late:ratio_1h", "1 h"),
                    ("vigie:alert_late:ratio_6h", "6 h"),
                    ("vigie:alert_late:ratio_3d", "3 d"),
                ),
                unit="percentunit",
                width=12,
                bad_from=0.01,
            ),
        ),
    ),
    (
        "Throughput",
        (
            Panel(
                title="Inputs by step",
                queries=((f"sum by (step) (rate(vigie_step_inputs_total[{WINDOW}]))", "{{step}}"),),
                unit="ops",
            ),
            Panel(
                title="p95 time of a step",
                queries=(
                    (
                        (
                            "histogram_quantile(0.95, sum by (step, le) "
                            f"(rate(vigie_step_duration_seconds_bucket[{WINDOW}])))"
                        ),
                        "{{step}}",
                    ),
                ),
                unit="s",
            ),
            Panel(
                title="Seconds since a step last succeeded",
                queries=(
                    (
                        "time() - max by (step) (vigie_last_success_timestamp_seconds)",
                        "{{step}}",
                    ),
                ),
                unit="s",
            ),
            Panel(
                title="How entries stand",
                queries=(("max by (outcome) (vigie_entries)", "{{outcome}}"),),
                stacked=True,
                width=12,
            ),
            Panel(
                title="Waiting",
                queries=(
                    ("max(vigie_entries_pending)", "pending entries"),
                    ("max(vigie_dead_letters)", "dead letters"),
                    ("max(vigie_alerts_undelivered)", "undelivered alerts"),
                ),
                width=6,
            ),
            Panel(
                title="How far behind",
                queries=(
                    ("time() - min(vigie_oldest_pending_timestamp_seconds)", "oldest pending"),
                    ("time() - max(vigie_watermark_timestamp_seconds)", "watermark"),
                ),
                unit="s",
                width=6,
                about="The watermark follows the clock while nothing is held up, news or none.",
            ),
        ),
    ),
    (
        "Feeds and pages",
        (
            Panel(
                title="Feeds by health",
                queries=(("max by (health) (vigie_feeds)", "{{health}}"),),
                stacked=True,
            ),
            Panel(title="Outcomes of PollFeeds", queries=by_outcome("PollFeeds"), unit="ops"),
            Panel(title="Outcomes of FetchPages", queries=by_outcome("FetchPages"), unit="ops"),
            Panel(
                title="Outcomes of ExtractArticles",
                queries=by_outcome("ExtractArticles"),
                unit="ops",
            ),
            Panel(
                title="New entries by language, a day",
                queries=(
                    (
                        (
                            "sum by (language) (max by (feed, language) "
                            "(increase(vigie_feed_entries_total[1d])))"
                        ),
                        "{{language}}",
                    ),
                ),
                stacked=True,
            ),
            Panel(
                title="Feeds that overflowed in six hours",
                queries=(
                    (
                        "topk(10, max by (feed) (increase(vigie_feed_overflows_total[6h])) > 0)",
                        "{{feed}}",
                    ),
                ),
            ),
        ),
    ),
    (
        "News",
        (
            Panel(
                title="New articles by subject, an hour",
                queries=(
                    (
                        "topk(20, sum by (subject) (increase(vigie_mentions_total[1h])))",
                        "{{subject}}",
                    ),
                ),
                stacked=True,
                width=12,
            ),
            Panel(
                title="Alerts by channel, an hour",
                queries=(
                    (
                        "sum by (channel, outcome) (increase(vigie_alerts_total[1h]))",
                        "{{channel}} {{outcome}}",
                    ),
                ),
                width=12,
            ),
        ),
    ),
    (
        "Machine",
        (
            Panel(
                title="Index",
                queries=(
                    ("max(vigie_index_answer_seconds)", "answer"),
                    ("time() - max(vigie_index_answered_timestamp_seconds)", "since last answer"),
                ),
                unit="s",
                width=6,
            ),
            Panel(
                title="Job restarts and refusals of the index, an hour",
                queries=(
                    ("sum(increase(vigie_job_restarts_total[1h]))", "restarts"),
                    (
                        "sum by (reason) (increase(vigie_index_refusals_total[1h]))",
                        "{{reason}}",
                    ),
                ),
                width=6,
            ),
            Panel(
                title="Memory",
                queries=(("process_resident_memory_bytes", "{{instance}}"),),
                unit="bytes",
                width=6,
            ),
            Panel(
                title="Processor",
                queries=((f"rate(process_cpu_seconds_total[{WINDOW}])", "{{instance}}"),),
                unit="percentunit",
                width=6,
            ),
            Panel(
                title="What runs",
                queries=(("vigie_build_info", "{{version}}, Python {{python}}, Beam {{beam}}"),),
                width=12,
                height=5,
            ),
            Panel(
                title="Firing alerts",
                queries=(('sum by (alertname) (ALERTS{alertstate="firing"})', "{{alertname}}"),),
                width=12,
                height=5,
            ),
        ),
    ),
)
