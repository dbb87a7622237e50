"""The index in Elasticsearch (server 9.4.3 tested, client 8.19 to 9.x).

Delivery guarantee: at least once with deterministic ids, so what arrives twice is stored once.
A write returns when the server has stored all of it (its translog is synced per request by
default); it raises IndexUnavailable when that cannot be had within the time-out, and may then
be repeated as it is. Articles are written first, then what was found in them, then the alerts,
then the ledger says that the entry is done: a crash in between repeats, and loses nothing.
"""

from __future__ import annotations

from connectors.elastic.decisions import Decision, decide
from connectors.elastic.index import ElasticIndex

__all__ = ["Decision", "ElasticIndex", "decide"]
