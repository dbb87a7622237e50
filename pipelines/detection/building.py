"""Turn the parts of rules into running ones, against one table of patterns and one of lists."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipelines.detection import model, near, nodes, weighing, words
from pipelines.detection.errors import Fault, suggestion
from pipelines.detection.leaves import LeafError, Leaves, leaves_of
from pipelines.detection.loading import dotted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.detection.loading import Source

Path = tuple[str | int, ...]
MIN_LETTERS = 3.0
"""A rule without a literal of three letters would look at everything."""
_NO_LIST = "; pass the whole folder: its files share their lists"
_RATE_PER_LETTER = 0.35
_NAME_RATE = 0.2
_TOO_SHORT_RATE = 100.0
"""Guesses of how much rarer a word gets with each letter, and names than words."""


@dataclass(slots=True)
class Scope:
    """Where the compiler is, for messages."""

    source: Source
    subject: str | None = None


class Refused(Exception):
    """A part of a rule was refused and its fault noted; the rule around it cannot be built."""


@dataclass
class Builder:
    """Builds the parts of the rules of all files, and notes what is wrong with them."""

    patterns: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    _lists: dict[str, tuple[Source, object]] = field(default_factory=dict)
    _built: dict[str, nodes.Node | None] = field(default_factory=dict)
    _open: list[str] = field(default_factory=list)

    def read_lists(self, sources: Sequence[Source]) -> None:
        """Build the lists of all files, used or not."""
        for source in sources:
            for name, content in source.content.lists.items():
                if name in self._lists:
                    other = self._lists[name][0].file
                    self.fault(Scope(source), ("lists", name), f"also defined in {other}")
                self._lists[name] = (source, content)
        for name, (source, _) in self._lists.items():
            try:
                self._list(name, Scope(source), ("lists", name))
            except Refused:
                continue

    def _list(self, name: str, scope: Scope, path: Path) -> nodes.Node:
        if name in self._open:
            cycle = " → ".join([*self._open[self._open.index(name) :], name])
            raise self.refuse(scope, path, f"lists refer to each other in a circle: {cycle}")
        if name in self._built:
            built = self._built[name]
            if built is None:
                raise Refused
            return built
        if name not in self._lists:
            advice = (
                suggestion(name, self._lists)
                or "; pass the whole folder: its files share their lists"
            )
            raise self.refuse(scope, path, f"no list of this name: @{name}{advice}")
        source, content = self._lists[name]
        self._open.append(name)
        self._built[name] = None
        try:
            where = ("lists", name)
            if isinstance(content, dict):
                part = model.Words(words=content)
                leaves = self._leaf(part, Scope(source), where, as_list=True)
                node: nodes.Node = self._words(leaves or [])
            elif isinstance(content, list):
                node = self._any(content, Scope(source), where)
            else:
                raise self.refuse(scope, path, "expected a list")
            node.label = f"@{name}"
            self._built[name] = node
            return node
        finally:
            self._open.pop()

    def _any(self, parts: Sequence[object], scope: Scope, path: Path) -> nodes.Node:
        """Return the union of ``parts``, with all plain words in one node."""
        leaves: Leaves = []
        others: list[nodes.Node] = []
        refused = False
        for index, part in enumerate(parts):
            try:
                found = self._leaf(part, scope, (*path, index))
                if found is None:
                    others.append(self.node(part, scope, (*path, index)))
                else:
                    leaves += found
            except Refused:
                refused = True
        if refused:
            raise Refused
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
                if letters(expression.pattern) < MIN_LETTERS:
                    rate += _TOO_SHORT_RATE
        return nodes.Words({one: tuple(all_) for one, all_ in variants.items()}, rate)

    def _leaf(
        self, part: object, scope: Scope, path: Path, *, as_list: bool = False
    ) -> Leaves | None:
        try:
            return leaves_of(part)
        except LeafError as error:
            where = error.path[1:] if as_list else error.path
            raise self.refuse(scope, (*path, *where), str(error)) from error

    def node(self, part: object, scope: Scope, path: Path) -> nodes.Node:  # noqa: PLR0911
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

    def _filtered(self, part: object, scope: Scope, path: Path) -> nodes.Node:
        if isinstance(part, model.Cased):
            return nodes.Filtered("cased", self.node(part.cased, scope, (*path, "cased")))
        if isinstance(part, model.Quoted):
            return nodes.Filtered("quoted", self.node(part.quoted, scope, (*path, "quoted")))
        if isinstance(part, model.Scope):
            return nodes.Filtered(part.scope, self.node(part.of, scope, (*path, "of")))
        if isinstance(part, model.Only):
            of = self.node(part.of, scope, (*path, "of"))
            return nodes.Filtered("only", of, frozenset(part.only))
        raise self.refuse(scope, path, "not stands only inside all_of, beside what must be there")

    def _nodes(self, parts: Sequence[object], scope: Scope, path: Path) -> list[nodes.Node]:
        built: list[nodes.Node] = []
        refused = False
        for index, part in enumerate(parts):
            try:
                built.append(self.node(part, scope, (*path, index)))
            except Refused:
                refused = True
        if refused:
            raise Refused
        return built

    def _all(self, part: model.AllOf, scope: Scope, path: Path) -> nodes.Node:
        positive = [one for one in part.all_of if not isinstance(one, model.Not)]
        excluded = [one.not_ for one in part.all_of if isinstance(one, model.Not)]
        if not positive:
            raise self.refuse(scope, path, "fires on everything: only not inside all_of")
        if any(one in positive for one in excluded):
            raise self.refuse(scope, path, "can never fire: the same thing with and without not")
        return nodes.AllOf(self._nodes(positive, scope, path), self._nodes(excluded, scope, path))

    def _not_near(self, body: model.NotNearBody, scope: Scope, path: Path) -> nodes.Node:
        if body.of == body.near:
            raise self.refuse(scope, path, "can never fire: of and near are the same")
        of, beside = self._nodes([body.of, body.near], scope, path)
        return near.NotNear(of, beside, body.within, body.same)

    def _weigh(self, body: model.WeighBody, scope: Scope, path: Path) -> nodes.Node:
        reachable = sum(max(0, one.weight) for one in body.evidence)
        if reachable < body.threshold:
            message = f"can never fire: the weights add up to {reachable} at most"
            raise self.refuse(scope, (*path, "threshold"), message)
        of = self.node(body.of, scope, (*path, "of"))
        clues = [
            self._clue(one, scope, (*path, "evidence", index))
            for index, one in enumerate(body.evidence)
        ]
        return weighing.Weigh(of, body.threshold, clues, one_sense=body.one_sense)

    def _clue(self, one: model.Evidence, scope: Scope, path: Path) -> weighing.Clue:
        if one.find is None and one.when is None:
            raise self.refuse(scope, path, "expected find or when")
        if one.find is None and (one.within is not None or one.same or one.side):
            raise self.refuse(scope, path, "within, side and same belong to find")
        find = None if one.find is None else self.node(one.find, scope, (*path, "find"))
        unless = None if one.unless is None else self.node(one.unless, scope, (*path, "unless"))
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

    def refuse(self, scope: Scope, path: Path, message: str) -> Refused:
        """Note a fault and return what to raise."""
        self.fault(scope, path, message)
        return Refused()

    def fault(self, scope: Scope, path: Path, message: str) -> None:
        """Note what is wrong at ``path``."""
        self.faults.append(
            Fault(
                file=scope.source.file,
                line=scope.source.line(path),
                path=dotted(path),
                message=message,
                subject=scope.subject,
            )
        )


def letters(pattern: str) -> float:
    """Return how many letters and digits ``pattern`` has; an ideograph counts as one and a half."""
    return sum(1.5 if one >= "\u2e80" else 1.0 for one in pattern if one.isalnum())
