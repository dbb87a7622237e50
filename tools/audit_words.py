"""Hold the words of claims against a list of frequent words: what no table has, what a stem hits.

    pip install wordfreq
    .venv/bin/python tools/audit_words.py misses|hits LANGUAGE [--most 40000]

``misses`` prints the frequent words that say nothing in ``config/claims``, by frequency; ``hits``
each kind, its stems, and the frequent words that each of them hits. To be read by somebody who
knows the language: both show faults that no text has to show first. ``wordfreq`` (Apache 2.0, its
data CC BY-SA) is asked for only here.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))

from pipelines.claims import load_lexicons
from pipelines.claims.spelling import fold
from pipelines.times.lexicon import bare

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipelines.claims.vocabulary import Vocabulary

SHOWN = 14
"""Words shown of what one stem hits."""

SHORTEST, SHORTEST_UNSPACED = 4, 2
"""Letters of a word worth reading, also of a script without blanks."""


def misses(vocabulary: Vocabulary, words: Iterable[str]) -> Iterator[str]:
    """Yield the ``words`` to which the tables give no sense."""
    shortest = SHORTEST if vocabulary.scanner is None else SHORTEST_UNSPACED
    for word in words:
        if len(word) >= shortest and word.isalpha() and not vocabulary.cues(word, 0, len(word)):
            yield word


def hits(vocabulary: Vocabulary, words: Iterable[str]) -> dict[str, dict[str, list[str]]]:
    """Return kind → stem → the ``words`` that begin with it, of the longest stem of each kind."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for word in words:
        told: set[str] = set()
        for form in dict.fromkeys((fold(word), bare(fold(word)))):
            for cut in range(len(form) - 1, 1, -1):
                for kind, _ in vocabulary.stems.get(form[:cut], ()):
                    if kind not in told:
                        told.add(kind)
                        found[kind][f"{form[:cut]}*"].append(word)
    return found


def main() -> int:
    """Print what was asked for; 2 without ``wordfreq``."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("what", choices=("misses", "hits"))
    parser.add_argument("language")
    parser.add_argument("--most", type=int, default=40_000, help="frequent words looked at")
    options = parser.parse_args()
    try:
        from wordfreq import top_n_list  # noqa: PLC0415 - only where it is installed
    except ImportError:
        print("audit_words: pip install wordfreq", file=sys.stderr)
        return 2
    vocabulary = load_lexicons().vocabulary(options.language)
    words = top_n_list(options.language, options.most)
    if options.what == "misses":
        print("\n".join(misses(vocabulary, words)))
        return 0
    for kind, stems in sorted(hits(vocabulary, words).items()):
        print(f"# {kind}")
        for stem, hit in sorted(stems.items()):
            print(stem, *hit[:SHOWN])
    return 0


if __name__ == "__main__":
    sys.exit(main())
