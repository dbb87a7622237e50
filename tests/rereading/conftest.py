"""A small site with validators, settings over it, and passes at a virtual time."""

import functools
import threading
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from connectors.backends import open_index
from connectors.index import IndexSettings
from connectors.net import FetchPolicy
from connectors.records import Feed
from pipelines.config_models import AlertSettings, MetricsSettings
from pipelines.monitor import report_articles
from pipelines.rereading import DELETED_KIND, KIND
from pipelines.runtime import run_bounded
from pipelines.settings import Settings
from pipelines.steps.rereading import RereadDocuments, forget_schedules
from pipelines.steps.stories import forget_books

AGES = (24.0, 168.0)


class Site(ThreadingHTTPServer):
    """Serves what ``pages`` holds: path → (status, headers, body); keeps requests with headers."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages = {}
        self.requests = []

    @property
    def base(self):
        return f"http://127.0.0.1:{self.server_port}"

    def asked(self, path):
        return [headers for asked, headers in self.requests if asked == path]

    def page(self, path, body, *, status=200, content_type="text/html; charset=utf-8", **headers):
        given = {"Content-Type": content_type}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = (status, given, body.encode())
        return self.base + path

    def article(self, path, title, text, *, canonical=None, **headers):
        link = f"<link rel='canonical' href='{self.base}{canonical}'>" if canonical else ""
        paragraphs = "".join(f"<p>{part}</p>" for part in text.split("\n"))
        body = (
            f"<!doctype html><html lang='en'><head><title>{title}</title>{link}</head><body>"
            f"<article><h1>{title}</h1>{paragraphs}</article></body></html>"
        )
        return self.page(path, body, **headers)

    def rss(self, path, *links):
        items = "".join(
            f"<item><title>Oreshnik of {link}</title><link>{self.base}{link}</link>"
            f"<guid>{link}</guid><description>The Oreshnik missile system, in short, as the feed "
            "tells it to all who read no page.</description>"
            "<pubDate>Fri, 06 Dec 2024 12:00:00 GMT</pubDate></item>"
            for link in links
        )
        body = (
            "<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel>"
            f"<title>Feed</title><link>{self.base}</link>{items}</channel></rss>"
        )
        return self.page(path, body, content_type="application/rss+xml")


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.requests.append((self.path, dict(self.headers)))
        absent = (404, {"Content-Type": "text/plain"}, b"not here")
        status, headers, body = self.server.pages.get(self.path, absent)
        etag = headers.get("ETag")
        if status == 200 and etag and self.headers.get("If-None-Match") == etag:
            status, body = 304, b""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
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
    forget_schedules()

    def build(*urls, name="vigie", **fetch):
        return Settings(
            index=IndexSettings(location=f"sqlite:{tmp_path / name}.db"),
            feeds=tuple(Feed(id=f"feed{at}", url=url) for at, url in enumerate(urls)),
            subjects=None,
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
            reread_after_hours=AGES,
        )

    return build


def shifted(hours):
    return datetime.now(timezone.utc) + timedelta(hours=hours)


def lay_rereads(pipeline, plan, *, hours):
    clock = functools.partial(shifted, hours)
    again = RereadDocuments(plan.index, plan.fetch, ages_hours=AGES, once=True, clock=clock)
    report_articles(pipeline | again, plan)


@pytest.fixture
def forget():
    """Return a function that forgets what the process knows, as a restart would."""

    def restart():
        forget_books()
        forget_schedules()

    return restart


@pytest.fixture
def read_again():
    """Return a function that makes one re-reading pass ``hours`` from now; it gives the counts."""

    def run(settings, *, hours):
        summary = run_bounded(settings, functools.partial(lay_rereads, hours=hours))
        return summary.steps.get("RereadDocuments", {})

    return run


@pytest.fixture
def stored():
    """Return a function that gives the documents, totals and memories of an index."""

    def read(settings):
        index = open_index(settings.index, read_only=True)
        try:
            return (
                list(index.documents()),
                index.totals(),
                dict(index.memory(KIND)),
                dict(index.memory(DELETED_KIND)),
            )
        finally:
            index.close()

    return read


@pytest.fixture
def make_older(settings_for):
    """Return a function that copies an index, its documents first seen ``hours`` ago."""

    def copy(settings, *, hours, name="older"):
        target = replace(settings_for(name=name), feeds=())
        source, index = open_index(settings.index, read_only=True), open_index(target.index)
        try:
            index.setup()
            seen = shifted(-hours)
            index.write(
                [
                    replace(one, alerts=(), article=replace(one.article, first_seen_at=seen))
                    for one in source.documents()
                ]
            )
        finally:
            source.close()
            index.close()
        forget_books()
        return target

    return copy
