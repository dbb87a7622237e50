"""From the hits of an automaton to the verified words of every rule, in one pass over them.

What must be right after a hit is grouped by pattern, so a hit is verified once for all rules; what
does not count in the language of a text is left out beforehand.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.detection import verifying, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipelines.detection.document import Span
    from pipelines.detection.nodes import Node, Words

_WIDE_FROM = "\u2e80"
_CLITIC_FROM, _CLITIC_TO = "\u0590", "\u06ff"
_SCRIPTS_APART = "\u0530"

Hit = tuple[int, int, int]
_Keys = tuple[int, ...]
_Easy = tuple[frozenset[str], "str | None", _Keys]
_Free = tuple[int, int, "str | None", _Keys]
_Hard = tuple[words.Expression, "str | None", _Keys]
_Checked = tuple[tuple[words.Expression, _Keys], ...]
_Beside = tuple[tuple[str, ...], _Checked]
_Further = tuple["_Beside | None", "_Beside | None", _Checked]
Row = tuple[bool, "verifying.Rest", "_Single | None", "_Further | None"]
"""Whether letters may stand before, what the rest of a word is, what its endings mean, all else."""
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
        self._patterns = [_pattern(text, one) for text, one in zip(texts, grouped, strict=True)]
        self._shared: dict[int, Row | None] = {}
        self.languages = frozenset(
            language for one in self._patterns for language in one.languages if language
        )
        """The languages that make a difference."""

    def row(self, number: int, family: frozenset[str]) -> Row | None:
        """Return what the pattern ``number`` means in texts of ``family``, None if nothing."""
        pattern = self._patterns[number]
        if pattern.languages != _ANY:
            return pattern.row(family)
        if number not in self._shared:
            self._shared[number] = pattern.row(family)
        return self._shared[number]


def verified(  # noqa: C901, PLR0912 - the innermost loop of all, where calls cost most
    text: str, hits: Iterable[Hit], rows: Sequence[Row | None]
) -> dict[int, list[Span]]:
    """Return the verified spans of every word list by its key, neither sorted nor unique.

    Args:
        text: the folded text.
        hits: pattern, start and end of each hit.
        rows: what each pattern means; None for those that are not asked.
    """
    starts_with = text.startswith
    found: defaultdict[int, list[Span]] = defaultdict(list)
    for number, start, end in hits:
        row = rows[number]
        if row is None:
            continue
        is_open, rest, single, further = row
        if start and not is_open:
            before = text[start - 1]
            if before != " " and before.isalnum() and before < _WIDE_FROM:
                continue
        stop, tail = end, ""
        after = text[end : end + 1]
        if after != " " and after.isalnum():
            stop = rest(text, end, end + verifying.LONGEST_TAIL).end()
            tail = text[end:stop]
        if single is not None:
            for key in single[tail]:
                found[key].append((start, stop))
        if further is None:
            continue
        followed, preceded, pending = further
        if followed is not None:
            begin = stop + 1
            if text[stop:begin] != " " or not text[begin : begin + 1].isalnum():
                begin = verifying.next_start(text, stop)
            if begin >= 0 and starts_with(followed[0], begin):
                pending += followed[1]
        if preceded is not None:
            begin = verifying.previous_start(text, start)
            if begin >= 0 and starts_with(preceded[0], begin):
                pending += preceded[1]
        for expression, keys in pending:
            span = verifying.verify(expression, text, start, end, stop)
            if span is not None:
                for key in keys:
                    found[key].append(span)
    return found


class _Single(dict[str, _Keys]):
    """The word lists in which a pattern alone is a word, by the ending that follows it.

    An ending is looked up in the rules when it is met for the first time.
    """

    def __init__(self, easy: tuple[_Easy, ...], free: tuple[_Free, ...]) -> None:
        super().__init__()
        self._easy, self._free = easy, free

    def __missing__(self, tail: str) -> _Keys:
        """Return the word lists that have the pattern with ``tail``, and remember them."""
        found: dict[int, None] = {}
        for tails, _, keys in self._easy:
            if tail in tails:
                found.update(dict.fromkeys(keys))
        if not tail or tail.isalpha():
            for least, most, _, keys in self._free:
                if least <= len(tail) <= most:
                    found.update(dict.fromkeys(keys))
        learnt = tuple(found)
        if len(self) < _MAX_TAILS:
            self[tail] = learnt
        return learnt


_ANY: frozenset[str | None] = frozenset({None})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pattern:
    """All that one pattern may stand for, in whatever language."""

    is_open: bool
    rest: verifying.Rest
    easy: tuple[_Easy, ...]
    free: tuple[_Free, ...]
    alone: tuple[_Hard, ...]
    followed: tuple[_Hard, ...]
    preceded: tuple[_Hard, ...]
    languages: frozenset[str | None]

    def row(self, family: frozenset[str]) -> Row | None:
        """Return what counts in texts of ``family``, None if nothing does."""
        if None not in self.languages and self.languages.isdisjoint(family):
            return None
        easy = tuple(one for one in self.easy if one[1] is None or one[1] in family)
        free = tuple(one for one in self.free if one[2] is None or one[2] in family)
        single = _Single(easy, free) if easy or free else None
        followed, preceded = _wanted(self.followed, family), _wanted(self.preceded, family)
        alone = _checked(self.alone, family)
        further = (followed, preceded, alone) if followed or preceded or alone else None
        return self.is_open, self.rest, single, further


def _pattern(text: str, grouped: _Grouped) -> _Pattern:
    alone, followed, preceded = _hard(text, grouped)
    return _Pattern(
        is_open=_unbounded(text),
        rest=verifying.rest_of_word(text[-1]),
        easy=_easy(text, grouped),
        free=_free(text, grouped),
        alone=alone,
        followed=followed,
        preceded=preceded,
        languages=frozenset(expression.language for expression in grouped),
    )


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


def _hard(
    text: str, grouped: _Grouped
) -> tuple[tuple[_Hard, ...], tuple[_Hard, ...], tuple[_Hard, ...]]:
    """Return all else: by itself, that before certain words, and that after certain words."""
    alone: list[_Hard] = []
    preceded: list[_Hard] = []
    followed: list[_Hard] = []
    for expression, keys in grouped.items():
        if _plain(text, expression):
            continue
        one = (expression, expression.language, tuple(dict.fromkeys(keys)))
        beside = _beside(expression)
        if not expression.spaced or beside is None or beside.any_word:
            alone.append(one)
        elif expression.anchor:
            preceded.append(one)
        else:
            followed.append(one)
    return tuple(alone), tuple(followed), tuple(preceded)


def _beside(expression: words.Expression) -> words.Token | None:
    """Return the word right before the one that is searched, the one after it if it is first."""
    tokens, anchor = expression.tokens, expression.anchor
    if anchor:
        return tokens[anchor - 1]
    return tokens[1] if len(tokens) > 1 else None


def _checked(hard: tuple[_Hard, ...], family: frozenset[str]) -> _Checked:
    return tuple((one, keys) for one, lang, keys in hard if lang is None or lang in family)


def _wanted(hard: tuple[_Hard, ...], family: frozenset[str]) -> _Beside | None:
    """Return the beginnings of the words beside ``hard``, of which one must be there.

    A hit without one of them is dismissed at one look, whatever the number of expressions.
    """
    checked = _checked(hard, family)
    if not checked:
        return None
    tokens = (_beside(expression) for expression, _ in checked)
    bases = dict.fromkeys(base for token in tokens if token is not None for base in token.bases)
    return tuple(bases), checked


def _unbounded(pattern: str) -> bool:
    """Return whether letters may stand right before ``pattern``: no spaces, or joined particles."""
    first = pattern[0]
    return first >= _WIDE_FROM or _CLITIC_FROM <= first <= _CLITIC_TO
