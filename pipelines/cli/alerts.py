"""``vigie alerts``: list the outbox, try the receivers, retry what was refused."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from datetime import datetime, timezone

from connectors.backends import open_index
from connectors.channels import ChannelError, alert_lines, alert_payload, open_channel
from connectors.records import Alert, stable_id
from pipelines.cli.options import (
    MAX_LISTED,
    add_index_options,
    add_log_options,
    new_command,
    whole_number,
)
from pipelines.outbox import deliver_due, open_channels
from pipelines.settings import load_settings

DEFAULT_LIMIT = 50


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its three actions."""
    parser = new_command(
        subparsers,
        "alerts",
        "List the alerts, test the receivers, or retry what was refused.",
        "vigie alerts list --index sqlite:var/vigie.db",
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="the newest alerts and where they went")
    listing.add_argument(
        "--limit",
        metavar="N",
        type=whole_number(1, MAX_LISTED),
        default=DEFAULT_LIMIT,
        help=f"default: {DEFAULT_LIMIT}",
    )
    listing.add_argument("--json", action="store_true", help="a JSON line an alert")
    listing.set_defaults(run=run_list)
    test = actions.add_parser("send-test", help="send a made-up alert to every receiver")
    test.set_defaults(run=run_send_test)
    retry = actions.add_parser("retry", help="deliver now what waits for its next attempt")
    retry.set_defaults(run=run_retry)
    for one in (listing, test, retry):
        add_index_options(one)
        add_log_options(one)


def run_list(args: argparse.Namespace) -> int:
    """Print the newest alerts."""
    settings = load_settings(args)
    index = open_index(settings.index, read_only=True)
    try:
        alerts = index.alerts(limit=args.limit)
    finally:
        index.close()
    for one in alerts:
        if args.json:
            state = {"delivered_to": one.delivered_to, "attempts": one.attempts, "error": one.error}
            print(json.dumps({**alert_payload(one), **state}, ensure_ascii=False))
            continue
        where = ", ".join(one.delivered_to) or f"not delivered ({one.error or 'waiting'})"
        print(f"{one.created_at.isoformat(timespec='seconds')}  {where}\n{alert_lines([one])}")
    return 0


def run_send_test(args: argparse.Namespace) -> int:
    """Send a made-up alert to every receiver; exit code 3 if one does not take it."""
    settings = load_settings(args)
    code = 0
    for plan in settings.channel_plans:
        try:
            open_channel(plan, settings.fetch).send([made_up_alert()])
        except ChannelError as error:
            print(f"{plan.name}: failed: {error}")
            code = 3
        else:
            print(f"{plan.name}: sent")
    return code


def run_retry(args: argparse.Namespace) -> int:
    """Deliver what waits, whatever its back-off says; exit code 3 if something still fails."""
    settings = load_settings(args)
    index = open_index(settings.index)
    try:
        channels = open_channels(settings.channel_plans, settings.fetch)
        done = deliver_due(index, channels, at_once=True)
    finally:
        index.close()
    print(f"{done.sent} sent, {done.failed} failed")
    return 3 if done.failed else 0


def made_up_alert() -> Alert:
    """Return an alert that says of itself that it is a test."""
    now = datetime.now(timezone.utc)
    made_up = Alert(
        id="",
        subject="test",
        story_id="test",
        development="new_story",
        document_id="test",
        title="This is a test of Vigie's alerts",
        url="https://example.org/test",
        outlet="Vigie",
        language="en",
        quote="a test",
        created_at=now,
        published_at=now,
        first_seen_at=now,
    )
    return replace(made_up, id=stable_id("test", now.isoformat()))
