"""The tool that holds the words of claims against lists: what is missing, hit, half inflected."""

import importlib.util
from pathlib import Path

import pytest

from pipelines.claims import load_lexicons

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("audit_words", ROOT / "tools" / "audit_words.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def english():
    return load_lexicons().vocabulary("en")


def test_a_word_that_says_nothing_is_missed(tool, english):
    assert list(tool.misses(english, ["deployed", "saxophone", "R2-D2", "an"])) == ["saxophone"]


def test_a_stem_is_shown_with_what_it_hits(tool, english):
    stem = next(iter(english.stems))
    kind = english.stems[stem][0][0]
    assert tool.hits(english, [f"{stem}xq", "saxophone"])[kind] == {f"{stem}*": [f"{stem}xq"]}


def test_a_lemma_is_shown_with_the_forms_that_say_nothing_the_most_frequent_first(tool, english):
    lemmas = {
        "deployed": "deploy",
        "deployednesses": "deploy",
        "deployety": "deploy",
        "saxophones": "saxophone",
        "deliver": "deliver",
    }
    frequency = {"deployety": 2.0}
    (line,) = tool.forms(english, lemmas, lambda form: frequency.get(form, 0.0))
    known, _, missing = line.partition(" || ")
    assert known.startswith("deploy: ")
    assert "deployed" in known
    assert missing.split() == ["deployety", "deployednesses"]


def test_a_form_of_a_name_is_not_asked_for(tool, english):
    assert not list(tool.forms(english, {"Belarusity": "Belarus"}, lambda _form: 0.0))
