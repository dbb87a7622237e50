"""Full-text analysis that both index backends share: the same words are found by both.

The backends store two forms of every word of a title and a text, in the order of the text: its
*stem*, which joins the inflections of one language, and its *folded* form, which joins the
spellings of a name over scripts and transliterations. A query is analysed in the same way, with
the stemmers of every language of its script, because nobody says in which language they search.

Everything here is a pure function without I/O. A change of what it returns changes
:data:`ANALYSIS_VERSION`, and the backends build their search fields anew.
"""

from __future__ import annotations

from connectors.fulltext.analysis import AnalysedText, analyse
from connectors.fulltext.folding import fold
from connectors.fulltext.highlighting import HIGHLIGHT_END, HIGHLIGHT_START, highlight
from connectors.fulltext.query import Phrase, Query, Term, parse_query
from connectors.fulltext.stems import SNOWBALL, STEMMER_VERSION, stem
from connectors.fulltext.words import Word, find_words

ANALYSIS_VERSION = f"2/{STEMMER_VERSION}"
"""Which analysis made the stored search fields; compared when an index is opened."""

__all__ = [
    "ANALYSIS_VERSION",
    "HIGHLIGHT_END",
    "HIGHLIGHT_START",
    "SNOWBALL",
    "AnalysedText",
    "Phrase",
    "Query",
    "Term",
    "Word",
    "analyse",
    "find_words",
    "fold",
    "highlight",
    "parse_query",
    "stem",
]
