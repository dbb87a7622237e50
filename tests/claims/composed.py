"""What sentences put together of plain clauses claim, and which of them claim something else."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from connectors.records import Mention
from pipelines.claims import find_claims
from pipelines.times import find_times

AT = datetime(2025, 7, 1, tzinfo=timezone.utc)
COMPOSED = Path(__file__).parents[1] / "data" / "composed"

Told = set[tuple[str, str | None, str, str | None]]


def wrong(spec: dict[str, Any], sentences: list[tuple[str, Told]]) -> list[tuple[str, Told, Told]]:
    """Return the sentences of which something else is told, with what is missed and false."""
    told = [(sentence, wanted, told_in(spec, sentence)) for sentence, wanted in sentences]
    return [
        (text, wanted - found, found - wanted) for text, wanted, found in told if found != wanted
    ]


def told_in(spec: dict[str, Any], sentence: str) -> Told:
    language = spec["language"]
    mentions = [
        Mention(subject=system, field="text", start=start, end=start + len(name), quote=name)
        for system, name in spec["weapons"].items()
        if (start := sentence.find(name)) >= 0
    ]
    claims = find_claims(
        title="",
        text=sentence,
        language=language,
        published_at=AT,
        mentions=mentions,
        times=find_times(sentence, language, AT),
    )
    return {(claim.system, claim.place, claim.status, claim.when) for claim in claims}
