"""Find the mentions of all subjects in an article.

One automaton holds every pattern of every rule in every language. A small one before it holds
only the anchors, the words without which no rule can fire: most articles end there. Rules are
evaluated for the subjects whose anchors were hit, and only on those articles.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import ahocorasick_rs

from connectors.records import Mention
from pipelines.detection.compiling import Compiled, Compiler
from pipelines.detection.document import Document
from pipelines.detection.loading import default_subjects_dir, read_files, subject_files
from pipelines.detection.nodes import AnyOf, Words
from pipelines.detection.weighing import Sum
from pipelines.detection.words import verify

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from pipelines.detection.document import Span
    from pipelines.detection.nodes import Node
    from pipelines.detection.words import Expression

_WIDE_FROM = "\u2e80"
_CLITIC_FROM, _CLITIC_TO = "\u0590", "\u06ff"
MAX_MENTIONS = 100_000
"""Mentions reported of one article; a text with more is a machine's, and its tail adds nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A thing that is tracked."""

    id: str
    kind: str
    names: Mapping[str, str]


class Detector:
    """Compiled rules; safe to share between threads, built once per process."""

    def __init__(self, compiled: Sequence[Compiled], patterns: Mapping[str, int]) -> None:
        self.compiled = tuple(compiled)
        self._texts = list(patterns)
        self._all = _automaton(self._texts)
        anchors = sorted(frozenset().union(*(one.anchors for one in compiled)))
        self._gated = len(anchors) < len(self._texts)
        self._gate = _automaton([self._texts[number] for number in anchors])
        known = _expressions(compiled)
        self._gate_expressions = [tuple(known.get(number, ())) for number in anchors]
        self._gate_open = [_unbounded(self._texts[number]) for number in anchors]
        self._open = [_unbounded(text) for text in self._texts]
        self._subjects = MappingProxyType(
            {one.id: Subject(id=one.id, kind=one.kind, names=one.names) for one in compiled}
        )

    @property
    def subjects(self) -> Mapping[str, Subject]:
        """The subjects by id, in the order of the files."""
        return self._subjects

    @property
    def pattern_count(self) -> int:
        """How many patterns the automaton holds."""
        return len(self._texts)

    def detect(self, *, title: str, text: str, language: str | None = None) -> tuple[Mention, ...]:
        """Return the mentions in an article, sorted by field and offset.

        Args:
            title: the headline, may be empty.
            text: the article without its headline.
            language: ISO 639-1; it matters only to rules with ``only``.

        Returns:
            Mentions whose ``start`` and ``end`` are offsets into the unchanged ``title`` or
            ``text``; mentions of one subject do not overlap. At most ``MAX_MENTIONS``.
        """
        doc = self.prepare(title=title, text=text, language=language)
        if doc is None:
            return ()
        found: list[Mention] = []
        for one in self.compiled:
            if not one.anchors.isdisjoint(doc.hits):
                found += _mentions(one.id, doc, doc.spans(one.rule), title, text)
        found.sort(key=_order)
        return tuple(found[:MAX_MENTIONS])

    def prepare(
        self, *, title: str, text: str, language: str | None, force: bool = False
    ) -> Document | None:
        """Return the article with the hits of all patterns, or None when no anchor is there."""
        doc = Document(title, text, language)
        try:
            if not force and self._gated and not self._passes(doc.text):
                return None
            hits = self._all.find_matches_as_indexes(doc.text, overlapping=True)
        except UnicodeEncodeError:
            doc.encodable()
            return self._prepared(doc)
        self._sort(doc, hits)
        return doc

    def _prepared(self, doc: Document) -> Document:
        self._sort(doc, self._all.find_matches_as_indexes(doc.text, overlapping=True))
        return doc

    def _passes(self, text: str) -> bool:
        is_open, expressions = self._gate_open, self._gate_expressions
        for number, start, end in self._gate.find_matches_as_indexes(text, overlapping=True):
            if is_open[number] or start == 0 or not _letter(text[start - 1]):
                for expression in expressions[number]:
                    if verify(expression, text, start, end):
                        return True
        return False

    def _sort(self, doc: Document, hits: Sequence[tuple[int, int, int]]) -> None:
        text, is_open, sorted_hits = doc.text, self._open, doc.hits
        for number, start, end in hits:
            if start == 0 or is_open[number] or not _letter(text[start - 1]):
                spans = sorted_hits.get(number)
                if spans is None:
                    sorted_hits[number] = [(start, end)]
                else:
                    spans.append((start, end))


def load_detector(paths: Sequence[str | Path] | None = None) -> Detector:
    """Return the detector of the subject files at ``paths``, compiled once per process.

    Args:
        paths: files or directories; None means the shipped subjects.

    Raises:
        pipelines.detection.errors.SubjectsError: with everything that is wrong with them.
    """
    chosen = [default_subjects_dir()] if paths is None else paths
    files = subject_files(chosen)
    stamps = tuple((str(one), one.stat().st_mtime_ns, one.stat().st_size) for one in files)
    return _load(stamps)


@lru_cache(maxsize=8)
def _load(stamps: tuple[tuple[str, int, int], ...]) -> Detector:
    from pathlib import Path  # noqa: PLC0415 - a plain name is only needed here

    sources = read_files([Path(name) for name, _, _ in stamps])
    compiler = Compiler()
    compiled = compiler.compile(sources)
    return Detector(compiled, compiler.patterns)


def _expressions(compiled: Sequence[Compiled]) -> dict[int, set[Expression]]:
    """Return what each anchor stands for in the rules."""
    found: dict[int, set[Expression]] = {}
    for one in compiled:
        for node in _anchoring(one.rule):
            for number, variants in node.variants.items():
                found.setdefault(number, set()).update(variants)
    return found


def _anchoring(node: Node) -> Iterator[Words]:
    """Yield the word lists whose patterns are the anchors of ``node``."""
    if isinstance(node, Words):
        yield node
    elif isinstance(node, (AnyOf, Sum)):
        for part in node.parts:
            yield from _anchoring(part)
    else:
        anchors = node.anchors()
        yield from _anchoring(next(one for one in node.parts if one.anchors() == anchors))


def _automaton(texts: Sequence[str]) -> ahocorasick_rs.AhoCorasick:
    return ahocorasick_rs.AhoCorasick(list(texts), store_patterns=False)


def _unbounded(pattern: str) -> bool:
    """Return whether letters may stand right before ``pattern``: no spaces, or joined particles."""
    first = pattern[0]
    return first >= _WIDE_FROM or _CLITIC_FROM <= first <= _CLITIC_TO


def _letter(one: str) -> bool:
    return one.isalnum() and one < _WIDE_FROM


def _order(mention: Mention) -> tuple[bool, int, int, str]:
    return mention.field == "text", mention.start, mention.end, mention.subject


def _mentions(
    subject: str, doc: Document, spans: Sequence[Span], title: str, text: str
) -> list[Mention]:
    found = []
    for begin, stop in _merged(spans):
        start, end = doc.folded.span(begin, stop, doc.original)
        field, whole = "text", text
        if start < doc.body_original:
            field, whole = "title", title
        else:
            start, end = start - doc.body_original, end - doc.body_original
        end = min(end, len(whole))
        if start < end:
            quote = whole[start:end]
            one = Mention(subject=subject, field=field, start=start, end=end, quote=quote)
            found.append(one)
    return found


def _merged(spans: Sequence[Span]) -> list[Span]:
    """Return ``spans`` with overlapping ones as one."""
    merged: list[Span] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
