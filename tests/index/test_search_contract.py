"""What a search finds, the same on every backend."""

from __future__ import annotations

from datetime import timedelta

import pytest

from connectors.index import SearchQuery

SPELLINGS = {
    "ru": "Комплекс Орешник заступил на дежурство.",
    "en": "The Oreshnik system was put on duty.",
    "fr": "Le système Orechnik est entré en service.",
    "uk": "Комплекс Орєшнік розмістили у Білорусі.",
    "be": "Комплекс Арэшнік размешчаны ў Беларусі.",
    "pl": "System Oresznik trafił na Białoruś.",
    "cs": "Systém Orešnik byl rozmístěn.",
    "de": "Das System Oreschnik wurde stationiert.",
    "tr": "Oreşnik sistemi konuşlandırıldı.",
    "el": "Το σύστημα Ορέσνικ αναπτύχθηκε.",
    "ka": "სისტემა ორეშნიკი განთავსდა.",
    "zh": "俄罗斯部署了榛树导弹系统。",
}


def names(page):
    return [found.document.article.title for found in page.found]


def search(index, text="*", **filters):
    return index.search(SearchQuery(text=text, **filters))


def store(index, make, texts, **changes):
    index.write(
        [make.document(n, t, title=n, **({"language": n[:2]} | changes)) for n, t in texts.items()]
    )


@pytest.mark.parametrize(
    "spelling",
    ["Oreshnik", "Орешник", "Orechnik", "Орєшнік", "Арэшнік", "Oresznik", "Orešnik", "ОРЕШНИК"],
)
def test_every_spelling_of_a_name_finds_every_other(index, make, spelling):
    store(index, make, SPELLINGS)
    assert set(names(search(index, spelling))) == set(SPELLINGS) - {"zh"}


@pytest.mark.parametrize(
    ("query", "language", "text"),
    [
        ("missile", "en", "Two missiles arrived."),
        ("missiles", "en", "One missile arrived."),
        ("ракета", "ru", "Сообщается о ракетах."),
        ("ракетами", "ru", "Одна ракета."),
        ("Орешников", "ru", "О комплексе «Орешник»."),
        ("Oreshnik", "ru", "Размещение «Орешника» завершено."),
        ("ракета", "uk", "Про розміщення ракетами."),
        ("угоди", "uk", "Підписано угоду."),
        ("ракета", "be", "Размяшчэнне ракетамі."),
        ("pocisków", "pl", "Nowe pociski w kraju."),
        ("accord", "fr", "Les accords signés."),
        ("Rakete", "de", "Die Raketen wurden verlegt."),
        ("cafe", "fr", "Un café à Minsk."),
        ("café", "en", "A cafe in Minsk."),
        ("Zolnierz", "pl", "Żołnierz na granicy."),
        ("Kyiv", "ru", "Власти в Киеве сообщили."),
        ("Lukashenko", "pl", "Łukaszenka powiedział."),
        ("Лукашенко", "fr", "Selon M. Loukachenko, rien."),
        ("核武器", "zh", "俄罗斯的核武器部署。"),
        ("核", "zh", "部署核武器。"),
        ("ミサイル", "ja", "新型ミサイルを配備した。"),
        ("미사일", "ko", "미사일을 배치했다."),
        ("समझौता", "hi", "समझौता हुआ।"),
        ("hyperson*", "en", "A hypersonic weapon."),
        ("S-400", "en", "The S-400 battery."),
        ("Oresh\u00adnik", "en", "The Ore\u200bshnik system."),
    ],
)
def test_a_word_finds_its_inflections_and_spellings(index, make, query, language, text):
    store(index, make, {f"{language}-hit": text, "en-other": "Grain prices fell in Canada."})
    assert names(search(index, query)) == [f"{language}-hit"]


def test_all_words_must_be_there_and_or_gives_a_choice(index, make):
    store(index, make, {"en1": "A missile in Minsk.", "en2": "A missile.", "en3": "In Minsk."})
    assert set(names(search(index, "missile Minsk"))) == {"en1"}
    assert set(names(search(index, "missile OR Minsk"))) == {"en1", "en2", "en3"}


def test_a_phrase_wants_its_words_side_by_side_in_order(index, make):
    store(
        index,
        make,
        {"en1": "The hypersonic missile.", "en2": "A missile, hypersonic.", "en3": "Hypersonic."},
    )
    assert names(search(index, '"hypersonic missiles"')) == ["en1"]
    assert set(names(search(index, '"missile hypersonic"~2'))) == {"en1", "en2"}


def test_words_of_the_title_are_found_too(index, make):
    index.write([make.document("a", "Text.", title="Oreshnik arrives")])
    assert search(index, "Орешник arrives").total == 1


@pytest.mark.parametrize(
    "query", ['"', '""', "(", "AND", "OR", "a OR", '"a', "NEAR(a, b)", "{x}: y", "^a", "\x00", "-"]
)
def test_any_text_is_a_query(index, make, query):
    store(index, make, {"en": "Nothing of the sort."})
    assert search(index, query).total in {0, 1}


def test_a_query_without_a_word_finds_nothing_and_a_star_finds_all(index, make):
    store(index, make, {"en1": "One.", "en2": "Two."})
    assert search(index, "?!").total == 0
    assert search(index, "*").total == 2


def test_filters_narrow_the_search(index, make):
    documents = [
        make.document("a", language="ru", outlet="A", mentions=(make.mention("x"),)),
        make.document("b", language="en", outlet="B", claims=(make.claim("denied"),)),
        make.document("c", language="fr", outlet="C", story_id="s1"),
    ]
    index.write(documents)
    expected = {
        "subjects": (("x", "y"), ["Title of a"]),
        "languages": (("en",), ["Title of b"]),
        "outlets": (("C",), ["Title of c"]),
        "statuses": (("denied",), ["Title of b"]),
        "story_id": ("s1", ["Title of c"]),
    }
    for name, (value, titles) in expected.items():
        assert names(search(index, **{name: value})) == titles, name
        assert names(search(index, "text", **{name: value})) == titles, name
    assert search(index, subjects=("x",), languages=("en",)).total == 0


def test_since_is_inclusive_and_until_exclusive_and_first_sight_stands_in(index, make):
    published = make.now - timedelta(days=2)
    index.write(
        [make.document("dated", published_at=published), make.document("not", published_at=None)]
    )
    assert names(search(index, since=make.now)) == ["Title of not"]
    assert names(search(index, until=make.now)) == ["Title of dated"]
    assert names(search(index, since=published, until=make.now)) == ["Title of dated"]
    assert search(index, until=published).total == 0


def test_pages_follow_each_other_and_the_total_stays(index, make):
    index.write(
        [
            make.document(str(n), title=str(n), published_at=make.now - timedelta(hours=n))
            for n in range(5)
        ]
    )
    pages = [search(index, "text", sort="published", limit=2, offset=at) for at in (0, 2, 4)]
    assert [names(page) for page in pages] == [["0", "1"], ["2", "3"], ["4"]]
    assert {page.total for page in pages} == {5}
    assert search(index, limit=0).total == 5


def test_newest_indexed_comes_first_when_asked(index, make):
    for name in ("first", "second"):
        index.write([make.document(name, title=name)])
    assert names(search(index, sort="indexed")) == ["second", "first"]


def test_a_title_and_the_exact_spelling_rank_first(index, make):
    index.write(
        [
            make.document("in-text", "The Oreshnik system, among many others.", title="News"),
            make.document("in-title", "The system, among many others.", title="Oreshnik"),
        ]
    )
    page = search(index, "Oreshnik")
    assert names(page) == ["Oreshnik", "News"]
    assert page.found[0].score > page.found[1].score > 0


def test_copies_fold_into_their_original(index, make):
    original = make.document("original", "Missile text.", title="original")
    copies = [
        make.document(n, "Missile text.", title=n, copy_of=original.article.id)
        for n in ("c1", "c2")
    ]
    lonely = make.document("lonely", "Missile alone.", title="lonely", copy_of="not-stored")
    index.write([*copies, original, lonely])
    page = search(index, "missile", fold_copies=True)
    assert set(names(page)) == {"original", "lonely"}
    assert page.total == 2
    assert search(index, "missile").total == 4
    assert len(search(index, fold_copies=True, limit=1, offset=1).found) == 1


def test_highlights_mark_the_words_that_were_found(index, make):
    text = "Начало. " * 40 + "Размещение «Орешника» завершено. " + "Конец. " * 40
    index.write([make.document("a", text, language="ru")])
    (found,) = search(index, "Oreshnik").found
    assert any("«<em>Орешника</em>»" in fragment for fragment in found.highlights)
    assert all(len(fragment) < 300 for fragment in found.highlights)
    assert search(index, "*").found[0].highlights == ()


def test_a_hostile_text_is_stored_and_found(index, make):
    text = "x" * 40_000 + " \u0000 \ud83d\ude80 \u202e <script> missile " + "слово " * 20_000
    document = make.document("a", text, mentions=(make.mention("x", "\ud83d"),))
    index.write([document])
    (found,) = search(index, "missile слово").found
    stored = found.document.article.text
    assert len(stored) == len(text)
    assert stored.replace("\ufffd\ufffd", "\ud83d\ude80") == text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("missile -Minsk", {"far"}),
        ("missile NOT Минск", {"far"}),
        ('missile -"Minsk today"', {"far", "order"}),
        ("* -missile", {"grain"}),
        ("-missile", {"grain"}),
        ("missile AND today", {"near", "order"}),
        ("anti-missile", set()),
    ],
)
def test_a_minus_or_not_excludes_and_an_and_changes_nothing(index, make, query, expected):
    texts = {
        "near": "A missile came to Minsk today.",
        "order": "Today the missile left for Minsk.",
        "far": "A missile came to Warsaw.",
        "grain": "The price of grain.",
    }
    store(index, make, texts, language="en")
    assert set(names(search(index, query))) == expected
    asked = SearchQuery(text=query)
    assert {one.article.title for one in index.scan(asked)} == expected


def test_the_mark_within_a_hebrew_abbreviation_opens_no_phrase(index, make):
    texts = {"both": 'צה"ל הודיע, וגם ארה"ב אישרה.', "one": 'צה"ל הודיע.'}
    store(index, make, texts, language="he")
    assert names(search(index, 'ארה"ב צה"ל')) == ["both"]
    assert set(names(search(index, 'צה"ל'))) == {"both", "one"}
    assert names(search(index, '"ארה"')) == ["both"]
