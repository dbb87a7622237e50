"""Score detection, times and claims on labelled texts: ``make quality``.

Reads the development data beside the repository when it is there, and always the project's own
cases in ``tests/data``. Prints precision, recall and F1 of the subjects by language and by
subject, the overlap of quotes, the hard negatives, times and claims, and lists every error.

    .venv/bin/python tools/quality.py [--quiet] [--only NAME] [FILE …]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from pipelines.detection import Detector, identify_language, load_detector  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SHARED = ROOT.parent / "shared" / "data"
OWN = ROOT / "tests" / "data"


@dataclass
class Tally:
    """Right, wrong and missed, over all and by key."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, found: Counter[Any], expected: Counter[Any]) -> None:
        both = found & expected
        self.right += both.total()
        self.wrong += (found - both).total()
        self.missed += (expected - both).total()

    @property
    def precision(self) -> float:
        return self.right / ((self.right + self.wrong) or 1)

    @property
    def recall(self) -> float:
        return self.right / ((self.right + self.missed) or 1)

    @property
    def f1(self) -> float:
        return 2 * self.right / ((2 * self.right + self.wrong + self.missed) or 1)

    def __str__(self) -> str:
        return (
            f"P {self.precision:.3f}  R {self.recall:.3f}  F1 {self.f1:.3f}  "
            f"(right {self.right}, wrong {self.wrong}, missed {self.missed})"
        )


@dataclass
class Report:
    """What is known after one set of texts."""

    name: str
    all: Tally = field(default_factory=Tally)
    by_language: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    by_subject: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    quotes: int = 0
    quotes_found: int = 0
    negatives: int = 0
    negatives_right: int = 0
    negatives_by_language: Counter[str] = field(default_factory=Counter)
    languages_right: int = 0
    errors: list[str] = field(default_factory=list)
    items: int = 0


def read_items(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the items of a JSON Lines file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def seed_items() -> Iterator[dict[str, Any]]:
    """Yield the seed pages as items, extracted as the pipeline extracts them."""
    labels = SHARED / "seeds-labels.json"
    if not labels.exists():
        return
    import trafilatura  # noqa: PLC0415 - only when there are pages

    for page in json.loads(labels.read_text(encoding="utf-8"))["documents"]:
        html = (SHARED / "seeds-site" / page["path"]).read_bytes()
        text = trafilatura.extract(html, fast=True, include_comments=False) or ""
        yield {
            "id": Path(page["path"]).stem,
            "lang": page["language"],
            "title": page["title"],
            "text": text,
            "published_at": page["published_at"],
            "subjects": page["subjects"],
            "claims": page["claims"],
            "mentions": [],
        }


def score_subjects(name: str, items: Iterable[dict[str, Any]], detector: Detector) -> Report:
    """Return the scores of the detector on labelled ``items``."""
    report = Report(name)
    for item in items:
        title, text = item.get("title") or "", item["text"]
        language = identify_language(f"{title}\n{text}")
        report.items += 1
        report.languages_right += language == item["lang"]
        published = _moment(item.get("published_at"))
        mentions = detector.detect(
            title=title, text=text, language=language, published_at=published
        )
        found, expected = {one.subject for one in mentions}, set(item["subjects"])
        report.all.add(Counter(found), Counter(expected))
        report.by_language[item["lang"]].add(Counter(found), Counter(expected))
        for subject in found | expected:
            report.by_subject[subject].add(
                Counter({subject} & found), Counter({subject} & expected)
            )
        if not expected:
            report.negatives += 1
            report.negatives_right += not found
        for label in item.get("mentions", []):
            report.quotes += 1
            report.quotes_found += _overlaps(label, mentions, title, text)
        for subject in sorted(found - expected):
            words = next(one.quote for one in mentions if one.subject == subject)
            report.errors.append(f"{item['id']}: wrong {subject}: {words!r}")
        report.errors += [f"{item['id']}: missed {one}" for one in sorted(expected - found)]
    return report


def _overlaps(label: dict[str, Any], mentions: Iterable[Any], title: str, text: str) -> bool:
    whole = title if label["field"] == "title" else text
    start = whole.find(label["quote"])
    while start >= 0:
        end = start + len(label["quote"])
        for one in mentions:
            same = one.subject == label["subject"] and one.field == label["field"]
            if same and one.start < end and one.end > start:
                return True
        start = whole.find(label["quote"], start + 1)
    return False


def show_subjects(report: Report, *, quiet: bool) -> None:
    """Print a report on subjects."""
    print(f"\n== subjects: {report.name} ({report.items} texts)")
    print(f"all         {report.all}")
    if report.negatives:
        share = report.negatives_right / report.negatives
        print(f"negatives   {report.negatives_right}/{report.negatives} right ({share:.3f})")
    if report.quotes:
        share = report.quotes_found / report.quotes
        print(f"quotes      {report.quotes_found}/{report.quotes} overlapped ({share:.3f})")
    print(f"languages   {report.languages_right}/{report.items} identified")
    if quiet:
        return
    for title, tallies in (("language", report.by_language), ("subject", report.by_subject)):
        print(f"-- by {title}")
        for key, tally in sorted(tallies.items()):
            print(f"{key:<14}{tally}")
    for error in report.errors:
        print(f"   {error}")


def score_times(path: Path, *, quiet: bool) -> None:
    """Print the scores of time expressions, when the module exists."""
    try:
        from pipelines.times import find_times  # noqa: PLC0415 - may not exist yet
    except ImportError:
        print("\n== times: pipelines.times is not there")
        return
    by_language: defaultdict[str, Counter[str]] = defaultdict(Counter)
    errors = []
    for item in read_items(path):
        text, expected = item["text"], item.get("value", item.get("expected"))
        found = find_times(
            text, item["lang"], _moment(item.get("published_at") or item.get("base"))
        )
        values = {one.value for one in found}
        right = expected in values if expected is not None else not values
        by_language[item["lang"]]["right" if right else "wrong"] += 1
        if not right:
            errors.append(f"{item.get('id', '?')}: expected {expected}, got {sorted(values)}")
    total: Counter[str] = sum(by_language.values(), Counter())
    print(f"\n== times: {path.name}: {total['right']}/{total.total()} right")
    if quiet:
        return
    for language, counts in sorted(by_language.items()):
        print(f"{language:<14}{counts['right']}/{counts.total()}")
    print("\n".join(f"   {error}" for error in errors))


CLAIM_KEYS = (
    ("(system, place, status)", ("system", "place", "status")),
    ("the same with when", ("system", "place", "status", "when")),
    ("and speaker", ("system", "place", "status", "when", "speaker")),
    ("system alone", ("system",)),
    ("place alone", ("system", "place")),
    ("status alone", ("system", "status")),
    ("when alone", ("system", "when")),
    ("speaker alone", ("system", "speaker")),
)


def score_claims(
    name: str, items: Iterable[dict[str, Any]], detector: Detector, *, quiet: bool
) -> None:
    """Print the scores of claims, when the modules exist."""
    try:
        from pipelines.claims import find_claims  # noqa: PLC0415 - may not exist yet
        from pipelines.times import find_times  # noqa: PLC0415 - may not exist yet
    except ImportError:
        print(f"\n== claims: {name}: pipelines.claims or pipelines.times is not there")
        return
    tallies = {label: Tally() for label, _ in CLAIM_KEYS}
    by_language: defaultdict[str, Tally] = defaultdict(Tally)
    errors = []
    for item in items:
        title, text = item.get("title") or "", item["text"]
        published = _moment(item.get("published_at"))
        language = identify_language(f"{title}\n{text}")
        mentions = detector.detect(
            title=title, text=text, language=language, published_at=published
        )
        times = find_times(text, language, published)
        claims = find_claims(
            title=title,
            text=text,
            language=language,
            published_at=published,
            mentions=mentions,
            times=times,
        )
        for label, keys in CLAIM_KEYS:
            found = Counter(tuple(getattr(one, key) for key in keys) for one in claims)
            expected = Counter(tuple(one[key] for key in keys) for one in item.get("claims", []))
            tallies[label].add(found, expected)
            if label == CLAIM_KEYS[0][0]:
                by_language[item["lang"]].add(found, expected)
                errors += [f"{item['id']}: wrong {one}" for one in (found - expected)]
                errors += [f"{item['id']}: missed {one}" for one in (expected - found)]
    print(f"\n== claims: {name}")
    for label, tally in tallies.items():
        print(f"{label:<26}{tally}")
    if quiet:
        return
    for language, tally in sorted(by_language.items()):
        print(f"{language:<14}{tally}")
    print("\n".join(f"   {error}" for error in errors))


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text.replace("Z", "+00:00")) if text else None


def main(argv: list[str] | None = None) -> int:
    """Print all the scores; exit code 0, also when something is wrong: it is a report."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("files", nargs="*", type=Path, help="score only these JSON Lines files")
    parser.add_argument("--quiet", action="store_true", help="totals only")
    parser.add_argument("--only", choices=["subjects", "times", "claims"], help="one part only")
    parser.add_argument("--subjects", action="append", help="subject files instead of the shipped")
    options = parser.parse_args(argv)
    detector = load_detector(options.subjects)
    sets: dict[str, list[dict[str, Any]]] = {}
    if options.files:
        sets = {str(path): list(read_items(path)) for path in options.files}
    else:
        development = SHARED / "detection-dev.jsonl"
        if development.exists():
            sets[development.name] = list(read_items(development))
        seeds = list(seed_items())
        if seeds:
            sets["seed pages"] = seeds
        own = [*sorted((OWN / "detection").glob("*.jsonl"))]
        own += [OWN / name / "detection.jsonl" for name in ("long", "namesakes")]
        sets |= {str(path.relative_to(ROOT)): list(read_items(path)) for path in own}
    for name, items in sets.items():
        if options.only in (None, "subjects"):
            show_subjects(score_subjects(name, items, detector), quiet=options.quiet)
        labelled = any("claims" in item for item in items)
        if options.only in (None, "claims") and labelled:
            score_claims(name, items, detector, quiet=options.quiet)
    if options.only in (None, "times") and not options.files:
        for path in [SHARED / "time-dev.jsonl", *sorted((OWN / "times").glob("*.jsonl"))]:
            if path.exists():
                score_times(path, quiet=options.quiet)
    return 0


if __name__ == "__main__":
    sys.exit(main())
