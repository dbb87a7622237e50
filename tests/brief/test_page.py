"""The page itself: self-contained, escaped, and the same for the same input."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.brief import content_security_policy, render_brief
from pipelines.brief.markup import json_block, link, safe_url, text


class _Collector(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def tags_of(page):
    collector = _Collector()
    collector.feed(page)
    collector.close()
    return collector.tags


@pytest.fixture
def page(documents, now, subjects, make_alert):
    alerts = [make_alert(documents[0])]
    return render_brief(documents, alerts=alerts, generated_at=now, subjects=subjects)


def test_the_page_refers_to_nothing_but_articles(page):
    for tag, attributes in tags_of(page):
        assert tag not in {"img", "link", "iframe", "object", "embed", "base", "form action"}
        assert "src" not in attributes
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
        if "href" in attributes:
            assert attributes["href"] == "#h-stories" or attributes["href"].startswith(
                "https://news."
            )


def test_the_policy_names_exactly_the_style_and_the_script_of_the_page(page):
    policy = content_security_policy(live=False)
    assert html.escape(policy) in page
    assert "unsafe" not in policy
    assert "connect-src" not in policy
    for block in (r"<style>(.*?)</style>", r"<script>(.*?)</script>"):
        (source,) = re.findall(block, page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy


def test_the_same_input_gives_the_same_page(documents, now, subjects):
    given_twice = [
        render_brief(order, alerts=(), generated_at=now, subjects=subjects)
        for order in (documents, documents[::-1])
    ]
    assert given_twice[0] == given_twice[1]


def test_an_empty_index_gives_a_page_that_says_so(now):
    page = render_brief((), alerts=(), generated_at=now, subjects={})
    assert "No article has named a subject yet" in page
    assert "Contradictions" not in page


def test_articles_without_a_mention_are_listed_apart(page):
    assert "A tram line opens" in page.split("without a mention")[1]


def test_sections_without_content_are_left_out(documents, now, subjects):
    page = render_brief(documents[4:], alerts=(), generated_at=now, subjects=subjects)
    assert "h-alerts" not in page
    assert "h-contradictions" not in page
    assert "h-claims" not in page


def test_an_alert_says_what_is_new_and_what_was_said_before(
    documents, make_alert, make_claim, now, subjects
):
    alert = make_alert(
        documents[0],
        development="changed_status",
        new=[make_claim("There.", status="completed", when="2026-05")],
        old=[make_claim("Soon.", status="planned")],
    )
    page = render_brief(documents, alerts=[alert], generated_at=now, subjects=subjects)
    found = re.search(r'<p class="news">(.*?)</p>', page)
    words = re.sub(r"<[^>]+>", "", found.group(1))
    assert words == "completed in BY, May 2026 (before: planned in BY)"


def test_an_undated_article_without_outlet_and_title_is_shown(make_document, now):
    document = make_document(
        "a", title="", text="Oreshnik", mentions=[("oreshnik", "Oreshnik")], outlet=None
    )
    page = render_brief([document], alerts=(), generated_at=now, subjects={})
    assert "Untitled" in page
    assert "news.example" in page


@given(words=st.text())
def test_escaped_text_never_opens_a_tag_or_ends_an_attribute(words):
    safe = text(words)
    assert not set("<>\"'") & set(safe)
    safe.encode("utf-8")


@given(value=st.recursive(st.text(), st.lists, max_leaves=8))
def test_a_data_block_cannot_be_left(value):
    block = json_block("data", value)
    body = block.removeprefix('<script type="application/json" id="data">')
    assert "<" not in body.removesuffix("</script>")
    block.encode("utf-8")


@given(url=st.text())
def test_only_http_addresses_become_links(url):
    made = link(url, "x")
    assert ("href" in made) is (safe_url(url) is not None)
    if "href" in made:
        assert re.match(r"(?i)https?://", url)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JAVASCRIPT:alert(1)", "java\tscript:alert(1)", " https://x.example",
        "data:text/html,x", "//x.example/a", "/relative", "http://", "http://[::1", "file:///etc",
        "https:/x", "",
    ],
)  # fmt: skip
def test_an_address_of_another_kind_is_text(url):
    assert safe_url(url) is None
