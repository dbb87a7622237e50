"""One clause: a stretch of a sentence around its predicates, with its cues by kind."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipelines.claims.sentences.pointing import ONE

if TYPE_CHECKING:
    from collections.abc import KeysView

    from connectors.records import Mention, TimeExpression
    from pipelines.claims.words.vocabulary import Cue

_WORDS = """
done attr deploy will moving present use ready absent suspend leave back
"""
PREDICATES = frozenset(_WORDS.split())
"""Kinds that can carry a status by themselves: a clause is built around one of them."""

OPERATORS = frozenset(("modal", "future", "plan", "request", "begin", "deny", "not"))
"""Kinds that change the status of the predicate that they govern."""


@dataclass(slots=True)
class Clause:
    """A stretch of a sentence around its predicates."""

    start: int
    end: int
    cues: list[Cue] = field(default_factory=list)
    systems: list[Mention] = field(default_factory=list)
    times: list[TimeExpression] = field(default_factory=list)
    stops: bool = False
    """Whether a semicolon ends it: what follows is another statement."""
    tail: int = 0
    """Where the first piece without a verb of its own begins that was joined to it; 0 if none."""
    is_inset: bool = False
    """Whether the clause around it tells it in passing: see :mod:`.insets`."""
    is_whole: bool = False
    """Whether it says all by itself beside another that does: see :func:`.wholes.is_whole`."""
    verb_of: Clause | None = None
    """The clause whose verb it leaves out: see :mod:`.gapping`."""
    _kinds: dict[str, list[Cue]] | None = None

    def of(self, *kinds: str) -> list[Cue]:
        """Return the cues of these kinds, in order."""
        by_kind = self._kinds
        if by_kind is None:
            by_kind = self._by_kind()
        if len(kinds) == 1:
            return by_kind.get(kinds[0], [])
        known = [kind for kind in kinds if kind in by_kind]
        if len(known) < 2:
            return by_kind[known[0]] if known else []
        return [cue for cue in self.cues if cue.kind in known]

    def has(self, *kinds: str) -> bool:
        """Say whether a cue of one of these kinds is there."""
        by_kind = self._kinds
        if by_kind is None:
            by_kind = self._by_kind()
        if len(kinds) == 1:
            return kinds[0] in by_kind
        return not by_kind.keys().isdisjoint(kinds)

    def has_any(self, kinds: frozenset[str]) -> bool:
        """Say what :meth:`has` does of a set: the quicker, the more kinds there are."""
        by_kind = self._kinds
        if by_kind is None:
            by_kind = self._by_kind()
        return not by_kind.keys().isdisjoint(kinds)

    def kinds(self) -> KeysView[str]:
        """Return the kinds of its cues."""
        by_kind = self._kinds
        if by_kind is None:
            by_kind = self._by_kind()
        return by_kind.keys()

    def has_one(self) -> bool:
        """Say whether "the first" stands for a weapon in it."""
        return any(cue.value == ONE for cue in self.of("weapon"))

    def undivided(self, systems: list[Mention]) -> Clause:
        """Return one clause of the whole of it, about ``systems``."""
        whole = Clause(self.start, self.end, self.cues, systems, [*self.times])
        whole._kinds = self._kinds
        return whole

    def _by_kind(self) -> dict[str, list[Cue]]:
        found: dict[str, list[Cue]] = {}
        for cue in self.cues:
            kind = cue.kind
            if kind in found:
                found[kind].append(cue)
            else:
                found[kind] = [cue]
        self._kinds = found
        return found
