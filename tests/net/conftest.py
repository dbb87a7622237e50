"""Servers that answer with whatever bytes a test wants, and fetchers that may reach them."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest
from raw_server import RawServer

from connectors.net import Fetcher, FetchPolicy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def server() -> Iterator[RawServer]:
    with RawServer().running() as running:
        yield running


@pytest.fixture
def make_server() -> Iterator[Callable[[str], RawServer]]:
    with contextlib.ExitStack() as stack:
        yield lambda host: stack.enter_context(RawServer(host=host).running())


@pytest.fixture
def make_fetcher() -> Iterator[Callable[..., Fetcher]]:
    """Build fetchers that may reach 127.0.0.1 alone, without delay, with short time-outs."""
    opened: list[Fetcher] = []

    def make(resolver: object = None, **changes: object) -> Fetcher:
        settings: dict[str, object] = {
            "allow_addresses": ("127.0.0.1/32",),
            "min_delay_secs": 0.0,
            "timeout_secs": 1.5,
            "connect_secs": 1.0,
            "obey_robots": False,
        }
        fetcher = Fetcher(FetchPolicy(**{**settings, **changes}), resolver=resolver)
        opened.append(fetcher)
        return fetcher

    yield make
    for fetcher in opened:
        fetcher.close()
