"""``vigie feeds`` against a site under the test's control."""

import contextlib
import json
import threading
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from connectors.backends import open_index
from connectors.index import IndexSettings
from connectors.records import Feed, PollState
from pipelines.cli import main
from pipelines.config_models import feed_id
from pipelines.watchlist import read_opml, read_watchlist

ITEM = "<item><title>{0}</title><link>http://example.org/{0}</link></item>"
PAGE = "text/html; charset=utf-8"


def rss(*titles, channel="Наша газета", language="be-BY"):
    items = "".join(ITEM.format(title) for title in titles)
    return (
        f"<rss version='2.0'><channel><title>{channel}</title><language>{language}</language>"
        f"{items}</channel></rss>"
    )


class Site:
    """Serves ``pages`` by path as (type, body); everything else is not found."""

    def __init__(self):
        self.pages = {}
        self.requests = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                site.requests.append(self.path)
                kind, body = site.pages.get(self.path, ("text/plain", None))
                content = (body or "").encode()
                self.send_response(404 if body is None else 200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                with contextlib.suppress(ConnectionError):
                    self.wfile.write(content)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    def put(self, path, body, kind="application/rss+xml"):
        self.pages[path] = (kind, body)
        return self.url(path)

    def url(self, path):
        return f"http://127.0.0.1:{self.server.server_port}{path}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(10)


@pytest.fixture
def site():
    made = Site()
    yield made
    made.close()


@pytest.fixture
def watchlist(tmp_path):
    path = tmp_path / "feeds.yaml"
    path.write_text("# ours\nfeeds:\n- url: https://a.org/f # kept\n", encoding="utf-8")
    return path


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "fetch.yaml"
    path.write_text(
        'fetch: { allow_addresses: ["127.0.0.1/32"], min_delay_secs: 0, timeout_secs: 5 }\n'
    )
    return path


@pytest.fixture
def add(watchlist, config):
    def run(url, *options):
        given = ["--config", str(config), "--feeds-file", str(watchlist), *options]
        return main(["feeds", "add", url, *given])

    return run


def test_a_feed_is_shown_and_appended_with_its_title_and_language(site, add, watchlist, capsys):
    url = site.put("/rss", rss("one", "two"))
    before = watchlist.read_text(encoding="utf-8")
    assert add(url) == 0
    shown = capsys.readouterr().out
    assert f"{url}: 2 entries" in shown
    assert "Наша газета, be-BY" in shown
    assert "- one" in shown
    assert "1 feed added" in shown
    assert watchlist.read_text(encoding="utf-8").startswith(before)
    assert (read_watchlist(watchlist)[1].outlet, read_watchlist(watchlist)[1].language) == (
        "Наша газета",
        "be",
    )


def test_a_feed_that_is_on_the_list_is_not_added_again(site, add, watchlist, capsys):
    url = site.put("/rss", rss("one"))
    assert add(url) == 0
    before = watchlist.read_text(encoding="utf-8")
    assert add(url) == 0
    assert "0 feeds added" in capsys.readouterr().out
    assert watchlist.read_text(encoding="utf-8") == before


def test_a_dry_run_shows_the_feed_and_writes_nothing(site, add, watchlist, capsys):
    before = watchlist.read_text(encoding="utf-8")
    assert add(site.put("/rss", rss("one")), "--dry-run") == 0
    assert "1 entries" in capsys.readouterr().out
    assert watchlist.read_text(encoding="utf-8") == before


def test_the_feeds_that_a_page_announces_are_added(site, add, watchlist):
    site.put("/news.xml", rss("one"))
    site.put("/world.xml", rss("two"))
    page = (
        "<html><head>"
        "<link rel='alternate' type='application/rss+xml' href='/news.xml'>"
        "<link rel='alternate' type='application/rss+xml' href='world.xml'>"
        "</head><body>news</body></html>"
    )
    assert add(site.put("/", page, PAGE)) == 0
    assert [feed.url for feed in read_watchlist(watchlist)[1:]] == [
        site.url("/news.xml"),
        site.url("/world.xml"),
    ]


def test_a_repeat_a_feed_of_comments_and_a_dead_one_are_told_and_not_added(
    site, add, watchlist, capsys
):
    site.put("/news.xml", rss("one", "two"))
    site.put("/atom.xml", rss("one", "two"))
    site.put("/comments/feed", rss("first!"))
    links = "".join(
        f"<link rel='alternate' type='application/rss+xml' href='{path}'>"
        for path in ("/news.xml", "/atom.xml", "/comments/feed", "/gone.xml")
    )
    assert add(site.put("/", f"<html><head>{links}</head></html>", PAGE)) == 0
    shown = capsys.readouterr().out
    assert f"the same entries as {site.url('/news.xml')}" in shown
    assert "a feed of comments" in shown
    assert f"{site.url('/gone.xml')}: " in shown
    assert [feed.url for feed in read_watchlist(watchlist)[1:]] == [site.url("/news.xml")]


def test_a_page_that_names_no_feed_is_asked_for_the_usual_addresses(site, add, watchlist):
    site.put("/rss.xml", rss("one"))
    assert add(site.put("/", "<html><body>nothing here</body></html>", PAGE)) == 0
    assert [feed.url for feed in read_watchlist(watchlist)[1:]] == [site.url("/rss.xml")]


@pytest.mark.parametrize(
    "answer",
    [
        (PAGE, "<html><body>nothing here</body></html>", "not_a_feed"),
        (PAGE, "<html><link rel=feed href=file:///etc/passwd></html>", "not_a_feed"),
        ("application/rss+xml", rss(), "no entries"),
        ("text/plain", None, "404"),
    ],
)
def test_an_address_that_gives_no_feed_exits_2_and_writes_nothing(
    site, add, watchlist, capsys, answer
):
    before = watchlist.read_text(encoding="utf-8")
    kind, body, reason = answer
    assert add(site.put("/", body, kind)) == 2
    told = capsys.readouterr()
    assert "gives no feed with entries" in told.err
    assert reason in told.out
    assert "Traceback" not in told.err
    assert watchlist.read_text(encoding="utf-8") == before


@pytest.mark.parametrize("url", ["nonsense", "file:///etc/passwd", "http://[", "ftp://a.org/f"])
def test_what_is_no_web_address_exits_2(add, capsys, url):
    assert add(url) == 2
    assert "expected an address that starts with http:// or https://" in capsys.readouterr().err


def test_an_address_on_this_machine_is_refused_unless_it_is_allowed(site, watchlist, capsys):
    url = site.put("/rss", rss("one"))
    assert main(["feeds", "add", url, "--feeds-file", str(watchlist)]) == 2
    assert "blocked_address" in capsys.readouterr().out
    assert site.requests == []
    allowed = ["--allow-address", "127.0.0.1/32", "--feeds-file", str(watchlist)]
    assert main(["feeds", "add", url, *allowed]) == 0


def test_no_control_character_of_a_feed_reaches_the_terminal(site, add, watchlist, capsys):
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "a\x1b[31mred",
        "language": "en\x1b",
        "items": [{"id": "1", "url": "http://example.org/1", "title": "b\x1b[2J\x07"}],
    }
    assert add(site.put("/feed.json", json.dumps(feed), "application/feed+json")) == 0
    assert "\x1b" not in capsys.readouterr().out
    assert len(read_watchlist(watchlist)) == 2


def test_opml_is_imported_and_exported(tmp_path, watchlist, capsys):
    opml = tmp_path / "list.opml"
    opml.write_text(
        "<opml version='2.0'><body><outline text='group'>"
        "<outline text='A' xmlUrl='https://a.org/f'/>"
        "<outline text='B &amp; C' language='pl-PL' xmlUrl='https://b.org/f?x=1&amp;y=2'/>"
        "<outline text='no web address' xmlUrl='file:///etc/passwd'/>"
        "<outline text='no address' xmlUrl='http://[/'/>"
        "</outline></body></opml>",
        encoding="utf-8",
    )
    assert main(["feeds", "import", str(opml), "--feeds-file", str(watchlist)]) == 0
    assert "1 feed added" in capsys.readouterr().out
    added = read_watchlist(watchlist)[1]
    assert (added.url, added.outlet, added.language) == ("https://b.org/f?x=1&y=2", "B & C", "pl")
    assert main(["feeds", "export", "--feeds-file", str(watchlist)]) == 0
    again = tmp_path / "again.opml"
    again.write_text(capsys.readouterr().out, encoding="utf-8")
    assert [(feed.url, feed.outlet, feed.language) for feed in read_opml(again)] == [
        ("https://a.org/f", "https://a.org/f", None),
        ("https://b.org/f?x=1&y=2", "B & C", "pl"),
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "expected OPML"),
        ("<rss><channel/></rss>", "expected OPML, got a document of <rss>"),
        ("<opml><body><outline text='x'/></body></opml>", "names no feed"),
    ],
)
def test_what_is_no_opml_exits_2_and_writes_nothing(tmp_path, watchlist, capsys, content, told):
    opml = tmp_path / "list.opml"
    opml.write_text(content)
    before = watchlist.read_text(encoding="utf-8")
    assert main(["feeds", "import", str(opml), "--feeds-file", str(watchlist)]) == 2
    assert told in capsys.readouterr().err
    assert watchlist.read_text(encoding="utf-8") == before


def test_a_control_character_in_a_name_does_not_break_the_export(tmp_path, capsys):
    path = tmp_path / "feeds.yaml"
    path.write_text('feeds:\n- { url: "https://a.org/f", outlet: "a\\x08b" }\n')
    assert main(["feeds", "export", "--feeds-file", str(path)]) == 0
    opml = tmp_path / "list.opml"
    opml.write_text(capsys.readouterr().out, encoding="utf-8")
    assert [feed.outlet for feed in read_opml(opml)] == ["a b"]


def test_a_list_that_is_not_there_cannot_be_exported(tmp_path, capsys):
    assert main(["feeds", "export", "--feeds-file", str(tmp_path / "nowhere.yaml")]) == 2
    assert "nowhere.yaml: no such file" in capsys.readouterr().err


def test_a_list_in_a_folder_that_is_not_there_exits_2(site, config, tmp_path, capsys):
    url = site.put("/rss", rss("one"))
    where = tmp_path / "fetch.yaml" / "feeds.yaml"
    given = ["--config", str(config), "--feeds-file", str(where)]
    assert main(["feeds", "add", url, *given]) == 2
    assert "cannot be written" in capsys.readouterr().err


@pytest.fixture
def polled(tmp_path):
    location = f"sqlite:{tmp_path / 'vigie.db'}"
    index = open_index(IndexSettings(location=location))
    index.setup()
    now = datetime.now(timezone.utc)
    seen = {"last_poll_at": now, "entries_seen": 9, "entries_new": 4}
    for url, failures in (("https://a.org/[/b]", 0), ("https://b.org/f", 3)):
        state = PollState(
            feed_id=feed_id(url),
            url=url,
            failures=failures,
            outcome="timeout" if failures else "ok",
            last_success_at=None if failures else now - timedelta(minutes=1),
            **seen,
        )
        index.save_poll_state(state)
    index.close()
    return location


def test_the_list_shows_health_the_failing_feeds_first(polled, capsys):
    assert main(["feeds", "list", "--index", polled, "--json"]) == 0
    listed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["url"], one["health"], one["failures"]) for one in listed] == [
        ("https://b.org/f", "failing", 3),
        ("https://a.org/[/b]", "healthy", 0),
    ]
    assert [one["lag_p50_secs"] for one in listed] == [None, None]


def test_the_table_survives_an_address_that_looks_like_markup(polled, capsys):
    assert main(["feeds", "list", "--index", polled]) == 0
    shown = capsys.readouterr().out.replace("\n", "").replace(" ", "")
    assert "[/b]" in shown
    assert "9/4" in shown


def test_with_a_configuration_the_list_is_the_watch_list(polled, tmp_path, capsys):
    config = tmp_path / "monitor.yaml"
    config.write_text(
        "feeds:\n- { url: 'https://b.org/f' }\n- { url: 'https://new.org/f' }\n", encoding="utf-8"
    )
    assert main(["feeds", "list", "--config", str(config), "--index", polled, "--json"]) == 0
    listed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {one["feed_id"] for one in listed} == {
        Feed(id=feed_id(url), url=url).id for url in ("https://b.org/f", "https://new.org/f")
    }
    assert {one["url"]: one["health"] for one in listed}["https://new.org/f"] == "never_polled"


def test_after_a_run_the_list_shows_yield_and_lag(site, tmp_path, capsys):
    printed = format_datetime(datetime.now(timezone.utc) - timedelta(hours=1))
    text = "<p>Oreshnik missiles have been deployed in Belarus, the ministry said.</p>" * 5
    link = site.put("/a.html", f"<html><body><article>{text}</article></body></html>", PAGE)
    item = f"<item><title>Oreshnik</title><link>{link}</link><pubDate>{printed}</pubDate></item>"
    url = site.put("/rss", f"<rss version='2.0'><channel><title>A</title>{item}</channel></rss>")
    index = ["--index", f"sqlite:{tmp_path / 'vigie.db'}"]
    local = ["--allow-address", "127.0.0.1/32", "--metrics-port", "0"]
    assert main(["run", "--once", "--feed", url, *local, *index]) == 0
    capsys.readouterr()
    assert main(["feeds", "list", "--json", *index]) == 0
    listed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["health"], one["entries_seen"], one["entries_new"]) for one in listed] == [
        ("healthy", 1, 1)
    ]
    assert listed[0]["lag_p50_secs"] >= 3600
