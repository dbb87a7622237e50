"""The shipped watch list is one that a run takes, and docs/feeds.md accounts for all of it."""

import argparse
import re
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pipelines.errors import UserError
from pipelines.settings import load_settings
from pipelines.watchlist import read_watchlist

ROOT = Path(__file__).parents[2]
FEEDS = read_watchlist(ROOT / "config" / "feeds.yaml")
DOC = (ROOT / "docs" / "feeds.md").read_text(encoding="utf-8")
ROW = re.compile(
    r"^\| (?P<outlet>[^|]+) \| `(?P<url>https?://[^`]+)` \| (?P<seen>[^|]+) \|$", re.MULTILINE
)
KEY = re.compile(r"^\| (?P<key>[A-Z]+\d?) \| ", re.MULTILINE)
CLOSED_OR_NO_OUTLET = ("tut.by", "naviny.by", "newsru.com", "news.google.com", "rsshub.app")


def test_the_configuration_as_shipped_loads_with_every_feed_of_the_list():
    arguments = argparse.Namespace(config=str(ROOT / "config" / "monitor.yaml"))
    feeds = load_settings(arguments).feeds
    assert [feed.url for feed in feeds] == [feed.url for feed in FEEDS]
    assert len({feed.id for feed in feeds}) == len(feeds) >= 60


def test_every_feed_names_its_outlet_language_and_country():
    assert [
        feed.url for feed in FEEDS if not (feed.outlet and feed.language and feed.country)
    ] == []
    assert {len(feed.language) for feed in FEEDS} == {2}
    assert len({feed.language for feed in FEEDS}) >= 15
    assert len({feed.country for feed in FEEDS}) >= 15


@pytest.mark.parametrize("language", ["ru", "be", "uk", "pl", "de", "fr", "en", "lt", "cs", "zh"])
def test_the_languages_of_the_tracked_subjects_have_more_than_one_outlet(language):
    assert len({feed.outlet for feed in FEEDS if feed.language == language}) >= 2


def test_no_address_is_listed_twice_with_another_scheme_or_slash():
    bare = Counter(
        feed.url.partition("://")[2].removeprefix("www.").rstrip("/").lower() for feed in FEEDS
    )
    assert [address for address, times in bare.items() if times > 1] == []


def test_no_closed_outlet_and_no_aggregator_is_listed():
    hosts = {urlsplit(feed.url).hostname for feed in FEEDS}
    assert [host for host in hosts if host.endswith(CLOSED_OR_NO_OUTLET)] == []


def test_addresses_are_https_but_for_the_ones_the_documentation_names():
    plain = {urlsplit(feed.url).hostname for feed in FEEDS if feed.url.startswith("http://")}
    told = DOC.partition("were seen over plain http only")[0].rpartition("\n\n")[2]
    assert all(any(name in host for name in re.findall(r"`([^`]+)`", told)) for host in plain)


def test_every_feed_has_a_row_in_the_documentation_and_every_row_a_feed():
    rows = [(row["url"], row["outlet"]) for row in ROW.finditer(DOC)]
    assert sorted(rows) == sorted((feed.url, feed.outlet) for feed in FEEDS)


def test_every_row_says_where_its_address_was_seen():
    keys = {found["key"] for found in KEY.finditer(DOC)}
    for row in ROW.finditer(DOC):
        named = {part.split()[0] for part in row["seen"].split(", ")}
        assert named, row["url"]
        assert named <= keys, row["url"]


def test_the_documentation_states_how_many_feeds_there_are():
    counts = re.search(r"holds (\d+) feeds in (\d+) languages\s+from (\d+) countries", DOC)
    assert tuple(map(int, counts.groups())) == (
        len(FEEDS),
        len({feed.language for feed in FEEDS}),
        len({feed.country for feed in FEEDS}),
    )


def test_norwegian_without_quotation_marks_is_told_with_its_line(tmp_path):
    path = tmp_path / "feeds.yaml"
    path.write_text("feeds:\n- url: https://a.org/f\n  language: no\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"feeds\.yaml:3: feeds\.0\.language: .*False"):
        read_watchlist(path)
