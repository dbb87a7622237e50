"""What a briefing shows, before any HTML: stories, copies, passages, columns."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from connectors.records import Mention
from pipelines.brief.gather import select_documents
from pipelines.brief.model import (
    MAX_COLUMNS,
    Columns,
    group_stories,
    plan_columns,
    search_words,
)
from pipelines.brief.panels import column_labels
from pipelines.brief.passages import snippets

DAY = datetime(2025, 3, 4, tzinfo=timezone.utc)


def test_copies_stand_under_their_original_and_reports_in_order(documents):
    story = next(one for one in group_stories(documents) if one.id == "s1")
    assert [one.article.id for one in story.reports] == ["fr", "en", "ru"]
    assert [one.article.id for one in story.copies["en"]] == ["copy"]
    assert [one.article.id for one in story.documents] == ["fr", "en", "copy", "ru"]


def test_the_story_that_moved_last_stands_first(documents):
    assert [one.id for one in group_stories(documents)] == ["tram", "s1", "typhon", "pl"]


def test_a_copy_of_something_absent_stands_as_a_report(make_document):
    (story,) = group_stories([make_document("c", copy_of="gone")])
    assert [one.article.id for one in story.reports] == ["c"]


def test_copies_of_copies_and_circles_lose_nothing(make_document):
    chain = [
        make_document("a", story_id="s"),
        make_document("b", story_id="s", copy_of="a"),
        make_document("c", story_id="s", copy_of="b"),
        make_document("x", story_id="t", copy_of="y"),
        make_document("y", story_id="t", copy_of="x"),
    ]
    stories = {one.id: one for one in group_stories(chain)}
    assert [one.article.id for one in stories["s"].copies["a"]] == ["b", "c"]
    assert {one.article.id for one in stories["t"].documents} == {"x", "y"}


@given(
    links=st.lists(
        st.tuples(st.integers(0, 3), st.one_of(st.none(), st.integers(0, 7))), max_size=8
    )
)
def test_every_document_is_in_exactly_one_story(links):
    from connectors.records import Article, Document

    made = [
        Document(
            article=Article(
                id=str(n), entry_id=str(n), feed_id="f", url="", canonical_url="", title="",
                text="", language="en", outlet=None, author=None, published_at=None,
                date_source="none", text_source="page", first_seen_at=DAY, fetched_at=DAY,
                content_hash="",
            ),
            story_id=str(story),
            copy_of=None if copied is None else str(copied),
        )
        for n, (story, copied) in enumerate(links)
    ]  # fmt: skip
    told = [one.article.id for story in group_stories(made) for one in story.documents]
    assert sorted(told) == sorted(one.article.id for one in made)


@given(text=st.text(alphabet="ab \n", max_size=400), data=st.data())
def test_a_passage_holds_its_quote_and_only_words_of_the_text(text, data):
    from connectors.records import Article, Document

    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    article = Article(
        id="a", entry_id="a", feed_id="f", url="", canonical_url="", title="", text=text,
        language="en", outlet=None, author=None, published_at=None, date_source="none",
        text_source="page", first_seen_at=DAY, fetched_at=DAY, content_hash="",
    )  # fmt: skip
    mention = Mention(subject="s", field="text", start=start, end=end, quote=text[start:end])
    found = snippets(Document(article=article, mentions=(mention,)))
    if start == end:
        assert found == ()
        return
    pieces = [words for words, _ in found[0].pieces if words not in {"… ", " …"}]
    assert "".join(pieces) in text
    assert [words for words, quoted in found[0].pieces if quoted] == [text[start:end]]


def test_neighbouring_quotes_share_a_passage(documents):
    typhon = next(one for one in documents if one.article.id == "typhon")
    (passage,) = snippets(typhon)
    assert [words for words, quoted in passage.pieces if quoted] == ["Typhon", "Iskander"]


def test_a_mention_whose_offsets_do_not_fit_is_not_shown(make_document):
    document = make_document("a", text="short")
    wrong = Mention(subject="s", field="text", start=3, end=90, quote="elsewhere")
    assert snippets(type(document)(article=document.article, mentions=(wrong,))) == ()


@given(hours=st.lists(st.integers(0, 200_000), min_size=1, max_size=60))
def test_every_document_has_a_column_and_most_share_none_with_the_oldest(hours):
    moments = [DAY + timedelta(hours=h) for h in hours]
    columns = plan_columns(moments)
    assert 1 <= len(columns.starts) <= MAX_COLUMNS
    assert len(column_labels(columns)) == len(columns.starts)
    for moment in moments:
        number = columns.column_of(moment)
        assert 0 <= number < len(columns.starts)
        if number or moment >= columns.starts[0]:
            assert columns.starts[number] <= moment < columns.starts[number] + columns.step


def test_one_old_article_does_not_squeeze_the_rest():
    moments = [DAY - timedelta(days=400), *(DAY + timedelta(hours=h) for h in range(20))]
    columns = plan_columns(moments)
    assert columns.step <= timedelta(hours=1)
    assert columns.open_start


def test_documents_are_chosen_by_time_and_subject(documents, now):
    chosen = select_documents(
        documents, since=now - timedelta(hours=40), until=now, subjects=["iskander"]
    )
    assert [one.article.id for one in chosen] == ["typhon"]


def test_the_words_of_a_document_hold_title_quotes_names_and_text(documents):
    words = search_words(documents[:1], {"oreshnik": "Oreshnik"})[0]
    for term in ("orechnik au printemps", "le phare", "oreshnik", "deploye", "semestre"):
        assert term in words


def test_a_day_that_has_one_column_leaves_its_room_to_the_next():
    late = datetime(2026, 11, 21, 18, tzinfo=timezone.utc)
    step = timedelta(hours=6)
    starts = tuple(late + number * step for number in range(6))
    labels = column_labels(Columns(starts=starts, step=step, open_start=False))
    assert [upper for upper, _ in labels] == ["", "22 Nov", "", "", "", "23 Nov"]
    assert labels[0] == ("", "18h")
