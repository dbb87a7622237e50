"""Claims of a short text whose mentions are given by their words."""

from collections.abc import Callable
from datetime import datetime, timezone

import pytest

from connectors.records import Claim, Mention
from pipelines.claims import find_claims
from pipelines.times import find_times

Finder = Callable[..., tuple[Claim, ...]]


def mentions_of(text: str, named: dict[str, str]) -> tuple[Mention, ...]:
    found = []
    for subject, quote in named.items():
        start = text.find(quote)
        while quote and start >= 0:
            end = start + len(quote)
            found.append(Mention(subject=subject, field="text", start=start, end=end, quote=quote))
            start = text.find(quote, end)
    return tuple(found)


@pytest.fixture
def claims_in() -> Finder:
    def find(
        text: str, language: str, named: dict[str, str], published: str | None = "2024-12-06"
    ) -> tuple[Claim, ...]:
        at = datetime.fromisoformat(published).replace(tzinfo=timezone.utc) if published else None
        return find_claims(
            title="",
            text=text,
            language=language,
            published_at=at,
            mentions=mentions_of(text, named),
            times=find_times(text, language, at),
        )

    return find
