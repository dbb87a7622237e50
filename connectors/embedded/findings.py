"""Findings, the deployments they are about, and the claims they are made of."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from connectors.embedded.schema import encodable, from_micros, to_micros, to_text
from connectors.index import DueDeployment, fits
from connectors.records import Claim, Finding, SourcedClaim, from_json

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from connectors.embedded.database import Database
    from connectors.index import Deployment, FindingQuery

_CLAIM_FIELDS = frozenset(Claim.__dataclass_fields__)
"""A claim holds plain values: made of them directly, thousands are read in half the time."""


def touch(connection: sqlite3.Connection, deployments: Iterable[Deployment]) -> None:
    """Make the findings of ``deployments`` due, within the caller's transaction."""
    connection.executemany(
        """INSERT INTO deployments (system, place, version, due) VALUES (?, ?, 1, 1)
        ON CONFLICT (system, place) DO UPDATE SET version = version + 1, due = 1""",
        [(encodable(system), encodable(place or "")) for system, place in deployments],
    )


def touch_deployments(database: Database, deployments: Iterable[Deployment]) -> None:
    """Make the findings of ``deployments`` due."""
    with database.transaction() as connection:
        touch(connection, deployments)


def due_deployments(database: Database, *, limit: int) -> list[DueDeployment]:
    """Return deployments whose claims changed since their findings were stored."""
    rows = database.rows(
        "SELECT system, place, version, closes FROM deployments WHERE due "
        "ORDER BY system, place LIMIT ?",
        (limit,),
    )
    return [
        DueDeployment(system=row[0], place=row[1] or None, version=row[2], closes=row[3])
        for row in rows
    ]


def sourced_claims(database: Database, system: str, place: str | None) -> list[SourcedClaim]:
    """Return every stored claim about one deployment."""
    rows = database.rows(
        """SELECT id, copy_of, story_id, outlet, published_at, language, first_seen_at,
            json_extract(document, '$.article.url'), json_extract(document, '$.claims')
        FROM articles WHERE id IN (SELECT document_id FROM claims WHERE system = ? AND place IS ?)
        """,
        (system, place),
    )
    return [
        SourcedClaim(
            document_id=row[0],
            source_id=row[1] or row[0],
            claim=claim,
            story_id=row[2],
            outlet=row[3],
            published_at=from_micros(row[4]),
            url=row[7],
            language=row[5],
            first_seen_at=from_micros(row[6]),
        )
        for row in rows
        for claim in _claims(row[8], system, place)
    ]


def _claims(text: str, system: str, place: str | None) -> list[Claim]:
    return [
        Claim(**{name: value for name, value in one.items() if name in _CLAIM_FIELDS})
        for one in json.loads(text)
        if (one["system"], one["place"]) == (system, place)
    ]


def store_findings(database: Database, due: DueDeployment, findings: Sequence[Finding]) -> None:
    """Store ``findings`` unless newer ones are there; ``due`` ends unless touched meanwhile."""
    with database.transaction() as connection:
        connection.executemany(
            """INSERT INTO findings (id, system, place, version, last_at, finding)
            VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET version = excluded.version,
            last_at = excluded.last_at, finding = excluded.finding
            WHERE excluded.version >= findings.version""",
            [
                (
                    one.id,
                    encodable(one.system),
                    encodable(one.place or ""),
                    one.version,
                    0 if one.last_at is None else to_micros(one.last_at),
                    to_text(one),
                )
                for one in findings
            ],
        )
        # Whoever stored findings since this worker began may have stored what it did not see.
        connection.execute(
            """UPDATE deployments SET due = version > ? OR closes != ?, closes = closes + 1
            WHERE system = ? AND place = ?""",
            (due.version, due.closes, encodable(due.system), encodable(due.place or "")),
        )


def read_findings(database: Database, query: FindingQuery) -> list[Finding]:
    """Return the findings that fit, newest first."""
    conditions = ["1"]
    parameters: list[object] = []
    for column, values in (("system", query.systems), ("place", query.places)):
        if values:
            conditions.append(f"{column} IN ({', '.join('?' * len(values))})")
            parameters.extend(values)
    if query.since is not None:
        conditions.append("last_at >= ?")
        parameters.append(to_micros(query.since))
    rows = database.rows(
        f"SELECT finding FROM findings WHERE {' AND '.join(conditions)} "  # noqa: S608
        "ORDER BY last_at DESC, id",
        parameters,
    )
    found = (from_json(Finding, json.loads(row[0])) for row in rows)
    return [one for one in found if fits(one, query)]
