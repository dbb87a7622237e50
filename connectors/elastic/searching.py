"""Search in Elasticsearch: the same analysed query as in the embedded index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connectors.elastic.articles import ARTICLE_FIELDS
from connectors.elastic.reading import MAX_WINDOW, search
from connectors.elastic.shapes import read_article
from connectors.fulltext import highlight, parse_query
from connectors.index import Found, IndexUnavailable, SearchPage
from connectors.records import to_json

if TYPE_CHECKING:
    from connectors.elastic.connection import Connection
    from connectors.fulltext import Phrase, Query
    from connectors.index import SearchQuery

_BOOSTS = (
    ("search.title_stems", "stems", 8.0),
    ("search.title_folded", "folded", 4.0),
    ("search.stems", "stems", 2.0),
    ("search.folded", "folded", 1.0),
)
_TIES: list[dict[str, Any]] = [{"@timestamp": "desc"}, {"id": "asc"}]
_ORDERS: dict[str, list[dict[str, Any]]] = {
    "relevance": [{"_score": "desc"}, *_TIES],
    "published": _TIES,
    "indexed": [{"event.ingested": "desc"}, {"id": "asc"}],
}


def search_documents(connection: Connection, query: SearchQuery) -> SearchPage:
    """Return one page of the documents that match ``query``."""
    asked = parse_query(query.text)
    if not asked.everything and not asked.clauses:
        return SearchPage(total=0)
    if query.offset + query.limit > MAX_WINDOW:
        raise IndexUnavailable(
            f"index {connection.location}: only the first {MAX_WINDOW} results can be paged; "
            "narrow the search"
        )
    order = _ORDERS[query.sort]
    if asked.everything and query.sort == "relevance":
        order = _ORDERS["published"]
    body: dict[str, Any] = {
        "query": build_query(query, asked),
        "sort": order,
        "size": query.limit,
        "from_": query.offset,
        "source_includes": list(ARTICLE_FIELDS),
        "track_total_hits": True,
        "track_scores": True,
    }
    if query.fold_copies:
        body |= _folding()
    answer = search(connection, f"{connection.name('articles')}-*", **body)
    total = answer["hits"]["total"]["value"]
    if query.fold_copies:
        total = answer.get("aggregations", {}).get("groups", {}).get("value", 0)
    found = (_read_found(one, asked) for one in answer["hits"]["hits"])
    return SearchPage(total=int(total), found=tuple(found))


def _folding() -> dict[str, Any]:
    """Return the part of the request that shows one document a text: the original if it can."""
    original = {
        "name": "original",
        "size": 1,
        "sort": [{"copy_of": {"order": "asc", "missing": "_first"}}, {"id": "asc"}],
        "_source": {"includes": list(ARTICLE_FIELDS)},
    }
    return {
        "collapse": {"field": "copy_group", "inner_hits": original},
        "aggs": {"groups": {"cardinality": {"field": "copy_group", "precision_threshold": 40_000}}},
    }


def _read_found(one: dict[str, Any], asked: Query) -> Found:
    chosen = one
    if "inner_hits" in one:
        original = one["inner_hits"]["original"]["hits"]["hits"][0]
        chosen = original if original["_source"]["record"]["copy_of"] is None else one
    document = read_article(chosen["_source"])
    article = document.article
    fragments = highlight(article.text, article.language, asked) or highlight(
        article.title, article.language, asked
    )
    score = float(one.get("_score") or 0.0)
    return Found(document=document, score=score, highlights=fragments)


def build_query(query: SearchQuery, asked: Query) -> dict[str, Any]:
    """Return the filters and the analysed words of ``query`` as a query of the server."""
    must = [
        {"bool": {"should": [part for phrase in clause for part in _phrase(phrase)]}}
        for clause in asked.clauses
    ]
    must_not = [part for phrase in asked.excluded for part in _phrase(phrase)]
    return {
        "bool": {
            "must": must or [{"match_all": {}}],
            "must_not": must_not,
            "filter": build_filters(query),
        }
    }


def build_filters(query: SearchQuery) -> list[dict[str, Any]]:
    """Return the conditions that narrow a search."""
    several = {
        "subjects": query.subjects,
        "language": query.languages,
        "outlet": query.outlets,
        "statuses": query.statuses,
        "places": query.places,
        "story_id": (query.story_id,) if query.story_id is not None else (),
    }
    filters: list[dict[str, Any]] = [
        {"terms": {field: list(values)}} for field, values in several.items() if values
    ]
    window = {}
    if query.since is not None:
        window["gte"] = to_json(query.since)
    if query.until is not None:
        window["lt"] = to_json(query.until)
    if window:
        filters.append({"range": {"@timestamp": window}})
    return filters


def _phrase(phrase: Phrase) -> list[dict[str, Any]]:
    """Return the ways in which ``phrase`` may match, one a field."""
    ways: list[dict[str, Any]] = []
    folds = any(term.folded for term in phrase.terms)
    for field, form, boost in _BOOSTS:
        if form == "folded" and not folds:
            continue
        forms = [getattr(term, form) or term.stems for term in phrase.terms]
        if len(phrase.terms) == 1 and not phrase.terms[0].prefix:
            ways.append(_any_of(field, forms[0], boost))
            continue
        words = [
            _interval(words, prefix=term.prefix)
            for words, term in zip(forms, phrase.terms, strict=True)
        ]
        rule = {"intervals": words, "ordered": phrase.slop == 0, "max_gaps": phrase.slop}
        ways.append({"intervals": {field: {"all_of": rule, "boost": boost}}})
    return ways


def _any_of(field: str, words: tuple[str, ...], boost: float) -> dict[str, Any]:
    """Return a query for one of ``words`` that scores by the best of them."""
    queries = [{"term": {field: {"value": word}}} for word in words]
    return {"dis_max": {"queries": queries, "boost": boost}}


def _interval(words: tuple[str, ...], *, prefix: bool) -> dict[str, Any]:
    if prefix:
        choices: list[dict[str, Any]] = [{"prefix": {"prefix": word}} for word in words]
    else:
        choices = [{"match": {"query": word}} for word in words]
    return choices[0] if len(choices) == 1 else {"any_of": {"intervals": choices}}
