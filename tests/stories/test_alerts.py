import json
import random
from dataclasses import replace
from datetime import datetime, time, timedelta, timezone
from itertools import permutations

import pytest

from pipelines.stories import AlertRule, StoryBook, decide_alerts
from pipelines.stories.alerts import wait_until
from pipelines.stories.spans import span_of

NOW = datetime(2024, 12, 6, 13, tzinfo=timezone.utc)
TEXT = "Alexander Lukashenko asked Vladimir Putin in Minsk on Friday to station Oreshnik missiles."
OTHER = "In Minsk, Lukashenko made his wish known to Putin: Oreshnik, on Belarusian ground, please."
REQUESTED = ("oreshnik", "BY", "requested", None, "Lukashenko")
POSSIBLE_H2 = ("oreshnik", "BY", "possible", "2025-H2", "Putin")
POSSIBLE_H1 = ("oreshnik", "BY", "possible", "2025-H1", "Kartapolov")


@pytest.fixture
def alert():
    def place_and_decide(book, document, **rule):
        return decide_alerts(document, book.place(document), rules=(AlertRule(**rule),), now=NOW)

    return place_and_decide


def kinds(alerts):
    return [one.development for one in alerts]


def test_the_first_mention_of_a_subject_alerts_and_a_further_report_does_not(document, alert):
    book = StoryBook()
    assert kinds(alert(book, document("one", TEXT, subjects=["oreshnik"]))) == ["new_story"]
    assert alert(book, document("two", OTHER, subjects=["oreshnik"], hours=1)) == ()


def test_copies_never_alert(document, alert):
    book = StoryBook()
    alert(book, document("one", TEXT, subjects=["oreshnik"]))
    copy = document("two", TEXT, subjects=["oreshnik", "tnw"], claims=[REQUESTED], hours=200)
    assert alert(book, copy) == ()


def in_the_background(document):
    """Return ``document`` with its claims behind its lead."""
    claims = [replace(claim, start=500, end=504) for claim in document.claims]
    return replace(document, claims=tuple(claims))


@pytest.mark.parametrize("when", [None, "2024-06"])
def test_what_an_article_reminds_of_is_no_news_and_takes_no_name(document, alert, when):
    """Every article on a system recalls that the first ones are there, or when they came."""
    there = ("oreshnik", "BY", "completed", when, None)
    book = StoryBook()
    reminder = in_the_background(document("one", TEXT, subjects=["oreshnik"], claims=[there]))
    assert kinds(alert(book, reminder)) == ["new_story"]
    arrived = ("oreshnik", "BY", "completed", None, "Khrenin")
    news = document("two", OTHER, subjects=["oreshnik"], claims=[arrived], hours=30)
    assert kinds(alert(book, news)) == ["new_claim"]


def test_a_new_thing_told_behind_the_lead_is_news(document, alert):
    told = in_the_background(document("one", TEXT, subjects=["oreshnik"], claims=[POSSIBLE_H2]))
    assert kinds(alert(StoryBook(), told)) == ["new_story", "new_claim"]


@pytest.mark.parametrize("order", [1, -1])
def test_a_thing_long_past_does_not_take_the_name_of_a_new_one(document, alert, order):
    past = ("oreshnik", "BY", "completed", "2023-12", None)
    new = ("oreshnik", "BY", "completed", "2024-12-06", None)
    articles = [
        document("one", TEXT, subjects=["oreshnik"], claims=[past]),
        document("two", OTHER, subjects=["oreshnik"], claims=[new], hours=3),
    ]
    book = StoryBook()
    told = [kind for one in articles[::order] for kind in kinds(alert(book, one))]
    assert told.count("new_claim") == 2


def test_a_new_claim_and_then_a_changed_status_alert_once_each(document, alert):
    book = StoryBook()
    first = alert(book, document("one", TEXT, subjects=["oreshnik"], claims=[REQUESTED]))
    assert kinds(first) == ["new_story", "new_claim"]
    again = document("two", OTHER, subjects=["oreshnik"], claims=[REQUESTED, POSSIBLE_H2])
    second = alert(book, again)
    assert kinds(second) == ["changed_status"]
    assert [claim.status for claim in second[0].new_claims] == ["possible"]
    assert [claim.status for claim in second[0].old_claims] == ["requested"]


def test_dates_that_exclude_each_other_are_a_contradiction_in_either_order(document, alert):
    ids = set()
    for order in (1, -1):
        book = StoryBook()
        two = [
            document("one", TEXT, subjects=["oreshnik"], claims=[POSSIBLE_H2]),
            document("two", OTHER, subjects=["oreshnik"], claims=[POSSIBLE_H1], hours=2),
        ][::order]
        alert(book, two[0])
        found = alert(book, two[1])
        assert kinds(found) == ["contradiction"]
        assert found[0].old_claims[0].when != found[0].new_claims[0].when
        ids.add(found[0].id)
    assert len(ids) == 1


@pytest.mark.parametrize("when", ["2025", "2025-Q3", "2025-12-31", None])
def test_a_date_within_or_around_another_is_no_contradiction(document, alert, when):
    book = StoryBook()
    alert(book, document("one", TEXT, subjects=["oreshnik"], claims=[POSSIBLE_H2]))
    finer = document(
        "two", OTHER, subjects=["oreshnik"], claims=[("oreshnik", "BY", "possible", when, None)]
    )
    assert alert(book, finer) == ()


def test_a_speaker_who_changes_the_date_revises_it(document, alert):
    book = StoryBook()
    alert(book, document("one", TEXT, subjects=["oreshnik"], claims=[POSSIBLE_H2]))
    later = ("oreshnik", "BY", "possible", "2026", "Putin")
    told = document("two", OTHER, subjects=["oreshnik"], claims=[later], hours=72)
    assert "revision" in kinds(alert(book, told))


def test_two_papers_that_quote_one_utterance_with_other_dates_contradict(document, alert):
    book = StoryBook()
    alert(book, document("one", TEXT, subjects=["oreshnik"], claims=[POSSIBLE_H2]))
    other = ("oreshnik", "BY", "possible", "2025-H1", "Putin")
    found = alert(book, document("two", OTHER, subjects=["oreshnik"], claims=[other], hours=5))
    assert "contradiction" in kinds(found)


def test_what_is_there_after_it_was_denied_contradicts_nothing(document, alert):
    book = StoryBook()
    denied = ("oreshnik", "BY", "denied", None, "Tsikhanouskaya")
    there = ("oreshnik", "BY", "completed", None, "Lukashenko")
    alert(book, document("one", TEXT, subjects=["oreshnik"], claims=[denied]))
    later = document("two", OTHER, subjects=["oreshnik"], claims=[there], hours=24 * 9)
    assert not {"contradiction", "revision"} & set(kinds(alert(book, later)))


def test_there_and_not_there_contradict_each_other(document, alert):
    book = StoryBook()
    there = ("oreshnik", "BY", "completed", None, "Lukashenko")
    denied = ("oreshnik", "BY", "denied", None, "Tsikhanouskaya")
    alert(book, document("one", TEXT, subjects=["oreshnik"], claims=[there]))
    found = alert(book, document("two", OTHER, subjects=["oreshnik"], claims=[denied]))
    assert kinds(found) == ["changed_status", "contradiction"]


def test_a_document_that_takes_its_claim_back_is_a_revision_told_once(document, alert):
    book = StoryBook()
    alert(book, document("one", TEXT, subjects=["oreshnik"], claims=[REQUESTED, POSSIBLE_H1]))
    corrected = document("one", f"{TEXT} Corrected.", subjects=["oreshnik"], claims=[REQUESTED])
    assert kinds(alert(book, corrected)) == ["revision"]
    assert alert(book, corrected) == ()


def test_a_corrected_article_contradicts_others_but_not_itself(document, alert):
    book = StoryBook()
    alert(book, document("one", TEXT, subjects=["oreshnik"], claims=[POSSIBLE_H1]))
    corrected = document("one", f"{TEXT} Corrected.", subjects=["oreshnik"], claims=[POSSIBLE_H2])
    assert kinds(alert(book, corrected)) == ["revision"]
    other = document("two", OTHER, subjects=["oreshnik"], claims=[POSSIBLE_H1], hours=1)
    assert "contradiction" in kinds(alert(book, other))
    again = document("two", f"{OTHER} Also.", subjects=["oreshnik"], claims=[POSSIBLE_H2], hours=1)
    assert kinds(alert(book, again)) == ["revision"]


def test_what_an_article_is_corrected_to_contradicts_another_that_says_what_it_said(
    document, alert
):
    book = StoryBook()
    alert(book, document("one", TEXT, subjects=["oreshnik"], claims=[POSSIBLE_H1]))
    alert(book, document("two", OTHER, subjects=["oreshnik"], claims=[POSSIBLE_H1], hours=1))
    corrected = document("one", f"{TEXT} Corrected.", subjects=["oreshnik"], claims=[POSSIBLE_H2])
    assert kinds(alert(book, corrected)) == ["contradiction", "revision"]


def test_an_article_that_arrives_after_the_window_is_no_news(document, alert):
    old = document("one", TEXT, subjects=["oreshnik"], claims=[REQUESTED], seen_hours=24 * 15)
    assert alert(StoryBook(), old) == ()
    assert kinds(alert(StoryBook(), old, include_late=True)) == ["new_story", "new_claim"]
    assert kinds(alert(StoryBook(late_after=None), old)) == ["new_story", "new_claim"]


def test_a_date_in_the_future_counts_as_the_first_sight(document):
    placed = StoryBook().place(document("one", TEXT, hours=9000, seen_hours=0))
    assert placed.story.first_at == datetime(2024, 12, 6, 12, tzinfo=timezone.utc)


def test_a_rule_may_wait_for_a_second_outlet(document, alert):
    book = StoryBook()
    rule = {"min_sources": 2, "developments": ("new_claim",)}
    first = document("one", TEXT, subjects=["oreshnik"], claims=[REQUESTED], outlet="A")
    same = document("two", OTHER, subjects=["oreshnik"], claims=[REQUESTED], outlet="A")
    third = "Asked by reporters, the Kremlin called the wish of Minsk understandable and fair."
    second = document("three", third, subjects=["oreshnik"], claims=[REQUESTED], outlet="B")
    after = document("four", third[::-1], subjects=["oreshnik"], claims=[REQUESTED], outlet="C")
    assert alert(book, first, **rule) == ()
    assert alert(book, same, **rule) == ()
    assert kinds(alert(book, second, **rule)) == ["new_claim"]
    assert alert(book, after, **rule) == ()


def test_the_first_rule_that_names_the_subject_holds(document):
    one = document("one", TEXT, subjects=["oreshnik", "tnw"])
    rules = (
        AlertRule(subjects=("tnw",), severity="critical", channels=("pager",)),
        AlertRule(subjects=("*",), channels=("mail",)),
    )
    found = decide_alerts(one, StoryBook().place(one), rules=rules, now=NOW)
    assert {a.subject: (a.severity, a.channels) for a in found} == {
        "tnw": ("critical", ("pager",)),
        "oreshnik": ("info", ("mail",)),
    }
    assert decide_alerts(one, StoryBook().place(one), rules=rules[:1], now=NOW)[0].subject == "tnw"


def test_quiet_hours_and_cool_down_delay_and_lose_nothing(document, alert):
    quiet = alert(
        StoryBook(), document("one", TEXT, subjects=["oreshnik"]), quiet_hours=(time(12), time(15))
    )
    assert quiet[0].next_attempt_at == NOW.replace(hour=15)


def at(hours):
    return NOW + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("released", "expected"),
    [(None, None), (-3, None), (-2, None), (-1, 1), (-0.1, 1.9), (1.5, 1.5)],
)
def test_a_cool_down_gathers_what_comes_in_it(released, expected):
    released_at = None if released is None else at(released)
    due_at = wait_until(AlertRule(cool_down_secs=7200), released_at=released_at, now=NOW)
    assert due_at == (None if expected is None else at(expected))


@pytest.mark.parametrize(
    ("zone", "hours", "now", "expected"),
    [
        ("UTC", (22, 6), "2024-12-06T21:59", None),
        ("UTC", (22, 6), "2024-12-06T22:00", "2024-12-07T06:00"),
        ("UTC", (22, 6), "2024-12-07T05:59", "2024-12-07T06:00"),
        ("UTC", (22, 6), "2024-12-07T06:00", None),
        ("UTC", (6, 6), "2024-12-07T06:00", None),
        ("Europe/Paris", (22, 6), "2024-12-06T20:59", None),
        ("Europe/Paris", (22, 6), "2024-12-06T21:00", "2024-12-07T05:00"),
        ("Europe/Paris", (22, 6), "2024-07-06T20:00", "2024-07-07T04:00"),
        ("Europe/Paris", (22, 6), "2024-03-30T23:00", "2024-03-31T04:00"),
        ("Europe/Paris", (22, 6), "2024-10-26T22:00", "2024-10-27T05:00"),
        ("Europe/Paris", (1, 2), "2024-03-31T00:30", "2024-03-31T01:00"),
        ("America/New_York", (9, 17), "2024-12-06T15:00", "2024-12-06T22:00"),
        ("Asia/Tokyo", (22, 6), "2024-12-06T14:00", "2024-12-06T21:00"),
    ],
)
def test_quiet_hours_follow_the_clocks_of_their_zone(zone, hours, now, expected):
    rule = AlertRule(quiet_hours=(time(hours[0]), time(hours[1])), time_zone=zone)
    moment = datetime.fromisoformat(f"{now}:00+00:00")
    due_at = wait_until(rule, released_at=None, now=moment)
    assert (due_at and due_at.isoformat()[:16]) == expected


FLATS = "A builder in Perm gave the name Oreshnik to a block of flats; buyers queued on Monday."
BOOK = "The historian Margot Delorme presents a book on Oreshnik and its engineers in Toulouse."


@pytest.fixture
def two_stories(document):
    return [
        document("one", FLATS, title="Oreshnik flats", subjects=["oreshnik"], hours=1),
        document("two", BOOK, title="A book on Oreshnik", subjects=["oreshnik"], hours=62),
    ]


@pytest.mark.parametrize("order", [1, -1])
def test_a_second_story_of_a_subject_in_one_week_alerts_too(two_stories, alert, order):
    book, ids = StoryBook(), []
    for article in two_stories[::order]:
        (told,) = alert(book, article)
        assert told.development == "new_story"
        ids.append(told.id)
    assert len({book.place(one).story_id for one in two_stories}) == 2
    other = StoryBook()
    assert {one.id for article in two_stories for one in alert(other, article)} == set(ids)


def test_a_further_report_of_a_second_story_does_not_alert(two_stories, document, alert):
    book = StoryBook()
    for article in two_stories:
        alert(book, article)
    report = document(
        "three",
        "In Toulouse, Margot Delorme showed her book on the engineers of Oreshnik to readers.",
        title="Delorme on Oreshnik",
        subjects=["oreshnik"],
        hours=63,
    )
    assert alert(book, report) == ()


def test_a_story_whose_alert_outlived_its_worker_keeps_its_name(two_stories, alert):
    """The alert of the first was stored, its article was not; then the second comes first."""
    (first,) = alert(StoryBook(), two_stories[0])
    book = StoryBook()
    book.reserve(first)
    (second,) = alert(book, two_stories[1])
    assert second.id != first.id
    assert [one.id for one in alert(book, two_stories[0])] == [first.id]


def deleted(document):
    return replace(document, article=replace(document.article, deleted_at=NOW, content_hash="d"))


def test_the_deletion_of_what_was_told_is_one_alert_with_what_is_gone(document, alert):
    book = StoryBook()
    one = document("one", TEXT, subjects=["oreshnik", "tnw"], claims=[REQUESTED])
    alert(book, one)
    (told,) = alert(book, deleted(one))
    assert (told.development, told.subject, told.old_claims) == ("deletion", "oreshnik", one.claims)
    assert [again.id for again in alert(book, deleted(one))] == [told.id]
    assert alert(book, one) == ()


def test_deletions_of_copies_and_of_what_was_never_told_are_silent(document, alert):
    book = StoryBook()
    alert(book, document("one", TEXT, subjects=["oreshnik"]))
    copy = document("two", TEXT, subjects=["oreshnik"], hours=1)
    assert alert(book, copy) == ()
    assert alert(book, deleted(copy)) == ()
    assert alert(book, deleted(document("three", OTHER, subjects=["oreshnik"]))) == ()
    assert alert(book, deleted(document("one", TEXT, subjects=["oreshnik"])), min_sources=2) == ()


def test_what_a_deleted_article_said_contradicts_nobody(document, alert):
    one = document("one", TEXT, subjects=["oreshnik"], claims=[POSSIBLE_H2])
    two = document("two", OTHER, subjects=["oreshnik"], claims=[POSSIBLE_H1], hours=2)
    for restart in (False, True):
        book = StoryBook()
        alert(book, one)
        alert(book, deleted(one))
        if restart:
            state = json.loads(json.dumps(book.state_of(one.article.id)))
            book = StoryBook()
            book.restore([state])
        assert "contradiction" not in kinds(alert(book, two))
    book = StoryBook()
    alert(book, one)
    alert(book, deleted(one))
    alert(book, one)
    assert "contradiction" in kinds(alert(book, two))


@pytest.mark.parametrize(
    "wrong",
    [
        {"developments": ("news",)},
        {"min_sources": 0},
        {"cool_down_secs": -1},
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "../etc"},
    ],
)
def test_a_wrong_rule_is_refused_with_its_field(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        AlertRule(**wrong)


def test_any_order_with_restarts_gives_the_same_alerts(document):
    rng = random.Random(5)
    statuses = ("requested", "possible", "planned", "completed", "denied")
    articles = [
        document(
            str(n),
            " ".join(f"w{rng.randrange(4000)}" for _ in range(40)),
            subjects=rng.sample(["oreshnik", "typhon", "tnw"], 2),
            hours=rng.uniform(0, 24 * 60),
            claims=[
                ("oreshnik", rng.choice(["BY", "UA"]), rng.choice(statuses),
                 rng.choice([None, "2025-H1", "2025-H2", "2026"]), rng.choice([None, "Putin"]))
            ],
        )
        for n in range(60)
    ]  # fmt: skip
    seen = set()
    for _ in range(20):
        rng.shuffle(articles)
        book, ids = StoryBook(late_after=None), []
        for number, article in enumerate(articles):
            if number % 17 == 16:
                states = [book.state_of(done.article.id) for done in articles[:number]]
                book = StoryBook(late_after=None)
                book.restore(json.loads(json.dumps(states)))
            placed = book.place(article)
            ids += [a.id for a in decide_alerts(article, placed, rules=(AlertRule(),), now=NOW)]
        assert len(ids) == len(set(ids))
        seen.add(frozenset(ids))
    assert len(seen) == 1


def test_reports_that_lead_with_the_same_subjects_alert_alike_in_any_order(document):
    """Two of them have little else in common; the third would join them."""
    missiles = ["dark-eagle", "sm6", "tomahawk"]
    common = {"subjects": missiles, "claims": [("tomahawk", "DE", "planned", "2026", None)]}
    articles = [
        document(
            "one",
            "Washington and Berlin told of it at the summit. Hanna Vogt and Peter Lindqvist asked "
            "for it, Omar Reyes and Ilse Brandt did not; 3 brigades and 48 launchers will come.",
            language="en", hours=20, **common,
        ),
        document("two", "Une annonce de mercredi soir, sans autre détail.", language="fr",
                 hours=36, subjects=missiles,
                 claims=[("tomahawk", "DE", "possible", "2027", "Scholz")]),
        document(
            "three",
            "Hanna Vogt et Peter Lindqvist y voient un gage : 48 lanceurs, 3 brigades, mercredi.",
            language="fr", hours=37, **common,
        ),
    ]  # fmt: skip
    seen = set()
    for order in permutations(articles):
        book = StoryBook(late_after=None)
        told = [
            one.id
            for article in order
            for one in decide_alerts(article, book.place(article), rules=(AlertRule(),), now=NOW)
        ]
        seen.add(tuple(sorted(told)))
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2025-Q3", "2025-07-01", "2025-09-30"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025-SU", "2025-06-01", "2025-08-31"),
        ("2025", "2025-01-01", "2025-12-31"),
    ],
)
def test_a_value_covers_its_days(value, first, last):
    assert tuple(day.isoformat() for day in span_of(value)) == (first, last)


@pytest.mark.parametrize("value", ["", "2025-13", "2025-02-30", "0000", "2025-H3", "P1Y"])
def test_what_is_no_time_covers_nothing(value):
    assert span_of(value) is None
