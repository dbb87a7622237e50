"""``vigie check``: is everything right, before the run says it is not?"""

from __future__ import annotations

import socket
import sys
from typing import TYPE_CHECKING

from connectors.backends import open_index
from connectors.channels import ChannelError, open_channel
from connectors.index import IndexUnavailable
from connectors.masking import mask
from connectors.net.guard import blocked_url
from pipelines.alert_rules import check_subjects
from pipelines.claims import load_lexicons, misspelt_systems
from pipelines.cli.options import NO_FEEDS, add_run_options, new_command
from pipelines.detection import load_detector
from pipelines.errors import UserError
from pipelines.prism import find_prism
from pipelines.settings import load_settings
from pipelines.stories.embedding import check_package

if TYPE_CHECKING:
    import argparse

    from pipelines.settings import Settings


NO_PRISM = "not found; the endless run builds it with Go once, or makes bounded passes"


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = new_command(
        subparsers,
        "check",
        "Check configuration, subjects, index and receivers; report all faults at once.",
        "vigie check --config config/monitor.yaml",
    )
    add_run_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Check everything that can be checked and return the exit code of the worst fault."""
    faults: list[tuple[int, str]] = []
    try:
        settings = load_settings(args)
    except UserError as error:
        faults.append((2, str(error)))
    else:
        faults += check_settings(settings)
    for _, fault in faults:
        for line in mask(fault).splitlines():
            print(f"vigie: {line}", file=sys.stderr)
    return max((code for code, _ in faults), default=0)


def check_settings(settings: Settings) -> list[tuple[int, str]]:
    """Return the faults of ``settings`` as (exit code, message), after trying all they name."""
    faults: list[tuple[int, str]] = []
    if not settings.feeds:
        faults.append((2, NO_FEEDS))
    try:
        detector = load_detector(settings.subjects)
        print(f"subjects: {len(detector.subjects)} compiled")
        faults += [(2, fault) for fault in misspelt_systems(load_lexicons(), detector.subjects)]
        check_subjects(settings.alerts, detector.subjects)
    except UserError as error:
        faults.append((2, str(error)))
    try:
        index = open_index(settings.index)
        try:
            index.check()
        finally:
            index.close()
        print(mask(f"index: {settings.index.location} answers"))
    except IndexUnavailable as error:
        faults.append((3, str(error)))
    print(f"feeds: {len(settings.feeds)}")
    faults += _check_addresses(settings)
    faults += _check_channels(settings)
    if settings.embedding_model is not None:
        try:
            check_package(settings.embedding_model)
        except ValueError as error:
            faults.append((2, str(error)))
    prism = find_prism()
    print(f"prism: {'found' if prism else NO_PRISM}")
    return faults


def _check_addresses(settings: Settings) -> list[tuple[int, str]]:
    """Return which addresses the run would refuse, or could not serve metrics at."""
    written = [(f"feed {feed.id}", feed.url) for feed in settings.feeds]
    written += [
        (f"alerts.channels.{plan.name}", plan.url)
        for plan in settings.channel_plans
        if plan.url and plan.type in {"webhook", "alertmanager"}
    ]
    faults = [
        (2, f"{name}: {url}: {reason}; allow what is yours in fetch.allow_addresses")
        for name, url in written
        if (reason := blocked_url(url, settings.fetch))
    ]
    metrics = settings.metrics
    try:
        socket.getaddrinfo(metrics.address, metrics.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        faults.append((2, f"metrics.address: no such address: {metrics.address}"))
    return faults


def _check_channels(settings: Settings) -> list[tuple[int, str]]:
    faults = []
    for plan in settings.channel_plans:
        try:
            open_channel(plan, settings.fetch)
            print(f"channel: {plan.name} ({plan.type})")
        except ChannelError as error:
            faults.append((2, f"alerts.channels.{plan.name}: {error}"))
    return faults
