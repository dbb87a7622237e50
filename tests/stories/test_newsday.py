"""A week of developments that follow each other closely: each is told, by its first report."""

import importlib.util
import sys
from pathlib import Path

import pytest

from pipelines.cli.stories import load_reader

ROOT = Path(__file__).parents[2]
LATE_ORDERS = range(1, 6)
MOST_AGAIN = {"in order": 10, "late": 12}
MOST_NOTHING = 4
MOST_LATER_TOLD = 2
"""Developments that another than the first article seen tells, in any late order."""


@pytest.fixture(scope="module")
def score():
    spec = importlib.util.spec_from_file_location(
        "score_newsday", ROOT / "tools" / "score_newsday.py"
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclasses look themselves up there
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def articles(score):
    return score.read_set(score.OWN, load_reader(None))


@pytest.fixture(scope="module")
def developments(articles):
    return {one for row in articles[0] for one in row["tells"]}


def test_every_development_is_told_by_the_first_article_that_tells_it(
    score, articles, developments
):
    found = score.replay(*articles, 0)
    assert set(found.first) == developments
    assert len(found.again) <= MOST_AGAIN["in order"]
    assert len(found.nothing) <= MOST_NOTHING


@pytest.mark.parametrize("seed", LATE_ORDERS)
def test_no_development_is_lost_when_articles_are_seen_late(score, articles, developments, seed):
    found = score.replay(*articles, seed)
    assert found.silent == []
    assert len(found.first) >= len(developments) - MOST_LATER_TOLD
    assert len(found.again) <= MOST_AGAIN["late"]
    assert len(found.nothing) <= MOST_NOTHING
