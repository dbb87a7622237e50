"""Run the tests that every subject carries, and explain why a rule fires or does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING

from pipelines.detection import model, weighing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipelines.detection.compiling import Compiled
    from pipelines.detection.detector import Detector
    from pipelines.detection.document import Document, Span
    from pipelines.detection.nodes import Node

MAX_SHOWN = 5
"""Matches of one part that an explanation quotes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one test of a subject."""

    subject: str
    file: str
    line: int
    kind: str
    text: str
    passed: bool


def run_tests(detector: Detector) -> Iterator[Outcome]:
    """Yield the outcome of every test of every subject, in the order of the files."""
    for one in detector.compiled:
        for kind, cases in (("match", one.tests.match), ("no_match", one.tests.no_match)):
            for case in cases:
                found = _found(detector, one.id, case)
                yield Outcome(
                    subject=one.id,
                    file=one.file,
                    line=one.line,
                    kind=kind,
                    text=case if isinstance(case, str) else f"{case.title} | {case.text}",
                    passed=found == (kind == "match"),
                )


def _found(detector: Detector, subject: str, case: str | model.Case) -> bool:
    if isinstance(case, str):
        case = model.Case(text=case)
    mentions = detector.detect(
        title=case.title,
        text=case.text,
        language=case.lang,
        published_at=datetime.combine(case.published, time()) if case.published else None,
    )
    return any(one.subject == subject for one in mentions)


def explain(  # noqa: PLR0913 - an article, and what is asked of it
    detector: Detector,
    *,
    title: str,
    text: str,
    language: str | None,
    subjects: Sequence[str] = (),
    published_at: datetime | None = None,
) -> list[str]:
    """Return, line by line, what each rule found in a text and what it missed.

    Args:
        detector: the compiled subjects.
        title: the headline.
        text: the article.
        language: its language.
        subjects: the ids to explain; none means those that fire or come close.
        published_at: when the article was published; None counts as now.
    """
    doc = detector.prepare(title=title, text=text, language=language, force=True)
    lines: list[str] = []
    for one in detector.compiled:
        if subjects and one.id not in subjects:
            continue
        lines += _explained(one, doc, published_at, wanted=bool(subjects))
    return lines or ["no subject: no word of any rule stands in this text"]


def _explained(
    one: Compiled, doc: Document | None, published_at: datetime | None, *, wanted: bool
) -> list[str]:
    if doc is None or one.keys.isdisjoint(doc.present):
        reason = "none of the words that the rule needs is in the text"
        return [f"{one.id}: does not fire: {reason}"] if wanted else []
    spans = doc.spans(one.rule)
    candidates = any(_weighed(part, doc) for part in _walk(one.rule))
    if not spans and not candidates and not wanted:
        return []
    head = f"{one.id}: fires on {_quoted(doc, spans)}" if spans else f"{one.id}: does not fire"
    if spans and published_at is not None and one.is_before(published_at):
        head = (
            f"{one.id}: does not count: the article of {published_at:%Y-%m-%d} was published "
            f"before {one.since}, since when the subject is tracked"
        )
    return [head, *_tree(one.rule, doc, 1)]


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for part in node.parts:
        yield from _walk(part)


def _weighed(node: Node, doc: Document) -> bool:
    return isinstance(node, weighing.Weigh) and bool(doc.spans(node.parts[0]))


def _tree(node: Node, doc: Document, depth: int) -> list[str]:
    spans = doc.spans(node)
    name = node.label or "words"
    lines = [f"{'  ' * depth}{name}: {_quoted(doc, spans) if spans else 'no match'}"]
    if isinstance(node, weighing.Weigh):
        for span in doc.spans(node.parts[0])[:MAX_SHOWN]:
            lines += _score(node, doc, span, depth + 1)
    elif node.parts and not name.startswith("@"):
        for part in node.parts:
            lines += _tree(part, doc, depth + 1)
    return lines


def _score(node: weighing.Weigh, doc: Document, span: Span, depth: int) -> list[str]:
    holding = [clue for clue in node.clues if clue.holds(doc, span)]
    total = sum(clue.weight for clue in holding)
    verdict = "counts" if span in doc.spans(node) else "does not count"
    indent = "  " * depth
    lines = [f"{indent}{_quoted(doc, [span])} {verdict}: {total} of {node.threshold}"]
    if node.one_sense:
        lines[0] += f", {node.near_sum(doc, span)} near it"
        if total >= node.threshold and not doc.spans(node):
            lines[0] += ": too little near all mentions together"
    return lines + [f"{indent}  {clue.weight:+d} {clue.text}" for clue in holding]


def _quoted(doc: Document, spans: Sequence[Span]) -> str:
    shown = []
    for begin, stop in spans[:MAX_SHOWN]:
        start, end = doc.folded.span(begin, stop, doc.original)
        shown.append(f"«{doc.original[start:end]}»")
    more = f" and {len(spans) - MAX_SHOWN} more" if len(spans) > MAX_SHOWN else ""
    return ", ".join(shown) + more
