"""The article on a page: its text without furniture, its title, its date, its outcome."""

# ruff: noqa: E501 - markup and tables read better unbroken

from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import tostring
from trafilatura.utils import load_html

from connectors.extraction_page import extract_article, parse_html, text_of_html

FIRST = "The two presidents signed a treaty on security guarantees in the capital on Friday."
SECOND = "Medium-range systems could be stationed there in the second half of next year, one said."
THIRD = "Neighbouring governments called the announcement a step towards further tension."
PROSE = (FIRST, SECOND, THIRD)

FURNITURE = {
    "cookie dialog": '<div id="cookie-banner" role="dialog">We value your Tomahawk privacy. <button>OK</button></div>',
    "consent bar": '<section class="cmp consent-bar"><p>Our Tomahawk partners store data on your device.</p></section>',
    "related box": '<aside class="related"><h2>Read also</h2><ul><li><a href="/1">The Tomahawk, star of barbecues</a></li></ul></aside>',
    "related list": '<ul class="article__related-links"><li><a href="/1">Tomahawk tours sold out</a></li><li><a href="/2">Weather</a></li></ul>',
    "comments": '<section id="comments"><h2>Comments</h2><div class="comment"><b>reader</b> And the Tomahawk, nobody talks of it, a long remark that goes on and on.</div></section>',
    "disqus": '<div id="disqus_thread"><p>Tomahawk fan: first!</p></div>',
    "navigation": '<nav><ul><li><a href="/tomahawk">Tomahawk</a></li></ul></nav>',
    "newsletter": '<div class="newsletter-signup"><p>Get the Tomahawk letter every morning.</p></div>',
    "breadcrumbs": '<div class="breadcrumb"><a href="/">Home</a> <a href="/w">Tomahawk</a></div>',
    "footer": "<footer>© Tomahawk Media · Legal · Contact</footer>",
    "advert": '<div class="ads sponsored"><p>Buy a Tomahawk steak today, best price.</p></div>',
}  # fmt: skip


def html(inner="", *, head="", prose=PROSE, title="A treaty is signed"):
    paragraphs = "".join(f"<p>{p}</p>" for p in prose)
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title} | The Courier</title>'
        f"{head}</head><body><header><a href='/'>The Courier</a></header><main><article><h1>{title}</h1>"
        f"{paragraphs}</article>{inner}</main></body></html>"
    )


@pytest.mark.parametrize("name", FURNITURE)
def test_furniture_gives_no_text(make_page, name):
    found = extract_article(make_page(html(FURNITURE[name])))
    assert found.outcome == "ok"
    assert all(sentence in found.text for sentence in PROSE)
    assert "Tomahawk" not in found.text


def test_furniture_inside_the_article_gives_no_text(make_page):
    page = html().replace(f"<p>{SECOND}</p>", f"<p>{SECOND}</p>{FURNITURE['related box']}")
    found = extract_article(make_page(page))
    assert all(sentence in found.text for sentence in PROSE)
    assert "Tomahawk" not in found.text


@pytest.mark.parametrize("name", ["related", "comments", "sidebar", "consent", "newsletter"])
def test_a_block_with_the_whole_article_is_kept_whatever_its_name(make_page, name):
    page = (
        html()
        .replace("<main>", f'<main><div class="has {name}">')
        .replace("</main>", "</div></main>")
    )
    assert FIRST in extract_article(make_page(page)).text


def test_the_title_is_not_repeated_as_the_first_line_of_the_text(make_page):
    assert extract_article(make_page(html())).text.startswith(FIRST)


def test_the_text_of_broken_markup_is_read(make_page):
    page = (
        html()
        .replace("</p>", "")
        .replace("</article>", "</div></b>")
        .replace("</body></html>", "<p")
    )
    found = extract_article(make_page(page.encode("windows-1251"), charset="windows-1251"))
    assert found.outcome == "ok"
    assert all(sentence in found.text for sentence in PROSE)


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r", "iso-8859-5"])
def test_a_page_in_a_cyrillic_encoding_keeps_its_words(make_page, encoding):
    prose = ("Президент подписал договор о гарантиях безопасности в Минске.",) * 3
    page = html(prose=prose, title="Договор подписан").replace("utf-8", encoding)
    found = extract_article(make_page(page.encode(encoding)))
    assert found.title == "Договор подписан"
    assert prose[0] in found.text


@pytest.mark.parametrize(
    ("language", "title", "sentence"),
    [
        (
            "fa",
            "موشک\u200cها رسیدند",
            "وزارت دفاع اعلام کرد که موشک\u200cهای تازه به پایگاه می\u200cرسند.",
        ),
        ("ml", "മിസൈലുകൾ എത്തി", "പ്രതിരോധ മന്ത്രി പറഞ്ഞു മിസൈലുകള്\u200d അടുത്ത വര്\u200dഷം എത്തും."),
    ],
)
def test_joiners_inside_words_are_kept_and_the_title_is_known_by_them(
    make_page, language, title, sentence
):
    page = html(prose=(sentence,) * 3, title=title).replace('lang="en"', f'lang="{language}"')
    found = extract_article(make_page(page))
    assert found.text == sentence
    assert found.title == title


TITLES = [
    ({}, "A treaty is signed"),
    ({"og": "From og"}, "From og"),
    ({"og": "From og", "ld": "From JSON-LD"}, "From JSON-LD"),
    ({"og": "The whole long headline", "ld": "The whole long…"}, "The whole long headline"),
    ({"og": "The Courier"}, "A treaty is signed"),
    ({"og": "From og | The Courier"}, "From og"),
]


@pytest.mark.parametrize(("given", "expected"), TITLES)
def test_titles_have_their_precedence(make_page, given, expected):
    head = '<meta property="og:site_name" content="The Courier">'
    if "og" in given:
        head += f'<meta property="og:title" content="{given["og"]}">'
    if "ld" in given:
        head += f'<script type="application/ld+json">{{"@type":"Article","headline":"{given["ld"]}"}}</script>'
    found = extract_article(make_page(html(head=head)))
    assert found.title == expected
    assert found.outlet == "The Courier"


FEED = datetime(2024, 12, 5, 9, tzinfo=timezone.utc)
LD = '<script type="application/ld+json">{"@type":"Article","datePublished":"2024-12-04T08:00:00Z"}</script>'
META = '<meta property="article:published_time" content="2024-12-03T08:00:00Z">'
BYLINE = "<p class='date'>Published on 2 December 2024</p>"
FUTURE = '<meta property="article:published_time" content="2031-01-01T00:00:00Z">'


@pytest.mark.parametrize(
    ("feed", "head", "expected"),
    [
        (FEED, LD + META, (5, "feed")),
        (None, LD + META, (4, "json_ld")),
        (None, META, (3, "meta")),
        (None, "", (2, "htmldate")),
        (FEED.replace(year=2031), META, (3, "meta")),
        (FEED.replace(year=1970), FUTURE + LD, (4, "json_ld")),
    ],
)
def test_dates_have_their_precedence_and_keep_their_source(
    make_page, make_entry, feed, head, expected
):
    page = make_page(html(BYLINE, head=head), entry=make_entry(published_at=feed))
    found = extract_article(page)
    assert (found.published_at.day, found.date_source) == expected


def test_a_page_without_any_date_has_none(make_page):
    found = extract_article(make_page(html(), url=None))
    assert (found.published_at, found.date_source) == (None, "none")


def test_the_outlet_of_the_feed_comes_before_that_of_the_page(make_page, make_entry):
    head = '<meta property="og:site_name" content="Portal">'
    page = make_page(html(head=head), entry=make_entry(outlet="The Wire"))
    assert extract_article(page).outlet == "The Wire"


@pytest.mark.parametrize(
    ("body", "fields", "outcome"),
    [
        (b"", {}, "empty"),
        (b"  \n ", {}, "empty"),
        (b"%PDF-1.7\n%...", {}, "not_html"),
        (b"<p>x</p>", {"content_type": "application/json"}, "not_html"),
        (b"\x89PNG\r\n\x1a\n", {"content_type": "text/html"}, "not_html"),
        (b"<html><head></head><body></body></html>", {}, "empty"),
        (b"", {"outcome": "gone"}, "gone"),
        (b"<p " + b"a=1 " * 6000 + b">", {}, "too_many_attributes"),
    ],
)
def test_a_page_without_an_article_says_why(make_page, body, fields, outcome):
    assert extract_article(make_page(body, **fields)).outcome == outcome


NOT_FOUND_TITLES = ["404 Not Found", "Page not found", "Page introuvable", "Ошибка 404", "Страница не найдена", "Сторінку не знайдено", "Nie znaleziono strony", "Seite nicht gefunden", "Página no encontrada", "页面不存在", "الصفحة غير موجودة"]  # fmt: skip


@pytest.mark.parametrize("title", NOT_FOUND_TITLES)
def test_an_error_page_that_says_200_is_a_soft_404(make_page, title):
    page = html(prose=("Sorry.",), title=title)
    assert extract_article(make_page(page)).outcome == "soft_404"


def test_an_article_about_a_peugeot_404_is_an_article(make_page):
    page = html(prose=PROSE * 5, title="The Peugeot 404 turns sixty")
    assert extract_article(make_page(page)).outcome == "ok"


def test_a_redirect_to_the_front_page_is_a_soft_404(make_page):
    page = make_page(html(), url="https://news.example.org/")
    assert extract_article(page).outcome == "soft_404"


def test_a_consent_dialog_in_place_of_the_article_is_told(make_page):
    prose = (
        "We and our partners use cookies to process your personal data.",
        "You can accept all cookies or manage your consent in the privacy settings.",
    )
    page = html(prose=prose, title="Before you continue")
    assert extract_article(make_page(page)).outcome == "consent_wall"
    away = make_page(html(), url="https://consent.example.org/collect?to=x")
    assert extract_article(away).outcome == "consent_wall"


def test_a_brief_about_a_cookie_law_is_an_article(make_page):
    prose = ("Parliament adopted the cookie law on Friday.", *PROSE)
    assert extract_article(make_page(html(prose=prose))).outcome == "ok"


def test_a_teaser_of_a_page_that_is_sold_is_a_paywall_and_a_whole_text_is_not(make_page):
    head = '<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>'
    assert extract_article(make_page(html(head=head))).outcome == "paywall"
    assert extract_article(make_page(html(head=head, prose=PROSE * 8))).outcome == "ok"


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("<p>One &amp; two</p><p>three</p>", "One & two\nthree"),
        ("plain", "plain"),
        ("a<!-- no -->b<br>c", "ab\nc"),
        ("<style>x</style><div>a <b>b</b> c</div>", "a b c"),
        ("<ul><li>1<li>2</ul>", "1\n2"),
        ("<noscript>x</noscript><svg><text>y</text></svg>z", "z"),
        ("", ""),
        ("</div></body>after", "after"),
    ],
)
def test_the_text_of_a_fragment_has_a_line_for_each_block(fragment, text):
    assert text_of_html(fragment) == text


@given(st.text(max_size=80) | st.from_regex(r"(<[a-z/!?]*|[a-z &;>'\"=-]+){0,20}", fullmatch=True))
def test_the_text_of_any_fragment_is_text(fragment):
    lines = text_of_html(fragment).split("\n")
    assert all(line == " ".join(line.split()) for line in lines)


REPORT = "".join(
    f"<p>Sentence {n} of the report tells what the ministry announced.</p>" for n in range(9)
)


@pytest.mark.parametrize(
    "name", ["content-with-sidebar-wrp", "entry-content entry-content-read-more", "paywall"]
)
def test_an_article_is_kept_whatever_its_block_is_called(make_page, name):
    script = f"<script>{'var a = 1;' * 4000}</script>"
    page = f'<html><body>{script}<div class="{name}">{REPORT}</div></body></html>'
    text = extract_article(make_page(page)).text
    assert "Sentence 0 of the report" in text
    assert "Sentence 8 of the report" in text


@pytest.mark.parametrize("name", ["cmp-text", "js_readmore"])
def test_a_part_of_an_article_is_kept_whatever_its_block_is_called(make_page, name):
    folded = "<p>The rest unfolds at a touch and belongs to the report.</p>"
    page = f'<html><body><div>{REPORT}</div><div class="{name}">{folded}</div></body></html>'
    assert "unfolds at a touch" in extract_article(make_page(page)).text


def test_links_to_read_more_are_dropped(make_page):
    links = "<p><a href='/1'>Another story about something else entirely, read it now.</a></p>" * 2
    page = f'<html><body><div>{REPORT}</div><div class="read-more">{links}</div></body></html>'
    assert "Another story" not in extract_article(make_page(page)).text


def test_letters_are_composed_however_the_page_spells_them(make_page):
    page = f"<html><body><h1>Be\u0301la\u0300</h1><div><p>Gu\u0308ltig.</p>{REPORT}</div></body></html>"
    found = extract_article(make_page(page))
    assert "Gültig" in found.text
    assert found.title == "Bélà"


def test_related_links_beside_the_article_are_dropped_though_scripts_are_long(make_page):
    script = f"<script>{'var a = 1;' * 4000}</script>"
    teasers = "<p>Another story about something else entirely, read it now.</p>" * 2
    page = (
        f'<html><body>{script}<div>{REPORT}</div><div class="related">{teasers}</div></body></html>'
    )
    assert "Another story" not in extract_article(make_page(page)).text


@given(
    st.sampled_from(
        [
            "",
            "<!DOCTYPE html>\n",
            '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN" "http://www.w3.org/TR/x.dtd">\n',
            '<?xml version="1.0" encoding="koi8-r"?>\n',
            "<html/>",
            "<html lang='be' />\n",
        ]
    ),
    st.text(st.sampled_from("<>/pahtmlbody \n\t\x00\x01\x0b\ufffe\uffffЎ日&;!-"), max_size=60),
)
def test_a_tree_is_the_one_that_trafilatura_makes(start, rest):
    page = f"{start}<html><body><p>А text</p>{rest}</body></html>"
    ours, theirs = parse_html(page), load_html(page.replace("\x00", ""))
    assert (ours is None) == (theirs is None)
    if ours is not None:
        assert tostring(ours) == tostring(theirs)
