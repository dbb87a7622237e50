"""The session of PollFeeds that keeps in the index which hub a feed announces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connectors.feed_polling import ONCE_RETRIES_SECS, FeedPoller
from connectors.feed_session import FeedSession
from connectors.net import shared_fetcher
from connectors.records import to_json
from connectors.websub import HUB_KIND, Hub, read_hub

if TYPE_CHECKING:
    from datetime import datetime

    from connectors.feed_document import ParsedFeed
    from connectors.index import IndexSettings
    from connectors.net import Fetched, FetchPolicy
    from connectors.records import Feed


class HubNotingPoller(FeedPoller):
    """Notes the hub of each document that is parsed: one write a feed and process."""

    def __init__(self, **parts: Any) -> None:  # noqa: ANN401 - as FeedPoller takes them
        """Take what FeedPoller takes."""
        super().__init__(**parts)
        self._noted: dict[str, Hub] = {}

    def _parse(self, feed: Feed, fetched: Fetched, now: datetime) -> ParsedFeed:
        parsed = super()._parse(feed, fetched, now)
        hub = read_hub(parsed.hub, parsed.self_url, feed.url)
        if hub is not None and self._noted.get(feed.id) != hub:
            self._index.put_memory(HUB_KIND, feed.id, to_json(hub))
            self._noted[feed.id] = hub
        return parsed


class HubNotingSession(FeedSession):
    """A :class:`FeedSession` whose poller notes hubs."""

    def __init__(
        self, policy: FetchPolicy, settings: IndexSettings, poll_secs: int, *, once: bool
    ) -> None:
        """Open what FeedSession opens."""
        super().__init__(policy, settings, poll_secs, once=once)
        self._poller = HubNotingPoller(
            policy=policy,
            index=self._index,
            fetcher=shared_fetcher(policy),
            sandbox=self._sandbox,
            retries=ONCE_RETRIES_SECS if once else (),
            interval_secs=poll_secs,
        )
