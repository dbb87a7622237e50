"""Contradictions and timelines as HTML, from the findings of the index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.brief.markup import clock, counted, cut, isolated, lang, link, text, when_in_words
from pipelines.brief.sections import language_tag
from pipelines.brief.stages import MEANINGS, disputed_time, in_place, render_legend

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.records import Finding, SourcedClaim
    from pipelines.brief.sections import Names
    from pipelines.findings import Course

ABOUT = {"time": "the date", "polarity": "whether it is there", "backwards": "how far it is"}
RESOLVED = {
    "revised": "a source has revised it",
    "deleted": "a page was deleted",
    "explained": "another report explains it",
    "expired": "its sources are not kept any more",
}


def render_contradictions(findings: Sequence[Finding], names: Names) -> str:
    """Return each contradiction with its sides next to each other; resolved ones are folded."""
    told = [one for one in findings if one.kind == "contradiction"]
    cards = [_contradiction(one, names) for one in told if one.resolved_at is None]
    ended = [_contradiction(one, names) for one in told if one.resolved_at is not None]
    if ended:
        summary = f"<summary>{counted(len(ended), 'resolved contradiction')}</summary>"
        cards.append(f"<details>{summary}{''.join(ended)}</details>")
    return "\n".join(cards)


def _contradiction(one: Finding, names: Names) -> str:
    about = ABOUT.get(one.about, one.about)
    if one.about == "time":
        about += f": {disputed_time(one.statuses)}"
    ended = RESOLVED.get(one.resolution, one.resolution)
    note = f" · resolved: {text(ended)}" if one.resolved_at is not None else ""
    sides = "".join(
        _side(value, side, sources)
        for value, side, sources in zip(one.values, one.sides, one.sources, strict=True)
    )
    return (
        f'<article class="against"><h3>{text(names.subject(one.system))}{in_place(one.place)} '
        f"<em>sources disagree on {text(about)}{note}</em>"
        f'</h3><ul class="sides">{sides}</ul></article>'
    )


def _side(value: str, side: Sequence[SourcedClaim], sources: int) -> str:
    meaning = f" <small>{text(MEANINGS[value])}</small>" if value in MEANINGS else ""
    return (
        f'<li><p class="value">{text(_value(value))}{meaning}</p>'
        f"{_quoted(side[0])}{_further(side[1:], sources - 1)}</li>"
    )


def _quoted(said: SourcedClaim) -> str:
    """Return the words of a source and whose they are."""
    published = f"{clock(said.published_at)} · " if said.published_at else ""
    return (
        f'<blockquote dir="auto"{lang(said.language)}>“{text(cut(said.claim.evidence))}”'
        f'</blockquote><p class="by"><b>{isolated(outlet_of(said))}</b> '
        f"{language_tag(said.language)} {_speaker(said.claim.speaker)}{published}"
        f"{link(said.url, 'read')}</p>"
    )


def _further(kept: Sequence[SourcedClaim], sources: int) -> str:
    """Return the other sources that say the same, folded: those kept of them with their words."""
    if sources < 1:
        return ""
    rows = "".join(f"<li>{_quoted(said)}</li>" for said in kept)
    left = f"<li>… and {sources - len(kept)} more</li>" if sources > len(kept) else ""
    summary = f"<summary>and {counted(sources, 'other')}</summary>"
    return f'<details>{summary}<ul class="others">{rows}{left}</ul></details>'


def outlet_of(said: SourcedClaim) -> str:
    """Return the name of the outlet, or the host when the outlet gives none."""
    return said.outlet or said.url.partition("://")[2].split("/", 1)[0] or "unknown"


def _value(value: str) -> str:
    return when_in_words(value).replace("_", " ")


def _others(sources: int) -> str:
    return f" and {counted(sources - 1, 'other')}" if sources > 1 else ""


def _speaker(speaker: str | None) -> str:
    return f"citing {isolated(speaker)} · " if speaker else ""


def render_timelines(courses: Sequence[Course], names: Names) -> str:
    """Return how each deployment went, the one most told of first; each stage's first source."""
    parts = []
    for course in sorted(courses, key=_most_told_first):
        rows = [_stage(one) for one in course.stages]
        rows += [_changed(one) for one in (*course.disagreements, *course.revisions)]
        heading = f"{text(names.subject(course.system))}<span>{in_place(course.place)}</span>"
        parts.append(f'<div class="said"><h3>{heading}</h3><ol>{"".join(rows)}</ol></div>')
    return "\n".join([render_legend(), *parts] if parts else [])


def _most_told_first(course: Course) -> tuple[int, str, str]:
    told = sum(sum(one.sources) for one in course.stages)
    return -told, course.system, course.place or ""


def _stage(one: Finding) -> str:
    first = one.sides[0][0]
    status = one.about if one.about.isidentifier() else "other"
    times = "".join(f" {text(when_in_words(value))}," for value in one.values).rstrip(",")
    return _row(
        first,
        f'<span class="status {status}">{text(one.about)}</span>{times}',
        _others(one.sources[0]),
    )


def _changed(one: Finding) -> str:
    """Return one line for two sides that differ, dated by the later of their first sources."""
    later = max((side[0] for side in one.sides), key=_age)
    between = " / ".join(text(_value(value)) for value in one.values)
    return _row(later, f'<span class="status {one.kind}">{text(one.kind)}</span> {between}', "")


def _age(said: SourcedClaim) -> float:
    return said.published_at.timestamp() if said.published_at else 0.0


def _row(said: SourcedClaim, what: str, others: str) -> str:
    at = said.published_at
    day = f"{at.day} {at:%b} {clock(at, with_day=False)}" if at else ""
    return (
        f'<li><span class="at">{day}</span><span>{what} <span class="by">'
        f"{_speaker(said.claim.speaker)}{link(said.url, isolated(outlet_of(said)))}{others}"
        f"</span></span></li>"
    )
