"""The seam of the scorer, with a small encoder of its own; no model is loaded."""

import json
import random

import numpy as np
import pytest

from pipelines.config_models import MonitorFile
from pipelines.stories import StoryBook, score_pair
from pipelines.stories.embedding import EmbeddingScorer, load_encoder

ONE = "The ministry in Lima said on Friday that the convoy of grain lorries had come back empty."
SAME = "Los camiones de cereal regresaron vacios, dijo el viernes el ministerio de la capital."
OTHER = "Il museo della citta ha aperto una mostra sui cavalieri, con armature e mappe antiche."
TOPICS = ({"convoy", "lorries", "camiones", "cereal"}, {"museo", "mostra", "cavalieri"})


class Topics:
    """An encoder that knows two topics and counts its calls."""

    def __init__(self):
        self.calls = 0

    def encode(self, sentences):
        self.calls += len(sentences)
        rows = []
        for text in sentences:
            words = {word.strip(".,").lower() for word in text.split()}
            rows.append([0.01 + len(words & topic) for topic in TOPICS])
        return np.array(rows)


@pytest.fixture
def three(document):
    return [
        document("one", ONE, subjects=["oreshnik"]),
        document("two", SAME, subjects=["oreshnik"], hours=20, language="es"),
        document("three", OTHER, subjects=["oreshnik"], hours=44, language="it"),
    ]


def stories(book, documents):
    return [book.place(one).story_id for one in documents]


def test_near_vectors_join_what_shares_no_name_and_far_ones_part(three):
    plain = stories(StoryBook(), three)
    assert len(set(plain)) == 3
    encoder = Topics()
    one, two, other = stories(StoryBook(scorer=EmbeddingScorer(encoder)), three)
    assert one == two != other
    assert one == plain[0]
    assert encoder.calls == len(three)


def test_without_vectors_it_scores_as_the_built_in_evidence(three):
    book = StoryBook(scorer=EmbeddingScorer(Topics()))
    first = StoryBook()
    for one in three[:2]:
        first.place(one)
    book.restore([first.state_of(one.article.id) for one in three[:2]])
    expected = StoryBook(scorer=score_pair)
    expected.restore([first.state_of(one.article.id) for one in three[:2]])
    assert book.place(three[2]) == expected.place(three[2])


def test_a_book_warmed_from_documents_has_the_vectors_again(three):
    from dataclasses import replace

    book = StoryBook(scorer=EmbeddingScorer(Topics()))
    placed = book.place(three[0])
    again = StoryBook(scorer=EmbeddingScorer(Topics()))
    again.remember(replace(three[0], story_id=placed.story_id))
    assert again.place(three[1]).story_id == placed.story_id


def test_the_same_articles_give_the_same_stories_each_time_and_with_noise(document):
    class Noisy(Topics):
        def encode(self, sentences):
            return super().encode(sentences) * (1 + 1e-6)

    rng = random.Random(3)
    texts = [" ".join(rng.choices([*ONE.split(), *SAME.split()], k=30)) for _ in range(20)]
    articles = [document(str(n), text, hours=n) for n, text in enumerate(texts)]
    runs = [
        json.dumps(stories(StoryBook(scorer=EmbeddingScorer(encoder)), articles))
        for encoder in (Topics(), Topics(), Noisy())
    ]
    assert len(set(runs)) == 1


def test_a_model_without_its_package_is_a_clear_error():
    try:
        import sentence_transformers  # noqa: F401
    except ImportError:
        with pytest.raises(ValueError, match=r"vigie\[embeddings\]"):
            load_encoder("any/model")
    else:
        with pytest.raises(ValueError, match="cannot be loaded"):
            load_encoder("/nowhere/at/all")


def test_the_model_is_named_in_the_settings_and_none_by_default():
    assert MonitorFile().stories.embedding_model is None
    given = MonitorFile.model_validate({"stories": {"embedding_model": "some/model"}})
    assert given.stories.embedding_model == "some/model"
