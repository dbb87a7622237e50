"""Bulk requests: cut to size, repeated where that helps, one outcome per operation."""

from __future__ import annotations

import itertools
import json
import re
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from elasticsearch import ApiError

from connectors import metrics
from connectors.elastic.connection import error_type
from connectors.elastic.decisions import Decision, decide, refusal_reason
from connectors.index import IndexUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from concurrent.futures import Future

    from connectors.elastic.connection import Connection

MAX_OPERATIONS = 250
"""Operations of one request; with articles of 5 kB about 3 MB."""

MAX_BYTES = 5_000_000
"""Bytes of one request; servers take 100 MB by default, their advice is 5 to 15 MB."""

REQUESTS_AT_ONCE = 2
"""While the server works on one request, the next one is prepared and sent."""

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One line (or two) of a bulk request; ``header`` and ``body`` are serialised."""

    action: str
    header: bytes
    body: bytes | None

    @property
    def size_bytes(self) -> int:
        """The bytes that it adds to a request."""
        return len(self.header) + len(self.body or b"") + 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one operation; ``source`` is the updated document where asked for."""

    decision: Decision
    result: str = ""
    error: str = ""
    detail: str = ""
    source: dict[str, Any] | None = None


def operation(
    action: str,
    index: str,
    document_id: str,
    body: dict[str, Any] | None = None,
    **options: Any,  # noqa: ANN401 - version, version_type and the like
) -> Operation:
    """Return one operation of the bulk API."""
    header = {action: {"_index": index, "_id": document_id, **options}}
    return Operation(action=action, header=dump(header), body=None if body is None else dump(body))


def dump(value: dict[str, Any]) -> bytes:
    """Return ``value`` as JSON; halves of surrogate pairs become U+FFFD."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        return text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text).encode()


def run_bulk(connection: Connection, operations: Iterable[Operation]) -> list[Outcome]:
    """Send ``operations`` and return one outcome each, in order.

    ``operations`` may be a generator: later ones are made while earlier ones are on their way.

    Raises:
        IndexUnavailable: the server did not take all of it in time, or refuses us; part of the
            operations may have been stored.
    """
    requests = batches(operations)
    first = next(requests, None)
    if first is None:
        return []
    second = next(requests, None)
    if second is None:
        return _send(connection, first)
    outcomes: list[Outcome] = []
    waiting: deque[Future[list[Outcome]]] = deque()
    with ThreadPoolExecutor(REQUESTS_AT_ONCE, thread_name_prefix="bulk") as pool:
        for request in itertools.chain([first, second], requests):
            if len(waiting) == REQUESTS_AT_ONCE:
                outcomes += waiting.popleft().result()
            waiting.append(pool.submit(_send, connection, request))
        for sent in waiting:
            outcomes += sent.result()
    return outcomes


def store(connection: Connection, one: Operation) -> None:
    """Send one operation that the server has to take.

    Raises:
        IndexUnavailable: it was not taken.
    """
    store_all(connection, [one])


def store_all(connection: Connection, operations: Iterable[Operation]) -> None:
    """Send operations that the server has to take.

    Raises:
        IndexUnavailable: one of them was not taken.
    """
    for outcome in run_bulk(connection, operations):
        if outcome.decision is Decision.REJECT:
            raise IndexUnavailable(
                f"index {connection.location}: a document was not taken ({outcome.error}: "
                f"{outcome.detail}); run: vigie setup --index {connection.location}"
            )


def batches(operations: Iterable[Operation]) -> Iterator[list[Operation]]:
    """Yield ``operations`` in requests of bounded count and size; a huge one goes alone."""
    batch: list[Operation] = []
    size = 0
    for one in operations:
        if batch and (len(batch) == MAX_OPERATIONS or size + one.size_bytes > MAX_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += one.size_bytes
    if batch:
        yield batch


def _send(connection: Connection, operations: Sequence[Operation]) -> list[Outcome]:
    """Send one request, repeat the operations that may pass later, halve it if too large."""
    outcomes: dict[int, Outcome] = {}
    waiting = list(range(len(operations)))
    deadline = time.monotonic() + connection.timeout_secs
    for attempt in itertools.count(1):
        answers = _request(connection, [operations[at] for at in waiting])
        outcomes |= dict(zip(waiting, answers, strict=True))
        waiting = [at for at in waiting if outcomes[at].decision is Decision.RETRY]
        if not waiting:
            break
        if not connection.wait(attempt, deadline):
            worst = outcomes[waiting[0]]
            raise connection.failure(worst.decision, worst.error, int(worst.detail or 429))
    return [outcomes[at] for at in range(len(operations))]


def _request(connection: Connection, operations: Sequence[Operation]) -> list[Outcome]:
    # The client passes serialised lines on as they are; its type hint does not say so.
    lines: Any = [part for one in operations for part in (one.header, one.body) if part]
    try:
        answer = connection.call(lambda: connection.client.bulk(operations=lines))
    except ApiError as error:
        if decide("index", error.meta.status, error_type(error)) is not Decision.SPLIT:
            detail = f"{error.meta.status} {error_type(error)}"
            return [Outcome(decision=Decision.REJECT, error=detail, detail=str(error)[:500])] * len(
                operations
            )
        if len(operations) == 1:
            told = f"{operations[0].size_bytes} bytes are more than the server takes"
            return [Outcome(decision=Decision.REJECT, error="too_large", detail=told)]
        half = len(operations) // 2
        return _request(connection, operations[:half]) + _request(connection, operations[half:])
    return [
        _read_outcome(connection, one, item[one.action])
        for one, item in zip(operations, answer["items"], strict=True)
    ]


def _read_outcome(connection: Connection, one: Operation, item: dict[str, Any]) -> Outcome:
    error = item.get("error") or {}
    kind = str(error.get("type", ""))
    status = int(item["status"])
    decision = decide(one.action, status, kind)
    if decision is Decision.REFUSE or (decision is Decision.RETRY and status != 409):
        metrics.INDEX_REFUSALS.labels(refusal_reason(status, kind)).inc()
    if decision in {Decision.REFUSE, Decision.MISSING}:
        raise connection.failure(decision, kind, status, str(error.get("reason", "")))
    if decision is Decision.RETRY:
        return Outcome(decision=decision, error=kind, detail=str(status))
    return Outcome(
        decision=decision,
        result=str(item.get("result", "")),
        error=kind,
        detail=str(error.get("reason", ""))[:500],
        source=(item.get("get") or {}).get("_source"),
    )
