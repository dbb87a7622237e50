"""The subscriber of one process: asks hubs, answers them, and registers what they send.

Delivery: what is pushed goes into the ledger as pending and due, so that the polling source
gives it out in its next round (1.5 s); a push lost before that is found by the next poll. Entries
have the ids that a poll gives them: what comes both ways is one entry.
"""

from __future__ import annotations

import logging
import queue
import secrets
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from connectors import metrics
from connectors.backends import open_index
from connectors.feed_parsing import parse_fetched
from connectors.feed_polling import PARSE_BYTES, PARSE_SECS, utc_now
from connectors.index import IndexUnavailable
from connectors.net import post
from connectors.records import from_json
from connectors.sandbox import Sandbox
from connectors.websub import (
    HUB_KIND,
    Hub,
    Subscription,
    after_request,
    callback_address,
    callback_token,
    is_signed,
    subscribe_form,
    verify,
)
from connectors.websub_server import CallbackServer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from connectors.index import Index, IndexSettings
    from connectors.net import FetchPolicy
    from connectors.records import Feed
    from connectors.websub_server import Notice

log = logging.getLogger(__name__)
STEP = "WebSub"
LOOK_SECS = 30.0
"""Pause between two looks for hubs that feeds have announced and leases that end."""

MAX_QUEUED = 100
"""Pushes waiting to be read (5 MB each at most); a hub is told to come again beyond."""

SECRET_BYTES = 32
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class WebSubSubscriber:
    """Subscribes feeds to the hubs they announce while it runs.

    Secrets are new in every process and kept nowhere: at a start every feed is subscribed anew
    under its old callback address, which replaces the subscription at the hub.

    Args:
        feeds: the watch list; others are not subscribed.
        settings: the index with the announced hubs and the ledger.
        policy: how hubs may be reached.
        callback_url: the public address under which this process is reached.
        address: where to listen.
        port: 0 lets the system choose.
        clock: gives the time, aware; for tests.

    Raises:
        OSError: the address is not ours, or the port is taken or forbidden.
    """

    def __init__(  # noqa: PLR0913 - all named
        self,
        feeds: Sequence[Feed],
        *,
        settings: IndexSettings,
        policy: FetchPolicy,
        callback_url: str,
        address: str = "127.0.0.1",
        port: int = 0,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        """Listen at once; ``start`` begins to subscribe."""
        self._feeds = {feed.id: feed for feed in feeds}
        self._tokens = {callback_token(callback_url, feed.id): feed.id for feed in feeds}
        self._settings = settings
        self._policy = policy
        self._callback_url = callback_url
        self._clock = clock
        self._lock = threading.Lock()
        self._subscriptions: dict[str, Subscription] = {}
        self._pushed: queue.Queue[tuple[Feed, str, Notice] | None] = queue.Queue(MAX_QUEUED)
        self._stop = threading.Event()
        self._server = CallbackServer(
            self, address=address, port=port, limit_bytes=policy.feed_bytes
        )
        self.port = self._server.server_port
        self._threads = [
            threading.Thread(target=self._subscribe_forever, name="websub-ask", daemon=True),
            threading.Thread(target=self._read_forever, name="websub-read", daemon=True),
        ]

    def start(self) -> None:
        """Serve the callback, subscribe and read until ``stop``."""
        self._server.start()
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End; what was taken is read first."""
        self._server.stop()
        self._stop.set()
        self._pushed.put(None)
        for thread in self._threads:
            thread.join(self._policy.timeout_secs + PARSE_SECS)

    def states(self) -> dict[str, str]:
        """Return the state of every subscription by feed id."""
        with self._lock:
            return {key: one.state for key, one in self._subscriptions.items()}

    def verify(self, token: str, query: Mapping[str, str]) -> str | None:
        """Answer a hub's question about a subscription."""
        with self._lock:
            known = self._subscriptions.get(self._tokens.get(token, ""))
            if known is None:
                metrics.count(STEP, "unknown_callback")
                return None
            verified, answer = verify(known, query, self._clock())
            self._subscriptions[known.feed_id] = verified
        if answer is None:
            metrics.count(STEP, "not_asked_for")
        else:
            metrics.count(STEP, "denied" if verified.state == "denied" else "verified")
        return answer

    def receive(self, notice: Notice) -> int:
        """Take what a hub sent if it is signed; 410 tells a hub that nobody listens here."""
        with self._lock:
            known = self._subscriptions.get(self._tokens.get(notice.token, ""))
        if known is None:
            metrics.count(STEP, "unknown_callback")
            return 410
        if not is_signed(notice.body, notice.signature, known.secret):
            metrics.count(STEP, "bad_signature")
            return 202
        try:
            self._pushed.put_nowait((self._feeds[known.feed_id], known.hub.topic, notice))
        except queue.Full:
            metrics.count(STEP, "busy")
            return 503
        return 202

    def _subscribe_forever(self) -> None:
        index: Index | None = None
        while True:
            try:
                index = index or open_index(self._settings)
                self.look(index)
            except IndexUnavailable as error:
                log.warning("subscriptions wait for the index error=%s", error)
            except Exception:
                log.exception("a look at the subscriptions failed")
            if self._stop.wait(LOOK_SECS):
                break
        if index is not None:
            index.close()

    def look(self, index: Index) -> None:
        """Subscribe what was announced and renew what is due.

        Raises:
            IndexUnavailable: the announced hubs cannot be read.
        """
        now = self._clock()
        for feed_id, value in index.memory(HUB_KIND):
            if feed_id in self._feeds:
                self._announce(feed_id, from_json(Hub, value), now)
        with self._lock:
            due = [one for one in self._subscriptions.values() if one.due_at <= now]
        for one in due:
            if self._stop.is_set():
                return
            self._ask(one)

    def _announce(self, feed_id: str, hub: Hub, now: datetime) -> None:
        with self._lock:
            known = self._subscriptions.get(feed_id)
            if known is None or known.hub != hub:
                self._subscriptions[feed_id] = Subscription(
                    feed_id=feed_id,
                    hub=hub,
                    secret=secrets.token_urlsafe(SECRET_BYTES),
                    due_at=now,
                )

    def _ask(self, one: Subscription) -> None:
        """Ask the hub; it may verify before its answer is here, so the state is read again."""
        with self._lock:
            asking = replace(self._subscriptions[one.feed_id], requested_at=self._clock())
            self._subscriptions[one.feed_id] = asking
        form = subscribe_form(asking, callback_address(self._callback_url, one.feed_id))
        answer = post(one.hub.hub, body=form, headers=_FORM, policy=self._policy)
        accepted = answer.status is not None and 200 <= answer.status < 300
        metrics.count(STEP, "requested" if accepted else "hub_failed")
        if not accepted:
            log.info("hub refused feed=%s outcome=%s", one.feed_id, answer.outcome)
        with self._lock:
            present = self._subscriptions[one.feed_id]
            if present.due_at == asking.due_at or not accepted:
                after = after_request(present, accepted=accepted, now=self._clock())
                self._subscriptions[one.feed_id] = after

    def _read_forever(self) -> None:
        index: Index | None = None
        sandbox = Sandbox(deadline_secs=PARSE_SECS, memory_bytes=PARSE_BYTES)
        while (item := self._pushed.get()) is not None:
            try:
                index = index or open_index(self._settings)
                self._read(index, sandbox, *item)
            except IndexUnavailable as error:
                log.warning("a push is left to the next poll error=%s", error)
                metrics.count(STEP, "index_unavailable")
            except Exception as error:  # noqa: BLE001 - whatever the parser raised on these bytes
                log.info("a push cannot be read feed=%s error=%s", item[0].id, type(error).__name__)
                metrics.count(STEP, "unreadable")
        sandbox.close()
        if index is not None:
            index.close()

    def _read(self, index: Index, sandbox: Sandbox, feed: Feed, topic: str, notice: Notice) -> None:
        now = self._clock()
        parsed = sandbox.call(parse_fetched, notice.body, topic, notice.content_type, feed, now)
        new = index.register_entries(parsed.entries, due_at=now) if parsed.entries else []
        metrics.count(STEP, "pushed" if new else "nothing_new" if parsed.entries else "unreadable")
