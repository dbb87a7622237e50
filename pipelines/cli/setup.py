"""``vigie setup``: create or upgrade the index, and import the dashboards into Kibana."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.backends import set_up_index
from connectors.kibana import (
    KibanaSettings,
    KibanaUnavailable,
    check_address,
    import_objects,
    list_objects,
    with_prefix,
)
from pipelines.cli.options import add_index_options, new_command, whole_number
from pipelines.config_models import MAX_RETENTION_MONTHS
from pipelines.errors import ServiceError, UserError
from pipelines.settings import load_settings

if TYPE_CHECKING:
    from connectors.index import IndexSettings

KEY_VARIABLE = "VIGIE_KIBANA_API_KEY"
"""Where a key for Kibana may stand so that no list of processes shows it."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = new_command(
        subparsers,
        "setup",
        "Create or upgrade the index; safe to run again.",
        "vigie setup --index http://localhost:9200 --dry-run",
    )
    add_index_options(parser)
    parser.add_argument("--dry-run", action="store_true", help="only say what would change")
    parser.add_argument(
        "--retention-months",
        metavar="N",
        type=whole_number(1, MAX_RETENTION_MONTHS),
        help="delete articles first seen more than N whole months before this one, with their "
        "mentions and claims (default: index.retention_months of the file, else all are kept)",
    )
    parser.add_argument(
        "--reindex",
        action="store_true",
        help="make every index anew from its documents, such as after a change of its settings",
    )
    parser.add_argument(
        "--kibana",
        metavar="URL",
        help="then import data views, searches and dashboards into this Kibana (8.19 or 9.x); "
        "replaces those of an earlier import. A space: http://localhost:5601/s/NAME",
    )
    parser.add_argument(
        "--kibana-api-key",
        metavar="KEY",
        help=f"API key for Kibana (default: ${KEY_VARIABLE}, then the login of the index)",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Set the index up, import into Kibana if asked, and return the exit code."""
    settings = load_settings(args)
    _check_options(args, settings.index)
    wanted = settings.index
    if args.retention_months is not None:
        wanted = replace(wanted, retention_months=args.retention_months)
    now = datetime.now(timezone.utc)
    changes = set_up_index(wanted, now=now, dry_run=args.dry_run, rebuild=args.reindex)
    verb = "would change" if args.dry_run else "changed"
    for change in changes:
        print(f"{verb}: {change}")
    if not changes:
        print(f"{settings.index.location}: nothing to change")
    if args.kibana:
        _set_up_kibana(args, settings.index)
    return 0


def _check_options(args: argparse.Namespace, index: IndexSettings) -> None:
    if args.kibana_api_key and not args.kibana:
        raise UserError("--kibana-api-key: expected --kibana URL with it")
    if not args.kibana:
        return
    if index.location.startswith("sqlite:"):
        raise UserError(
            "--kibana: expected an Elasticsearch index, set --index http(s)://HOST:PORT"
        )
    try:
        check_address(args.kibana)
    except ValueError as error:
        raise UserError(f"--kibana: {error}") from error


def _set_up_kibana(args: argparse.Namespace, index: IndexSettings) -> None:
    objects = with_prefix(read_objects(), index.prefix)
    if args.dry_run:
        for name in list_objects(objects):
            print(f"would import: {name}")
        return
    try:
        taken = import_objects(_kibana_settings(args, index), objects)
    except ValueError as error:
        raise UserError(f"--kibana: {error}") from error
    except KibanaUnavailable as error:
        raise ServiceError(str(error)) from error
    for name in taken:
        print(f"imported: {name}")


def _kibana_settings(args: argparse.Namespace, index: IndexSettings) -> KibanaSettings:
    key = args.kibana_api_key or os.environ.get(KEY_VARIABLE)
    return KibanaSettings(
        url=args.kibana,
        api_key=key or index.api_key,
        username=None if key else index.username,
        password=None if key else index.password,
        ca_file=index.ca_file,
    )


def read_objects() -> str:
    """Return the shipped saved objects: of the package, else of the repository.

    Raises:
        UserError: neither has them.
    """
    packaged = Path(__file__).parents[1] / "default_config" / "kibana"
    folder = packaged if packaged.is_dir() else Path(__file__).parents[2] / "deploy" / "kibana"
    try:
        return (folder / "vigie.ndjson").read_text(encoding="utf-8")
    except OSError as error:
        raise UserError(f"--kibana: {folder}/vigie.ndjson cannot be read: {error}") from error
