"""Hold the words of claims against lists of words: what no table has, what a stem hits.

    pip install wordfreq simplemma
    .venv/bin/python tools/audit_words.py misses|hits|forms LANGUAGE [--most 40000]

``misses`` prints the frequent words that say nothing in ``config/claims``, by frequency; ``hits``
each kind, its stems, and the frequent words that each of them hits; ``forms`` the lemmas of which
some forms say something and others nothing, those with frequent ones first. To be read by somebody
who knows the language: all show faults that no text has to show first. ``wordfreq`` (Apache 2.0,
its data CC BY-SA) and ``simplemma`` (MIT) are asked for only here.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))

from pipelines.claims import load_lexicons
from pipelines.claims.words.spelling import fold
from pipelines.times.lexicon import bare

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from pipelines.claims.words.vocabulary import Vocabulary

SHOWN = 14
"""Words shown of what one stem hits."""

SHORTEST, SHORTEST_UNSPACED = 4, 2
"""Letters of a word worth reading, also of a script without blanks."""

MOST_FORMS = 400
"""A "lemma" with more forms is a fault of the list."""

_CODES = {"forms": {"sr": "hbs"}, "misses": {"sr": "sh"}, "hits": {"sr": "sh"}}
"""What the lists call a language where they do not call it as the tables do."""

_EVERYWHERE = frozenset((
    "place", "person", "capital", "supplier", "adjective", "nation", "region", "loc", "from",
    "and", "which", "that", "not", "it", "he", "title", "office", "head", "given", "there", "if",
    "neutral", "site",
))  # fmt: skip
"""Kinds whose words stand by the form: a name, a pronoun."""


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


def forms(
    vocabulary: Vocabulary, lemmas: Mapping[str, str], frequency: Callable[[str], float]
) -> Iterator[str]:
    """Yield a line for each lemma of which some forms say something and others nothing.

    Args:
        vocabulary: The words of one language.
        lemmas: Form → lemma.
        frequency: How frequent a form is; lines and forms come with the most frequent first.
    """
    by_lemma: dict[str, set[str]] = defaultdict(set)
    for form, lemma in lemmas.items():
        if form.isalpha() and lemma.isalpha():
            by_lemma[lemma] |= {form, lemma}
    found: list[tuple[float, str]] = []
    for lemma, inflected in by_lemma.items():
        if not 1 < len(inflected) <= MOST_FORMS:
            continue
        ordered = sorted(inflected, key=lambda form: (-frequency(form), form))
        said: dict[str, list[str]] = defaultdict(list)
        for form in ordered:
            kinds = {cue.kind for cue in vocabulary.cues(form, 0, len(form))}
            if kinds or len(form) >= SHORTEST:
                said["+".join(sorted(kinds))].append(form)
        missing = said.pop("", [])
        if missing and any(not _EVERYWHERE.issuperset(kinds.split("+")) for kinds in said):
            known = "; ".join(f"{k}: {' '.join(words[:SHOWN])}" for k, words in said.items())
            line = f"{lemma}: {known} || {' '.join(missing[:SHOWN])}"
            found.append((-frequency(missing[0]), line))
    for _, line in sorted(found):
        yield line


def _unknown(_form: str) -> float:
    return 0.0


def main() -> int:
    """Print what was asked for; 2 without the lists."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("what", choices=("misses", "hits", "forms"))
    parser.add_argument("language")
    parser.add_argument("--most", type=int, default=40_000, help="frequent words looked at")
    options = parser.parse_args()
    try:
        # Only where they are installed.
        from simplemma.strategies.dictionaries import (  # noqa: PLC0415
            DefaultDictionaryFactory,
        )
        from wordfreq import available_languages, top_n_list, zipf_frequency  # noqa: PLC0415
    except ImportError:
        print("audit_words: pip install wordfreq simplemma", file=sys.stderr)
        return 2
    vocabulary = load_lexicons().vocabulary(options.language)
    code = _CODES[options.what].get(options.language, options.language)
    if options.what == "forms":
        lemmas = DefaultDictionaryFactory().get_dictionary(code)
        listed = _CODES["misses"].get(options.language, options.language)
        frequency: Callable[[str], float] = partial(zipf_frequency, lang=listed)
        if listed not in available_languages():
            frequency = _unknown
        print("\n".join(forms(vocabulary, lemmas, frequency)))
        return 0
    words = top_n_list(code, options.most)
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
