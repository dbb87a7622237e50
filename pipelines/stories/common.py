"""Names that news of any day is full of: a document frequency to begin with.

A book that is nearly empty cannot tell a rare name from a common one. Countries, capitals and
the people who often speak about them are known beforehand (``config/claims``); every other name is
taken to be rare until it has been seen often.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from pipelines.claims.words.lexicons import load_lexicons
from pipelines.stories.evidence import skeleton
from pipelines.stories.words import hash_text

if TYPE_CHECKING:
    from collections.abc import Sequence

PRIOR_ARTICLES = 200.0
"""Articles that the frequencies known beforehand weigh as much as; the book's own grow past."""

COMMON_ARTICLES = 0.2 * PRIOR_ARTICLES
RARE_ARTICLES = 0.002 * PRIOR_ARTICLES
"""In how many of them a name is that is known beforehand to be common, and any other."""


@lru_cache(maxsize=1)
def common_features() -> frozenset[int]:
    """Return the hashes of the names of countries, capitals and well-known speakers."""
    lexicons = load_lexicons()
    words: list[str] = []
    for place in lexicons.places.values():
        words += [*place.names, *place.supplier_names, *place.capital, *place.adjectives]
    for person in lexicons.people.values():
        words += () if person.seldom else person.forms
    found = {skeleton(word) for phrase in words for word in phrase.replace("*", "").split()}
    return frozenset(hash_text(f"name {name}") for name in found - {""})


def count_rare(names: Sequence[int]) -> int:
    """Return how many of ``names`` are not common beforehand."""
    common = common_features()
    return sum([name not in common for name in names])
