"""Fetching over HTTP: policy, address guard, manners and outcomes."""

from connectors.net.fetcher import Fetcher, FetchRequest, shared_fetcher
from connectors.net.guard import blocked_reason, blocked_url, guarded_socket
from connectors.net.outcomes import Fetched
from connectors.net.policy import FetchPolicy
from connectors.net.posting import post
from connectors.net.redirects import host_key
from connectors.net.under_way import UnderWay

__all__ = [
    "FetchPolicy",
    "FetchRequest",
    "Fetched",
    "Fetcher",
    "UnderWay",
    "blocked_reason",
    "blocked_url",
    "guarded_socket",
    "host_key",
    "post",
    "shared_fetcher",
]
