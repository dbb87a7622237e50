"""Score how far two who labelled the same texts agree: what no rule can be asked to surpass.

    .venv/bin/python tools/score_agreement.py [DIRECTORY …]

A directory holds ``detection.jsonl`` and, by somebody who saw the texts only, ``second.jsonl``
(``id``, ``claims``); by default all of ``tests/data`` that do. Prints precision, recall and F1 of
the second labels taken for what a program found. No text is printed: some sets are controls.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from quality import CLAIM_KEYS, OWN, Tally


def labels(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the claims of each item by its id."""
    items = (json.loads(line) for line in path.read_text("utf-8").splitlines())
    return {item["id"]: item["claims"] for item in items}


def main(argv: list[str] | None = None) -> int:
    """Print a table for each directory; exit code 2 when the ids do not fit."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("directories", nargs="*", type=Path)
    options = parser.parse_args(argv)
    chosen = options.directories or sorted(p.parent for p in OWN.glob("*/second.jsonl"))
    for directory in chosen:
        first, second = (labels(directory / f"{n}.jsonl") for n in ("detection", "second"))
        if unknown := second.keys() - first.keys():
            print(f"{directory}: no such items: {sorted(unknown)}", file=sys.stderr)
            return 2
        print(f"\n== {directory}: {len(second)} of {len(first)} items labelled twice")
        for name, keys in CLAIM_KEYS:
            tally = Tally()
            for item, claims in second.items():
                tally.add(_values(claims, keys), _values(first[item], keys))
            print(f"{name:<26}{tally}")
    return 0


def _values(claims: list[dict[str, Any]], keys: tuple[str, ...]) -> Counter[Any]:
    return Counter(tuple(claim[key] for key in keys) for claim in claims)


if __name__ == "__main__":
    sys.exit(main())
