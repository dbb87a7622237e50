"""What a query asks: clauses that must all match, each a choice of phrases.

``missile Минск`` asks for both words, ``missile OR rocket`` for one of them, ``"hypersonic
missile"`` for the words side by side, ``"missile Minsk"~5`` for at most five others between
them, ``hyperson*`` for a beginning, ``-Минск`` or ``NOT Минск`` for documents without the word.
``*`` alone asks for all. ``AND`` changes nothing: all parts must be there anyway.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from connectors.fulltext.folding import fold, strip_marks
from connectors.fulltext.stems import query_name_stems, query_stems
from connectors.fulltext.words import Word, find_words

MAX_QUERY_CHARS = 1_000
"""More is cut: a query is typed, and each word costs a look-up per language."""

_PART = re.compile(
    r'(?P<minus>(?<!\S)(?:-|NOT\s+)(?=[\w"]))?'
    r'(?:(?<!\w)"(?P<quoted>[^"]*)"(?:~(?P<slop>\d{1,3}))?|(?P<bare>[^\s"]+(?:(?<=\w)"(?=\w)[^\s"]+)*))'
)
"""A quotation mark inside a word is part of it: Hebrew abbreviations have one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One word in all the forms in which it may be stored; ``prefix`` asks for beginnings."""

    stems: tuple[str, ...]
    folded: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Terms side by side, in order; with ``slop``, near each other in any order."""

    terms: tuple[Term, ...]
    slop: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """All ``clauses`` must match, by one of their phrases, and none of ``excluded``.

    ``everything`` is the query ``*``, or one that only excludes.
    """

    clauses: tuple[tuple[Phrase, ...], ...] = ()
    excluded: tuple[Phrase, ...] = ()
    everything: bool = False

    @property
    def terms(self) -> tuple[Term, ...]:
        """Every term that is asked for."""
        return tuple(t for clause in self.clauses for phrase in clause for t in phrase.terms)


def parse_query(text: str) -> Query:
    """Return what ``text`` asks; any text is a query, one without words finds nothing.

    >>> parse_query("*").everything
    True
    >>> len(parse_query('missile "сухой лог"~3 OR Minsk').clauses)
    2
    >>> query = parse_query("missile AND Minsk -Sarov")
    >>> len(query.clauses), len(query.excluded)
    (2, 1)
    """
    text = text[:MAX_QUERY_CHARS].strip()
    if text in {"", "*"}:
        return Query(everything=True)
    clauses: list[tuple[Phrase, ...]] = []
    excluded: list[Phrase] = []
    joining = False
    for part in _PART.finditer(text):
        if part["bare"] in {"OR", "AND"} and clauses:
            joining = part["bare"] == "OR"
            continue
        phrases = _parse_part(part)
        if part["minus"]:
            excluded += phrases
            continue
        if phrases and joining:
            clauses[-1] = (*clauses[-1], phrases[0])
            phrases = phrases[1:]
        clauses.extend((phrase,) for phrase in phrases)
        joining = False
    only_excludes = bool(excluded) and not clauses
    return Query(clauses=tuple(clauses), excluded=tuple(excluded), everything=only_excludes)


def _parse_part(part: re.Match[str]) -> list[Phrase]:
    if part["quoted"] is not None:
        terms = _terms(list(find_words(part["quoted"])))
        return [Phrase(terms=terms, slop=int(part["slop"] or 0))] if terms else []
    bare = part["bare"]
    words = list(find_words(bare))
    if bare.endswith("*") and words and not words[-1].unspaced:
        return [Phrase(terms=(*_terms(words[:-1]), _prefix(words[-1])))]
    return [Phrase(terms=_terms(words))] if words else []


def _terms(words: list[Word]) -> tuple[Term, ...]:
    """Return one term a word; the last character of a longer unspaced run is in its bigram."""
    terms: list[Term] = []
    for index, word in enumerate(words):
        if not word.unspaced:
            # Nothing but marks has no stem, and is stored as it is.
            stems = tuple(filter(None, query_stems(word.text))) or (word.text,)
            folded = dict.fromkeys(fold(form) for form in query_name_stems(word.text))
            terms.append(Term(stems=stems, folded=tuple(filter(None, folded))))
        elif len(word.text) > 1:
            terms.append(Term(stems=(word.text,), folded=()))
        elif not (index and words[index - 1].unspaced and words[index - 1].end == word.end):
            terms.append(Term(stems=(word.text,), folded=(), prefix=True))
    return tuple(terms)


def _prefix(word: Word) -> Term:
    return Term(stems=(strip_marks(word.text),), folded=(), prefix=True)
