"""From the hits of an automaton to the verified words of every rule, in one pass over them.

What must be right after a hit is grouped by pattern, so a hit is verified once for all rules.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pipelines.detection import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipelines.detection.document import Document, Span
    from pipelines.detection.nodes import Node, Words

_WIDE_FROM = "\u2e80"
_CLITIC_FROM, _CLITIC_TO = "\u0590", "\u06ff"
_SCRIPTS_APART = "\u0530"

Hit = tuple[int, int, int]
_Keys = tuple[int, ...]
_Easy = tuple[frozenset[str], "str | None", _Keys]
_Free = tuple[int, int, "str | None", _Keys]
_Hard = tuple[words.Expression, "str | None", _Keys]
_Beside = tuple[tuple[str, ...], tuple[_Hard, ...]]
_Row = tuple[
    bool, "words.Rest", "_Single | None", tuple[_Hard, ...], "_Beside | None", "_Beside | None"
]
_MAX_TAILS = 500
"""Endings of one pattern whose meaning is remembered; usual news has a few dozen."""
_Grouped = dict[words.Expression, list[int]]


class Table:
    """What each pattern stands for: single words with listed endings apart from all else."""

    def __init__(self, texts: Sequence[str], nodes: Iterable[Words]) -> None:
        grouped: list[_Grouped] = [{} for _ in texts]
        for node in nodes:
            for number, variants in node.variants.items():
                for expression in variants:
                    grouped[number].setdefault(expression, []).append(node.key)
        self._rows = [_row(text, one) for text, one in zip(texts, grouped, strict=True)]

    def only(self, numbers: Sequence[int]) -> Table:
        """Return the table of an automaton that holds only the patterns ``numbers``."""
        chosen = Table((), ())
        chosen._rows = [self._rows[number] for number in numbers]
        return chosen

    def verified(  # noqa: C901, PLR0912 - the innermost loop of all, where calls cost most
        self, doc: Document, hits: Iterable[Hit], asked: frozenset[int] | None = None
    ) -> dict[int, list[Span]]:
        """Return the verified spans of every word list by its key, neither sorted nor unique.

        Only hits of the patterns ``asked`` are looked at, all without it.
        """
        text, rows = doc.text, self._rows
        verify, starts_with = words.verify, text.startswith
        next_start, previous_word = words.next_start, words.previous_word
        found: defaultdict[int, list[Span]] = defaultdict(list)
        for number, start, end in hits:
            if asked is not None and number not in asked:
                continue
            is_open, rest, single, pending, followed, preceded = rows[number]
            if start and not is_open:
                before = text[start - 1]
                if before != " " and before.isalnum() and before < _WIDE_FROM:
                    continue
            stop = end
            if text[end : end + 1] != " ":
                stop = rest(text, end, end + words.LONGEST_TAIL).end()
            if single is not None:
                tail = text[end:stop]
                known = single.known.get(None if single.is_free else doc.family)
                keys = None if known is None else known.get(tail)
                if keys is None:
                    keys = single.learn(tail, doc)
                for key in keys:
                    found[key].append((start, stop))
            if followed is not None:
                begin = next_start(text, stop)
                if begin >= 0 and starts_with(followed[0], begin):
                    pending += followed[1]
            if preceded is not None:
                word = previous_word(text, start)
                if word is not None and starts_with(preceded[0], word[0]):
                    pending += preceded[1]
            for expression, language, keys in pending:
                if language is None or language in doc.family:
                    span = verify(expression, text, start, end)
                    if span is not None:
                        for key in keys:
                            found[key].append(span)
        return found


class _Single:
    """The word lists in which a pattern alone is a word, by the ending that follows it."""

    def __init__(self, easy: tuple[_Easy, ...], free: tuple[_Free, ...]) -> None:
        self._easy, self._free = easy, free
        self.is_free = not any(one[-2] for one in (*easy, *free))
        self.known: dict[frozenset[str] | None, dict[str, _Keys]] = {}

    def learn(self, tail: str, doc: Document) -> _Keys:
        """Return the word lists that have the pattern with ``tail`` in the language of ``doc``."""
        keys = self._found(tail, doc)
        known = self.known.setdefault(None if self.is_free else doc.family, {})
        if len(known) < _MAX_TAILS:
            known[tail] = keys
        return keys

    def _found(self, tail: str, doc: Document) -> _Keys:
        found: dict[int, None] = {}
        for tails, language, keys in self._easy:
            if tail in tails and (language is None or language in doc.family):
                found.update(dict.fromkeys(keys))
        if not tail or tail.isalpha():
            for least, most, language, keys in self._free:
                if least <= len(tail) <= most and (language is None or language in doc.family):
                    found.update(dict.fromkeys(keys))
        return tuple(found)


def _row(text: str, grouped: _Grouped) -> _Row:
    easy, free = _easy(text, grouped), _free(text, grouped)
    single = _Single(easy, free) if easy or free else None
    alone, before, after = _hard(text, grouped)
    return _unbounded(text), words.rest_of_word(text[-1]), single, alone, after, before


def word_lists(node: Node) -> Iterator[Words]:
    """Yield the word lists of ``node`` and of all its parts, some more than once."""
    if node.patterns:
        yield node  # type: ignore[misc]
    for part in (*node.parts, *node.further):
        yield from word_lists(part)


def _plain(text: str, expression: words.Expression) -> bool:
    """Return whether a hit of ``text`` needs nothing but its ending looked at."""
    alone = len(expression.tokens) == 1 and expression.spaced
    return alone and expression.tokens[0].check is None and max(text) < _SCRIPTS_APART


def _easy(text: str, grouped: _Grouped) -> tuple[_Easy, ...]:
    """Return the single words of listed endings, those of the same lists as one."""
    merged: dict[tuple[str | None, _Keys], frozenset[str]] = {}
    for expression, keys in grouped.items():
        tails = expression.tokens[0].tails
        if tails is not None and _plain(text, expression):
            group = (expression.language, tuple(dict.fromkeys(keys)))
            merged[group] = merged[group] | tails if group in merged else tails
    return tuple((tails, language, keys) for (language, keys), tails in merged.items())


def _free(text: str, grouped: _Grouped) -> tuple[_Free, ...]:
    """Return the single words of any ending, the widest of the same lists."""
    merged: dict[tuple[int, str | None, _Keys], int] = {}
    for expression, keys in grouped.items():
        token = expression.tokens[0]
        if token.tails is None and _plain(text, expression):
            group = (token.least, expression.language, tuple(dict.fromkeys(keys)))
            merged[group] = max(token.most, merged.get(group, 0))
    return tuple((least, most, lang, keys) for (least, lang, keys), most in merged.items())


def _hard(text: str, grouped: _Grouped) -> tuple[tuple[_Hard, ...], _Beside | None, _Beside | None]:
    """Return all else: by itself, that after certain words, and that before certain words.

    A hit without one of the words that must stand right beside it is dismissed at one look,
    whatever the number of expressions that want one.
    """
    alone: list[_Hard] = []
    before: list[_Hard] = []
    after: list[_Hard] = []
    for expression, keys in grouped.items():
        if _plain(text, expression):
            continue
        one = (expression, expression.language, tuple(dict.fromkeys(keys)))
        beside = _beside(expression)
        if not expression.spaced or beside is None or beside.any_word:
            alone.append(one)
        elif expression.anchor:
            before.append(one)
        else:
            after.append(one)
    return tuple(alone), _wanted(before), _wanted(after)


def _beside(expression: words.Expression) -> words.Token | None:
    """Return the word right before the one that is searched, the one after it if it is first."""
    tokens, anchor = expression.tokens, expression.anchor
    if anchor:
        return tokens[anchor - 1]
    return tokens[1] if len(tokens) > 1 else None


def _wanted(hard: list[_Hard]) -> _Beside | None:
    """Return the beginnings of the words beside ``hard``, of which one must be there."""
    if not hard:
        return None
    tokens = (_beside(expression) for expression, _, _ in hard)
    bases = dict.fromkeys(base for token in tokens if token is not None for base in token.bases)
    return tuple(bases), tuple(hard)


def _unbounded(pattern: str) -> bool:
    """Return whether letters may stand right before ``pattern``: no spaces, or joined particles."""
    first = pattern[0]
    return first >= _WIDE_FROM or _CLITIC_FROM <= first <= _CLITIC_TO
