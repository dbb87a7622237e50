"""Who signed a page that describes itself by nothing but its markup."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import fromstring

from connectors.extraction_byline import BYLINE_CHARS, read_byline


def byline(markup):
    return read_byline(fromstring(f"<html><body>{markup}<p>The report.</p></body></html>"))


@pytest.mark.parametrize(
    ("markup", "names"),
    [
        ('<a rel="author" href="/ana">Ana Ruiz</a>', "Ana Ruiz"),
        ('<span class="author-name">By Ana Ruiz</span>', "Ana Ruiz"),
        ('<p class="byline">By <b>Ana Ruiz</b> <time>10 May</time></p>', "Ana Ruiz"),
        ('<div itemprop="author"><span>Алесь Квітка</span></div>', "Алесь Квітка"),
        ('<section class="post-Author">Ana Ruiz</section>', "Ana Ruiz"),
        ('<h4 class="journalist-name">Ana Ruiz and Jan Novák</h4>', "Ana Ruiz; Jan Novák"),
        ("<author>Ana Ruiz</author>", "Ana Ruiz"),
    ],
)
def test_a_marked_name_is_the_author(markup, names):
    assert byline(markup) == names


def test_the_surest_mark_wins_wherever_it_stands():
    markup = '<p class="byline">Newsroom desk</p><a rel="author">Ana Ruiz</a>'
    assert byline(markup) == "Ana Ruiz"


@pytest.mark.parametrize(
    "markup",
    [
        '<div id="comments"><span class="author">A reader</span></div>',
        '<div class="sidebar"><p><span class="author">A columnist</span></p></div>',
        '<figure><span class="author">A photographer</span></figure>',
        f'<div class="author">{"Born in a small town. " * 9}</div>',
        '<span class="author"> </span>',
        "<p>No name at all</p>",
    ],
)
def test_a_reader_a_columnist_a_biography_or_nothing_is_no_author(markup):
    assert byline(markup) is None


@given(
    st.text("<>/=\"' adivspnclbyute\n\x0b日", max_size=80),
    st.sampled_from(["author", "byline", "comments", "x author-name"]),
)
def test_any_markup_gives_a_short_name_or_none(inside, name):
    found = byline(f'<div class="{name}">{inside}</div>')
    assert found is None or 0 < len(found) <= 2 * BYLINE_CHARS
