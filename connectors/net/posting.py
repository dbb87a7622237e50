"""Send a few bytes to a receiver that the operator named: webhooks and Alertmanager.

The same guard, limits and deadline as for fetching; no redirect is followed, since a receiver
that moved should be configured anew. At most once: retries are the outbox's.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from connectors.net.exchange import HopRequest, exchange, open_session

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connectors.net.outcomes import Fetched
    from connectors.net.policy import FetchPolicy

ANSWER_BYTES = 64_000
"""What is read of an answer: enough for an error message."""


def post(url: str, *, body: bytes, headers: Mapping[str, str], policy: FetchPolicy) -> Fetched:
    """POST ``body`` to ``url`` and return the answer; never raises for the world's faults.

    Must not be called from a running event loop.
    """
    request = HopRequest(
        url=url,
        headers=headers,
        limit_bytes=ANSWER_BYTES,
        timeout_secs=policy.timeout_secs,
        keep_truncated=True,
        post_body=body,
    )
    return asyncio.run(_post(request, policy))


async def _post(request: HopRequest, policy: FetchPolicy) -> Fetched:
    async with open_session(policy) as session:
        return await exchange(session, policy, request)
