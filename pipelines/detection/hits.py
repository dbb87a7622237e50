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
_Grouped = dict[words.Expression, list[int]]


class Table:
    """What each pattern stands for: single words with listed endings apart from all else."""

    def __init__(self, texts: Sequence[str], nodes: Iterable[Words]) -> None:
        self._open = [_unbounded(text) for text in texts]
        grouped: list[_Grouped] = [{} for _ in texts]
        for node in nodes:
            for number, variants in node.variants.items():
                for expression in variants:
                    grouped[number].setdefault(expression, []).append(node.key)
        self._easy = [_easy(text, one) for text, one in zip(texts, grouped, strict=True)]
        self._free = [_free(text, one) for text, one in zip(texts, grouped, strict=True)]
        self._hard = [_hard(text, one) for text, one in zip(texts, grouped, strict=True)]

    def only(self, numbers: Sequence[int]) -> Table:
        """Return the table of an automaton that holds only the patterns ``numbers``."""
        chosen = Table((), ())
        chosen._open = [self._open[number] for number in numbers]
        chosen._easy = [self._easy[number] for number in numbers]
        chosen._free = [self._free[number] for number in numbers]
        chosen._hard = [self._hard[number] for number in numbers]
        return chosen

    def verified(  # noqa: C901, PLR0912 - the innermost loop of all, where calls cost most
        self, doc: Document, hits: Iterable[Hit]
    ) -> dict[int, list[Span]]:
        """Return the verified spans of every word list by its key, neither sorted nor unique."""
        text, is_open, listed, free, rest = doc.text, self._open, self._easy, self._free, self._hard
        end_of_word, verify = words.word_end, words.verify
        found: defaultdict[int, list[Span]] = defaultdict(list)
        for number, start, end in hits:
            if start and not is_open[number]:
                before = text[start - 1]
                if before.isalnum() and before < _WIDE_FROM:
                    continue
            easy, loose = listed[number], free[number]
            if easy or loose:
                stop = end if text[end : end + 1] == " " else end_of_word(text, end)
                tail = text[end:stop]
                for tails, language, keys in easy:
                    if tail in tails and (language is None or language in doc.family):
                        for key in keys:
                            found[key].append((start, stop))
                if loose and (not tail or tail.isalpha()):
                    length = stop - end
                    for least, most, language, keys in loose:
                        if least <= length <= most and (language is None or language in doc.family):
                            for key in keys:
                                found[key].append((start, stop))
            for expression, language, keys in rest[number]:
                if language is None or language in doc.family:
                    span = verify(expression, text, start, end)
                    if span is not None:
                        for key in keys:
                            found[key].append(span)
        return found


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


def _hard(text: str, grouped: _Grouped) -> tuple[_Hard, ...]:
    return tuple(
        (expression, expression.language, tuple(dict.fromkeys(keys)))
        for expression, keys in grouped.items()
        if not _plain(text, expression)
    )


def _unbounded(pattern: str) -> bool:
    """Return whether letters may stand right before ``pattern``: no spaces, or joined particles."""
    first = pattern[0]
    return first >= _WIDE_FROM or _CLITIC_FROM <= first <= _CLITIC_TO
