"""Search over the full-text table: a query becomes one MATCH and some conditions."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from connectors.embedded.articles import read_document
from connectors.embedded.schema import to_micros
from connectors.fulltext import highlight, parse_query
from connectors.index import Found, SearchPage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from connectors.embedded.database import Database
    from connectors.fulltext import Phrase, Query, Term
    from connectors.index import SearchQuery
    from connectors.records import Document

MAX_PHRASE_FORMS = 64
"""Combinations of stems tried for one phrase; a word has two or three in all languages."""

_STEMS = "{title_stems stems}"
_FOLDED = "{title_folded folded}"
_NOT_AMONG = "articles.search_row NOT IN (SELECT rowid FROM search WHERE search MATCH ?)"
_ORDERS = {
    "relevance": "search.rank, articles.published_at DESC, articles.id",
    "published": "articles.published_at DESC, articles.id",
    "indexed": "articles.indexed_at DESC, articles.id",
}


def search_documents(database: Database, query: SearchQuery) -> SearchPage:
    """Return one page of the documents that match ``query``."""
    asked = parse_query(query.text)
    if not asked.everything and not asked.clauses:
        return SearchPage(total=0)
    source, parameters, order, score = _statement(query, asked)
    if query.fold_copies:
        rows = database.rows(
            f"SELECT articles.id, articles.copy_of, {score} {source} ORDER BY {order}",
            parameters,
        )
        chosen = _fold_copies(rows)
        total, page = len(chosen), chosen[query.offset : query.offset + query.limit]
    else:
        total = database.rows(f"SELECT COUNT(*) {source}", parameters)[0][0]
        page = database.rows(
            f"SELECT articles.id, {score} {source} ORDER BY {order} LIMIT ? OFFSET ?",
            (*parameters, query.limit, query.offset),
        )
    return SearchPage(total=total, found=tuple(_read_found(database, page, asked)))


def scan_documents(database: Database, query: SearchQuery) -> Iterator[Document]:
    """Yield all documents that match, in order of first sight."""
    asked = parse_query(query.text)
    if not asked.everything and not asked.clauses:
        return
    source, parameters, _, _ = _statement(query, asked)
    rows = database.rows(
        f"SELECT articles.id, articles.copy_of, 0.0 {source} "
        "ORDER BY articles.first_seen_at, articles.id",
        parameters,
    )
    for document_id, _ in _fold_copies(rows) if query.fold_copies else [r[:2] for r in rows]:
        document = read_document(database, document_id)
        if document is not None:
            yield document


def _statement(query: SearchQuery, asked: Query) -> tuple[str, list[Any], str, str]:
    """Return FROM and WHERE, their parameters, the order and the expression of the score."""
    conditions, parameters = _filters(query)
    order = _ORDERS[query.sort]
    if asked.everything:
        if query.sort == "relevance":
            order = _ORDERS["published"]
        source = "FROM articles"
        score = "0.0"
    else:
        source = "FROM search JOIN articles ON articles.search_row = search.rowid"
        conditions.insert(0, "search MATCH ?")
        parameters.insert(0, build_match(asked))
        score = "-search.rank"
    if asked.excluded:
        conditions.append(_NOT_AMONG)
        parameters.append(" OR ".join(_match_phrase(phrase) for phrase in asked.excluded))
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return source + where, parameters, order, score


def _filters(query: SearchQuery) -> tuple[list[str], list[Any]]:
    conditions: list[str] = []
    parameters: list[Any] = []

    def add(condition: str, values: Sequence[Any]) -> None:
        conditions.append(condition.replace("(?)", f"({', '.join('?' * len(values))})"))
        parameters.extend(values)

    if query.languages:
        add("articles.language IN (?)", query.languages)
    if query.outlets:
        add("articles.outlet IN (?)", query.outlets)
    if query.subjects:
        add(_exists("mentions", "subject"), query.subjects)
    if query.statuses:
        add(_exists("claims", "status"), query.statuses)
    if query.places:
        add(_exists("claims", "place"), query.places)
    if query.story_id is not None:
        add("articles.story_id = ?", [query.story_id])
    if query.since is not None:
        add("articles.published_at >= ?", [to_micros(query.since)])
    if query.until is not None:
        add("articles.published_at < ?", [to_micros(query.until)])
    return conditions, parameters


def _exists(table: str, column: str) -> str:
    return f"EXISTS (SELECT 1 FROM {table} WHERE document_id = articles.id AND {column} IN (?))"  # noqa: S608


def _fold_copies(rows: Iterable[tuple[str, str | None, float]]) -> list[tuple[str, float]]:
    """Keep one document a text: the original if it matches, where the first of them stood."""
    chosen: dict[str, tuple[str, float]] = {}
    for document_id, copy_of, score in rows:
        group = copy_of or document_id
        if group not in chosen:
            chosen[group] = (document_id, score)
        elif copy_of is None:
            chosen[group] = (document_id, chosen[group][1])
    return list(chosen.values())


def _read_found(
    database: Database, page: Iterable[tuple[str, float]], asked: Query
) -> Iterable[Found]:
    for document_id, score in page:
        document = read_document(database, document_id)
        if document is None:
            continue
        article = document.article
        fragments = highlight(article.text, article.language, asked) or highlight(
            article.title, article.language, asked
        )
        yield Found(document=document, score=score, highlights=fragments)


def build_match(query: Query) -> str:
    """Return ``query`` in the language of FTS5's MATCH.

    >>> from connectors.fulltext import parse_query
    >>> build_match(parse_query("核武"))
    '(({title_stems stems} : ("核武")))'
    """
    clauses = (" OR ".join(_match_phrase(phrase) for phrase in c) for c in query.clauses)
    return " AND ".join(f"({clause})" for clause in clauses)


def _match_phrase(phrase: Phrase) -> str:
    columns = [(_STEMS, [term.stems for term in phrase.terms])]
    folded = [term.folded or term.stems for term in phrase.terms]
    if any(term.folded for term in phrase.terms):
        columns.append((_FOLDED, folded))
    parts = (f"({column} : ({_match_forms(phrase, forms)}))" for column, forms in columns)
    return " OR ".join(parts)


def _match_forms(phrase: Phrase, forms: list[tuple[str, ...]]) -> str:
    """Return all combinations of the forms of the words, as phrases or within a distance."""
    combinations = itertools.islice(itertools.product(*forms), MAX_PHRASE_FORMS)
    return " OR ".join(_match_words(phrase, words) for words in combinations)


def _match_words(phrase: Phrase, words: Sequence[str]) -> str:
    quoted = [f'"{word}"{_star(term)}' for word, term in zip(words, phrase.terms, strict=True)]
    if len(quoted) == 1:
        return quoted[0]
    if phrase.slop:
        return f"NEAR({' '.join(quoted)}, {phrase.slop})"
    return " + ".join(quoted)


def _star(term: Term) -> str:
    return " *" if term.prefix else ""
