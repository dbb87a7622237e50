"""Claims, stories and findings that a search asks for, on any backend with the same filters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from connectors.fulltext import analyse, parse_query
from connectors.index import FindingQuery
from pipelines.findings.reading import courses_of, current_findings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from connectors.fulltext import Phrase, Query, Term
    from connectors.index import Index, SearchQuery
    from connectors.records import Claim, Document, Finding
    from pipelines.findings.reading import Course

DIFFERENCES = ("contradiction", "revision", "refinement")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryFound:
    """A story as the articles that were found tell it, copies included in ``articles``."""

    story_id: str
    title: str
    url: str
    subjects: tuple[str, ...]
    languages: tuple[str, ...]
    outlets: tuple[str, ...]
    articles: int
    copies: int
    first_at: datetime
    last_at: datetime


def search_claims(
    index: Index, query: SearchQuery, speakers: Sequence[str] = ()
) -> list[tuple[Document, Claim]]:
    """Return the claims of the articles that match, newest first; filters hold for the claim.

    Args:
        index: open for reading.
        query: words and filters.
        speakers: names, in any script, one of which the speaker must have; none lets all pass.
    """
    asked = [parse_query(speaker) for speaker in speakers]
    found = [
        (document, claim)
        for document in index.scan(query)
        for claim in document.claims
        if (not query.statuses or claim.status in query.statuses)
        and (not query.subjects or claim.system in query.subjects)
        and (not query.places or claim.place in query.places)
        and (not asked or _is_called(claim.speaker, asked))
    ]
    return sorted(found, key=_newest_claim, reverse=True)


def _is_called(speaker: str | None, asked: Sequence[Query]) -> bool:
    words = [_words(speaker, "")] if speaker else []
    return bool(words) and any(_fits(words, one) for one in asked)


def _newest_claim(one: tuple[Document, Claim]) -> tuple[datetime, str, int]:
    return _told_at(one[0]), one[0].article.id, -one[1].start


def _told_at(document: Document) -> datetime:
    return document.article.published_at or document.article.first_seen_at


def search_stories(index: Index, query: SearchQuery) -> list[StoryFound]:
    """Return the stories of the articles that match, the one that moved last first."""
    groups: dict[str, list[Document]] = {}
    for document in index.scan(query):
        groups.setdefault(document.story_id or document.article.id, []).append(document)
    stories = [_story(key, group) for key, group in groups.items()]
    return sorted(stories, key=_newest_story, reverse=True)


def _newest_story(story: StoryFound) -> tuple[datetime, str]:
    return story.last_at, story.story_id


def _story(story_id: str, documents: Sequence[Document]) -> StoryFound:
    first = min(documents, key=_told_at)
    return StoryFound(
        story_id=story_id,
        title=first.article.title,
        url=first.article.url,
        subjects=tuple(sorted({subject for one in documents for subject in one.subjects})),
        languages=tuple(sorted({one.article.language for one in documents})),
        outlets=tuple(sorted({one.article.outlet for one in documents if one.article.outlet})),
        articles=len(documents),
        copies=sum(one.copy_of is not None for one in documents),
        first_at=_told_at(first),
        last_at=max(_told_at(one) for one in documents),
    )


def search_findings(index: Index, query: SearchQuery, kinds: tuple[str, ...]) -> list[Finding]:
    """Return the findings of ``kinds`` that match, the one with the newest source first.

    Words are looked for in the quotes and in the names of system, place, outlets and speakers;
    each has to be in one of them. With ``sort`` ``indexed`` what was found last comes first.
    """
    asked = parse_query(query.text)
    if not asked.everything and not asked.clauses:
        return []
    found = current_findings(
        index,
        FindingQuery(
            kinds=kinds,
            systems=query.subjects,
            places=query.places,
            statuses=query.statuses,
            languages=query.languages,
            outlets=query.outlets,
            story_id=query.story_id,
            since=query.since,
            until=query.until,
        ),
    )
    matching = [one for one in found if _matches(one, asked)]
    if query.sort == "indexed":
        return sorted(matching, key=_opened, reverse=True)
    return matching


def _opened(one: Finding) -> float:
    return one.opened_at.timestamp() if one.opened_at else 0.0


def search_courses(index: Index, query: SearchQuery) -> list[Course]:
    """Return the timelines whose stages match, by system and place."""
    return list(courses_of(search_findings(index, query, ("stage", *DIFFERENCES))))


def _matches(finding: Finding, asked: Query) -> bool:
    if not asked.clauses and not asked.excluded:
        return True
    texts = [(finding.system, ""), (finding.place or "", "")]
    texts += [(outlet, "") for outlet in finding.outlets]
    for side in finding.sides:
        for said in side:
            texts += [(said.claim.evidence, said.language), (said.claim.speaker or "", "")]
    words = [_words(text, language) for text, language in dict.fromkeys(texts) if text]
    return _fits(words, asked)


def _fits(words: Sequence[list[tuple[str, str]]], asked: Query) -> bool:
    """Say whether each clause stands in one of the texts, and nothing excluded in any."""
    if any(_stands(phrase, one) for phrase in asked.excluded for one in words):
        return False
    return all(
        any(_stands(phrase, one) for phrase in clause for one in words) for clause in asked.clauses
    )


def _words(text: str, language: str) -> list[tuple[str, str]]:
    """Return each word of ``text`` as the index stores it: its stem and its folded form."""
    analysed = analyse(text, language)
    return list(zip(analysed.stems.split(" "), analysed.folded.split(" "), strict=False))


def _stands(phrase: Phrase, words: Sequence[tuple[str, str]]) -> bool:
    """Say whether ``phrase`` stands in ``words``: side by side, or with ``slop`` near."""
    size = len(phrase.terms)
    if phrase.slop:
        near = (words[at : at + size + phrase.slop] for at in range(len(words)))
        return any(
            all(any(_is(term, word) for word in span) for term in phrase.terms) for span in near
        )
    spans = (words[at : at + size] for at in range(len(words) - size + 1))
    return any(
        all(_is(term, word) for term, word in zip(phrase.terms, span, strict=True))
        for span in spans
    )


def _is(term: Term, word: tuple[str, str]) -> bool:
    stem, folded = word
    if term.prefix:
        return stem.startswith(term.stems)
    return stem in term.stems or folded in term.folded
