"""An optional scorer: the built-in evidence, and how near a sentence model puts two articles.

Never needed, and off unless ``stories.embedding_model`` names a model. Anything with
sentence-transformers' ``encode`` will do as an encoder. Vectors are kept in memory only, so the
state of an article does not grow; where one is missing (its book was warmed from states alone)
the built-in evidence decides by itself. Vectors are rounded before they are compared, so that a
model that adds up in another order gives the same stories.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from pipelines.stories.evidence import LEAD_CHARS
from pipelines.stories.score import NO_EVIDENCE, score_pair

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connectors.records import Document
    from pipelines.stories.member import Member

PACKAGE = "sentence_transformers"
POINTS = 2.0
MIDDLE = 0.6
"""Cosine at which nearness says nothing, and the points from there to 1: a prior, as multilingual
models put unrelated news at .2 to .5; not fitted to any model."""

MAX_VECTORS = 50_000
DIGITS = 3


class Encoder(Protocol):
    """What turns texts into vectors, a row each: a ``SentenceTransformer``, or anything alike."""

    def encode(self, sentences: Sequence[str]) -> Any:  # noqa: ANN401 - an array of any library
        """Return one vector a text."""
        ...


class EmbeddingScorer:
    """Scores as :func:`score_pair` does, and adds points for near vectors, takes them for far ones.

    Where the built-in evidence rules two articles out (nothing in common, days apart) no vector
    brings them together.

    Args:
        encoder: gives the vectors; called once an article, with its title and lead.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._vectors: OrderedDict[str, npt.NDArray[np.float32]] = OrderedDict()

    def read(self, document: Document) -> None:
        """Keep the vector of ``document``; the oldest go first."""
        article = document.article
        lead = f"{article.title}\n{article.text[:LEAD_CHARS]}"
        vector = np.asarray(self._encoder.encode([lead]), dtype=np.float32).reshape(-1)
        norm = float(np.linalg.norm(vector))
        self._vectors[article.id] = vector / norm if norm > 0 else vector
        if len(self._vectors) > MAX_VECTORS:
            self._vectors.popitem(last=False)

    def __call__(self, one: Member, other: Member, *, weights: Mapping[int, float]) -> float:
        """Return the points: above zero, one story."""
        points = score_pair(one, other, weights=weights)
        ours, theirs = self._vectors.get(one.id), self._vectors.get(other.id)
        if points <= NO_EVIDENCE or ours is None or theirs is None or ours.shape != theirs.shape:
            return points
        cosine = round(float(ours @ theirs), DIGITS)
        return points + POINTS * (cosine - MIDDLE) / (1.0 - MIDDLE)


def check_package(model: str) -> None:
    """Return if a model can be loaded at all; loads nothing.

    Raises:
        ValueError: the package is not there; the message says what to do.
    """
    if importlib.util.find_spec(PACKAGE) is None:
        raise ValueError(
            f"stories.embedding_model: {model!r} needs the package sentence-transformers; "
            "install it with: pip install 'vigie[embeddings]'"
        )


def load_encoder(model: str) -> Encoder:
    """Return the sentence-transformers model of that name or path; slow, and only when asked.

    Raises:
        ValueError: the package or the model is not there; the message says what to do.
    """
    check_package(model)
    library = importlib.import_module(PACKAGE)
    try:
        encoder: Encoder = library.SentenceTransformer(model)
    except Exception as error:
        raise ValueError(
            f"stories.embedding_model: {model!r} cannot be loaded ({type(error).__name__}): "
            "expected a folder with a sentence-transformers model or the name of one"
        ) from error
    return encoder
