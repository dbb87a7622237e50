"""``vigie run``: poll for ever, or make one pass."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from connectors import metrics
from connectors.backends import open_index
from connectors.records import to_json
from pipelines.accounting import QUANTILES, quantile_secs
from pipelines.alert_rules import check_subjects
from pipelines.cli.flink_options import (
    FLINK_RUNNERS,
    add_flink_options,
    check_flink_options,
    run_on_flink,
)
from pipelines.cli.options import NO_FEEDS, add_run_options, new_command
from pipelines.detection import load_detector
from pipelines.errors import UserError
from pipelines.heap import return_large_blocks
from pipelines.prism import find_prism
from pipelines.settings import Settings, load_settings

if TYPE_CHECKING:
    import argparse

    from pipelines.runtime import Summary

RUNNERS = ("DirectRunner", "PrismRunner", *FLINK_RUNNERS)


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = new_command(
        subparsers,
        "run",
        "Watch the feeds: for ever, or once with --once.",
        "vigie run --once --feed https://example.org/feed.xml --index sqlite:vigie.db",
    )
    add_run_options(parser)
    parser.add_argument("--once", action="store_true", help="make one pass over every feed and end")
    parser.add_argument(
        "--json", action="store_true", help="with --once: end with one JSON summary"
    )
    parser.add_argument(
        "--runner",
        choices=RUNNERS,
        default="DirectRunner",
        help="DirectRunner and PrismRunner both mean this machine: in-process for --once, Prism "
        "for the endless run; FlinkRunner (or flink) is a cluster",
    )
    parser.add_argument(
        "--prism",
        metavar="FILE",
        help="the Prism binary (default: VIGIE_PRISM, then found, built or downloaded)",
    )
    add_flink_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the monitor and return the exit code."""
    settings = load_settings(args)
    if not settings.feeds:
        raise UserError(NO_FEEDS)
    if args.prism and find_prism(args.prism) != args.prism:
        raise UserError(f"--prism: expected an executable file, got {args.prism!r}")
    on_flink = args.runner in FLINK_RUNNERS
    if on_flink:
        check_flink_options(args)
    return_large_blocks()
    prepare(settings)
    port = metrics.serve_metrics(settings.metrics.port, settings.metrics.address)
    from pipelines import endless, runtime  # noqa: PLC0415 - loading Beam takes seconds; check first

    if args.once:
        summary = runtime.run_bounded(settings)
        print_summary(summary, as_json=args.json)
        return 0
    if on_flink:
        return run_on_flink(args, settings)
    stop = endless.Stop()
    stop.install()
    served = f"http://{settings.metrics.address}:{port}/metrics" if port else "not served"
    print(
        f"vigie: watching {len(settings.feeds)} feeds, index {settings.index.location}, metrics "
        f"{served}; stop with Ctrl-C",
        file=sys.stderr,
        flush=True,
    )
    endless.run_forever(settings, prism=args.prism, stop=stop)
    return 0


def prepare(settings: Settings) -> None:
    """Compile the subjects and make sure that the index answers, before anything runs.

    Raises:
        UserError: the subjects are wrong, or an alert rule names none of them.
        IndexUnavailable: the index cannot be used; the embedded one sets itself up.
    """
    check_subjects(settings.alerts, load_detector(settings.subjects).subjects)
    index = open_index(settings.index)
    try:
        if settings.index.location.startswith("sqlite:"):
            index.setup()
        index.check()
    finally:
        index.close()


def summary_json(summary: Summary) -> dict[str, Any]:
    """Return the summary as ``--json`` prints it: an interface."""
    totals = to_json(summary.totals)
    return {
        "index": summary.index,
        "duration_secs": summary.duration_secs,
        "steps": summary.steps,
        "lag_secs": {
            kind: {f"p{round(q * 100)}": _finite(quantile_secs(buckets, q)) for q in QUANTILES}
            for kind, buckets in summary.lags.items()
        },
        "entries": totals.pop("entries"),
        "feeds": totals.pop("feeds"),
        **totals,
        "alerts_failed": summary.alerts_failed,
    }


def _finite(secs: float | None) -> float | None:
    """JSON knows no infinity: what is over the last bucket counts as that."""
    return None if secs is None else min(secs, metrics.LAG_BUCKETS_SECS[-1])


def print_summary(summary: Summary, *, as_json: bool) -> None:
    """Print what a pass did: one JSON line, or a few lines for people."""
    if as_json:
        print(json.dumps(summary_json(summary), ensure_ascii=False, allow_nan=False, default=str))
        return
    for step, outcomes in summary.steps.items():
        shown = ", ".join(f"{number} {outcome}" for outcome, number in sorted(outcomes.items()))
        print(f"{step:<16} {shown}")
    totals = summary.totals
    print(
        f"{'Index':<16} {totals.documents} documents, {totals.mentions} mentions, {totals.claims} "
        f"claims, {totals.alerts} alerts ({totals.alerts_undelivered} undelivered), "
        f"{totals.dead_letters} dead letters in {summary.index}"
    )
