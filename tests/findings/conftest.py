"""Documents with claims, and the index of either backend to keep them in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone

import pytest

from connectors.backends import open_index
from connectors.index import IndexSettings
from connectors.records import Article, Claim, Document, Mention, stable_id

NOW = datetime(2024, 12, 7, 12, 0, tzinfo=timezone.utc)


@dataclass(frozen=True)
class Makers:
    """Builders of records with sensible defaults."""

    now: datetime = NOW

    def claim(self, status="planned", when=None, speaker=None, place="BY", evidence=None):
        words = evidence or f"The Oreshnik is {status} ({when})."
        return Claim(
            system="oreshnik",
            place=place,
            status=status,
            when=when,
            speaker=speaker,
            start=0,
            end=len(words),
            evidence=words,
        )

    def document(self, name, *claims, hours=0, copy_of=None, language="en", outlet=None):
        """Build a document published ``hours`` after NOW; its text is its claims' words."""
        url = f"https://{name}.example/story"
        text = " ".join(one.evidence for one in claims) or "Nothing."
        at = NOW + timedelta(hours=hours)
        article = Article(
            id=stable_id(url),
            entry_id=stable_id("entry", name),
            feed_id="feed",
            url=url,
            canonical_url=url,
            title=f"Title of {name}",
            text=text,
            language=language,
            outlet=outlet or f"The {name}",
            author=None,
            published_at=at,
            date_source="feed",
            text_source="page",
            first_seen_at=at,
            fetched_at=at,
            content_hash=stable_id(text),
        )
        mention = Mention(subject="oreshnik", field="text", start=4, end=12, quote="Oreshnik")
        return Document(
            article=article,
            claims=claims,
            mentions=(mention,),
            story_id=f"story-{name}",
            copy_of=None if copy_of is None else copy_of.article.id,
        )

    def revised(self, document, *claims):
        """Return the next revision of ``document``, with other claims."""
        text = " ".join(one.evidence for one in claims) or "Nothing any more."
        article = replace(
            document.article,
            text=text,
            content_hash=stable_id(text),
            fetched_at=document.article.fetched_at + timedelta(hours=1),
        )
        return replace(document, article=article, claims=claims)


@pytest.fixture
def make() -> Makers:
    return Makers()


@pytest.fixture(scope="module")
def elastic_settings(fresh_indices):
    """Indices of this module's own on the shared server, deleted at its end."""
    with fresh_indices() as settings:
        yield settings


@pytest.fixture(params=["embedded", pytest.param("elastic", marks=pytest.mark.service)])
def settings(request, tmp_path) -> IndexSettings:
    """Where the index of either backend is, empty."""
    if request.param == "embedded":
        return IndexSettings(location=f"sqlite:{tmp_path / 'vigie.db'}")
    from elasticsearch import Elasticsearch

    found = request.getfixturevalue("elastic_settings")
    # Dropped, not emptied: a deleted document's version outlives it for a minute.
    with Elasticsearch(found.location, request_timeout=60) as client:
        client.indices.refresh(index=f"{found.prefix}-*")
        rows = client.cat.indices(index=f"{found.prefix}-*", h="index,docs.count", format="json")
        if used := [row["index"] for row in rows.body if row["docs.count"] != "0"]:
            client.indices.delete(index=used)
    return found


@pytest.fixture
def index(settings):
    opened = open_index(settings)
    yield opened
    opened.close()
