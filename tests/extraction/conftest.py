"""Pages to extract from, and the sandbox they meet."""

import json
import os
from datetime import datetime, timezone
from pathlib import Path

import pytest

from connectors.records import Entry, Page
from connectors.sandbox import SHARED_MEMORY_BYTES, Sandbox

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
NOW = datetime(2024, 12, 8, 12, tzinfo=timezone.utc)
URL = "https://news.example.org/world/2024/article-7.html"


@pytest.fixture
def make_entry():
    def build(**fields):
        fields = {"url": URL, "id": "entry-1", **fields}
        return Entry(
            feed_id="feed-1", feed_url="https://news.example.org/rss", first_seen_at=NOW, **fields
        )

    return build


@pytest.fixture
def make_page(make_entry):
    def build(body=b"", *, entry=None, **fields):
        body = body.encode() if isinstance(body, str) else body
        fields = {"outcome": "ok", "url": URL, "content_type": "text/html", **fields}
        return Page(entry=entry or make_entry(), fetched_at=NOW, body=body, **fields)

    return build


@pytest.fixture(scope="session")
def sandbox():
    with Sandbox(
        deadline_secs=3, memory_bytes=SHARED_MEMORY_BYTES, preload=("connectors.extraction_page",)
    ) as one:
        yield one


@pytest.fixture(scope="session")
def seeds():
    labels = SHARED / "seeds-labels.json"
    if not labels.exists():
        if os.environ.get("CI") == "true":
            pytest.fail("../shared/data is missing: the seeds are the first acceptance test")
        pytest.skip("no ../shared/data beside the checkout")
    return [
        (document, (SHARED / "seeds-site" / document["path"]).read_bytes())
        for document in json.loads(labels.read_text(encoding="utf-8"))["documents"]
    ]
