"""``vigie demo``: the real pipeline over a small recorded news site, offline, in a minute."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from prometheus_client import REGISTRY, write_to_textfile

from connectors import metrics
from connectors.backends import open_index
from connectors.index import IndexSettings
from connectors.net import FetchPolicy
from pipelines.cli.options import new_command
from pipelines.cli.run import summary_json
from pipelines.config_models import AlertSettings, MetricsSettings
from pipelines.errors import UserError
from pipelines.progress import follow_progress
from pipelines.settings import Settings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from pipelines.demo.server import DemoSite
    from pipelines.demo.show import DemoResult

DEFAULT_FOLDER = Path("var/demo")
INDEX_NAME = "vigie.db"


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = new_command(
        subparsers,
        "demo",
        "Run the real pipeline over a small recorded news site, offline.",
        "vigie demo",
    )
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object instead of tables"
    )
    parser.add_argument(
        "--folder",
        type=Path,
        default=DEFAULT_FOLDER,
        metavar="DIR",
        help=f"where index, briefing and metrics go, replaced (default: {DEFAULT_FOLDER})",
    )
    parser.add_argument(
        "--stay", action="store_true", help="keep the site and /metrics up until Ctrl-C"
    )
    parser.set_defaults(run=run, log_level="ERROR")


def run(args: argparse.Namespace) -> int:
    """Run the demo and return the exit code."""
    folder: Path = args.folder
    _clear(folder)
    port = metrics.serve_metrics(0)
    from pipelines.demo.server import DemoSite  # noqa: PLC0415 - Beam loads slowly: say hello first
    from pipelines.demo.show import print_result  # noqa: PLC0415

    with DemoSite() as site:
        settings = demo_settings(site, folder / INDEX_NAME)
        if not args.json:
            print(
                f"A small news site is up on {site.base_url}; reading its feeds …", file=sys.stderr
            )
        with follow_progress(enabled=not args.json):
            result = run_demo(settings, folder, f"http://127.0.0.1:{port}/metrics")
        if args.json:
            print(json.dumps(_as_json(result), ensure_ascii=False, default=str))
        else:
            print_result(result)
        if args.stay:
            _stay(site.base_url, result.metrics_url)
    return 0


def _clear(folder: Path) -> None:
    """Make the folder ready: a demo starts from nothing, and deletes nothing but its own files."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in (INDEX_NAME, f"{INDEX_NAME}-wal", f"{INDEX_NAME}-shm", f"{INDEX_NAME}.lock"):
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise UserError(f"--folder {folder}: cannot be written: {error.strerror}") from None


def demo_settings(site: DemoSite, index: Path) -> Settings:
    """Return the settings under which the demo runs: everything local, nothing to configure."""
    return Settings(
        index=IndexSettings(location=f"sqlite:{index}"),
        feeds=site.feeds,
        subjects=None,
        fetch=FetchPolicy(allow_addresses=("127.0.0.0/8",), min_delay_secs=0.0),
        alerts=AlertSettings(channels={}, late_articles=True),
        metrics=MetricsSettings(port=0),
        interval_secs=60,
    )


def run_demo(settings: Settings, folder: Path, metrics_url: str) -> DemoResult:
    """Run one pass and gather what there is to show."""
    from pipelines.brief import render_brief_of  # noqa: PLC0415
    from pipelines.demo.show import DemoResult  # noqa: PLC0415
    from pipelines.runtime import run_bounded  # noqa: PLC0415

    summary = run_bounded(settings)
    index = open_index(settings.index, read_only=True)
    try:
        documents = tuple(index.documents())
        alerts = tuple(index.alerts())
        letters = tuple(index.dead_letters())
        briefing = folder / "briefing.html"
        briefing.write_text(render_brief_of(index), encoding="utf-8")
    finally:
        index.close()
    snapshot = folder / "metrics.prom"
    write_to_textfile(str(snapshot), REGISTRY)
    return DemoResult(
        summary=summary,
        documents=documents,
        alerts=alerts,
        dead_letters=letters,
        briefing=briefing,
        metrics_url=metrics_url,
        metrics_file=snapshot,
    )


def _as_json(result: DemoResult) -> dict[str, object]:
    return {
        **summary_json(result.summary),
        "documents_found": [
            {
                "url": one.article.url,
                "title": one.article.title,
                "language": one.article.language,
                "subjects": one.subjects,
                "quotes": _unique(mention.quote for mention in one.mentions),
                "copy_of": one.copy_of,
                "story_id": one.story_id,
            }
            for one in result.documents
        ],
        "alerts_sent": [
            {
                "subject": one.subject,
                "development": one.development,
                "title": one.title,
                "url": one.url,
            }
            for one in result.alerts
        ],
        "briefing": str(result.briefing),
        "metrics": result.metrics_url,
    }


def _unique(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _stay(site_url: str, metrics_url: str) -> None:
    print(f"Still up until Ctrl-C: {site_url} and {metrics_url}", file=sys.stderr)
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        return
