"""Documents to store, and the index of either backend to store them in."""

from __future__ import annotations

import http.client
import secrets
import threading
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from elasticsearch import Elasticsearch

from connectors.backends import open_index
from connectors.index import IndexSettings
from connectors.records import Alert, Article, Claim, Document, Entry, Mention, stable_id

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=timezone.utc)


@dataclass(frozen=True)
class Makers:
    """Builders of records with sensible defaults."""

    now: datetime = NOW

    def entry(self, name: str, **changes) -> Entry:
        values = {
            "id": stable_id("entry", name),
            "feed_id": "feed-1",
            "feed_url": "http://127.0.0.1/feed.xml",
            "first_seen_at": self.now,
            "url": f"http://127.0.0.1/{name}",
            "title": name,
        }
        return Entry(**values | changes)

    def document(self, name: str, text: str = "Text.", **changes) -> Document:
        url = f"http://127.0.0.1/{name}"
        article = {
            "id": stable_id(url),
            "entry_id": stable_id("entry", name),
            "feed_id": "feed-1",
            "url": url,
            "canonical_url": url,
            "title": f"Title of {name}",
            "text": text,
            "language": "en",
            "outlet": "The Test",
            "author": None,
            "published_at": self.now - timedelta(hours=1),
            "date_source": "feed",
            "text_source": "page",
            "first_seen_at": self.now,
            "fetched_at": self.now,
            "content_hash": stable_id(text),
        }
        names = set(Article.__dataclass_fields__)
        article |= {key: value for key, value in changes.items() if key in names}
        rest = {key: value for key, value in changes.items() if key not in names}
        return Document(article=Article(**article), **rest)

    def mention(self, subject: str, quote: str = "Text") -> Mention:
        return Mention(subject=subject, field="text", start=0, end=len(quote), quote=quote)

    def claim(self, status: str) -> Claim:
        return Claim(
            system="oreshnik",
            place="BY",
            status=status,
            when="2025-12",
            speaker=None,
            start=0,
            end=4,
            evidence="Text",
        )

    def alert(self, name: str, document: Document, **changes) -> Alert:
        values = {
            "id": stable_id("alert", name),
            "subject": "oreshnik",
            "story_id": "story-1",
            "development": "new_story",
            "document_id": document.article.id,
            "title": document.article.title,
            "url": document.article.url,
            "outlet": None,
            "language": "en",
            "quote": "Text",
            "created_at": self.now,
            "published_at": None,
            "first_seen_at": self.now,
            "channels": ("console", "webhook"),
        }
        return Alert(**values | changes)

    def changed(self, document: Document, text: str, **changes) -> Document:
        article = replace(document.article, text=text, content_hash=stable_id(text), **changes)
        return replace(document, article=article)


@pytest.fixture
def make() -> Makers:
    return Makers()


@pytest.fixture
def sqlite_settings(tmp_path) -> IndexSettings:
    return IndexSettings(location=f"sqlite:{tmp_path / 'vigie.db'}")


@pytest.fixture(scope="session")
def elastic_indices(elasticsearch_url):
    """Indices of this session's own on the shared server, deleted at its end."""
    settings = IndexSettings(location=elasticsearch_url, prefix=f"vigie-{secrets.token_hex(4)}")
    made = open_index(settings)
    made.setup()
    made.close()
    client = Elasticsearch(elasticsearch_url, request_timeout=60)
    yield settings, client
    names = list(client.indices.get(index=f"{settings.prefix}-*").body)
    if names:
        client.indices.delete(index=names)
    client.indices.delete_index_template(name=f"{settings.prefix}-*")
    client.cluster.delete_component_template(name=f"{settings.prefix}-*")
    client.ingest.delete_pipeline(id=f"{settings.prefix}-*")
    client.close()


@pytest.fixture
def elastic_settings(elastic_indices) -> IndexSettings:
    """Empty indices: months are dropped (their template makes them again), the rest is emptied."""
    settings, client = elastic_indices
    client.indices.refresh(index=f"{settings.prefix}-*")
    rows = client.cat.indices(index=f"{settings.prefix}-*", h="index,docs.count", format="json")
    used = [row["index"] for row in rows.body if row["docs.count"] != "0"]
    months = [name for name in used if "-articles-" in name]
    flat = [name for name in used if name not in months]
    if months:
        client.indices.delete(index=months)
    if flat:
        client.delete_by_query(
            index=flat, query={"match_all": {}}, conflicts="proceed", refresh=True
        )
    return settings


@pytest.fixture(params=["embedded", pytest.param("elastic", marks=pytest.mark.service)])
def settings(request) -> IndexSettings:
    if request.param == "embedded":
        return request.getfixturevalue("sqlite_settings")
    return request.getfixturevalue("elastic_settings")


@pytest.fixture
def index(settings):
    opened = open_index(settings)
    yield opened
    opened.close()


class FaultyServer:
    """A server on loopback: a policy may answer instead of the real one behind it."""

    def __init__(self, policy, target=None):
        self.requests = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                outer.requests.append((self.command, self.path))
                answer = policy(self.command, urlsplit(self.path).path, body)
                status, content = answer or self.forward(body)
                self.send_response(status)
                self.send_header("X-Elastic-Product", "Elasticsearch")
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def forward(self, body):
                if target is None:
                    return 404, b'{"error": {"type": "not_found"}}'
                headers = {
                    name: value
                    for name, value in self.headers.items()
                    if name.lower() not in {"host", "connection"}
                }
                connection = http.client.HTTPConnection(urlsplit(target).netloc, timeout=60)
                connection.request(self.command, self.path, body, headers)
                response = connection.getresponse()
                content = response.read()
                connection.close()
                return response.status, content

            def log_message(self, *args):
                pass

        for method in ("GET", "POST", "PUT", "DELETE", "HEAD"):
            setattr(Handler, f"do_{method}", Handler.handle_any)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def close(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def serve():
    servers = []

    def start(policy, target=None):
        servers.append(FaultyServer(policy, target))
        return servers[-1]

    yield start
    for server in servers:
        server.close()
