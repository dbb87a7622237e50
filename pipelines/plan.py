"""What the flow must know, as plain values that travel to workers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from connectors.channels import ChannelPlan
    from connectors.index import IndexSettings
    from connectors.net import FetchPolicy
    from connectors.records import Feed
    from pipelines.steps.stories import StoryPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that the flow needs to know.

    ``once``: one bounded pass. ``distributed``: several processes fetch, so that a host's
    entries must meet in one, and the job itself retries alerts. ``reread_after_hours``: ages at
    which documents with mentions are read again; none: never.
    """

    feeds: tuple[Feed, ...]
    index: IndexSettings
    subjects: tuple[str, ...] | None
    fetch: FetchPolicy
    stories: StoryPlan
    channels: tuple[ChannelPlan, ...]
    interval_secs: int
    once: bool
    distributed: bool = False
    reread_after_hours: tuple[float, ...] = ()
