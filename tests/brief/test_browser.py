"""The briefing in a real Chromium: it filters, runs no stranger's code, asks nobody anything."""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import itertools
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from pipelines.brief import render_brief
from pipelines.brief.live import LiveBriefing, make_server

pytestmark = pytest.mark.service

VISIBLE = """
[...document.querySelectorAll('.story:not([hidden])')].map(
  (story) => story.querySelector('h3').textContent)
"""
COUNT = "document.querySelector('#shown').textContent"


@pytest.fixture
def write_page(tmp_path, now, subjects):
    def write(documents, **given):
        given = {"alerts": (), "generated_at": now, "subjects": subjects, **given}
        path = tmp_path / "brief.html"
        path.write_text(render_brief(documents, **given), encoding="utf-8")
        return path.as_uri()

    return write


async def search(browser, words):
    await browser.press("/", "/")
    await browser.type_words(words)
    await browser.press("Enter", "\r")


async def test_every_story_is_shown_at_first_and_the_newest_stands_first(
    browser, write_page, documents
):
    await browser.show(write_page(documents))
    assert await browser.evaluate(VISIBLE) == [
        "Orechnik au printemps", "Typhon stays", "Iskandery pod lupą",
    ]  # fmt: skip
    assert await browser.evaluate(COUNT) == "6 articles with a mention"
    assert browser.messages == []


async def test_a_subject_filter_keeps_its_stories_only(browser, write_page, documents):
    await browser.show(write_page(documents))
    await browser.click("input[name=subjects][value='1']")
    assert await browser.evaluate(VISIBLE) == ["Typhon stays", "Iskandery pod lupą"]
    await browser.click("#clear")
    assert len(await browser.evaluate(VISIBLE)) == 3


async def test_filters_of_two_kinds_narrow_and_of_one_kind_widen(browser, write_page, documents):
    await browser.show(write_page(documents))
    boxes = "[...document.querySelectorAll('input[name=language]')]"
    names = await browser.evaluate(f"{boxes}.map((box) => box.nextElementSibling.dataset.language)")
    await browser.click(f"input[name=language][value='{names.index('pl')}']")
    assert await browser.evaluate(VISIBLE) == ["Iskandery pod lupą"]
    await browser.click(f"input[name=language][value='{names.index('ru')}']")
    assert await browser.evaluate(VISIBLE) == ["Orechnik au printemps", "Iskandery pod lupą"]
    reports = "[...document.querySelectorAll('.reports li:not([hidden])')].length"
    assert await browser.evaluate(reports) == 1
    await browser.click("input[name=subjects][value='0']")
    assert await browser.evaluate(VISIBLE) == ["Orechnik au printemps"]
    assert await browser.evaluate(COUNT) == "1 of 6 articles in 1 story"


async def test_an_outlet_filter_finds_a_copy_inside_its_story(browser, write_page, documents):
    await browser.show(write_page(documents))
    await browser.click("label:has(span[title='The Echo']) input")
    assert await browser.evaluate(COUNT) == "1 of 6 articles in 1 story"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("jeziorem", ["Iskandery pod lupą"]),
        ("LUPA", ["Iskandery pod lupą"]),
        ("орешника", ["Orechnik au printemps"]),
        ("typhon compared", ["Typhon stays"]),
        ("deploye premier", ["Orechnik au printemps"]),
        ("nowhere", []),
    ],
)
async def test_free_text_searches_titles_quotes_and_texts(
    browser, write_page, documents, words, found
):
    await browser.show(write_page(documents))
    await search(browser, words)
    assert await browser.evaluate(VISIBLE) == found
    hidden = await browser.evaluate("document.querySelector('#nothing').hidden")
    assert hidden is bool(found)


async def test_a_cell_of_the_grid_filters_by_subject_and_time(browser, write_page, documents):
    await browser.show(write_page(documents))
    filled = "[...document.querySelectorAll('.heat button')].filter((cell) => cell.textContent)"
    total = await browser.evaluate(f"{filled}.reduce((sum, cell) => sum + +cell.textContent, 0)")
    assert total == 7
    label = await browser.evaluate(
        f"{filled}.find((cell) => cell.dataset.n.startsWith('Typhon')).getAttribute('aria-label')"
    )
    assert label.endswith(": 1")
    await browser.click(f'.heat button[aria-label="{label}"]')
    assert await browser.evaluate(VISIBLE) == ["Typhon stays"]
    await browser.click(f'.heat button[aria-label="{label}"]')
    assert len(await browser.evaluate(VISIBLE)) == 3


async def test_the_keyboard_alone_is_enough(browser, write_page, documents):
    await browser.show(write_page(documents))
    await search(browser, "typhon")
    assert len(await browser.evaluate(VISIBLE)) == 1
    await browser.press("Escape")
    assert len(await browser.evaluate(VISIBLE)) == 3
    await browser.press("j", "j")
    await browser.press("j", "j")
    focused = "document.activeElement.querySelector('h3').textContent"
    assert await browser.evaluate(focused) == "Typhon stays"
    await browser.press("k", "k")
    assert await browser.evaluate(focused) == "Orechnik au printemps"


async def test_the_address_keeps_the_filters(browser, write_page, documents):
    address = write_page(documents)
    await browser.show(f"{address}#subjects=iskander&language=pl&q=lesie")
    assert await browser.evaluate(VISIBLE) == ["Iskandery pod lupą"]
    assert "language=pl" in await browser.evaluate("location.hash")


HOSTILE = (
    "<script>window.pwned = 1</script>",
    "<img src=x onerror='window.pwned = 2'>",
    '"><svg onload="window.pwned = 3">',
    "' onmouseover='window.pwned = 4",
    "</style><script>window.pwned = 5</script>",
    "</script><script>window.pwned = 6</script>",
    "<!--<script>",
    "]]><iframe src='javascript:window.top.pwned = 7'></iframe>",
    "\u202egnp.exe\x00\ud800",
    "{{constructor.constructor('window.pwned = 8')()}}",
    "&lt;script&gt;window.pwned = 9&lt;/script&gt;",
)
HOSTILE_URLS = (
    "javascript:window.pwned=10",
    "JaVaScRiPt:window.pwned=11",
    " javascript:window.pwned=12",
    "java\nscript:window.pwned=13",
    "data:text/html,<script>window.pwned=14</script>",
    "vbscript:x",
    "https://news.example/\"onclick='window.pwned=15'x=\"",
    "http://[broken",
)


async def test_hostile_strings_are_shown_and_never_run(
    browser, write_page, *, make_document, make_claim, make_alert, find_in
):
    documents = [
        make_document(
            f"h{number}",
            title=f"Oreshnik {words}",
            text=f"{words} Oreshnik {words}",
            mentions=[("oreshnik", "Oreshnik"), (words, words)],
            claims=[
                make_claim(words, when=words, status=words, speaker=words, place=words),
                make_claim(words, when=f"2026-{words}", speaker=words),
            ],
            language=words,
            outlet=words,
            url=HOSTILE_URLS[number % len(HOSTILE_URLS)],
            story_id=words,
            similarity=0.5,
            copy_of=words,
        )
        for number, words in enumerate(HOSTILE)
    ]
    alerts = [
        dataclasses.replace(
            make_alert(
                one, subject=words, development="contradiction", new=one.claims, old=one.claims
            ),
            quote=f"{words} ",
            severity=words,
        )
        for one, words in zip(documents, HOSTILE, strict=True)
    ]
    address = write_page(
        documents,
        alerts=alerts,
        subjects={words: words for words in HOSTILE},
        findings=find_in(documents),
    )
    await browser.show(address)
    await browser.click(".story h3")
    for node in ("a", ".story", ".wire li", "label"):
        await browser.evaluate(
            f"document.querySelectorAll({node!r}).forEach((each) => "
            "each.dispatchEvent(new MouseEvent('mouseover', {bubbles: true})))"
        )
    assert await browser.evaluate("typeof window.pwned") == "undefined"
    assert browser.dialogs == []
    strangers = "document.querySelectorAll('img, svg, iframe, object, embed, form[action]').length"
    assert await browser.evaluate(strangers) == 0
    assert await browser.evaluate("document.scripts.length") == 2
    schemes = await browser.evaluate("[...new Set([...document.links].map((a) => a.protocol))]")
    assert set(schemes) <= {"https:", "http:", "file:"}
    on = "[...document.querySelectorAll('*')].flatMap((n) => n.getAttributeNames())"
    attributes = set(await browser.evaluate(on))
    assert not {name for name in attributes if name.startswith("on") or name == "style"}
    titles = await browser.evaluate(VISIBLE)
    assert any("<script>window.pwned = 1</script>" in title for title in titles)
    assert len(browser.requests) == 1


async def test_links_hand_over_neither_window_nor_referrer(browser, write_page, documents):
    await browser.show(write_page(documents))
    rels = await browser.evaluate(
        "[...new Set([...document.querySelectorAll('main a')].map((a) => a.rel))]"
    )
    assert rels == ["noopener noreferrer"]


class _Counter(BaseHTTPRequestHandler):
    hits = 0

    def do_GET(self):
        type(self).hits += 1
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


async def test_nothing_leaves_the_page_even_when_asked_to(browser, write_page, documents):
    with ThreadingHTTPServer(("127.0.0.1", 0), _Counter) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            there = f"http://127.0.0.1:{server.server_address[1]}/"
            await browser.show(write_page(documents))
            outcome = await browser.evaluate(
                f"fetch({there!r}, {{mode: 'no-cors'}}).then(() => 'sent', () => 'refused')"
            )
            assert outcome == "refused"
            await browser.evaluate(
                "new Promise((resolve) => { const image = new Image();"
                f"image.onload = image.onerror = resolve; image.src = {there!r}; }})"
            )
            injected = await browser.evaluate(
                "(() => { try { document.body.insertAdjacentHTML('beforeend', '<b id=in>x</b>');"
                "return 'injected'; } catch (error) { return 'refused'; } })()"
            )
            assert injected == "refused"
        finally:
            server.shutdown()
            thread.join()
    assert _Counter.hits == 0


async def test_light_and_dark_follow_the_system_and_the_button(browser, write_page, documents):
    await browser.show(write_page(documents))
    ground = "getComputedStyle(document.body).backgroundColor"
    seen = {}
    for scheme in ("light", "dark"):
        await browser.call(
            "Emulation.setEmulatedMedia",
            features=[{"name": "prefers-color-scheme", "value": scheme}],
        )
        seen[scheme] = await browser.evaluate(ground)
    assert seen["light"] != seen["dark"]
    await browser.click("#theme")
    assert await browser.evaluate(ground) == seen["light"]
    await browser.click("#theme")
    assert await browser.evaluate(ground) == seen["dark"]


async def test_on_paper_the_controls_are_gone_and_the_stories_are_there(
    browser, write_page, documents
):
    await browser.show(write_page(documents))
    await browser.call("Emulation.setEmulatedMedia", media="print")
    shown = "getComputedStyle(document.querySelector({!r})).display"
    assert await browser.evaluate(shown.format(".rail")) == "none"
    assert await browser.evaluate(shown.format(".masthead form")) == "none"
    assert await browser.evaluate(shown.format(".story")) != "none"
    pdf = await browser.call("Page.printToPDF")
    assert base64.b64decode(pdf["data"]).startswith(b"%PDF")


async def test_a_page_made_dark_is_dark_on_white_on_paper(browser, write_page, documents):
    await browser.show(write_page(documents))
    theme = "document.documentElement.dataset.theme"
    while await browser.evaluate(theme) != "dark":
        await browser.click("#theme")
    await browser.call("Emulation.setEmulatedMedia", media="print")
    style = "getComputedStyle(document.body)"
    assert await browser.evaluate(f"{style}.backgroundColor") == "rgb(255, 255, 255)"
    red, green, blue = await browser.evaluate(
        f"{style}.color.match(/\\d+/g).slice(0, 3).map(Number)"
    )
    assert max(red, green, blue) < 80


LUMINANCE = """
(() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const paint = (colours) => {
    canvas.clearRect(0, 0, 1, 1);
    for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => rgb.map((one) => one / 255)
    .map((one) => (one <= .03928 ? one / 12.92 : ((one + .055) / 1.055) ** 2.4))
    .reduce((sum, one, at) => sum + one * [.2126, .7152, .0722][at], 0);
  const faint = [];
  for (const node of document.querySelectorAll('body *')) {
    const words = [...node.childNodes].filter((one) => one.nodeType === 3 && one.data.trim());
    if (!words.length || !node.checkVisibility({visibilityProperty: true})) continue;
    if (node.closest('.sr, .skip, script')) continue;
    const grounds = [];
    for (let up = node; up; up = up.parentElement) {
      grounds.unshift(getComputedStyle(up).backgroundColor);
      if (getComputedStyle(up).opacity !== '1') faint.push([node.className, 'opacity']);
    }
    const ground = paint(['white', ...grounds]);
    const ink = paint([`rgb(${ground})`, getComputedStyle(node).color]);
    const [low, high] = [light(ground), light(ink)].sort((a, b) => a - b);
    const contrast = (high + .05) / (low + .05);
    if (contrast < 4.5) faint.push([node.tagName, node.className, contrast.toFixed(2)]);
  }
  return faint;
})()
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_word_stands_out_from_its_ground(
    browser, write_page, documents, *, make_alert, find_in, scheme
):
    alerts = [make_alert(documents[0]), make_alert(documents[1], development="contradiction")]
    many = [
        dataclasses.replace(
            documents[4],
            article=dataclasses.replace(documents[4].article, id=f"m{number}", outlet="Many"),
        )
        for number in range(20)
    ]
    await browser.show(write_page([*documents, *many], alerts=alerts, findings=find_in(documents)))
    await browser.call(
        "Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}]
    )
    await browser.click("input[name=subjects][value='1']")
    assert await browser.evaluate(LUMINANCE) == []


@pytest.mark.parametrize("width", [360, 1440])
async def test_endless_words_stay_inside_the_page(
    browser, write_page, *, make_document, make_claim, make_alert, find_in, width
):
    word = "Ж" * 10_000
    documents = [
        make_document(
            f"d{number}",
            title=f"{word} Oreshnik",
            text=f"{word} Oreshnik {word}",
            mentions=[("oreshnik", "Oreshnik")],
            claims=[make_claim(word, when=f"2026-H{number}", speaker=word, place=word)],
            outlet=word,
            language="x" * 500,
            story_id="s",
        )
        for number in (1, 2)
    ]
    alerts = [dataclasses.replace(make_alert(one), quote=f"a {word}") for one in documents]
    subjects = {"oreshnik": "O" * 500}
    address = write_page(documents, alerts=alerts, findings=find_in(documents), subjects=subjects)
    await browser.call(
        "Emulation.setDeviceMetricsOverride",
        width=width, height=800, deviceScaleFactor=1, mobile=False,
    )  # fmt: skip
    await browser.show(address)
    wide = "document.documentElement.scrollWidth"
    assert await browser.evaluate(wide) <= width
    await browser.call("Emulation.setEmulatedMedia", media="print")
    assert await browser.evaluate(wide) <= width


async def test_on_a_phone_no_column_of_the_grid_covers_another(browser, write_page, documents):
    await browser.call(
        "Emulation.setDeviceMetricsOverride",
        width=360, height=740, deviceScaleFactor=1, mobile=True,
    )  # fmt: skip
    await browser.show(write_page(documents))
    assert await browser.evaluate("document.documentElement.scrollWidth") <= 360
    boxes = await browser.evaluate(
        "[...document.querySelectorAll('.heat thead th')].map((th) => {"
        "const words = document.createRange(); words.selectNodeContents(th);"
        "return [th.getBoundingClientRect().left, words.getBoundingClientRect().right]; })"
    )
    assert all(right <= left + 1 for (_, right), (left, _) in itertools.pairwise(boxes[1:]))


async def test_a_language_nobody_could_tell_is_called_unknown(browser, write_page, make_document):
    one = make_document("a", text="Oreshnik", mentions=[("oreshnik", "Oreshnik")], language="und")
    await browser.show(write_page([one]))
    names = "[...document.querySelectorAll('[data-language]')].map((node) => node.textContent)"
    assert set(await browser.evaluate(names)) == {"unknown"}


LOOKS = 40


async def accessible_names(browser):
    """The names that a screen reader reads, by role."""
    roles = {}
    for node in (await browser.call("Accessibility.getFullAXTree"))["nodes"]:
        if not node.get("ignored"):
            name = node.get("name", {}).get("value", "").strip()
            roles.setdefault(node["role"].get("value"), []).append(name)
    return roles


async def test_a_screen_reader_meets_names_landmarks_and_ordered_headings(
    browser, write_page, documents, make_alert
):
    alerts = [make_alert(documents[0], development="new_story")]
    await browser.show(write_page(documents, alerts=alerts))
    named = ("button", "link", "checkbox", "searchbox", "heading", "article")
    roles = {}
    for _ in range(LOOKS):
        roles = await accessible_names(browser)
        if all(all(roles.get(role, [""])) for role in named):
            break
        await asyncio.sleep(0.25)  # Chromium computes names after it has drawn the page.
    assert {"banner", "main", "search", "table", "status", "article"} <= set(roles)
    for role in named:
        assert roles[role], role
        assert all(roles[role]), role
    levels = await browser.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4')].map((h) => Number(h.tagName[1]))"
    )
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    languages = await browser.evaluate(
        "[...document.querySelectorAll('.story h3')].map((h) => h.lang)"
    )
    assert languages == ["fr", "en", "pl"]


async def test_a_contradiction_stands_with_both_quotes_side_by_side(
    browser, write_page, documents, make_alert, find_in
):
    alert = make_alert(
        documents[1],
        development="contradiction",
        new=documents[1].claims,
        old=documents[0].claims,
    )
    await browser.show(write_page(documents, alerts=[alert], findings=find_in(documents)))
    sides = await browser.evaluate(
        "[...document.querySelectorAll('.sides li')].map((li) => "
        "[li.querySelector('.value').textContent, li.getBoundingClientRect().top])"
    )
    assert [value for value, _ in sides] == ["H1 2026", "H2 2026"]
    assert sides[0][1] == sides[1][1]


async def test_five_thousand_documents_still_filter(browser, write_page, documents, now):
    many = []
    for number in range(5000):
        one = documents[number % 6]
        article = dataclasses.replace(
            one.article,
            id=f"n{number}",
            published_at=now - timedelta(minutes=number * 5),
            text=f"{one.article.text} token{number}",
        )
        many.append(
            dataclasses.replace(one, article=article, story_id=f"s{number // 2}", copy_of=None)
        )
    await browser.show(write_page(many))
    await search(browser, "token4321")
    assert await browser.evaluate(COUNT) == "1 of 5000 articles in 1 story"


async def test_a_quote_is_copied_with_outlet_time_zone_and_address(
    browser, write_page, documents, find_in
):
    await browser.show(write_page(documents, findings=find_in(documents)))
    await browser.evaluate(
        "window.copied = []; "
        "navigator.clipboard.writeText = async (words) => { window.copied.push(words); }; 0"
    )
    await browser.click(".sides .copy-quote")
    await browser.click(".story .copy-quote")
    side, story = await browser.evaluate("window.copied")
    quote = "Orechnik sera déployé au Bélarus au premier semestre 2026."
    source = "— Le Phare, 2025-03-04 03:00 UTC\nhttps://news.example/fr"
    assert side == f"“{quote}”\n{source}"
    assert story == f"{quote}\n{source}"
    assert browser.messages == []


FOCUS = "document.activeElement.closest('.story')?.querySelector('h3').textContent"


async def test_the_keyboard_skips_to_the_stories_and_stops_at_no_empty_cell(
    browser, write_page, documents
):
    await browser.show(write_page(documents))
    await browser.press("Tab")
    assert await browser.evaluate("document.activeElement.textContent") == "Skip to the stories"
    await browser.press("Enter", "\r")
    await browser.press("Tab")
    assert await browser.evaluate(FOCUS) == "Orechnik au printemps"
    empty = "[...document.querySelectorAll('.heat button')].filter((cell) => !cell.textContent)"
    assert await browser.evaluate(f"{empty}.length > 0 && {empty}.every((cell) => cell.disabled)")


async def test_a_live_page_shows_what_came_in(browser, documents, now, subjects):
    state = {"version": "a", "documents": documents[:1]}

    def render(version):
        return render_brief(
            state["documents"],
            alerts=(),
            generated_at=now,
            subjects=subjects,
            live_version=version,
        )

    server = make_server(LiveBriefing(lambda: state["version"], render), 0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        await browser.show(f"http://127.0.0.1:{server.server_address[1]}/")
        assert len(await browser.evaluate(VISIBLE)) == 1
        state.update(version="b", documents=documents)
        await browser.wait_for_load()
        assert len(await browser.evaluate(VISIBLE)) == 3
        assert browser.messages == []
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
