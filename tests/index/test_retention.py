"""What retention deletes, and what it must not forget."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from connectors.backends import open_index, set_up_index
from connectors.index import SearchQuery, first_kept_month
from connectors.records import PollState

OLD = datetime(2026, 1, 31, 23, 59, tzinfo=timezone.utc)
FIRST_KEPT = datetime(2026, 2, 1, tzinfo=timezone.utc)


def store_both(index, make):
    """One article of January with all that belongs to it, and one of March."""
    old = make.document(
        "old",
        "Missiles arrived.",
        first_seen_at=OLD,
        mentions=(make.mention("oreshnik"),),
        claims=(make.claim("planned"),),
        story_id="s1",
    )
    old = replace(old, alerts=(make.alert("old", old, created_at=OLD),))
    new = make.document("new", "Missiles left.", mentions=(make.mention("oreshnik"),))
    index.register_entries(
        [make.entry("old", first_seen_at=OLD), make.entry("new")], due_at=make.now
    )
    index.write([old, new])
    index.save_poll_state(PollState(feed_id="f", url="http://127.0.0.1/f", etag="1"))
    index.put_memory("story", "s1", {"title": "kept"})
    return old, new


def test_retention_deletes_old_articles_with_what_was_found_in_them(index, make):
    old, new = store_both(index, make)
    planned = index.drop_before(FIRST_KEPT, dry_run=True)
    assert planned
    assert index.get_document(old.article.id) is not None
    assert index.drop_before(FIRST_KEPT) == planned
    assert index.get_document(old.article.id) is None
    assert [d.article.id for d in index.documents()] == [new.article.id]
    assert index.search(SearchQuery(text="missile")).total == 1
    assert index.search(SearchQuery(text="arrived")).total == 0
    totals = index.totals()
    assert (totals.documents, totals.mentions, totals.claims) == (1, 1, 0)
    assert index.drop_before(FIRST_KEPT) == []


def test_retention_keeps_ledger_alerts_feeds_and_memory(index, make):
    store_both(index, make)
    index.drop_before(FIRST_KEPT)
    assert index.totals().entries == {"indexed": 2}
    assert [alert.id for alert in index.alerts()] == [make.alert("old", index_document(make)).id]
    assert index.poll_states()["f"].etag == "1"
    assert dict(index.memory("story")) == {"s1": {"title": "kept"}}


def index_document(make):
    return make.document("old")


def test_what_was_dropped_does_not_come_again_by_its_entry_or_by_another(index, make):
    old, _ = store_both(index, make)
    index.drop_before(FIRST_KEPT)
    assert index.register_entries([make.entry("old")], due_at=make.now) == []
    head = index.heads([old.article.id])[old.article.id]
    assert (head.entry_id, head.dropped) == (old.article.entry_id, True)
    again = replace(
        old,
        article=replace(old.article, entry_id="another", first_seen_at=make.now),
        alerts=(make.alert("again", old),),
    )
    (result,) = index.write([again])
    assert result.outcome == "unchanged"
    assert index.get_document(old.article.id) is None
    totals = index.totals()
    assert (totals.documents, totals.mentions, totals.alerts) == (1, 1, 1)
    assert totals.entries == {"indexed": 2}


def test_an_unknown_document_is_unknown_after_retention_too(index, make):
    store_both(index, make)
    index.drop_before(FIRST_KEPT)
    assert index.heads([make.document("never").article.id]) == {}
    assert [r.outcome for r in index.write([make.document("never")])] == ["created"]


def test_a_shorter_retention_after_a_longer_one_and_back_forgets_nothing(index, make):
    old, new = store_both(index, make)
    index.drop_before(datetime(2026, 4, 1, tzinfo=timezone.utc))
    index.drop_before(FIRST_KEPT)
    heads = index.heads([old.article.id, new.article.id])
    assert [heads[d.article.id].dropped for d in (old, new)] == [True, True]


def test_without_retention_everything_is_kept(settings, make):
    index = open_index(settings)
    store_both(index, make)
    set_up_index(settings, now=datetime(2036, 1, 1, tzinfo=timezone.utc))
    assert index.totals().documents == 2
    set_up_index(
        replace(settings, retention_months=1), now=datetime(2026, 3, 5, tzinfo=timezone.utc)
    )
    assert index.totals().documents == 1
    index.close()


@pytest.mark.parametrize(
    ("now", "months", "expected"),
    [
        ("2026-03-31T23:59:59+00:00", 1, "2026-02-01"),
        ("2026-03-31T23:59:59+00:00", 15, "2024-12-01"),
        ("2026-01-01T00:30:00+02:00", 1, "2025-11-01"),
        ("2026-12-01T00:00:00+00:00", 12, "2025-12-01"),
    ],
)
def test_retention_counts_whole_months_before_the_current_one(now, months, expected):
    first = first_kept_month(datetime.fromisoformat(now), months)
    assert first.isoformat() == f"{expected}T00:00:00+00:00"


@pytest.mark.service
def test_months_that_the_servers_own_policy_deleted_do_not_come_again(
    elastic_indices, elastic_settings, make
):
    _, client = elastic_indices
    index = open_index(elastic_settings)
    old, _ = store_both(index, make)
    client.indices.refresh(index=f"{elastic_settings.prefix}-entries")
    client.indices.delete(index=f"{elastic_settings.prefix}-articles-2026.01")
    assert index.heads([old.article.id])[old.article.id].dropped
    assert [r.outcome for r in index.write([old])] == ["unchanged"]
    assert index.totals().documents == 1
    index.close()


@pytest.mark.service
def test_a_document_that_somebody_deleted_may_come_again(elastic_indices, elastic_settings, make):
    _, client = elastic_indices
    index = open_index(elastic_settings)
    _, new = store_both(index, make)
    client.delete(index=f"{elastic_settings.prefix}-articles-2026.03", id=new.article.id)
    assert index.heads([new.article.id]) == {}
    later = make.changed(
        new, "Fetched anew.", fetched_at=new.article.fetched_at + timedelta(days=1)
    )
    assert [r.outcome for r in index.write([later])] == ["created"]
    index.close()


def test_a_file_of_the_first_layout_is_upgraded_without_loss(sqlite_settings, make):
    """The layout of the first version had no index of the ledger by document and no findings."""
    path = sqlite_settings.location.removeprefix("sqlite:")
    index = open_index(sqlite_settings)
    old, new = store_both(index, make)
    before = [json.dumps(str(d)) for d in index.documents()]
    index.close()
    database = sqlite3.connect(path)
    for name in ("entries_document", "claims_deployment"):
        database.execute(f"DROP INDEX {name}")
    for name in ("deployments", "findings"):
        database.execute(f"DROP TABLE {name}")
    database.execute("PRAGMA user_version = 1")
    database.commit()
    database.close()
    line = f"upgrade {sqlite_settings.location}"
    now = datetime(2026, 3, 5, tzinfo=timezone.utc)
    assert set_up_index(sqlite_settings, now=now, dry_run=True) == [line]
    assert set_up_index(sqlite_settings, now=now) == [line]
    assert set_up_index(sqlite_settings, now=now) == []
    index = open_index(sqlite_settings)
    assert [json.dumps(str(d)) for d in index.documents()] == before
    index.drop_before(FIRST_KEPT)
    assert index.heads([old.article.id])[old.article.id].dropped
    assert not index.heads([new.article.id])[new.article.id].dropped
    index.close()


def test_a_dry_run_makes_no_file(tmp_path, make, sqlite_settings):
    path = tmp_path / "none" / "vigie.db"
    settings = replace(sqlite_settings, location=f"sqlite:{path}", retention_months=1)
    assert set_up_index(settings, now=make.now, dry_run=True) == [f"create sqlite:{path}"]
    assert not path.parent.exists()
