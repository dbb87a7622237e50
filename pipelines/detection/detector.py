"""Find the mentions of all subjects in an article.

One automaton holds every pattern of every rule in every language. A small one before it holds
only the anchors, the words without which no rule can fire: most articles end there. Rules are
evaluated for the subjects whose anchors were hit, and only on those articles.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import ahocorasick_rs

from connectors.records import Mention
from pipelines.detection.compiling import Compiled, Compiler
from pipelines.detection.document import Document, family_of
from pipelines.detection.hits import Row, Table, verified, word_lists
from pipelines.detection.loading import default_subjects_dir, read_files, subject_files

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from pipelines.detection.document import Span

_MAX_CHOICES = 200
"""Combinations of subjects whose patterns are remembered; usual news has a few dozen."""
_MAX_LANGUAGES = 500
"""Languages whose family is remembered; more are a caller's invention."""
_FAST_CHARS = 60_000
"""Patterns of so many letters at most make a larger and faster automaton."""
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
        lists = {node.key: node for one in compiled for node in word_lists(one.rule)}
        anchors = {node.key: node for one in compiled for node in one.anchors}
        others = [node for key, node in lists.items() if key not in anchors]
        self._gate_numbers = sorted(frozenset().union(*(n.patterns for n in anchors.values())))
        self._gate = _automaton([self._texts[one] for one in self._gate_numbers], fast=True)
        self._gate_table = Table(self._texts, anchors.values())
        self._table = Table(self._texts, others)
        self._keys = [one.keys for one in compiled]
        self._asking: dict[int, tuple[int, ...]] = {
            key: tuple(i for i, keys in enumerate(self._keys) if key in keys) for key in anchors
        }
        self._patterns = [
            frozenset[int]().union(
                *(node.patterns for node in word_lists(one.rule) if node.key not in anchors)
            )
            for one in compiled
        ]
        self._languages = self._gate_table.languages | self._table.languages
        self._families: dict[frozenset[str], _Family] = {}
        self._of_language: dict[str, _Family] = {}
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

    def detect(
        self,
        *,
        title: str,
        text: str,
        language: str | None = None,
        published_at: datetime | None = None,
    ) -> tuple[Mention, ...]:
        """Return the mentions in an article, sorted by field and offset.

        Args:
            title: the headline, may be empty.
            text: the article without its headline.
            language: ISO 639-1; short words and rules with ``only`` depend on it.
            published_at: subjects with a later ``since`` are not looked for; None counts as now.

        Returns:
            Mentions whose ``start`` and ``end`` are offsets into the unchanged ``title`` or
            ``text``; mentions of one subject do not overlap. At most ``MAX_MENTIONS``.
        """
        doc = self.prepare(title=title, text=text, language=language)
        if doc is None:
            return ()
        found: list[Mention] = []
        for number in doc.chosen:
            one = self.compiled[number]
            spans = doc.spans(one.rule)
            if spans and not one.is_before(published_at):
                found += _mentions(one.id, doc, spans, title, text)
        found.sort(key=_order)
        return tuple(found[:MAX_MENTIONS])

    def prepare(
        self, *, title: str, text: str, language: str | None, force: bool = False
    ) -> Document | None:
        """Return the article with the hits of all patterns, or None when no anchor is there."""
        doc = Document(title, text, language)
        try:
            anchors = self._gate.find_matches_as_indexes(doc.text, overlapping=True)
        except UnicodeEncodeError:
            doc.encodable()
            anchors = self._gate.find_matches_as_indexes(doc.text, overlapping=True)
        if not anchors and not force:
            return None
        family = self._family(doc)
        chosen: set[int] = set(range(len(self._keys))) if force else set()
        if anchors:
            found = verified(doc.text, anchors, family.gate)
            doc.hold(found)
            for key in found:
                chosen.update(self._asking[key])
        if not chosen:
            return None
        doc.chosen = tuple(sorted(chosen))
        asked = family.asked(doc.chosen, self._patterns)
        hits = family.automaton.find_matches_as_indexes(doc.text, overlapping=True)
        doc.hold(verified(doc.text, hits, asked))
        return doc

    def _family(self, doc: Document) -> _Family:
        """Return what is searched in texts of the language of ``doc``, built at its first one."""
        language = doc.identified
        built = self._of_language.get(language)
        if built is None:
            built = self._build(family_of(language))
            if len(self._of_language) < _MAX_LANGUAGES:
                self._of_language[language] = built
        return built

    def _build(self, family: frozenset[str]) -> _Family:
        known = family & self._languages
        built = self._families.get(known)
        if built is None:
            gate = [self._gate_table.row(number, known) for number in self._gate_numbers]
            rows = {i: self._table.row(i, known) for i in range(len(self._texts))}
            numbers = [number for number, row in rows.items() if row is not None]
            built = self._families[known] = _Family(
                gate=gate,
                numbers=numbers,
                rows=[rows[number] for number in numbers],
                automaton=_automaton([self._texts[number] for number in numbers]),
            )
        return built


@dataclass(frozen=True, slots=True, kw_only=True)
class _Family:
    """What is searched in texts of certain languages: no pattern that says nothing in them."""

    gate: Sequence[Row | None]
    numbers: Sequence[int]
    rows: Sequence[Row | None]
    automaton: ahocorasick_rs.AhoCorasick
    _asked: dict[tuple[int, ...], Sequence[Row | None]] = field(default_factory=dict)

    def asked(
        self, chosen: tuple[int, ...], patterns: Sequence[frozenset[int]]
    ) -> Sequence[Row | None]:
        """Return the rows with None for those that none of the ``chosen`` subjects needs."""
        asked = self._asked.get(chosen)
        if asked is None:
            wanted = frozenset[int]().union(*(patterns[one] for one in chosen))
            pairs = zip(self.numbers, self.rows, strict=True)
            asked = [row if number in wanted else None for number, row in pairs]
            if len(self._asked) >= _MAX_CHOICES:
                self._asked.clear()
            self._asked[chosen] = asked
        return asked


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


def _automaton(texts: Sequence[str], *, fast: bool = False) -> ahocorasick_rs.AhoCorasick:
    """Return the automaton of ``texts``; a large ``fast`` one would be slower, it misses caches."""
    table = fast and sum(map(len, texts)) <= _FAST_CHARS
    kind = ahocorasick_rs.Implementation.DFA if table else None
    return ahocorasick_rs.AhoCorasick(list(texts), store_patterns=False, implementation=kind)


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
