"""A small web server whose pages a test writes, and settings to run the pipeline over it."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from connectors.index import IndexSettings
from connectors.net import FetchPolicy
from connectors.records import Feed
from pipelines.config_models import AlertSettings, MetricsSettings
from pipelines.settings import Settings
from pipelines.steps.stories import forget_books

SHARED = Path(__file__).parents[2].parent / "shared"


class Site(ThreadingHTTPServer):
    """Serves what ``pages`` holds: path → (status, content type, body); counts the requests."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages = {}
        self.requests = []

    @property
    def base(self):
        return f"http://127.0.0.1:{self.server_port}"

    def page(self, path, body, content_type="text/html; charset=utf-8", status=200):
        raw = body if isinstance(body, bytes) else body.encode()
        self.pages[path] = (status, content_type, raw)
        return self.base + path

    def article(self, path, title, text, language="en"):
        body = (
            f"<!doctype html><html lang='{language}'><head><title>{title}</title></head><body>"
            f"<article><h1>{title}</h1>"
            + "".join(f"<p>{part}</p>" for part in text.split("\n"))
            + "</article></body></html>"
        )
        return self.page(path, body)

    def rss(self, path, *items):
        entries = "".join(f"<item>{item}</item>" for item in items)
        body = (
            "<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel>"
            f"<title>Feed</title><link>{self.base}</link>{entries}</channel></rss>"
        )
        return self.page(path, body, "application/rss+xml")

    def item(self, path, title="A title", date="Fri, 06 Dec 2024 12:00:00 GMT"):
        return (
            f"<title>{title}</title><link>{self.base}{path}</link><guid>{path}</guid>"
            f"<pubDate>{date}</pubDate>"
        )


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.requests.append(self.path)
        status, content_type, body = self.server.pages.get(
            self.path, (404, "text/plain", b"not here")
        )
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def site():
    with Site() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def settings_for(tmp_path):
    """Return settings for feeds at the given addresses; every test has its own index."""
    forget_books()

    def build(*urls, subjects=None, index=None, **fetch):
        return Settings(
            index=IndexSettings(location=index or f"sqlite:{tmp_path / 'vigie.db'}"),
            feeds=tuple(Feed(id=f"feed{at}", url=url) for at, url in enumerate(urls)),
            subjects=subjects,
            fetch=FetchPolicy(
                **{
                    "allow_addresses": ("127.0.0.0/8",),
                    "min_delay_secs": 0.0,
                    "timeout_secs": 5.0,
                    **fetch,
                }
            ),
            alerts=AlertSettings(channels={}, late_articles=True),
            metrics=MetricsSettings(port=0),
            interval_secs=60,
        )

    return build


@pytest.fixture
def seeds():
    """The folder of the seed site; its labels lie beside it."""
    folder = SHARED / "data" / "seeds-site"
    if not folder.is_dir():
        pytest.skip("the seed site lies in ../shared/data, which is not here")
    return folder
