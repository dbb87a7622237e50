"""Import saved objects into Kibana over its API; at most one request, safe to repeat.

The address is the operator's own word, and internal ones are usual, so the guard lets exactly
the addresses through that the host's name has now: neither a redirect nor a second answer of the
name service can lead the request, and the key in it, to another machine.

Delivery: one attempt, all or nothing is not promised by Kibana: objects that it took stay when
it refuses others. Objects have fixed ids and ``overwrite`` is set, so a repeat replaces them.
"""

from __future__ import annotations

import asyncio
import base64
import json
import socket
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import aiohttp

from connectors.net.exchange import failure_outcome, open_session
from connectors.net.guard import blocked_url
from connectors.net.policy import FetchPolicy

if TYPE_CHECKING:
    from collections.abc import Sequence

IMPORT_PATH = "/api/saved_objects/_import"
FILE_NAME = "vigie.ndjson"
"""Kibana takes no file without this ending."""

ANSWER_BYTES = 2_000_000
"""Read of an answer; one about 22 objects has about 4 kB."""

TOLD_ERRORS = 10
DATA_VIEW = "index-pattern"


class KibanaUnavailable(Exception):
    """Kibana cannot be reached or does not take the import; the message names the remedy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KibanaSettings:
    """Where Kibana is and how to log in.

    Args:
        url: its address, with base path and space if any: ``https://kb.example.org/s/desk``.
        api_key: base64 key for ``Authorization: ApiKey``; wins over user and password.
        username: of basic authentication.
        password: of basic authentication.
        ca_file: certificates (PEM) to trust instead of the system's.
        timeout_secs: for the whole import; it writes some twenty objects.
    """

    url: str
    api_key: str | None = None
    username: str | None = None
    password: str | None = None
    ca_file: str | None = None
    timeout_secs: float = 60.0


def list_objects(ndjson: str) -> list[str]:
    """Return what an export holds, as ``dashboard "Vigie: claims"``, in its order.

    >>> list_objects('{"type":"search","id":"a","attributes":{"title":"New"}}')
    ['search "New"']
    """
    return [_name(one) for one in _objects(ndjson) if "type" in one]


def with_prefix(ndjson: str, prefix: str, shipped: str = "vigie") -> str:
    """Return the export with its data views on the indices ``prefix-…`` instead of ``shipped-…``.

    The ids of the objects stay: one Kibana space shows the indices of one prefix.
    """
    lines = []
    for one in _objects(ndjson):
        if one.get("type") == DATA_VIEW:
            title = one["attributes"]["title"]
            one["attributes"]["title"] = prefix + title.removeprefix(shipped)
        lines.append(json.dumps(one, ensure_ascii=False, separators=(",", ":")))
    return "\n".join(lines) + "\n"


def check_address(url: str) -> None:
    """Return if ``url`` can be the address of a Kibana.

    Raises:
        ValueError: it cannot; the message has nothing of it, since it may hold a password.
    """
    reason = blocked_url(url, FetchPolicy(allow_addresses=("0.0.0.0/0", "::/0")))
    if reason is not None:
        raise ValueError(f"expected an address such as http://localhost:5601: {reason}")
    if urlsplit(url).query or urlsplit(url).fragment:
        raise ValueError("expected an address without ? and #, such as http://localhost:5601")


def import_objects(settings: KibanaSettings, ndjson: str) -> list[str]:
    """Import the export ``ndjson``, replacing objects with the same ids; return what was taken.

    Must not be called from a running event loop.

    Raises:
        ValueError: the address or the file of certificates is at fault.
        KibanaUnavailable: there is no Kibana, or it refuses; the message has its own words.
    """
    check_address(settings.url)
    return asyncio.run(_import(settings, _tls_context(settings), ndjson))


def _objects(ndjson: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ndjson.splitlines() if line.strip()]


def _words(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _items(value: object) -> list[dict[str, Any]]:
    """Return the objects of a JSON array, whatever else there is instead."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _name(one: dict[str, Any]) -> str:
    about = _words(one.get("attributes")) or _words(one.get("meta"))
    title = about.get("name") or about.get("title") or one.get("title") or one.get("id")
    kind = "data view" if one.get("type") == DATA_VIEW else one.get("type")
    return f'{kind} "{title}"'


def _tls_context(settings: KibanaSettings) -> ssl.SSLContext | None:
    if not settings.ca_file:
        return None
    try:
        return ssl.create_default_context(cafile=settings.ca_file)
    except (OSError, ssl.SSLError) as error:
        raise ValueError(f"cannot read the certificates in {settings.ca_file}: {error}") from error


async def _import(settings: KibanaSettings, tls: ssl.SSLContext | None, ndjson: str) -> list[str]:
    policy = FetchPolicy(
        allow_addresses=await _addresses(settings),
        timeout_secs=settings.timeout_secs,
    )
    form = aiohttp.FormData()
    form.add_field("file", ndjson.encode(), filename=FILE_NAME, content_type="application/x-ndjson")
    try:
        async with (
            open_session(policy) as session,
            session.post(
                settings.url.rstrip("/") + IMPORT_PATH,
                params={"overwrite": "true"},
                data=form,
                headers=_headers(settings),
                allow_redirects=False,
                ssl=tls or True,
            ) as response,
        ):
            body = await _read(response)
    except (aiohttp.ClientError, OSError, asyncio.TimeoutError, ValueError) as error:
        outcome, detail = failure_outcome(error, [])
        raise KibanaUnavailable(f"kibana {settings.url}: {_remedy(outcome, detail)}") from error
    told = judge_answer(response.status, response.headers.get("Location"), body)
    if isinstance(told, str):
        raise KibanaUnavailable(f"kibana {settings.url}: {told}")
    return list(told)


async def _addresses(settings: KibanaSettings) -> tuple[str, ...]:
    """Return the addresses that the host has now: the only ones that may be contacted."""
    parts = urlsplit(settings.url)
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(parts.hostname, parts.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise KibanaUnavailable(
            f"kibana {settings.url}: the name {parts.hostname} cannot be resolved"
        ) from error
    return tuple(dict.fromkeys(str(info[4][0]).partition("%")[0] for info in found))


def _headers(settings: KibanaSettings) -> dict[str, str]:
    headers = {"kbn-xsrf": "vigie", "Accept": "application/json"}
    if settings.api_key:
        headers["Authorization"] = f"ApiKey {settings.api_key}"
    elif settings.username:
        pair = f"{settings.username}:{settings.password or ''}".encode()
        headers["Authorization"] = f"Basic {base64.b64encode(pair).decode('ascii')}"
    return headers


async def _read(response: aiohttp.ClientResponse) -> bytes:
    body = b""
    while len(body) <= ANSWER_BYTES and (chunk := await response.content.read(65_536)):
        body += chunk
    return body[:ANSWER_BYTES]


def _remedy(outcome: str, detail: str) -> str:
    if outcome == "timeout":
        return "no answer in time: is the server overloaded?"
    if outcome == "tls_error":
        return f"the TLS certificate is not trusted: set index.ca_file ({detail})"
    if outcome in {"connection_error", "dns_error"}:
        return "no connection: is Kibana running at this address?"
    return f"no usable answer ({detail})"


def judge_answer(status: int, location: str | None, body: bytes) -> Sequence[str] | str:
    """Return the names of the imported objects, or one line that says why there are none.

    Args:
        status: of the HTTP answer.
        location: its ``Location`` header.
        body: its first ``ANSWER_BYTES``.
    """
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    words = _words(answer)
    if 300 <= status < 400:
        return f"it answers with a redirect to {(location or '')[:200]}: give that address"
    if status != 200:
        return _refusal(status, str(words.get("message") or "")[:300])
    if not isinstance(words.get("success"), bool):
        return "what answers there is no Kibana"
    if not words["success"]:
        return _tell_errors(words.get("errors"))
    return [_name(one) for one in _items(words.get("successResults"))]


def _refusal(status: int, message: str) -> str:
    remedies = {
        401: "it refuses access: check --kibana-api-key (or index.api_key, username, password)",
        403: "this user or key may not import: it needs the privilege Saved Objects Management",
        404: "it knows no import API there: check base path and space (…/s/NAME)",
        413: "the import is larger than savedObjects.maxImportPayloadBytes",
        503: "it is not ready yet: try again",
    }
    told = remedies.get(status, f"it answered with status {status}")
    return f"{told} ({message})" if message else told


def _tell_errors(errors: object) -> str:
    found = _items(errors)
    told = [f"{_name(one)}: {_reason(one.get('error'))}" for one in found[:TOLD_ERRORS]]
    more = f" and {len(found) - TOLD_ERRORS} more" if len(found) > TOLD_ERRORS else ""
    return f"it did not take {'; '.join(told) or 'the objects'}{more}"


def _reason(error: object) -> str:
    words = _words(error)
    missing = ", ".join(
        f"{one.get('type')} {one.get('id')}" for one in _items(words.get("references"))
    )
    told = str(words.get("message") or words.get("type") or "unknown")[:200]
    return f"{told} ({missing})" if missing else told
