"""What every index promises, whichever backend keeps it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.backends import open_index
from connectors.index import MAX_DEAD_LETTER_ATTEMPTS, SearchQuery
from connectors.records import PollState, Settlement


def settlement(entry, outcome, make, **changes):
    values = {"step": "FetchPages", "reason": "http_500", "settled_at": make.now}
    return Settlement(entry=entry, outcome=outcome, **values | changes)


def search_ids(index, text="*", **filters):
    page = index.search(SearchQuery(text=text, **filters))
    return {found.document.article.id for found in page.found}


def test_setup_after_setup_has_nothing_to_do_and_check_passes(index):
    index.setup()
    assert index.setup() == []
    assert index.setup(dry_run=True) == []
    index.check()


def test_an_entry_is_registered_once(index, make):
    first, second = make.entry("a"), make.entry("b")
    assert index.register_entries([first, second], due_at=make.now) == [first, second]
    assert index.register_entries([second, make.entry("c")], due_at=make.now) == [make.entry("c")]
    assert index.totals().entries == {"pending": 3}


def test_an_entry_twice_in_one_call_is_registered_once(index, make):
    entry = make.entry("a")
    assert index.register_entries([entry, entry], due_at=make.now) == [entry]


def test_a_registered_entry_is_pending_until_its_lease_is_over(index, make):
    index.register_entries([make.entry("a")], due_at=make.now + timedelta(minutes=5))
    assert index.pending_entries(limit=10, due_at=make.now) == []
    assert index.pending_entries(limit=10, due_at=make.now + timedelta(minutes=5)) != []
    assert index.pending_entries(limit=10, due_at=None) == [make.entry("a")]


def test_pending_entries_come_oldest_first_and_limited(index, make):
    entries = [
        make.entry(name, first_seen_at=make.now - timedelta(minutes=age))
        for name, age in (("young", 1), ("old", 9), ("middle", 5))
    ]
    index.register_entries(entries, due_at=make.now)
    found = index.pending_entries(limit=2, due_at=None)
    assert [entry.title for entry in found] == ["old", "middle"]


def test_a_deferred_entry_keeps_its_attempts_and_waits(index, make):
    entry = make.entry("a")
    index.register_entries([entry], due_at=make.now)
    later = make.now + timedelta(hours=1)
    index.defer([replace(entry, attempts=2)], due_at=later)
    assert index.pending_entries(limit=10, due_at=make.now) == []
    assert index.pending_entries(limit=10, due_at=later)[0].attempts == 2


def test_the_ledger_tells_of_an_entry_by_its_id_or_its_documents(index, make):
    entries = [make.entry(n, first_seen_at=make.now - timedelta(hours=h))
               for n, h in (("kept", 3), ("twin", 2), ("open", 1))]  # fmt: skip
    index.register_entries(entries, due_at=make.now)
    document = make.document("kept")
    index.write([document])
    twin = settlement(entries[1], "duplicate", make, step="DropSeen", reason="address_seen")
    index.settle([replace(twin, document_id=document.article.id)])
    kept, told = index.ledger_rows([document.article.id])
    assert (kept.id, kept.outcome, kept.feed_id) == (entries[0].id, "indexed", "feed-1")
    assert (told.id, told.outcome, told.document_id) == (
        entries[1].id, "duplicate", document.article.id,
    )  # fmt: skip
    assert (told.step, told.reason, told.settled_at) == ("DropSeen", "address_seen", make.now)
    assert told.first_seen_at == make.now - timedelta(hours=2)
    (waiting,) = index.ledger_rows([entries[2].id, "unknown"])
    assert (waiting.outcome, waiting.settled_at, waiting.step) == ("pending", None, None)
    assert index.ledger_rows([]) == []


def test_entries_name_the_documents_that_they_became_or_repeat(index, make):
    became, repeats, waits, failed = (make.entry(n) for n in ("kept", "twin", "open", "dead"))
    index.register_entries([became, repeats, waits, failed], due_at=make.now)
    document = make.document("kept")
    index.write([document])
    index.settle(
        [
            replace(settlement(repeats, "duplicate", make), document_id=document.article.id),
            replace(settlement(failed, "dead_letter", make), document_id="would-have-been"),
        ]
    )
    asked = [one.id for one in (became, repeats, waits, failed)]
    many = [f"unknown-{number}" for number in range(1200)]
    assert index.entry_documents([*many, *asked, *asked]) == {
        became.id: document.article.id,
        repeats.id: document.article.id,
    }
    assert index.entry_documents([]) == {}


def test_a_settled_entry_is_no_longer_pending_and_counted(index, make):
    entries = [make.entry(name) for name in "abc"]
    index.register_entries(entries, due_at=make.now)
    outcomes = ("duplicate", "discarded", "dead_letter")
    index.settle(
        [settlement(e, outcome, make) for e, outcome in zip(entries, outcomes, strict=True)]
    )
    assert index.pending_entries(limit=10, due_at=None) == []
    totals = index.totals()
    assert totals.entries == {"duplicate": 1, "discarded": 1, "dead_letter": 1}
    assert totals.dead_letters == 1


def test_an_entry_that_was_never_registered_can_be_settled(index, make):
    index.settle([settlement(make.entry("a"), "discarded", make)])
    assert index.totals().entries == {"discarded": 1}
    assert index.register_entries([make.entry("a")], due_at=make.now) == []


def test_a_dead_letter_keeps_its_input_and_its_reason(index, make):
    entry = make.entry("a")
    index.settle([settlement(entry, "dead_letter", make, detail="status 500")])
    (letter,) = index.dead_letters()
    assert letter.entry == entry
    assert (letter.step, letter.reason, letter.detail) == ("FetchPages", "http_500", "status 500")
    assert (letter.attempts, letter.parked, letter.first_at) == (1, False, make.now)


def test_settling_the_same_dead_letter_twice_counts_one_attempt(index, make):
    for _ in range(2):
        index.settle([settlement(make.entry("a"), "dead_letter", make)])
    assert index.dead_letters()[0].attempts == 1


def test_dead_letters_are_filtered_by_step_reason_and_time(index, make):
    early = make.now - timedelta(days=1)
    index.settle(
        [
            settlement(make.entry("a"), "dead_letter", make),
            settlement(make.entry("b"), "dead_letter", make, step="ExtractArticles", reason="gone"),
            settlement(make.entry("c"), "dead_letter", make, settled_at=early),
        ]
    )
    assert {letter.entry.title for letter in index.dead_letters(step="FetchPages")} == {"a", "c"}
    assert [letter.entry.title for letter in index.dead_letters(reason="gone")] == ["b"]
    assert {letter.entry.title for letter in index.dead_letters(since=make.now)} == {"a", "b"}
    assert len(index.dead_letters(limit=1)) == 1


def test_a_reopened_dead_letter_is_pending_with_one_attempt_more(index, make):
    entry = make.entry("a")
    index.settle([settlement(entry, "dead_letter", make)])
    assert index.reopen([entry.id, "unknown"]) == 1
    assert index.pending_entries(limit=10, due_at=make.now) == [replace(entry, attempts=1)]
    assert index.dead_letters() == []
    assert index.totals().dead_letters == 0
    assert index.reopen([entry.id]) == 0


def test_a_poisoned_entry_is_parked_and_never_reopened(index, make):
    entry = make.entry("a")
    for attempt in range(MAX_DEAD_LETTER_ATTEMPTS):
        assert index.reopen([entry.id]) == (1 if attempt else 0)
        index.settle([settlement(entry, "dead_letter", make)])
    assert index.reopen([entry.id]) == 0
    assert index.dead_letters() == []
    (parked,) = index.dead_letters(parked=True)
    assert (parked.parked, parked.attempts) == (True, MAX_DEAD_LETTER_ATTEMPTS)


def test_a_written_document_comes_back_whole(index, make):
    document = make.document(
        "a",
        mentions=(make.mention("oreshnik"),),
        claims=(make.claim("planned"),),
        story_id="story-1",
        similarity=0.75,
    )
    (result,) = index.write([document])
    assert (result.document_id, result.outcome, result.revision) == (
        document.article.id,
        "created",
        1,
    )
    stored = index.get_document(document.article.id)
    assert stored.indexed_at is not None
    assert replace(stored, indexed_at=None) == document
    assert index.get_document("unknown") is None


def test_a_write_settles_its_entry_and_counts_everything(index, make):
    document = make.document(
        "a", mentions=(make.mention("x"), make.mention("y")), claims=(make.claim("used"),)
    )
    document = replace(document, alerts=(make.alert("1", document),))
    index.register_entries([make.entry("a"), make.entry("b")], due_at=make.now)
    index.write([document])
    totals = index.totals()
    assert totals.entries == {"indexed": 1, "pending": 1}
    assert (totals.documents, totals.mentions, totals.claims) == (1, 2, 1)
    assert (totals.alerts, totals.alerts_undelivered) == (1, 1)


def test_a_repeated_write_changes_nothing(index, make):
    document = make.document("a", mentions=(make.mention("x"),))
    document = replace(document, alerts=(make.alert("1", document),))
    index.register_entries([make.entry("a")], due_at=make.now)
    index.write([document])
    before = index.get_document(document.article.id)
    (result,) = index.write([document])
    assert (result.outcome, result.revision) == ("unchanged", 1)
    assert index.get_document(document.article.id) == before
    assert (index.totals().documents, index.totals().mentions, index.totals().alerts) == (1, 1, 1)


def test_a_document_twice_in_one_batch_is_written_once(index, make):
    document = make.document("a")
    assert [r.outcome for r in index.write([document, document])] == ["created", "unchanged"]


def test_a_repeated_write_creates_the_alert_that_a_crash_lost(index, make):
    document = make.document("a")
    index.write([document])
    index.write([replace(document, alerts=(make.alert("1", document),))])
    assert len(index.alerts()) == 1


def test_changed_content_is_the_next_revision_and_keeps_its_first_sight(index, make):
    document = make.document("a", text="Old words.", mentions=(make.mention("x"),))
    index.write([document])
    later = make.now + timedelta(hours=3)
    (result,) = index.write([make.changed(document, "New phrases.", first_seen_at=later)])
    assert (result.outcome, result.revision) == ("updated", 2)
    stored = index.get_document(document.article.id)
    assert (stored.revision, stored.article.text) == (2, "New phrases.")
    assert stored.article.first_seen_at == make.now
    assert search_ids(index, "phrases") == {document.article.id}
    assert search_ids(index, "words") == set()
    assert index.totals().mentions == 1


def test_new_findings_in_the_same_text_are_stored(index, make):
    document = make.document("a", mentions=(make.mention("x"), make.mention("y")))
    index.write([document])
    (result,) = index.write([replace(document, mentions=(make.mention("z"),))])
    assert (result.outcome, result.revision) == ("updated", 2)
    assert search_ids(index, subjects=("z",)) == {document.article.id}
    assert search_ids(index, subjects=("x",)) == set()
    assert index.totals().mentions == 1


def test_the_same_content_from_another_entry_is_left_to_the_caller(index, make):
    document = make.document("a")
    other = make.entry("other")
    index.register_entries([make.entry("a"), other], due_at=make.now)
    index.write([document])
    (result,) = index.write(
        [replace(document, article=replace(document.article, entry_id=other.id))]
    )
    assert result.outcome == "unchanged"
    assert index.totals().entries == {"indexed": 1, "pending": 1}
    head = index.heads([document.article.id, "unknown"])[document.article.id]
    assert (head.entry_id, head.revision) == (document.article.entry_id, 1)


def test_documents_come_in_order_of_first_sight(index, make):
    ages = {"young": 1, "old": 9, "middle": 5}
    documents = [
        make.document(name, first_seen_at=make.now - timedelta(hours=age))
        for name, age in ages.items()
    ]
    index.write(documents)
    titles = [document.article.title for document in index.documents()]
    assert titles == ["Title of old", "Title of middle", "Title of young"]
    since = make.now - timedelta(hours=5)
    assert [d.article.title for d in index.documents(since=since)] == titles[1:]


def test_an_alert_is_undelivered_until_every_channel_has_it(index, make):
    document = make.document("a")
    alert = make.alert("1", document)
    index.write([replace(document, alerts=(alert,))])
    assert index.undelivered_alerts(limit=10, due_at=make.now) == [alert]
    half = replace(alert, delivered_to=("console",), attempts=1, error="refused")
    index.mark_alert(replace(half, next_attempt_at=make.now + timedelta(minutes=1)))
    assert index.undelivered_alerts(limit=10, due_at=make.now) == []
    assert len(index.undelivered_alerts(limit=10, due_at=make.now + timedelta(minutes=1))) == 1
    done = replace(half, delivered_to=("console", "webhook"), alerted_at=make.now, error=None)
    index.mark_alert(done)
    assert index.undelivered_alerts(limit=10, due_at=make.now + timedelta(days=1)) == []
    assert index.alerts() == [done]


def test_a_written_alert_that_was_delivered_is_not_reset(index, make):
    document = make.document("a")
    document = replace(document, alerts=(make.alert("1", document),))
    index.write([document])
    done = replace(document.alerts[0], delivered_to=("console", "webhook"), alerted_at=make.now)
    index.mark_alert(done)
    index.write([document])
    assert index.alerts() == [done]


def test_the_newest_alerts_come_first(index, make):
    document = make.document("a")
    alerts = tuple(
        make.alert(str(age), document, created_at=make.now - timedelta(hours=age))
        for age in (5, 1, 3)
    )
    index.write([replace(document, alerts=alerts)])
    ages = [(make.now - alert.created_at) // timedelta(hours=1) for alert in index.alerts()]
    assert ages == [1, 3, 5]
    assert len(index.alerts(limit=2)) == 2
    oldest = index.undelivered_alerts(limit=1, due_at=make.now)
    assert oldest == [alerts[0]]


def test_a_poll_state_is_replaced_and_read_by_feed(index, make):
    state = PollState(feed_id="f1", url="http://127.0.0.1/1", etag='"1"', next_poll_at=make.now)
    index.save_poll_state(state)
    index.save_poll_state(PollState(feed_id="f2", url="http://127.0.0.1/2", outcome="ok"))
    newer = replace(state, etag='"2"', outcome="ok", newest_entry_ids=("a", "b"))
    index.save_poll_state(newer)
    assert index.poll_states(["f1", "unknown"]) == {"f1": newer}
    assert set(index.poll_states()) == {"f1", "f2"}
    assert index.totals().feeds == {"ok": 2}


def test_poll_states_of_several_feeds_are_stored_in_one_go(index):
    before = [PollState(feed_id=f"f{n}", url=f"http://127.0.0.1/{n}") for n in range(3)]
    index.save_poll_states(before)
    after = [replace(before[0], outcome="ok"), replace(before[2], failures=1)]
    index.save_poll_states(after)
    index.save_poll_states([])
    assert index.poll_states() == {"f0": after[0], "f1": before[1], "f2": after[1]}


def test_memory_keeps_the_latest_value_in_order_of_creation(index):
    index.put_memory("story", "s1", {"title": "one", "vector": [1, 2]})
    index.put_memory("story", "s2", {"title": "two"})
    index.put_memory("contradiction", "c1", {"x": None})
    index.put_memory("story", "s1", {"title": "ONE"})
    assert list(index.memory("story")) == [("s1", {"title": "ONE"}), ("s2", {"title": "two"})]
    assert list(index.memory("none")) == []


def test_what_one_connection_wrote_another_one_reads(index, settings, make):
    index.register_entries([make.entry("a")], due_at=make.now)
    index.write([make.document("a")])
    other = open_index(settings)
    try:
        assert other.totals().entries == {"indexed": 1}
        assert search_ids(other) == {make.document("a").article.id}
    finally:
        other.close()


@pytest.mark.parametrize("limit", [0, 1])
def test_empty_calls_are_harmless(index, make, limit):
    assert index.write([]) == []
    index.settle([])
    index.defer([], due_at=make.now)
    assert index.register_entries([], due_at=make.now) == []
    assert index.heads([]) == {}
    assert index.reopen([]) == 0
    assert index.poll_states([]) == {}
    assert index.pending_entries(limit=limit, due_at=None) == []
