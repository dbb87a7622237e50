"""Turn subject files into running rules, and refuse those that cannot mean anything."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipelines.detection import model, near, nodes, weighing, words
from pipelines.detection.errors import Fault, SubjectsError, suggestion
from pipelines.detection.hits import word_lists
from pipelines.detection.leaves import LeafError, Leaves, leaves_of
from pipelines.detection.loading import dotted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipelines.detection.loading import Source

_Path = tuple[str | int, ...]
MIN_LETTERS = 3.0
"""A rule without a literal of three letters would look at everything."""
_RATE_PER_LETTER = 0.35
_NAME_RATE = 0.2
_TOO_SHORT_RATE = 100.0
"""Guesses of how much rarer a word gets with each letter, and names than words."""


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


@dataclass(slots=True)
class _Scope:
    """Where the compiler is, for messages."""

    source: Source
    subject: str | None = None


class _Refused(Exception):
    """A part of a rule was refused and its fault noted; the rule around it cannot be built."""


@dataclass
class Compiler:
    """Compiles the rules of all files against one table of patterns."""

    patterns: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    _lists: dict[str, tuple[Source, object]] = field(default_factory=dict)
    _built: dict[str, nodes.Node | None] = field(default_factory=dict)
    _open: list[str] = field(default_factory=list)

    def compile(self, sources: Sequence[Source]) -> list[Compiled]:
        """Return the subjects of ``sources``.

        Raises:
            SubjectsError: with all the faults.
        """
        self._read_lists(sources)
        compiled: dict[str, Compiled] = {}
        for source in sources:
            for index, subject in enumerate(source.content.subjects):
                scope, path = _Scope(source, subject.id), ("subjects", index)
                if subject.id in compiled:
                    self._fault(scope, (*path, "id"), "the id of another subject already")
                    continue
                one = self._subject(subject, scope, path)
                if one is not None:
                    compiled[subject.id] = one
        if not self.faults and not compiled:
            self._fault(_Scope(sources[0]), ("subjects",), "expected at least one subject")
        if self.faults:
            raise SubjectsError(self.faults)
        return list(compiled.values())

    def _read_lists(self, sources: Sequence[Source]) -> None:
        for source in sources:
            for name, content in source.content.lists.items():
                if name in self._lists:
                    other = self._lists[name][0].file
                    self._fault(_Scope(source), ("lists", name), f"also defined in {other}")
                self._lists[name] = (source, content)
        for name, (source, _) in self._lists.items():
            try:
                self._list(name, _Scope(source), ("lists", name))
            except _Refused:
                continue

    def _subject(self, subject: model.SubjectModel, scope: _Scope, path: _Path) -> Compiled | None:
        try:
            rule = self._subject_rule(subject, scope, path)
        except _Refused:
            return None
        _, keys = rule.anchors()
        anchors = tuple({one.key: one for one in word_lists(rule) if one.key in keys}.values())
        numbers = frozenset().union(*(one.patterns for one in anchors))
        texts = [text for text, number in self.patterns.items() if number in numbers]
        short = [text for text in texts if _letters(text) < MIN_LETTERS]
        if short:
            message = f"{short[0]!r} alone would decide: expected a word of three letters or more"
            self._fault(scope, (*path, "rule"), message)
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
        )

    def _subject_rule(self, subject: model.SubjectModel, scope: _Scope, path: _Path) -> nodes.Node:
        if (subject.rule is None) == (subject.rules is None):
            raise self._refuse(scope, path, "expected either rule or rules with threshold")
        if subject.rules is None:
            if subject.threshold is not None:
                raise self._refuse(scope, (*path, "threshold"), "only with rules, not with rule")
            return self._node(subject.rule, scope, (*path, "rule"))
        if subject.threshold is None:
            raise self._refuse(scope, path, "rules need a threshold")
        reachable = sum(max(0, one.weight) for one in subject.rules)
        if reachable < subject.threshold:
            message = f"can never fire: the weights add up to {reachable} at most"
            raise self._refuse(scope, (*path, "threshold"), message)
        parts = [
            self._node(one.rule, scope, (*path, "rules", i, "rule"))
            for i, one in enumerate(subject.rules)
        ]
        return weighing.Sum(parts, [one.weight for one in subject.rules], subject.threshold)

    def _list(self, name: str, scope: _Scope, path: _Path) -> nodes.Node:
        if name in self._open:
            cycle = " → ".join([*self._open[self._open.index(name) :], name])
            raise self._refuse(scope, path, f"lists refer to each other in a circle: {cycle}")
        if name in self._built:
            built = self._built[name]
            if built is None:
                raise _Refused
            return built
        if name not in self._lists:
            message = f"no list of this name: @{name}{suggestion(name, self._lists)}"
            raise self._refuse(scope, path, message)
        source, content = self._lists[name]
        self._open.append(name)
        self._built[name] = None
        try:
            where = ("lists", name)
            if isinstance(content, dict):
                part = model.Words(words=content)
                leaves = self._leaf(part, _Scope(source), where, as_list=True)
                node: nodes.Node = self._words(leaves or [])
            elif isinstance(content, list):
                node = self._any(content, _Scope(source), where)
            else:
                raise self._refuse(scope, path, "expected a list")
            node.label = f"@{name}"
            self._built[name] = node
            return node
        finally:
            self._open.pop()

    def _any(self, parts: Sequence[object], scope: _Scope, path: _Path) -> nodes.Node:
        """Return the union of ``parts``, with all plain words in one node."""
        leaves: Leaves = []
        others: list[nodes.Node] = []
        refused = False
        for index, part in enumerate(parts):
            try:
                found = self._leaf(part, scope, (*path, index))
                if found is None:
                    others.append(self._node(part, scope, (*path, index)))
                else:
                    leaves += found
            except _Refused:
                refused = True
        if refused:
            raise _Refused
        if leaves:
            others.append(self._words(leaves))
        return others[0] if len(others) == 1 else nodes.AnyOf(others)

    def _words(self, leaves: Leaves) -> nodes.Words:
        variants: dict[int, list[words.Expression]] = {}
        rate = 0.0
        for expression, name in leaves:
            number = self.patterns.setdefault(expression.pattern, len(self.patterns))
            known = variants.setdefault(number, [])
            if expression not in known:
                known.append(expression)
                rarity = 10 ** (-_RATE_PER_LETTER * words.weight_of(expression.pattern))
                rate += rarity * (_NAME_RATE if name else 1.0)
                if _letters(expression.pattern) < MIN_LETTERS:
                    rate += _TOO_SHORT_RATE
        return nodes.Words({one: tuple(all_) for one, all_ in variants.items()}, rate)

    def _leaf(
        self, part: object, scope: _Scope, path: _Path, *, as_list: bool = False
    ) -> Leaves | None:
        try:
            return leaves_of(part)
        except LeafError as error:
            where = error.path[1:] if as_list else error.path
            raise self._refuse(scope, (*path, *where), str(error)) from error

    def _node(self, part: object, scope: _Scope, path: _Path) -> nodes.Node:  # noqa: PLR0911
        """Return the running form of one part of a rule."""
        if isinstance(part, str) and part.startswith("@"):
            return self._list(part[1:], scope, path)
        leaves = self._leaf(part, scope, path)
        if leaves is not None:
            return self._words(leaves)
        if isinstance(part, model.AnyOf):
            return self._any(part.any_of, scope, (*path, "any_of"))
        if isinstance(part, model.AllOf):
            return self._all(part, scope, (*path, "all_of"))
        if isinstance(part, model.Near):
            body, where = part.near, (*path, "near")
            parts = self._nodes(body.of, scope, (*where, "of"))
            return near.Near(parts, body.within, body.same, ordered=body.ordered)
        if isinstance(part, model.NotNear):
            return self._not_near(part.not_near, scope, (*path, "not_near"))
        if isinstance(part, model.Seq):
            return near.Seq(self._nodes(part.seq, scope, (*path, "seq")))
        if isinstance(part, model.Weigh):
            return self._weigh(part.weigh, scope, (*path, "weigh"))
        return self._filtered(part, scope, path)

    def _filtered(self, part: object, scope: _Scope, path: _Path) -> nodes.Node:
        if isinstance(part, model.Cased):
            return nodes.Filtered("cased", self._node(part.cased, scope, (*path, "cased")))
        if isinstance(part, model.Quoted):
            return nodes.Filtered("quoted", self._node(part.quoted, scope, (*path, "quoted")))
        if isinstance(part, model.Scope):
            return nodes.Filtered(part.scope, self._node(part.of, scope, (*path, "of")))
        if isinstance(part, model.Only):
            of = self._node(part.of, scope, (*path, "of"))
            return nodes.Filtered("only", of, frozenset(part.only))
        raise self._refuse(scope, path, "not stands only inside all_of, beside what must be there")

    def _nodes(self, parts: Sequence[object], scope: _Scope, path: _Path) -> list[nodes.Node]:
        built: list[nodes.Node] = []
        refused = False
        for index, part in enumerate(parts):
            try:
                built.append(self._node(part, scope, (*path, index)))
            except _Refused:
                refused = True
        if refused:
            raise _Refused
        return built

    def _all(self, part: model.AllOf, scope: _Scope, path: _Path) -> nodes.Node:
        positive = [one for one in part.all_of if not isinstance(one, model.Not)]
        excluded = [one.not_ for one in part.all_of if isinstance(one, model.Not)]
        if not positive:
            raise self._refuse(scope, path, "fires on everything: only not inside all_of")
        if any(one in positive for one in excluded):
            raise self._refuse(scope, path, "can never fire: the same thing with and without not")
        return nodes.AllOf(self._nodes(positive, scope, path), self._nodes(excluded, scope, path))

    def _not_near(self, body: model.NotNearBody, scope: _Scope, path: _Path) -> nodes.Node:
        if body.of == body.near:
            raise self._refuse(scope, path, "can never fire: of and near are the same")
        of, beside = self._nodes([body.of, body.near], scope, path)
        return near.NotNear(of, beside, body.within, body.same)

    def _weigh(self, body: model.WeighBody, scope: _Scope, path: _Path) -> nodes.Node:
        reachable = sum(max(0, one.weight) for one in body.evidence)
        if reachable < body.threshold:
            message = f"can never fire: the weights add up to {reachable} at most"
            raise self._refuse(scope, (*path, "threshold"), message)
        of = self._node(body.of, scope, (*path, "of"))
        clues = [
            self._clue(one, scope, (*path, "evidence", index))
            for index, one in enumerate(body.evidence)
        ]
        return weighing.Weigh(of, body.threshold, clues)

    def _clue(self, one: model.Evidence, scope: _Scope, path: _Path) -> weighing.Clue:
        if one.find is None and one.when is None:
            raise self._refuse(scope, path, "expected find or when")
        if one.find is None and (one.within is not None or one.same or one.side):
            raise self._refuse(scope, path, "within, side and same belong to find")
        find = None if one.find is None else self._node(one.find, scope, (*path, "find"))
        unless = None if one.unless is None else self._node(one.unless, scope, (*path, "unless"))
        shown = one.find if isinstance(one.find, str) else "a rule" if one.find else ""
        place = f"within {one.within} words" if one.within is not None else one.same or "article"
        text = " ".join(filter(None, [one.when, shown and f"{shown} ({place})"]))
        return weighing.Clue(
            text=text,
            weight=one.weight,
            find=find,
            when=one.when,
            unless=unless,
            within=one.within,
            side=one.side,
            same=one.same,
        )

    def _refuse(self, scope: _Scope, path: _Path, message: str) -> _Refused:
        self._fault(scope, path, message)
        return _Refused()

    def _fault(self, scope: _Scope, path: _Path, message: str) -> None:
        self.faults.append(
            Fault(
                file=scope.source.file,
                line=scope.source.line(path),
                path=dotted(path),
                message=message,
                subject=scope.subject,
            )
        )


def _letters(pattern: str) -> float:
    return sum(1.5 if one >= "\u2e80" else 1.0 for one in pattern if one.isalnum())
