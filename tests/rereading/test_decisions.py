"""When a document is read again and what the reading means, without clock and network."""

import itertools
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.feed_known import EntryChange
from connectors.records import Article, Document, Entry, from_json, to_json
from pipelines.rereading import (
    CHANGE_SECS,
    CONFIRM_SECS,
    GRACE_HOURS,
    MAX_ATTEMPTS,
    Due,
    RereadState,
    after_end,
    after_failure,
    after_missing,
    after_stale,
    after_update,
    choose_due,
    due_age,
    postponed,
)
from pipelines.revising import (
    answer_meaning,
    deleted_article,
    diff_size,
    judge_revision,
    revised_article,
)

SEEN = datetime(2025, 1, 1, tzinfo=timezone.utc)
AGES = (24.0, 168.0)
ARTICLE = Article(
    id="d",
    entry_id="e",
    feed_id="f",
    url="https://example.org/a",
    canonical_url="https://example.org/a",
    title="Title",
    text="The Oreshnik will be in Belarus in 2025.",
    language="en",
    outlet=None,
    author=None,
    published_at=SEEN - timedelta(hours=1),
    date_source="feed",
    text_source="page",
    first_seen_at=SEEN,
    fetched_at=SEEN,
    content_hash="h",
)
STORED = Document(article=ARTICLE)
ENTRY = Entry(id="e", feed_id="f", feed_url="https://example.org/feed", first_seen_at=SEEN)


def hours(number):
    return SEEN + timedelta(hours=number)


@pytest.mark.parametrize(
    ("age", "done", "expected"),
    [
        (0, (), None),
        (23.9, (), None),
        (24, (), 24.0),
        (24, (24.0,), None),
        (72, (), 24.0),
        (24 + GRACE_HOURS + 0.1, (), None),
        (168, (24.0,), 168.0),
        (168, (), 168.0),
        (168, (24.0, 168.0), None),
        (168 + GRACE_HOURS, (24.0,), 168.0),
        (168 + GRACE_HOURS + 0.1, (24.0,), None),
    ],
)
def test_a_document_is_due_from_each_age_on_once(age, done, expected):
    assert due_age(SEEN, RereadState(done_hours=done), AGES, hours(age)) == expected


def test_nothing_is_due_without_ages():
    assert due_age(SEEN, RereadState(), (), hours(100)) is None


def test_the_next_attempt_is_waited_for():
    state = RereadState(next_at=hours(25))
    assert due_age(SEEN, state, AGES, hours(24.5)) is None
    assert due_age(SEEN, state, AGES, hours(25)) == 24.0


def test_a_look_is_bounded_and_takes_those_that_wait_longest():
    known = {f"d{n}": SEEN - timedelta(hours=n) for n in range(10)}
    due = choose_due(known, {}, AGES, now=hours(24), limit=3)
    assert [one.document_id for one in due] == ["d9", "d8", "d7"]


def simulate(pages, *, days=12, step_hours=0.25):
    """Play a schedule: ``pages(hour)`` is what a look brings; return the hours of the looks."""
    state, looks = RereadState(), []
    for tick in range(int(days * 24 / step_hours)):
        now = hours(tick * step_hours)
        for due in choose_due({"d": SEEN}, {"d": state}, AGES, now=now, limit=9):
            looks.append(tick * step_hours)
            what = pages(tick * step_hours)
            if what == "updated":
                state = after_update(due, (1, 1), now)
            elif what == "later":
                state = after_failure(due, (60.0, 300.0, 1800.0, 7200.0), 0.0, now)
            elif what == "gone":
                state = after_missing(due, now, marked=state.outcome == "deleted")
            else:
                state = after_end(due, what, now)
            state = from_json(RereadState, to_json(state))
    return looks, state


def test_a_quiet_page_is_read_twice_in_twelve_days():
    looks, state = simulate(lambda hour: "unchanged")
    assert looks == [24.0, 168.0]
    assert state.done_hours == AGES


def test_a_changed_page_is_looked_at_once_more_and_no_more():
    looks, state = simulate(lambda hour: "updated" if hour == 24.0 else "unchanged")
    assert looks == [24.0, 24.25, 168.0]
    assert (state.added_chars, state.removed_chars) == (1, 1)


def test_a_page_that_changes_with_every_look_comes_to_an_end():
    looks, state = simulate(lambda hour: "updated")
    assert len(looks) == 2 * MAX_ATTEMPTS
    assert state.done_hours == AGES


def test_a_page_that_is_down_is_given_up_for_the_age_and_read_at_the_next():
    looks, state = simulate(lambda hour: "later" if hour < 100 else "unchanged")
    assert len(looks) == MAX_ATTEMPTS + 1
    assert looks[-1] == 168.0
    assert state.outcome == "unchanged"


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(["updated", "unchanged", "later", "gone", "kept", "moved"]), max_size=60
    )
)
def test_whatever_comes_a_document_costs_a_bounded_number_of_requests(answers):
    left = iter(answers)
    looks, state = simulate(lambda hour: next(left, "unchanged"))
    assert 2 <= len(looks) <= 4 * MAX_ATTEMPTS
    assert state.done_hours == AGES
    assert state.attempts == 0


def change_at(hour):
    return EntryChange(entry=ENTRY, noticed_at=hours(hour))


def simulate_changes(noticed, pages, *, days=4, step_hours=0.25):
    """Play a schedule without ages: changes noticed at hours; return the hours of the looks."""
    state, looks = RereadState(), []
    for tick in range(int(days * 24 / step_hours)):
        hour = tick * step_hours
        told = [one for one in noticed if one <= hour]
        changes = {"d": change_at(told[-1])} if told else {}
        (due,) = choose_due({}, {"d": state}, (), changes=changes, now=hours(hour), limit=9) or [0]
        if not due:
            continue
        looks.append(hour)
        if pages(hour) == "updated":
            state = after_update(due, (1, 1), hours(hour))
        elif state.attempts == 0:
            state = after_stale(due, hours(hour))
        else:
            state = after_end(due, pages(hour), hours(hour))
        state = from_json(RereadState, to_json(state))
    return looks, state


def test_what_a_feed_tells_otherwise_is_read_at_once_whatever_its_age():
    looks, state = simulate_changes([3.0], lambda hour: "updated" if hour == 3.0 else "unchanged")
    assert looks == [3.0, 3.25]
    assert (state.changed_at, state.done_hours, state.attempts) == (hours(3), (), 0)


def test_a_page_that_does_not_show_the_change_yet_is_looked_at_once_more():
    looks, _ = simulate_changes([3.0], lambda hour: "updated" if hour == 3.25 else "unchanged")
    assert looks == [3.0, 3.25, 3.5]
    looks, _ = simulate_changes([3.0], lambda hour: "unchanged")
    assert looks == [3.0, 3.25]


def test_a_page_whose_entry_changes_all_day_is_looked_at_once_an_hour():
    noticed = [number / 4 for number in range(40)]
    looks, _ = simulate_changes(noticed, lambda hour: "unchanged")
    ended = looks[1::2]
    assert len(looks) <= 2 * 11
    assert all((b - a) * 3600 >= CHANGE_SECS for a, b in itertools.pairwise(ended))


def test_a_change_of_long_ago_is_not_made_up_for():
    late = hours(GRACE_HOURS + 0.1)
    assert choose_due({}, {}, AGES, changes={"d": change_at(0)}, now=late, limit=9) == []


def test_one_look_does_for_a_change_and_an_age():
    changes = {"d": change_at(24.5)}
    (due,) = choose_due({"d": SEEN}, {}, AGES, changes=changes, now=hours(24.5), limit=9)
    assert (due.age_hours, due.change) == (24.0, changes["d"])
    state = after_end(due, "unchanged", hours(24.5))
    assert (state.done_hours, state.changed_at) == ((24.0,), hours(24.5))


def test_the_feeds_text_replaces_only_a_text_of_the_feed_that_it_tells_otherwise():
    of_feed = replace(ARTICLE, text_source="feed", page_outcome="http_error")
    stored, told = Document(article=of_feed), replace(of_feed, content_hash="other")
    assert judge_revision(stored, told, is_told_anew=True) == "updated"
    assert judge_revision(stored, of_feed, is_told_anew=True) == "unchanged"
    assert judge_revision(stored, told) == "kept"
    assert judge_revision(STORED, told, is_told_anew=True) == "kept"


def test_a_busy_host_costs_no_attempt():
    due = Due(document_id="d", age_hours=24.0, state=RereadState(attempts=2))
    state = postponed(due, 40.0, hours(24))
    assert (state.attempts, state.next_at) == (2, hours(24) + timedelta(seconds=40))


def test_a_server_that_asks_for_more_time_gets_it():
    due = Due(document_id="d", age_hours=24.0, state=RereadState())
    state = after_failure(due, (60.0,), 3600.0, hours(24))
    assert state.next_at == hours(25)


def test_validators_are_kept_for_a_confirmed_text_only():
    due = Due(document_id="d", age_hours=24.0, state=RereadState(etag='"1"'))
    assert after_update(due, (1, 0), hours(24)).etag is None
    assert after_end(due, "kept", hours(24)).etag is None
    assert after_end(due, "unchanged", hours(24), etag='"2"').etag == '"2"'


def test_a_page_is_deleted_when_it_was_missing_twice_an_hour_apart():
    looks, state = simulate(lambda hour: "gone")
    assert looks == [24.0, 25.0, 25.25, 168.0, 168.25]
    assert (state.outcome, state.missing_at, state.gone_at) == ("gone", hours(24), hours(25))


def test_an_outage_of_less_than_an_hour_is_no_deletion():
    looks, state = simulate(lambda hour: "gone" if hour < 24.5 else "unchanged")
    assert looks == [24.0, 25.0, 168.0]
    assert (state.missing_at, state.gone_at, state.done_hours) == (None, None, AGES)


def test_a_deletion_that_does_not_reach_the_index_is_handed_on_again():
    due = Due(document_id="d", age_hours=24.0, state=RereadState(missing_at=hours(24)))
    once = after_missing(due, hours(25), marked=False)
    again = after_missing(replace(due, state=once), hours(26), marked=False)
    assert (once.outcome, again.outcome) == ("deleted", "deleted")
    assert once.gone_at == again.gone_at == hours(25)
    assert after_missing(replace(due, state=again), hours(27), marked=True).outcome == "gone"


def test_a_document_whose_page_went_keeps_its_text_under_another_hash():
    deleted = deleted_article(STORED, hours(25))
    assert (deleted.text, deleted.id) == (ARTICLE.text, ARTICLE.id)
    assert (deleted.page_outcome, deleted.deleted_at) == ("deleted", hours(25))
    assert judge_revision(Document(article=deleted), ARTICLE) == "updated"
    assert revised_article(Document(article=deleted), ARTICLE).deleted_at is None


def test_a_deletion_keeps_its_first_moment_until_the_page_is_back():
    state = RereadState(missing_at=hours(23), gone_at=hours(24))
    due = Due(document_id="d", age_hours=24.0, state=state)
    gone = after_end(due, "gone", hours(24))
    assert gone.gone_at == hours(24)
    later = Due(document_id="d", age_hours=168.0, state=gone)
    assert after_end(later, "gone", hours(168)).gone_at == hours(24)
    assert after_end(later, "unreadable", hours(168)).gone_at == hours(24)
    assert after_end(later, "unchanged", hours(168)).gone_at is None
    assert after_update(later, (0, 0), hours(168)).gone_at is None


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        ("not_modified", "unchanged"),
        ("gone", "gone"),
        ("not_found", "gone"),
        ("http_error", "unreadable"),
        ("blocked_by_robots", "unreadable"),
        ("not_html", "unreadable"),
        ("too_big", "unreadable"),
        ("empty", "unreadable"),
    ],
)
def test_what_an_answer_without_a_page_says(outcome, expected):
    assert answer_meaning(STORED, outcome) == expected


def test_a_page_that_was_never_there_is_not_deleted():
    from_feed = Document(article=replace(ARTICLE, text_source="feed"))
    assert answer_meaning(from_feed, "gone") == "unreadable"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "unchanged"),
        ({"content_hash": "other"}, "updated"),
        ({"content_hash": "other", "text_source": "feed"}, "kept"),
        ({"content_hash": "other", "page_outcome": "paywall"}, "kept"),
        ({"content_hash": "other", "id": "another"}, "moved"),
    ],
)
def test_what_a_second_reading_means(change, expected):
    assert judge_revision(STORED, replace(ARTICLE, **change)) == expected


def test_no_article_keeps_what_is_stored():
    assert judge_revision(STORED, None) == "kept"


def test_a_page_replaces_what_only_the_feed_had_told():
    from_feed = Document(article=replace(ARTICLE, text_source="feed", page_outcome="timeout"))
    fuller = replace(ARTICLE, content_hash="other")
    assert judge_revision(from_feed, fuller) == "updated"


def test_a_revision_keeps_origin_and_date():
    other = replace(
        ARTICLE,
        entry_id="x",
        feed_id="y",
        first_seen_at=hours(24),
        published_at=hours(24),
        date_source="json_ld",
        text="New",
        content_hash="n",
    )
    kept = revised_article(STORED, other)
    assert (kept.entry_id, kept.feed_id, kept.first_seen_at) == ("e", "f", SEEN)
    assert (kept.published_at, kept.date_source) == (ARTICLE.published_at, "feed")
    assert (kept.text, kept.content_hash) == ("New", "n")


def test_a_document_without_a_date_takes_the_one_it_finds():
    undated = Document(article=replace(ARTICLE, published_at=None, date_source="none"))
    kept = revised_article(undated, replace(ARTICLE, date_source="meta"))
    assert (kept.published_at, kept.date_source) == (ARTICLE.published_at, "meta")


@settings(deadline=None)
@given(st.text(max_size=300), st.text(max_size=300))
def test_the_size_of_a_difference_is_symmetric_and_zero_for_equals(before, after):
    added, removed = diff_size(before, after)
    assert diff_size(after, before) == (removed, added)
    assert diff_size(before, before) == (0, 0)
    assert 0 <= added <= len(after)
    assert 0 <= removed <= len(before)


def test_a_confirmation_waits_as_long_as_an_entry_may_be_under_way():
    due = Due(document_id="d", age_hours=24.0, state=RereadState())
    assert after_update(due, (1, 1), SEEN).next_at == SEEN + timedelta(seconds=CONFIRM_SECS)
