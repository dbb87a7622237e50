import pytest

from pipelines.config_models import FeedSettings
from pipelines.errors import UserError
from pipelines.watchlist import append_feeds, read_opml, read_watchlist, write_opml


def test_a_feed_is_appended_without_touching_the_rest(tmp_path):
    path = tmp_path / "feeds.yaml"
    path.write_text("# ours\nfeeds:\n  - url: https://a.org/f # first\n", encoding="utf-8")
    new = FeedSettings(url="https://b.org/f", outlet="Б: «газета»", language="ru")
    assert append_feeds(path, [new, new, FeedSettings(url="https://a.org/f")]) == [new]
    assert path.read_text(encoding="utf-8").startswith(
        "# ours\nfeeds:\n  - url: https://a.org/f # first\n"
    )
    assert [feed.url for feed in read_watchlist(path)] == ["https://a.org/f", "https://b.org/f"]
    assert read_watchlist(path)[1] == new


def test_a_watch_list_is_begun_where_there_is_none(tmp_path):
    path = tmp_path / "feeds.yaml"
    append_feeds(path, [FeedSettings(url="https://a.org/f")])
    assert [feed.url for feed in read_watchlist(path)] == ["https://a.org/f"]


def test_a_file_that_cannot_be_appended_to_stays_as_it_is(tmp_path):
    path = tmp_path / "feeds.yaml"
    path.write_text("feeds: []\n")
    with pytest.raises(UserError, match="can only be appended"):
        append_feeds(path, [FeedSettings(url="https://a.org/f")])
    assert path.read_text() == "feeds: []\n"
    assert [one.name for one in tmp_path.iterdir()] == ["feeds.yaml"]


def test_opml_goes_out_and_comes_back(tmp_path):
    feeds = [
        FeedSettings(url="https://a.org/f?x=1&y=2", outlet='A "quoted" <name>'),
        FeedSettings(url="https://b.org/f"),
    ]
    path = tmp_path / "list.opml"
    path.write_text(write_opml(feeds), encoding="utf-8")
    back = read_opml(path)
    assert [feed.url for feed in back] == [feed.url for feed in feeds]
    assert back[0].outlet == 'A "quoted" <name>'


@pytest.mark.parametrize("content", ["", "<opml", "not xml at all"])
def test_a_broken_opml_ends_in_a_message(tmp_path, content):
    path = tmp_path / "list.opml"
    path.write_text(content)
    with pytest.raises(UserError, match="expected OPML"):
        read_opml(path)


def test_outlines_without_a_web_address_are_left_out(tmp_path):
    path = tmp_path / "list.opml"
    path.write_text(
        '<opml><body><outline text="x"/><outline xmlUrl="file:///etc/passwd"/></body></opml>'
    )
    assert read_opml(path) == []
