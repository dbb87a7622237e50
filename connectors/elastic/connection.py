"""The client of the server: how it is made, how calls are repeated, what errors are told."""

from __future__ import annotations

import random
import re
import time
from typing import TYPE_CHECKING, Any, TypeVar

from elastic_transport import ConnectionTimeout, TlsError, TransportError
from elasticsearch import ApiError, Elasticsearch, UnsupportedProductError

from connectors import metrics
from connectors.elastic.decisions import (
    BLOCKED,
    Decision,
    backoff_secs,
    decide,
    refusal_reason,
)
from connectors.index import IndexMissing, IndexUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from connectors.index import IndexSettings

MAX_REASON_CHARS = 300
"""How much of the server's own words an error message repeats."""

NO_ELASTICSEARCH = "what answers there is no Elasticsearch: check address and path"

HASTY_SECS = 3.0
"""How long a busy server is asked again for somebody who waits for the answer."""

_Answer = TypeVar("_Answer")


class Connection:
    """A client with our policy of repeats; safe to use from several threads."""

    def __init__(self, settings: IndexSettings) -> None:
        """Prepare the client; nothing is sent yet.

        Raises:
            IndexUnavailable: the settings make no client.
        """
        self.location = settings.location
        self.prefix = settings.prefix
        self.timeout_secs = settings.timeout_secs
        self._sleep: Callable[[float], None] = time.sleep
        try:
            client = Elasticsearch(**client_options(settings))
        except (ValueError, TypeError, OSError) as error:
            raise IndexUnavailable(f"index {self.location}: {error}") from error
        self._hosts = len(settings.location.split(","))
        # Repeats are decided here and nowhere else, so that they do not multiply.
        self.client = client.options(
            max_retries=0, retry_on_status=(), request_timeout=settings.timeout_secs
        )

    def name(self, kind: str) -> str:
        """Return the name of the index of ``kind``, such as ``vigie-alerts``."""
        return f"{self.prefix}-{kind}"

    def call(self, request: Callable[[], _Answer], *, patient: bool = True) -> _Answer:
        """Return the answer of ``request``; repeat what may pass later until the time-out.

        Without ``patient``, for somebody who waits, a busy server is asked again for three
        seconds, and one that cannot be reached not at all.

        Raises:
            IndexMissing: an index is not there.
            IndexUnavailable: the server cannot be reached, is not able or not willing.
            ApiError: the request itself is wrong.
        """
        patience = self.timeout_secs if patient else min(HASTY_SECS, self.timeout_secs)
        deadline = time.monotonic() + patience
        attempt = 0
        while True:
            try:
                return request()
            except UnsupportedProductError as error:
                raise self._unavailable(NO_ELASTICSEARCH) from error
            except ApiError as error:
                if _leads_elsewhere(error):
                    raise self._unavailable(NO_ELASTICSEARCH) from error
                decision = decide("search", error.meta.status, error_type(error))
                if decision not in {Decision.RETRY, Decision.REFUSE, Decision.MISSING}:
                    if error_type(error) == "index_not_found_exception":
                        raise self.missing() from error
                    raise
                reason = refusal_reason(error.meta.status, error_type(error))
                metrics.INDEX_REFUSALS.labels(reason).inc()
                problem: Exception = error
                may_pass = decision is Decision.RETRY
                told = self._explain(
                    decision, error_type(error), error.meta.status, error_reason(error)
                )
            except TransportError as error:
                metrics.INDEX_REFUSALS.labels("unreachable").inc()
                problem, may_pass = error, not isinstance(error, TlsError)
                told = self._explain_transport(error)
            attempt += 1
            if isinstance(problem, TransportError) and may_pass and attempt < self._hosts:
                # The client has put the dead host aside: the next request goes to another.
                continue
            wait = backoff_secs(attempt, random.random())  # noqa: S311 - jitter, no secret
            may_pass = may_pass and (patient or isinstance(problem, ApiError))
            if not may_pass or time.monotonic() + wait > deadline:
                raise told from problem
            self._sleep(wait)

    def wait(self, attempt: int, deadline: float) -> bool:
        """Wait before ``attempt``; return False without waiting if the time is over by then."""
        secs = backoff_secs(attempt, random.random())  # noqa: S311 - jitter, no secret
        if time.monotonic() + secs > deadline:
            return False
        self._sleep(secs)
        return True

    def failure(
        self, decision: Decision, error: str, status: int, reason: str = ""
    ) -> IndexUnavailable:
        """Return the exception for an operation that got ``decision`` and has to end."""
        return self._explain(decision, error, status, reason)

    def missing(self) -> IndexMissing:
        """Return the exception that names the command to set the index up."""
        return IndexMissing(
            f"index {self.location} is not set up (no {self.prefix}-… indices); "
            f"run: vigie setup --index {self.location}"
        )

    def _explain(
        self, decision: Decision, error: str, status: int, reason: str
    ) -> IndexUnavailable:
        if decision is Decision.MISSING:
            return self.missing()
        if decision is Decision.REFUSE:
            if status == 401:
                return self._unavailable(
                    "the server refuses access: check api_key or username and password"
                )
            said = f" ({reason[:MAX_REASON_CHARS]})" if reason else ""
            return self._unavailable(
                f"this user or key lacks privileges: see the roles in docs/search.md{said}"
            )
        if error == BLOCKED:
            return self._unavailable(
                "the index is blocked for writing (read-only, or the disk is nearly full): "
                "free some disk space or remove the block index.blocks.*"
            )
        return self._unavailable(f"the server is overloaded or not ready (status {status})")

    def _explain_transport(self, error: TransportError) -> IndexUnavailable:
        if isinstance(error, ConnectionTimeout):
            return self._unavailable(f"no answer within {self.timeout_secs:g} s")
        if isinstance(error, TlsError):
            return self._unavailable("the TLS certificate is not trusted: set ca_file")
        return self._unavailable("no connection: is the server running at this address?")

    def _unavailable(self, reason: str) -> IndexUnavailable:
        return IndexUnavailable(f"index {self.location}: {reason}")


def client_options(settings: IndexSettings) -> dict[str, Any]:
    """Return the arguments of the client for ``settings``."""
    options: dict[str, Any] = {"http_compress": False}
    if settings.cloud_id:
        options["cloud_id"] = settings.cloud_id
    else:
        hosts = [host.strip() for host in settings.location.split(",") if host.strip()]
        options["hosts"] = [_with_port(host) for host in hosts]
    if settings.api_key:
        options["api_key"] = settings.api_key
    elif settings.username:
        options["basic_auth"] = (settings.username, settings.password or "")
    if settings.ca_file:
        options["ca_certs"] = settings.ca_file
    return options


def _with_port(host: str) -> str:
    """Return ``host`` with the port that its scheme implies, which the client demands.

    >>> _with_port("https://es.example.org/path")
    'https://es.example.org:443/path'
    """
    scheme, _, rest = host.partition("://")
    authority, slash, path = rest.partition("/")
    address = authority.rpartition("@")[2]
    if ":" not in address.rpartition("]")[2]:
        authority += ":443" if scheme == "https" else ":9200"
    return f"{scheme}://{authority}{slash}{path}"


def _leads_elsewhere(error: ApiError) -> bool:
    """Return whether the location is of another server, or of a path that this one has not.

    Parts that a build lacks, such as ILM, have no handler either; their addresses begin with "_".
    """
    if error.meta.status == 400:
        return re.search(r"no handler found for uri \[/[^_]", str(error.body)) is not None
    return error.meta.status in {404, 405} and "x-elastic-product" not in error.meta.headers


def error_type(error: ApiError) -> str:
    """Return the server's name for ``error``, or an empty string."""
    body = error.body
    if isinstance(body, dict) and isinstance(body.get("error"), dict):
        return str(body["error"].get("type", ""))
    return ""


def error_reason(error: ApiError) -> str:
    """Return what the server says about ``error``, or an empty string."""
    body = error.body
    if isinstance(body, dict) and isinstance(body.get("error"), dict):
        return str(body["error"].get("reason", ""))
    return ""
