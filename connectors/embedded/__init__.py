"""The embedded index: SQLite with FTS5, one file (SQLite 3.34 or newer; tested with 3.40).

Delivery guarantee: every method that writes is one transaction, durable on return even when
power fails, and idempotent, so a bundle may run again at any point. Several threads and
processes may write; each waits up to :data:`BUSY_TIMEOUT_SECS` for the others. Readers never
wait (write-ahead log).
"""

from __future__ import annotations

from connectors.embedded.database import BUSY_TIMEOUT_SECS
from connectors.embedded.index import EmbeddedIndex, plan_setup

__all__ = ["BUSY_TIMEOUT_SECS", "EmbeddedIndex", "plan_setup"]
