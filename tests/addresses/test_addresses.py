"""One spelling and one key for each address of an article."""

from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from connectors.addresses import TRACKERS, address_key, canonical_url, host_of, same_site

SAME = [
    ("https://example.org/a", "HTTPS://EXAMPLE.ORG/a"),
    ("https://example.org", "https://example.org/"),
    ("https://example.org/a", "https://example.org:443/a"),
    ("https://example.org/a", "https://example.org./a"),
    ("https://example.org/a", "  https://example.org/a\n"),
    ("https://example.org/a", "https://exam\nple.org/a"),
    ("https://example.org/a", "https://example.org/a#comments"),
    ("https://example.org/a", "https://example.org/a?"),
    ("https://example.org/a", "https://user:secret@example.org/a"),
    ("https://example.org/a", "https://example.org/b/../a"),
    ("https://example.org/", "https://example.org/.."),
    ("https://example.org/~a", "https://example.org/%7Ea"),
    ("https://example.org/%C3%A9", "https://example.org/é"),
    ("https://example.org/%C3%A9", "https://example.org/%c3%a9"),
    ("https://xn--e1afmkfd.xn--p1ai/", "https://ПРИМЕР.рф"),
    ("https://example.org/?id=7", "https://example.org/?UTM_Source=rss&id=7&fbclid=x"),
    ("https://example.org/?b=1&a=2", "https://example.org/?b=1&utm_campaign=z&a=2&"),
]

DIFFERENT = [
    ("https://example.org/a", "http://example.org/a"),
    ("https://example.org/a", "https://www.example.org/a"),
    ("https://example.org/a", "https://example.org/A"),
    ("https://example.org/a", "https://example.org/a/"),
    ("https://example.org/a", "https://example.org:8443/a"),
    ("https://example.org/?id=1", "https://example.org/?id=2"),
    ("https://example.org/?a=1&b=2", "https://example.org/?b=2&a=1"),
    ("https://example.org/?source=rss", "https://example.org/"),
    ("https://example.org/a%2Fb", "https://example.org/a/b"),
    ("https://example.org/?a=%26b", "https://example.org/?a=&b"),
    ("https://example.org/amp/a", "https://example.org/a"),
    ("https://example.org/a;id=1", "https://example.org/a;id=2"),
]


@pytest.mark.parametrize(("first", "second"), SAME)
def test_two_spellings_of_one_address_have_one_key(first, second):
    assert address_key(first) == address_key(second)


@pytest.mark.parametrize(("first", "second"), DIFFERENT)
def test_addresses_that_may_name_different_articles_have_different_keys(first, second):
    assert address_key(first) != address_key(second)


@pytest.mark.parametrize(
    "url", ["", "tag:example.org,2024:7", "mailto:a@example.org", "http://[bad", "http://:80/", "7"]
)
def test_what_is_no_web_address_stays_as_it_is(url):
    assert canonical_url(url) == url
    assert len(address_key(url)) == 32


def test_every_tracker_is_removed_whatever_its_case():
    query = "&".join(f"{name.upper()}=1" for name in TRACKERS)
    assert canonical_url(f"https://example.org/?{query}&id=3") == "https://example.org/?id=3"


URLS = st.builds(
    "{}://{}{}/{}?{}#{}".format,
    st.sampled_from(["http", "https", "HTTP"]),
    st.sampled_from(
        ["example.org", "Пример.рф", "münchen.de", "127.0.0.1", "[::1]", "a.b.c.", "ß.de"]
    ),
    st.sampled_from(["", ":80", ":443", ":8000", ":"]),
    st.text(max_size=30),
    st.text(max_size=30),
    st.text(max_size=10),
)


@given(URLS | st.text(max_size=60))
@example("http://example.org/%%32%35")
@example("http://example.org/%")
@example("http://example.org/..//../a/./")
@example("http://example.org//a")
@example("http://İ.org/")
@example("http://example.org/?\ud800")
def test_the_canonical_spelling_is_its_own_canonical_spelling(url):
    once = canonical_url(url)
    assert canonical_url(once) == once


@given(URLS)
def test_the_canonical_spelling_is_ascii_and_has_no_fragment(url):
    once = canonical_url(url)
    if host_of(url):
        assert "#" not in once
        assert once.isascii() or not host_of(url).isascii()


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20))
def test_a_parameter_keeps_its_value_through_percent_encoding(value):
    url = f"https://example.org/?q={quote(value, safe='')}"
    assert canonical_url(url) == url


@given(st.text(max_size=40))
def test_the_host_of_anything_is_text_and_never_an_error(url):
    assert isinstance(host_of(url), str)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Example.org:8443/a", "example.org"),
        ("http://user@ПРИМЕР.рф/", "xn--e1afmkfd.xn--p1ai"),
        ("http://[::1]:8000/", "[::1]"),
        ("example.org/a", ""),
        ("http://[bad", ""),
    ],
)
def test_the_host_is_lower_case_ascii_without_port(url, host):
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("https://www.example.org/", "https://example.org/", True),
        ("https://news.example.co.uk/", "https://www.example.co.uk/", True),
        ("https://one.co.uk/", "https://two.co.uk/", False),
        ("https://example.org/", "https://example.com/", False),
        ("https://example.org.evil.net/", "https://example.org/", False),
        ("http://127.0.0.1:8000/a", "http://127.0.0.1:8000/b", True),
        ("http://127.0.0.1:8000/a", "http://127.0.0.1:9000/a", False),
        ("http://127.0.0.1/a", "http://127.0.0.2/a", False),
        ("http://example.org/a", "https://example.org:443/a", True),
        ("", "", False),
        ("http://localhost/a", "http://localhost/b", True),
    ],
)
def test_a_site_is_a_registrable_domain(first, second, expected):
    assert same_site(first, second) is expected
