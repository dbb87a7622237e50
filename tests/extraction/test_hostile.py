"""Pages made to hang, crash or bloat a parser: each ends as an outcome, and the next page works."""

import pytest
from hostile_pages import BEYOND_THE_GUARD, WITHIN_THE_GUARD

from connectors.extraction_call import extract_safely

GOOD = (
    "<html><head><title>After</title></head><body><article><h1>After</h1>"
    + ("<p>The neighbour of a hostile page is read as if nothing had happened.</p>" * 3)
    + "</article></body></html>"
)

STOPPED = {"too_big", "too_many_tags", "too_many_attributes"}
EXCEEDED = {"timeout", "out_of_memory", "parser_crash", "parser_error"}
READ = {"ok", "empty", "not_html", "soft_404"}


@pytest.mark.parametrize("name", BEYOND_THE_GUARD)
def test_what_the_guard_knows_never_reaches_a_parser(make_page, sandbox, name):
    page, reason = BEYOND_THE_GUARD[name]
    extraction, outcome, detail = extract_safely(make_page(page), sandbox)
    assert extraction is None
    assert outcome == reason
    assert detail == f"bytes={len(page)}"


@pytest.mark.parametrize("name", WITHIN_THE_GUARD)
def test_what_passes_the_guard_ends_within_its_limits_and_its_neighbour_is_read(
    make_page, sandbox, name
):
    extraction, outcome, detail = extract_safely(make_page(WITHIN_THE_GUARD[name]), sandbox)
    if extraction is None:
        assert outcome in EXCEEDED
        assert detail
    else:
        assert extraction.outcome in READ
        assert len(extraction.title) <= 500
    after, outcome, _ = extract_safely(make_page(GOOD), sandbox)
    assert outcome == "ok"
    assert after.text.startswith("The neighbour")


def test_hostile_text_of_the_feed_meets_the_same_limits(make_page, make_entry, sandbox):
    entry = make_entry(
        content_html="<b>" * 100_000, summary_html="<p>plain</p>", title="<i>" * 9000 + "T"
    )
    extraction, outcome, _ = extract_safely(make_page(entry=entry, outcome="gone"), sandbox)
    assert outcome in EXCEEDED or extraction.feed_text == "plain"
