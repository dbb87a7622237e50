"""Claims of a short text whose mentions are given by their words."""

import importlib.util
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

import pytest

from connectors.records import Claim, Mention
from pipelines.claims import find_claims
from pipelines.times import find_times

Finder = Callable[..., tuple[Claim, ...]]

NAMES = {
    "oreshnik": (
        "«Орешником»",
        "Oreschnik",
        "«Орешник»",
        "Oriesznik",
        "Oreshnik",
        "Orechnik",
        "Orešnik",
    ),
    "iskander": ("«Искандеры»", "«Искандер»", "«Іскандер»", "Iskandery", "«Іскандер", "Iskander"),
    "typhon": ("Typhon",),
    "tomahawk": ("Tomahawk", "“战斧”"),
    "b61": ("B61",),
    "dark-eagle": ("Dark Eagle",),
    "kinzhal": ("Kinzhal",),
    "avangard": ("Avangard",),
    "su25-nuclear": ("Su-25",),
    "tnw": ("Tactical nuclear weapons", "tactical nuclear weapons"),
}
"""How the sentences of the tests name each system, the longest form first."""

PUBLISHED = "2025-06-12"


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


@pytest.fixture
def claims_of(claims_in: Finder) -> Finder:
    """Find the claims about each system that a text names."""

    def find(language: str, text: str) -> tuple[Claim, ...]:
        named = {
            system: name
            for system, names in NAMES.items()
            if (name := next((n for n in names if n in text), None))
        }
        return claims_in(text, language, named, PUBLISHED)

    return find


@pytest.fixture
def score_claims():
    """Return the module of ``tools/score_claims.py``."""
    path = Path(__file__).parents[2] / "tools" / "score_claims.py"
    spec = importlib.util.spec_from_file_location("score_claims", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
