"""Turn subject files into running rules, and refuse those that cannot mean anything."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timezone
from typing import TYPE_CHECKING

from pipelines.detection import model, nodes, weighing
from pipelines.detection.building import MIN_LETTERS, Builder, Path, Refused, Scope, letters
from pipelines.detection.errors import SubjectsError
from pipelines.detection.hits import word_lists

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from pipelines.detection.loading import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A subject that runs."""

    id: str
    kind: str
    names: Mapping[str, str]
    rule: nodes.Node
    anchors: tuple[nodes.Words, ...]
    keys: frozenset[int]
    tests: model.Tests
    file: str
    line: int
    since: date | None = None

    def is_before(self, published_at: datetime | None) -> bool:
        """Return whether an article published then is too old to mean the subject.

        An unknown time counts as now; a time without a zone as UTC.
        """
        if self.since is None or published_at is None:
            return False
        if published_at.tzinfo is not None:
            published_at = published_at.astimezone(timezone.utc)
        return published_at.date() < self.since


@dataclass
class Compiler:
    """Compiles the rules of all files against one table of patterns."""

    _parts: Builder = field(default_factory=Builder)

    @property
    def patterns(self) -> Mapping[str, int]:
        """All patterns of all rules, numbered."""
        return self._parts.patterns

    def compile(self, sources: Sequence[Source]) -> list[Compiled]:
        """Return the subjects of ``sources``.

        Raises:
            SubjectsError: with all the faults.
        """
        self._parts.read_lists(sources)
        compiled: dict[str, Compiled] = {}
        for source in sources:
            for index, subject in enumerate(source.content.subjects):
                scope, path = Scope(source, subject.id), ("subjects", index)
                if subject.id in compiled:
                    self._parts.fault(scope, (*path, "id"), "the id of another subject already")
                    continue
                one = self._subject(subject, scope, path)
                if one is not None:
                    compiled[subject.id] = one
        if not self._parts.faults and not compiled:
            self._parts.fault(Scope(sources[0]), ("subjects",), "expected at least one subject")
        if self._parts.faults:
            raise SubjectsError(self._parts.faults)
        return list(compiled.values())

    def _subject(self, subject: model.SubjectModel, scope: Scope, path: Path) -> Compiled | None:
        try:
            rule = self._subject_rule(subject, scope, path)
        except Refused:
            return None
        _, keys = rule.anchors()
        anchors = tuple({one.key: one for one in word_lists(rule) if one.key in keys}.values())
        numbers = frozenset().union(*(one.patterns for one in anchors))
        texts = [text for text, number in self.patterns.items() if number in numbers]
        short = [text for text in texts if letters(text) < MIN_LETTERS]
        if short:
            message = f"{short[0]!r} alone would decide: expected a word of three letters or more"
            self._parts.fault(scope, (*path, "rule"), message)
            return None
        return Compiled(
            id=subject.id,
            kind=subject.kind,
            names=subject.names,
            rule=rule,
            anchors=anchors,
            keys=keys,
            tests=subject.tests,
            file=scope.source.file,
            line=scope.source.line(path),
            since=subject.since,
        )

    def _subject_rule(self, subject: model.SubjectModel, scope: Scope, path: Path) -> nodes.Node:
        if (subject.rule is None) == (subject.rules is None):
            raise self._parts.refuse(scope, path, "expected either rule or rules with threshold")
        if subject.rules is None:
            if subject.threshold is not None:
                raise self._parts.refuse(
                    scope, (*path, "threshold"), "only with rules, not with rule"
                )
            return self._parts.node(subject.rule, scope, (*path, "rule"))
        if subject.threshold is None:
            raise self._parts.refuse(scope, path, "rules need a threshold")
        reachable = sum(max(0, one.weight) for one in subject.rules)
        if reachable < subject.threshold:
            message = f"can never fire: the weights add up to {reachable} at most"
            raise self._parts.refuse(scope, (*path, "threshold"), message)
        parts = [
            self._parts.node(one.rule, scope, (*path, "rules", i, "rule"))
            for i, one in enumerate(subject.rules)
        ]
        return weighing.Sum(parts, [one.weight for one in subject.rules], subject.threshold)
