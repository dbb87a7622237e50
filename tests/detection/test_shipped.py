"""The shipped subjects: their own tests, the development data, and what they must not be."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from pathlib import Path

import jsonschema
import pytest
import yaml

from pipelines.detection import default_subjects_dir, identify_language
from pipelines.detection.checking import explain, run_tests
from pipelines.detection.model import SubjectFile

ROOT = Path(__file__).parents[2]
DEVELOPMENT = ROOT.parent / "shared" / "data" / "detection-dev.jsonl"
HELD_OUT = ROOT / "tests" / "data" / "detection" / "heldout.jsonl"
LONG = ROOT / "tests" / "data" / "long" / "detection.jsonl"
NAMESAKES = ROOT / "tests" / "data" / "namesakes" / "detection.jsonl"


def items(path: Path) -> list[dict]:
    if not path.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{path.name} is not there")
        pytest.skip(f"{path.name} is not there")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def scores(detector, path: Path) -> tuple[float, float, dict[str, float]]:
    right = Counter()
    wrong = Counter()
    negatives = []
    for item in items(path):
        mentions = detector.detect(title=item["title"], text=item["text"], language=item["lang"])
        found, expected = {one.subject for one in mentions}, set(item["subjects"])
        right[item["lang"]] += len(found & expected)
        wrong[item["lang"]] += len(found ^ expected)
        if not expected:
            negatives.append(not found)
    by_language = {
        one: 2 * right[one] / ((2 * right[one] + wrong[one]) or 1) for one in right | wrong
    }
    total = 2 * right.total() / (2 * right.total() + wrong.total())
    return total, sum(negatives) / len(negatives), by_language


def test_every_shipped_subject_passes_its_own_tests(shipped):
    outcomes = list(run_tests(shipped))
    assert len(outcomes) >= 2 * len(shipped.subjects)
    assert [one for one in outcomes if not one.passed] == []


def test_all_sixteen_subjects_are_shipped(shipped):
    assert list(shipped.subjects) == [
        *("agreement", "concept", "doctrine", "tnw", "oreshnik", "iskander", "typhon", "sm6"),
        *("tomahawk", "dark-eagle", "kinzhal", "zircon", "avangard", "kh101", "b61"),
        "su25-nuclear",
    ]


def test_the_development_data_keeps_its_scores(shipped):
    total, negatives, by_language = scores(shipped, DEVELOPMENT)
    assert total >= 0.97
    assert negatives >= 0.98
    assert min(by_language.values()) >= 0.93


def test_the_held_out_cases_keep_their_scores(shipped):
    total, negatives, _ = scores(shipped, HELD_OUT)
    assert total >= 0.97
    assert negatives >= 0.98


def test_articles_of_full_length_keep_their_subjects(shipped):
    total, negatives, _ = scores(shipped, LONG)
    assert total >= 0.98
    assert negatives >= 0.9, "9 of 11 when evidence counted wherever it stood"


def test_a_namesake_in_an_article_that_speaks_of_armies_is_no_weapon(shipped):
    total, negatives, _ = scores(shipped, NAMESAKES)
    assert total >= 0.85, ".609 at first sight"
    assert negatives >= 0.9, "6 of 19 at first sight"


def test_labelled_quotes_are_overlapped(shipped):
    found = total = 0
    for item in items(DEVELOPMENT):
        mentions = shipped.detect(title=item["title"], text=item["text"], language=item["lang"])
        for label in item["mentions"]:
            total += 1
            found += any(
                one.subject == label["subject"]
                and (
                    label["quote"] in one.quote
                    or one.quote in label["quote"]
                    or _meet(one, label, item)
                )
                for one in mentions
            )
    assert found / total >= 0.95


def _meet(one, label, item) -> bool:
    whole = item["title"] if label["field"] == "title" else item["text"]
    start = whole.find(label["quote"])
    return (
        one.field == label["field"] and one.start < start + len(label["quote"]) and one.end > start
    )


def test_languages_are_identified(shipped):
    wrong = [
        item["id"]
        for item in items(HELD_OUT)
        if identify_language(f"{item['title']}\n{item['text']}") != item["lang"]
    ]
    assert len(wrong) <= 4, wrong


@pytest.mark.parametrize(
    ("text", "hint", "expected"),
    [
        ("Падпісалі ў Менску дамову", None, "be"),
        ("Підписали в Мінську договір, її зміст", None, "uk"),
        ("Подписали в Минске договор, новый", None, "ru"),
        ("Подписаха в Минск договора, който ще влезе в сила", None, "bg"),
        ("Ракете су стигле у Белорусију, јавља њихов извор", None, "sr"),
        ("日本の首相は東京で述べた。", None, "ja"),
        ("白俄罗斯总统", None, "zh"),
        ("Μόσχα και Μινσκ", None, "el"),
        ("12 345 !!!", None, "und"),
        ("", "fr", "und"),
        ("\ud800\udfff", None, "und"),
        ("ok ok ok", "fr-BE", "fr"),
    ],
)
def test_a_short_text_is_identified_by_script_letters_and_hint(text, hint, expected):
    assert identify_language(text, hint) == expected


def test_the_json_schema_is_that_of_the_code_and_takes_the_shipped_files():
    path = ROOT / "config" / "schema" / "subjects.schema.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    assert schema == SubjectFile.model_json_schema(by_alias=True)
    for file in default_subjects_dir().glob("*.yaml"):
        content = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
        jsonschema.validate(_numbers(content), schema)


def _numbers(value, key=""):
    if isinstance(value, dict):
        return {k: _numbers(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [_numbers(one) for one in value]
    if key in {"version", "weight", "threshold", "within", "min", "max"}:
        return int(value)
    return value == "true" if key in {"ordered", "one_sense"} else value


def test_an_explanation_names_what_spoke_for_and_against(shipped):
    told = "\n".join(
        explain(
            shipped,
            title="",
            text="Iskander Khelifi tire un missile.",
            language="fr",
            subjects=["iskander", "typhon"],
        )
    )
    assert "does not count" in told
    assert "+3 @missile (sentence)" in told
    assert "-8 name_after" in told
    assert "typhon: does not fire: none of the words" in told


def test_an_explanation_tells_when_the_mentions_together_decided(shipped):
    text = (
        "Iskander dîne tard. Son frère lit.\n\nIl est tard. La nuit tombe. Personne ne parle.\n\n"
        "L’hôtel Iskander ferme.\n\nL’armée russe tire un missile en Biélorussie."
    )
    told = explain(shipped, title="", text=text, language="fr", subjects=["iskander"])
    assert any("4 of 3, 0 near it: too little near all mentions together" in one for one in told)


def test_the_shipped_rules_load_no_dictionary(shipped):
    assert shipped.subjects
    import subprocess

    code = (
        "import sys; from pipelines.detection import load_detector; load_detector(); "
        "print(sorted({'pymorphy3', 'simplemma', 'Stemmer', 'apache_beam'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.stdout.strip() == "[]", done.stderr
