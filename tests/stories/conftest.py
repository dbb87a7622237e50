import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from connectors.records import Article, Claim, Document, Mention, stable_id

START = datetime(2024, 12, 6, 12, tzinfo=timezone.utc)


@pytest.fixture
def document():
    def make(
        name,
        text,
        *,
        title="",
        hours=0.0,
        subjects=(),
        claims=(),
        outlet=None,
        language="en",
        seen_hours=None,
    ):
        at = START + timedelta(hours=hours)
        seen_at = at if seen_hours is None else START + timedelta(hours=seen_hours)
        return Document(
            article=Article(
                id=stable_id(name), entry_id=name, feed_id="f", url=f"https://{name}.example/a",
                canonical_url=f"https://{name}.example/a", title=title, text=text,
                language=language, outlet=outlet or f"Outlet {name}", author=None,
                published_at=at, date_source="feed", text_source="page", first_seen_at=seen_at,
                fetched_at=seen_at, content_hash=stable_id(text),
            ),
            mentions=tuple(
                Mention(subject=s, field="text", start=0, end=4, quote=text[:4]) for s in subjects
            ),
            claims=tuple(
                Claim(
                    system=system, place=place, status=status, when=when, speaker=speaker,
                    start=0, end=4, evidence=text[:4],
                )
                for system, place, status, when, speaker in claims
            ),
        )  # fmt: skip

    return make


@pytest.fixture(scope="session")
def written_set():
    path = Path(__file__).with_name("dev.jsonl")
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
