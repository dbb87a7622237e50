"""A text of megabytes is cut at a line's end, and says so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.extraction_outcomes import CUT, TEXT_CHARS, bounded
from connectors.extraction_page import extract_article, read_feed_text


@pytest.mark.parametrize("text", ["", "a", "a\n" * (TEXT_CHARS // 2), "x" * TEXT_CHARS])
def test_a_text_that_may_be_kept_is_left_as_it_is(text):
    assert bounded(text) == text


@given(st.lists(st.integers(1, 60_000), min_size=1, max_size=40))
def test_what_is_kept_of_a_longer_text_are_its_first_lines(lengths):
    text = "\n".join("x" * length for length in [*lengths, TEXT_CHARS])
    kept = bounded(text)
    assert len(kept) <= TEXT_CHARS
    assert kept.endswith(CUT)
    assert text.startswith(kept.removesuffix(CUT))
    assert kept.removesuffix(CUT) + "\n" in text


def test_a_single_endless_line_is_cut_within():
    assert bounded("x" * (TEXT_CHARS + 1)) == "x" * (TEXT_CHARS - len(CUT)) + CUT


def test_an_endless_article_and_an_endless_feed_text_are_cut(make_page, make_entry):
    lines = "".join(f"<p>{number} {'of the report ' * 60}</p>" for number in range(1000))
    article = extract_article(make_page(f"<html><article>{lines}</article></html>"))
    assert article.text.endswith(CUT)
    entry = make_entry(summary_html="A word of it. " * 60_000)
    assert len(read_feed_text(entry)) == TEXT_CHARS
