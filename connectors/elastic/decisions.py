"""What to do with the answer to one operation of a bulk request: pure, and a table."""

from __future__ import annotations

from enum import Enum

BLOCKED = "cluster_block_exception"
"""The error of an index made read-only, by hand or by a disk that is nearly full."""


class Decision(Enum):
    """What the answer to one operation means."""

    STORED = "stored"
    EXISTS = "exists"
    """What was to be created is there already, or a newer version of it is: a success."""
    ABSENT = "absent"
    """What was to be changed or deleted is not there."""
    RETRY = "retry"
    SPLIT = "split"
    """The request is too large: send it in halves."""
    REJECT = "reject"
    """The server will never take this document."""
    REFUSE = "refuse"
    """The server does not know us or does not let us: nothing will pass until that changes."""
    MISSING = "missing"
    """The index is not there and the server may not create it."""


def decide(action: str, status: int, error: str = "") -> Decision:
    """Return what the answer ``status`` with the error type ``error`` to ``action`` means.

    ``action`` is one of the bulk API: ``index``, ``create``, ``update``, ``delete``.

    >>> decide("index", 409).name, decide("update", 409).name, decide("index", 429).name
    ('EXISTS', 'RETRY', 'RETRY')
    """
    if 200 <= status < 300:
        return Decision.STORED
    if status == 409:
        return Decision.RETRY if action == "update" else Decision.EXISTS
    if status == 404:
        return _decide_absent(action, error)
    if status in {408, 429} or error == BLOCKED or (status >= 500 and status != 501):
        return Decision.RETRY
    return {401: Decision.REFUSE, 403: Decision.REFUSE, 413: Decision.SPLIT}.get(
        status, Decision.REJECT
    )


def refusal_reason(status: int, error: str = "") -> str:
    """Return in one of few words why the server did not take something.

    >>> refusal_reason(429), refusal_reason(403, BLOCKED), refusal_reason(503)
    ('busy', 'blocked', 'server_error')
    """
    if error == BLOCKED:
        return "blocked"
    if status in {408, 429}:
        return "busy"
    if status in {401, 403}:
        return "forbidden"
    return "server_error" if status >= 500 else "other"


def _decide_absent(action: str, error: str) -> Decision:
    if error == "index_not_found_exception":
        return Decision.ABSENT if action == "delete" else Decision.MISSING
    return Decision.ABSENT if action in {"update", "delete"} else Decision.REJECT


def backoff_secs(attempt: int, jitter: float) -> float:
    """Return the wait before attempt number ``attempt`` (1 is the first repeat).

    ``jitter`` in [0, 1) spreads workers that failed together over half of the wait.

    >>> backoff_secs(1, 0.0), backoff_secs(20, 0.0)
    (0.125, 5.0)
    """
    full = min(FIRST_BACKOFF_SECS * 2 ** (attempt - 1), MAX_BACKOFF_SECS)
    return full / 2 + full / 2 * jitter


FIRST_BACKOFF_SECS = 0.25
MAX_BACKOFF_SECS = 10.0
