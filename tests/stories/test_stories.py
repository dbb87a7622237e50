import json
import random
from dataclasses import replace

import pytest

from pipelines.stories import StoryBook
from pipelines.stories.evidence import find_names, find_numbers, skeleton
from pipelines.stories.focus import past_places
from pipelines.stories.member import MAX_CLAIMS, MAX_SUBJECTS

ASK = "President Alexander Lukashenko asked Vladimir Putin in Minsk to station Oreshnik missiles."
ASK_RU = "Президент Александр Лукашенко попросил в Минске Владимира Путина разместить «Орешник»."
REQUEST = ("oreshnik", "BY", "requested", None, "Lukashenko")


def test_reports_in_two_scripts_are_one_story(document):
    book = StoryBook()
    first = book.place(document("one", ASK, subjects=["oreshnik"]))
    second = book.place(
        document("two", ASK_RU, subjects=["oreshnik"], hours=3, language="ru", outlet="Вести")
    )
    assert second.story_id == first.story_id
    assert second.copy_of is None
    assert second.story.languages == ("en", "ru")
    assert second.story.outlets == ("Outlet one", "Вести")
    assert second.story.size == 2


def test_the_same_words_a_week_later_open_a_new_story_that_follows_the_first(document):
    book = StoryBook()
    first = book.place(document("one", ASK, subjects=["oreshnik"]))
    later = book.place(document("two", ASK_RU, subjects=["oreshnik"], hours=24 * 7))
    assert later.new_story
    assert later.follows == first.story_id
    assert first.follows is None


def test_other_subjects_on_the_same_day_are_another_story(document):
    book = StoryBook()
    first = book.place(document("one", ASK, subjects=["oreshnik"]))
    other = book.place(
        document("two", "Manila buys Typhon launchers from Washington.", subjects=["typhon"])
    )
    assert other.story_id != first.story_id


def test_one_system_in_two_countries_on_the_same_day_is_two_stories(document):
    book = StoryBook()
    one = document(
        "one", "Manila wants the launchers, General Galido told Luzon radio.",
        subjects=["typhon"], claims=[("typhon", "PH", "planned", None, None)],
    )  # fmt: skip
    two = document(
        "two", "Iwakuni hosts the battery during drills, Tokyo announced, Kyodo reports.",
        subjects=["typhon"], claims=[("typhon", "JP", "completed", None, None)], hours=2,
    )  # fmt: skip
    assert book.place(one).story_id != book.place(two).story_id


def test_a_digest_leads_no_report_into_a_story_of_other_subjects(document):
    book = StoryBook()
    vote = "Washington will not send Tomahawk missiles, Karoline Leavitt told Norfolk reporters."
    first = book.place(document("vote", vote, subjects=["tomahawk"]))
    digest = book.place(
        document(
            "digest",
            "No Tomahawk missiles for now, Karoline Leavitt said in Washington. "
            "Near Krychaw, Jonas Petraitis of Open Horizon saw three Oreshnik launchers.",
            subjects=["oreshnik", "tomahawk"],
            hours=1,
        )
    )
    assert digest.story_id == first.story_id
    seen = book.place(
        document(
            "launchers",
            "Pictures by Open Horizon show vehicles of an Oreshnik battery by the Krychaw spur; "
            "analyst Petraitis counted three.",
            subjects=["oreshnik"],
            hours=2,
        )
    )
    assert seen.story_id != first.story_id


def test_articles_without_a_subject_still_get_a_story(document):
    book = StoryBook()
    quake = "A 4.9-magnitude earthquake struck Tusba in Van, AFAD said, 7.2 kilometres deep."
    first = book.place(document("one", quake))
    second = book.place(
        document("two", "Van'ın Tuşba ilçesinde 4,9 büyüklüğünde deprem: AFAD, 7,2 km.", hours=1)
    )
    assert first.story_id
    assert second.story_id == first.story_id


def test_the_same_articles_in_the_same_order_give_the_same_placements(document):
    articles = [
        document(str(n), f"{ASK} Part {n % 7}.", subjects=["oreshnik"], hours=9 * n)
        for n in range(30)
    ]
    runs = []
    for _ in range(2):
        book = StoryBook(late_after=None)
        runs.append([book.place(article) for article in articles])
    assert runs[0] == runs[1]


@pytest.mark.parametrize("way", ["states", "documents"])
def test_a_restored_book_goes_on_as_if_it_had_never_been_closed(document, way):
    from dataclasses import replace

    rng = random.Random(1)
    vocabulary = [f"Name{chr(97 + n // 26)}{chr(97 + n % 26)}ton" for n in range(120)]
    articles = [
        document(
            str(n),
            " ".join(rng.choices(vocabulary, k=30)) if n % 5 else f"{ASK} {ASK}",
            subjects=rng.sample(["oreshnik", "tnw", "typhon"], 1),
            hours=5 * n,
            claims=[REQUEST] if n % 3 == 0 else (),
        )
        for n in range(40)
    ]
    whole = StoryBook(late_after=None)
    expected = [whole.place(article) for article in articles]
    book = StoryBook(late_after=None)
    for article in articles[:25]:
        book.place(article)
    reopened = StoryBook(late_after=None)
    if way == "states":
        states = [book.state_of(article.article.id) for article in articles[:25]]
        rng.shuffle(states)
        assert reopened.restore(json.loads(json.dumps(states))) == 25
    else:
        for article, placed in zip(articles[:25], expected, strict=False):
            reopened.remember(
                replace(
                    article,
                    story_id=placed.story_id,
                    copy_of=placed.copy_of,
                    similarity=placed.similarity,
                )
            )
    assert [reopened.place(article) for article in articles[25:]] == expected[25:]


def test_what_is_kept_of_the_richest_article_fits_a_kilobyte(document):
    rng = random.Random(2)
    text = " ".join(
        f"{rng.choice('BCDFGKLM')}{''.join(rng.choices('aeioubcdfgklm', k=9))} {n}"
        for n in range(10, 900)
    )
    claims = [
        ("dark-eagle", "DE", "requested", f"2025-12-{n + 10}", "Tsikhanouskaya") for n in range(9)
    ]
    subjects = [f"long-subject-{n}" for n in range(20)]
    rich = document("one", text, subjects=subjects, claims=claims, outlet="An Outlet " * 9)
    book = StoryBook()
    book.place(rich)
    state = book.state_of(rich.article.id)
    assert len(state["c"]) == MAX_CLAIMS
    assert len(state["s"].split()) == MAX_SUBJECTS
    assert len(json.dumps(state, separators=(",", ":")).encode()) <= 1000


def test_forgotten_articles_leave_nothing_behind(document):
    book = StoryBook()
    first = book.place(document("one", ASK, subjects=["oreshnik"]))
    book.place(document("two", ASK_RU, subjects=["oreshnik"], hours=48))
    assert book.forget(first.story.first_at.replace(day=7)) == 1
    assert len(book) == 1
    with pytest.raises(KeyError):
        book.state_of(document("one", "").article.id)
    assert book.place(document("three", ASK, hours=49, subjects=["oreshnik"])).copy_of is None


def test_a_book_remembers_no_more_than_it_is_told_to_and_goes_on(document):
    book = StoryBook(most_articles=5)
    texts = [" ".join(f"word{n}{place}" for place in range(40)) for n in range(12)]
    for n, text in enumerate(texts):
        book.place(document(f"n{n}", text, hours=n, subjects=["oreshnik"]))
        assert len(book) <= 5
    again = book.place(document("late", texts[-1], hours=13, subjects=["oreshnik"]))
    assert again.copy_of is not None
    with pytest.raises(KeyError):
        book.state_of(document("n0", "").article.id)
    with pytest.raises(ValueError, match="most_articles"):
        StoryBook(most_articles=0)


def test_a_window_must_be_positive():
    from datetime import timedelta

    with pytest.raises(ValueError, match="window"):
        StoryBook(window=timedelta(0))


@pytest.mark.parametrize(
    "spellings",
    [
        ("Орешник", "Орешником", "Oreshnik", "Orechnik", "Oreschnik", "Oresznik", "Арэшнік"),
        ("Лукашенко", "Łukaszenka", "Lukaschenko", "لوكاشينكو", "卢卡申科"),
        ("Путина", "Putin", "Poutine"),
    ],
)
def test_a_name_has_one_skeleton_in_all_scripts(spellings):
    assert len({skeleton(one) for one in spellings}) == 1


def test_names_are_words_with_a_capital_unless_they_only_open_a_sentence():
    assert find_names("", "Aides said Peskov spoke. However, Peskov left.") == find_names(
        "", "aide Peskov"
    )


def test_numbers_meet_over_separators_and_scripts():
    forms = ("10 000", "10,000", "10.000", "10 000", "١٠٠٠٠", "10’000")
    assert len({find_numbers("", f"{form} km", (), "") for form in forms}) == 1


def test_the_written_set_is_grouped_as_labelled(written_set):
    from connectors.records import Article, Document, stable_id
    from pipelines.cli.article_lines import parse_line
    from pipelines.cli.stories import load_reader

    read = load_reader(None)
    book, found = StoryBook(late_after=None), {}
    for row in written_set:
        given = parse_line(json.dumps(row).encode())
        article = Article(
            id=stable_id(row["id"]), entry_id="", feed_id="", url=row["url"], canonical_url="",
            title=row["title"], text=row["text"], language=row["lang"], outlet=row["outlet"],
            author=None, published_at=given.published_at, date_source="feed", text_source="page",
            first_seen_at=given.published_at, fetched_at=given.published_at, content_hash="",
        )  # fmt: skip
        placed = book.place(read(article))
        assert isinstance(read(article), Document)
        found.setdefault(placed.story_id, set()).add(row["story"])
        assert (placed.copy_of is not None) == (row["copy_of"] is not None), row["id"]
    assert all(len(labels) == 1 for labels in found.values())
    assert len(found) == len({row["story"] for row in written_set})


def test_words_that_name_the_subject_are_no_further_evidence():
    assert find_names("", "Crews of the Oreshnik met Peskov", ["Oreshnik"]) == find_names(
        "", "crews met Peskov"
    )


def test_numbers_are_found_between_chinese_characters_and_years_are_none():
    assert find_numbers("", "约300名渔民", (), "") == find_numbers(
        "", "300 fishers in 2024", (), ""
    )


@pytest.mark.parametrize(
    ("strikes", "reminders"),
    [(["2023-11-21"], ["Dnipro"]), (["2023-11-21", "2024-12-06"], []), ([None], []), ([], [])],
)
def test_the_place_of_a_strike_long_ago_only_reminds(strikes, reminders, document):
    text = "The Oreshnik that fell on Dnipro in 2023 is a song now."
    claims = [("oreshnik", "UA", "used", when, None) for when in strikes]
    made = document("one", text, subjects=["oreshnik"], claims=claims)
    made = replace(made, claims=tuple(replace(c, end=len(text)) for c in made.claims))
    assert past_places(made, made.article.published_at.date()) == reminders
