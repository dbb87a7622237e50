"""The words are data: they are checked, carry their own tests, and say what is wrong."""

import json
import shutil
from pathlib import Path

import jsonschema
import pytest
import yaml

from pipelines.claims import lexicon_failures, load_lexicons, misspelt_systems
from pipelines.claims.speaker.latin import latin_surname
from pipelines.errors import UserError

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "config" / "claims"


def test_the_examples_in_the_lexicons_hold() -> None:
    assert lexicon_failures(load_lexicons()) == ()


def test_every_language_carries_examples() -> None:
    lexicons = load_lexicons()
    assert {test.language for test in lexicons.tests} == set(lexicons.predicates)


def test_the_lexicons_are_read_once_per_process() -> None:
    assert load_lexicons() is load_lexicons()


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("places.yaml", "places: {BY: {name: x}}", "name"),
        ("people.yaml", "people: [", r"people\.yaml:\d+: expected YAML"),
        ("systems.yaml", "systems:\n  x: {place: Belarus}", r"yaml:2: systems\.x\.place: "),
        ("systems.yaml", "systems: {x: {hom: RU}}", "hom: unknown key; did you mean home"),
        ("predicates/en.yaml", "requst: words", "requst: unknown kind of words; did you mean requ"),
        ("predicates/en.yaml", "done: {a: b}", "done: expected words between commas"),
        ("predicates/en.yaml", "- done", "mapping"),
        ("predicates/en.yaml", "tests: [{text: x, claims: []}]", "tests.0.mentions"),
    ],
)
def test_a_fault_is_one_clear_message(tmp_path: Path, name: str, text: str, complaint: str) -> None:
    shutil.copytree(FOLDER, tmp_path / "claims")
    (tmp_path / "claims" / name).write_text(text, "utf-8")
    with pytest.raises(UserError, match=complaint):
        load_lexicons([tmp_path / "claims"])


def test_a_misspelt_system_is_told_and_one_of_another_watch_list_is_not() -> None:
    lexicons = load_lexicons()
    subjects = {*lexicons.systems, "another"} - {"oreshnik"} | {"oreshnyk"}
    (fault,) = misspelt_systems(lexicons, subjects)
    assert fault == "systems.yaml: systems.oreshnik: no such subject; did you mean oreshnyk?"
    assert not misspelt_systems(lexicons, {"zangezur"})


def test_a_missing_folder_is_one_clear_message(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="expected a file, found none"):
        load_lexicons([tmp_path])


def test_a_later_folder_adds_a_system(tmp_path: Path) -> None:
    (tmp_path / "systems.yaml").write_text("systems: {new-missile: {}}", "utf-8")
    assert set(load_lexicons([FOLDER, tmp_path]).systems) == {"new-missile"}


def test_every_file_fits_the_schema_for_editors() -> None:
    schema = json.loads((ROOT / "config" / "schema" / "claims.schema.json").read_text("utf-8"))
    for path in FOLDER.rglob("*.yaml"):
        kind = "predicates" if path.parent.name == "predicates" else path.stem
        value = json.loads(json.dumps(yaml.safe_load(path.read_text("utf-8")), default=str))
        jsonschema.validate(value, {**schema, "$ref": f"#/$defs/{kind}"})


@pytest.mark.parametrize(
    ("name", "latin"),
    [
        ("Плетенчук", "Pletenchuk"),
        ("Gromadziński", "Gromadzinski"),
        ("Скібіцький", "Skibitskyi"),
        ("Юсов", "Yusov"),
        ("Łuczak", "Luczak"),
        ("Δένδιας", "Dendias"),
    ],
)
def test_an_unknown_surname_is_written_in_plain_latin_letters(name: str, latin: str) -> None:
    assert latin_surname(name) == latin
