"""What to tell somebody whose search asks amiss, or found nothing and why."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from connectors.index import SearchQuery
from pipelines.detection.errors import suggestion
from pipelines.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from connectors.index import Index

OPTIONS = {
    "subjects": "--subject",
    "languages": "--language",
    "outlets": "--outlet",
    "statuses": "--status",
    "places": "--place",
}
_FORMS = {
    "languages": "a code such as ru",
    "outlets": "the name as the index has it, capitals too",
    "places": "a country's code such as BY",
}

_QUOTED = re.compile(r'"[^"]*"(?:~\d+)?')
_OPERATOR = re.compile(r"(?<!\S)\(*(?:AND|OR|NOT)(?!\S)")


def check_words(text: str) -> None:
    """Refuse what can only be a mistake.

    Raises:
        UserError: nothing is asked, a star stands before the end of a word, or parentheses
            are to group words.
    """
    if not text.strip():
        raise UserError("QUERY is empty: write * for all documents")
    bare = _QUOTED.sub(" ", text)
    if "(" in bare and _OPERATOR.search(bare):
        raise UserError(
            f"QUERY {text!r}: parentheses group nothing; OR joins the two words beside it: "
            "Minsk OR Warsaw Typhon wants Typhon and one of the capitals"
        )
    for word in bare.split():
        if "*" in word[:-1]:
            raise UserError(
                f"QUERY {word!r}: a star stands at the end of a word (hyperson*), or alone for all"
            )


def hints(index: Index, query: SearchQuery, known_subjects: Mapping[str, str]) -> Iterator[str]:
    """Yield one line for each filter of ``query`` that no document passes, else what would help.

    Costs one small search a filter; for a search that found nothing.
    """
    told = False
    for name, option in OPTIONS.items():
        for value in getattr(query, name):
            alone: dict[str, Any] = {name: (value,)}
            if not index.search(SearchQuery(**alone, limit=1)).total:
                told = True
                yield f"no document has {option} {value}{_advice(name, value, known_subjects)}"
    if query.story_id and not index.search(SearchQuery(story_id=query.story_id, limit=1)).total:
        told = True
        yield f"no document has --story {query.story_id}"
    free = SearchQuery(text=query.text, limit=1)
    total = index.search(free).total
    if not told and total and _is_narrowed(query):
        noun = "document has" if total == 1 else "documents have"
        yield f"without the filters {total} {noun} these words"


def _is_narrowed(query: SearchQuery) -> bool:
    window = (query.story_id, query.since, query.until)
    return any(getattr(query, name) for name in OPTIONS) or any(one is not None for one in window)


def _advice(name: str, value: str, known_subjects: Mapping[str, str]) -> str:
    if name == "subjects":
        ids = {title.lower(): one for one, title in known_subjects.items()} | {
            one: one for one in known_subjects
        }
        meant = ids.get(value.lower())
        if meant == value:
            return "; vigie backfill --from-index looks for new subjects in what is stored"
        if meant:
            return f" (did you mean {meant}?)"
        return suggestion(value, known_subjects) or f"; there are: {', '.join(known_subjects)}"
    return f": {_FORMS[name]}" if name in _FORMS else ""
