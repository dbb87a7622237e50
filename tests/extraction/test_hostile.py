"""Pages made to hang, crash or bloat a parser: each ends as an outcome, and the next page works."""

# ruff: noqa: E501 - markup and tables read better unbroken

import pytest

from connectors.extraction_call import extract_safely

GOOD = (
    "<html><head><title>After</title></head><body><article><h1>After</h1>"
    + ("<p>The neighbour of a hostile page is read as if nothing had happened.</p>" * 3)
    + "</article></body></html>"
)

STOPPED = {"too_big", "too_many_tags", "too_many_attributes"}
EXCEEDED = {"timeout", "out_of_memory", "parser_crash", "parser_error"}
READ = {"ok", "empty", "not_html", "soft_404"}


def body(inner):
    return f"<html><head><title>t</title></head><body>{inner}</body></html>".encode()


BEYOND_THE_GUARD = {
    "200k links": (body('<a href="/x">y</a>' * 200_000), "too_big"),
    "120k links": (body('<a href="/x">y</a>' * 120_000), "too_many_tags"),
    "100k date strings in tags": (body("<p>12/06/2024</p>" * 100_000), "too_many_tags"),
    "100k attributes": (body("<div " + " ".join(f"a{n}=1" for n in range(100_000)) + ">x"), "too_many_attributes"),
    "attributes in an open quote": (body("<div x='" + " ".join(f"a{n}=1" for n in range(100_000))), "too_many_attributes"),
    "10 MB of JSON-LD": (body('<script type="application/ld+json">[' + '{"a":[1]},' * 1_000_000 + "{}]</script>"), "too_big"),
    "1M line breaks": (body("<br>" * 700_000), "too_many_tags"),
    "nesting 100k deep": (body("<div>" * 100_000), "too_many_tags"),
    "10 MB of nothing": (b" " * 10_000_000, "too_big"),
    "a forest of stray brackets": (b"<" * 500_000, "too_many_tags"),
}  # fmt: skip

WITHIN_THE_GUARD = {
    "100k bare date strings": body("12/06/2024 2024-12-06 " * 100_000),
    "39k links": body('<a href="/x">y</a>' * 19_000),
    "nesting 39k deep": body("<div>" * 39_000 + "x"),
    "nesting 19k deep and closed": body("<div><b>" * 9_500 + "x" + "</b></div>" * 9_500),
    "4,900 attributes on each of 90 tags": body(("<p " + " ".join(f"a{n}=1" for n in range(4_900)) + ">x</p>") * 60),
    "2 MB of JSON-LD": body('<script type="application/ld+json">[' + '{"a":[1]},' * 200_000 + "{}]</script>"),
    "JSON-LD nested 150k deep": body('<script type="application/ld+json">' + "[" * 150_000 + "</script>"),
    "a word of 3 million letters": body("<p>" + "a" * 3_000_000),
    "a title of 3 million letters": b"<title>" + b"- " * 1_500_000,
    "an author of 2 million letters": body(f'<meta name="author" content="{"a, " * 600_000}">'),
    "600k entities": body("<p>" + "&amp;" * 600_000),
    "a million spaces": body("<h1>a" + " " * 1_000_000 + "b</h1>"),
    "a million ampersands": body("<p>" + "&" * 1_000_000),
    "19k open paragraphs": body("<p>text " * 19_000),
    "tables in tables": body("<table><tr><td>" * 9_000),
    "a declared encoding that is quadratic": b'<meta charset="punycode"><p>' + b"a-b" * 900_000,
    "zero bytes": b"<html><p>" + b"a\x00" * 100_000,
    "every byte": bytes(range(256)) * 8_000,
    "utf-16 without mark": ("<p>" + "text " * 1000).encode("utf-16-le"),
    "a bomb that is compressed": b"\x1f\x8b\x08" + b"\x00" * 1000,
}  # fmt: skip


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
