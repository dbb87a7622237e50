"""Score stages and places on plain sentences, one claim each: ``tests/data/plain``.

    .venv/bin/python tools/score_plain.py [--wrong] [LANGUAGE …]

A line of a file is ``status|place|sentence``; ``none||sentence`` states nothing. A sentence is
right when the detector's mentions give exactly that (status, place) and no other. The sentences
were written to find what the rules miss and the rules were then widened: the figures show what
holds, not what unread texts give.
"""

from __future__ import annotations

import argparse
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

from pipelines.claims import find_claims
from pipelines.detection import load_detector
from pipelines.times import find_times

FOLDER = Path(__file__).parents[1] / "tests" / "data" / "plain"
PUBLISHED = datetime(2026, 3, 10, tzinfo=timezone.utc)
NONE = "none"


class Plain(NamedTuple):
    """A sentence, what it states, and where."""

    status: str
    place: str | None
    text: str

    @property
    def expected(self) -> set[tuple[str, str | None]]:
        return set() if self.status == NONE else {(self.status, self.place)}


def read_plain(path: Path) -> list[Plain]:
    """Return the sentences of a file."""
    lines = [line.split("|", 2) for line in path.read_text("utf-8").splitlines()]
    return [Plain(status, place or None, text) for status, place, text in lines]


def stated(text: str, language: str) -> set[tuple[str, str | None]]:
    """Return each (status, place) that the rules find in ``text``."""
    mentions = load_detector().detect(
        title="", text=text, language=language, published_at=PUBLISHED
    )
    claims = find_claims(
        title="",
        text=text,
        language=language,
        published_at=PUBLISHED,
        mentions=mentions,
        times=find_times(text, language, PUBLISHED),
    )
    return {(one.status, one.place) for one in claims}


def main(argv: list[str] | None = None) -> int:
    """Print how many sentences are right, by language; exit code 0: it is a report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("languages", nargs="*", help="only these, such as: fr ru")
    parser.add_argument("--wrong", action="store_true", help="print the sentences that differ")
    options = parser.parse_args(argv)
    chosen = options.languages or sorted(path.stem for path in FOLDER.glob("*.txt"))
    right = total = 0
    for language in chosen:
        plain = read_plain(FOLDER / f"{language}.txt")
        found = [(one, stated(one.text, language)) for one in plain]
        differing = [(one, got) for one, got in found if got != one.expected]
        right, total = right + len(plain) - len(differing), total + len(plain)
        print(f"{language}: {len(plain) - len(differing)} of {len(plain)}")
        if options.wrong:
            for one, got in differing:
                print(
                    f"   {one.status} {one.place or '-'}, found {sorted(map(str, got))}: {one.text}"
                )
    print(f"all: {right} of {total}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
