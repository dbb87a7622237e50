import json
import random
from datetime import datetime, time, timedelta, timezone

import pytest

from pipelines.stories import AlertRule, StoryBook, decide_alerts
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
    book = StoryBook()
    alert(book, document("one", TEXT, subjects=["oreshnik"]))
    next_ = document("two", OTHER, subjects=["oreshnik"], claims=[REQUESTED], hours=0.5)
    cool = alert(book, next_, cool_down_secs=7200)
    assert cool[0].next_attempt_at == NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    "wrong", [{"developments": ("news",)}, {"min_sources": 0}, {"cool_down_secs": -1}]
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
