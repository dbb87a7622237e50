"""The file and its connection: opening, transactions, and errors put into words."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectors.embedded.schema import (
    APPLICATION_ID,
    SCHEMA_VERSION,
    SEARCH_RANK,
    SEARCH_TABLE,
    TABLES,
    UPGRADES,
)
from connectors.fulltext import ANALYSIS_VERSION
from connectors.index import IndexMissing, IndexUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BUSY_TIMEOUT_SECS = 30.0
"""How long a write waits for another process; its transactions take milliseconds."""

WAL_LIMIT_BYTES = 64_000_000
"""What the write-ahead log is cut to after a checkpoint."""

_REMEDIES = (
    ("disk is full", "the disk is full: free some space; nothing that was stored is lost"),
    (
        "readonly database",
        "the file or its directory cannot be written: give this user the right to write both",
    ),
    (
        "unable to open database file",
        "the path cannot be opened: check that its directory exists and this user may use it",
    ),
    ("file is not a database", "the file is no Vigie index: name another path"),
    (
        "malformed",
        "the file is damaged: restore it from a backup or run the .recover command of sqlite3",
    ),
    ("locked", "another process holds it for too long: end that process or try again"),
    ("disk I/O error", "the disk cannot be read or written: check the disk and its space"),
)


class Database:
    """One connection to the file at ``path``; calls from several threads take turns."""

    def __init__(self, path: str, *, read_only: bool = False, peek: bool = False) -> None:
        """Open ``path``; create it with its directory when missing, unless ``read_only``.

        ``peek`` reads tables of an older version too, without an upgrade.

        Raises:
            IndexMissing: the file is not there and may not be created.
            IndexUnavailable: the file cannot be used; the message says why and what to do.
        """
        self.path = path
        self.read_only = read_only or peek
        self.peek = peek
        self.stored_version = 0
        self.created = self.upgraded = False
        self._turn = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        if not path:
            raise IndexUnavailable("index sqlite: has no path; for example sqlite:vigie.db")
        with self._words_for_errors():
            self._open()

    def _open(self) -> None:
        file = Path(self.path)
        empty = not file.exists() or file.stat().st_size == 0
        if empty and self.read_only:
            raise IndexMissing(
                f"index sqlite:{self.path} does not exist; "
                f"create it with: vigie setup --index sqlite:{self.path}"
            )
        if not self.read_only:
            file.parent.mkdir(parents=True, exist_ok=True)
        mode = "ro" if self.read_only else "rwc"
        self._connection = sqlite3.connect(
            f"{file.absolute().as_uri()}?mode={mode}",
            uri=True,
            timeout=BUSY_TIMEOUT_SECS,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            self._prepare(self._connection)
        except BaseException:
            self.close()
            raise

    def _prepare(self, connection: sqlite3.Connection) -> None:
        if not self.read_only:
            connection.execute("PRAGMA journal_mode = WAL")
            # FULL: a commit survives a power cut too, for one fsync a batch (decision 0005).
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute(f"PRAGMA journal_size_limit = {WAL_LIMIT_BYTES}")
        connection.execute("PRAGMA temp_store = MEMORY")
        self.stored_version = version = self._version(connection)
        if version == 0 and self.read_only:
            raise IndexMissing(
                f"index sqlite:{self.path} is empty; "
                f"create it with: vigie setup --index sqlite:{self.path}"
            )
        if version == 0:
            with self.transaction() as transaction:
                # Another process may have been faster while this one waited for its turn.
                if self._version(transaction) == 0:
                    _create_tables(transaction)
                    self.created = True
        elif version < SCHEMA_VERSION and not self.peek:
            self._upgrade()

    def _upgrade(self) -> None:
        """Bring older tables up to date, all of it or nothing."""
        if self.read_only:
            raise IndexMissing(
                f"index sqlite:{self.path} was made by an older Vigie; "
                f"upgrade it with: vigie setup --index sqlite:{self.path}"
            )
        with self.transaction() as transaction:
            for version in range(self._version(transaction), SCHEMA_VERSION):
                for statement in UPGRADES[version]:
                    transaction.execute(statement)
                self.upgraded = True
            transaction.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    def _version(self, connection: sqlite3.Connection) -> int:
        """Return the version of the tables, 0 for an empty file; refuse a stranger's file."""
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version: int = connection.execute("PRAGMA user_version").fetchone()[0]
        tables = connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0]
        if application != APPLICATION_ID and tables:
            raise IndexUnavailable(
                f"index sqlite:{self.path} is a database of another program: name another path"
            )
        if version > SCHEMA_VERSION:
            raise IndexUnavailable(
                f"index sqlite:{self.path} was made by a newer Vigie (layout {version}, "
                f"this one knows {SCHEMA_VERSION}): upgrade Vigie"
            )
        return version

    @property
    def connection(self) -> sqlite3.Connection:
        """The open connection."""
        if self._connection is None:
            raise IndexUnavailable(f"index sqlite:{self.path} is closed")
        return self._connection

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Give the connection for one write transaction: all of it is stored, or nothing."""
        if self.read_only:
            raise IndexUnavailable(f"index sqlite:{self.path} was opened to read only")
        with self._turn, self._words_for_errors():
            connection = self.connection
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
                raise

    def rows(self, statement: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """Return the rows of a query."""
        with self._turn, self._words_for_errors():
            return self.connection.execute(statement, parameters).fetchall()

    def close(self) -> None:
        """Close the connection; idempotent."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @contextlib.contextmanager
    def _words_for_errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise IndexUnavailable(self._explain(str(error))) from error
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise IndexUnavailable(
                f"index sqlite:{self.path} cannot be used ({reason}): "
                "check that its directory exists and this user may write there"
            ) from error

    def _explain(self, error: str) -> str:
        for symptom, remedy in _REMEDIES:
            if symptom in error:
                return f"index sqlite:{self.path}: {remedy}"
        return f"index sqlite:{self.path} cannot be used: {error}"


def _create_tables(connection: sqlite3.Connection) -> None:
    for statement in TABLES:
        connection.execute(statement)
    create_search(connection)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def create_search(connection: sqlite3.Connection) -> None:
    """Create the empty full-text table and note which analysis fills it."""
    connection.execute(SEARCH_TABLE)
    connection.execute("INSERT INTO search (search, rank) VALUES ('rank', ?)", (SEARCH_RANK,))
    connection.executemany(
        "INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)",
        [("analysis_version", ANALYSIS_VERSION), ("search_row", "0")],
    )
