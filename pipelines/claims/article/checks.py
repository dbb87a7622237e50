"""The tests that the lexicons carry: what each example must yield, and what it yields instead."""

from __future__ import annotations

import difflib
from datetime import datetime, time, timezone
from typing import TYPE_CHECKING

from connectors.records import Mention
from pipelines.claims.article.frames import extract
from pipelines.times import find_times

if TYPE_CHECKING:
    from collections.abc import Collection

    from pipelines.claims.words.lexicon_files import ClaimTest
    from pipelines.claims.words.lexicons import Lexicons

NEARLY = 0.8
"""How alike two names are of which one is the other misspelt (difflib's ratio)."""

_PLACES = ("place", "region", "capital", "adjective", "supplier")


def lexicon_failures(lexicons: Lexicons) -> tuple[str, ...]:
    """Return one line for every example of the lexicons that does not yield what it says."""
    failures = []
    for place in lexicons.place_tests:
        found = _first(lexicons, place.text, *_PLACES)
        if found != place.place:
            failures.append(f"places.yaml: {place.text!r}: expected {place.place}, got {found}")
    for person in lexicons.person_tests:
        found = _first(lexicons, person.text, "person", "epithet")
        if found != person.person:
            failures.append(f"people.yaml: {person.text!r}: expected {person.person}, got {found}")
    for test in lexicons.tests:
        claims = _claims(lexicons, test)
        if claims != test.claims:
            failures.append(f"{test.language}: {test.text!r}: expected {test.claims}, got {claims}")
    return tuple(failures)


def misspelt_systems(lexicons: Lexicons, subjects: Collection[str]) -> tuple[str, ...]:
    """Return one line for every system that is no subject but nearly one without claims.

    Other systems that nobody looks for are no fault: the files serve more than one watch list.
    """
    free = [subject for subject in subjects if subject not in lexicons.systems]
    return tuple(
        f"systems.yaml: systems.{system}: no such subject; did you mean {close[0]}?"
        for system in lexicons.systems
        if system not in subjects
        and (close := difflib.get_close_matches(system, free, n=1, cutoff=NEARLY))
    )


def _first(lexicons: Lexicons, text: str, *kinds: str) -> str | None:
    language = "zh" if any("\u4e00" <= c <= "\u9fff" for c in text) else ""
    cues = lexicons.vocabulary(language).cues(text, 0, len(text))
    return next((cue.value for cue in cues if cue.kind in kinds), None)


def _claims(
    lexicons: Lexicons, test: ClaimTest
) -> tuple[tuple[str, str | None, str, str | None, str | None], ...]:
    at = test.published_at
    published_at = datetime.combine(at, time(12), timezone.utc) if at else None
    mentions = [
        Mention(subject=subject, field="text", start=start, end=start + len(quote), quote=quote)
        for subject, quote in test.mentions.items()
        if (start := test.text.find(quote)) >= 0
    ]
    claims = extract(
        title="",
        text=test.text,
        language=test.language,
        published_at=published_at,
        mentions=mentions,
        times=find_times(test.text, test.language, published_at),
        lexicons=lexicons,
    )
    return tuple((c.system, c.place, c.status, c.when, c.speaker) for c in claims)
