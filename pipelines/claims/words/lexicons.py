"""The words of claims: read from ``config/claims``, checked, and ready for look-ups.

``places.yaml`` and ``people.yaml`` hold every language together; ``predicates/<language>.yaml``
holds the words of status and of speech; ``systems.yaml`` names the subjects that claims are
about. A word with ``*`` is a stem; words joined by a space are a phrase.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import ValidationError

from pipelines.claims.words.building import build_vocabulary
from pipelines.claims.words.eastern import surnames_of
from pipelines.claims.words.lexicon_files import (
    ClaimTest,
    PeopleFile,
    PlacesFile,
    PredicateTest,
    SystemsFile,
)
from pipelines.errors import UserError
from pipelines.yaml_source import did_you_mean, no_yaml, read_yaml, validate

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    from pydantic import BaseModel

    from pipelines.claims.words.lexicon_files import Person, PersonTest, Place, PlaceTest, System
    from pipelines.claims.words.vocabulary import Vocabulary

_KINDS = """
some told with by near source reported assent dissent perhaps whether report decided put_off
duty past done attr deploy will moving present modal future plan request begin partial ready site
deny
not absent suspend use block weapon it there own said according said_pronoun loc that if
question since same and neutral able this again already he title interview until perfect
leave back toward first withdraw thence from article one earlier want without for_it
stay arrival land nobody comment other which going act infinitive after passive matter forename
ship serving condition inverted delivers border maybe progressive upon subjunctive hearsay
hit launcher unlike public first_time has frontier how_many granted presence noted finished
"""
KINDS = tuple(_KINDS.split())
"""What a word of ``predicates/`` can be; docs/claims-words.md says what each does."""


_AGGLUTINATIVE = frozenset(("hu", "fi", "et", "tr", "lt", "lv", "cs", "sk", "pl", "sr"))
"""Languages whose names keep their form before the endings of case."""


@dataclass(slots=True)
class Lexicons:
    """Everything that :func:`pipelines.claims.find_claims` looks words up in."""

    places: Mapping[str, Place]
    areas: tuple[str, ...]
    people: Mapping[str, Person]
    not_people: tuple[str, ...]
    offices: tuple[str, ...]
    heads: tuple[str, ...]
    given: tuple[str, ...]
    surnames: Mapping[str, tuple[str, ...]]
    systems: Mapping[str, System]
    rivals: tuple[str, ...]
    nuclear: tuple[str, ...]
    troops: tuple[str, ...]
    affairs: tuple[str, ...]
    bombs: tuple[str, ...]
    planes: tuple[str, ...]
    predicates: Mapping[str, Mapping[str, tuple[str, ...]]]
    unspaced: frozenset[str]
    tests: tuple[ClaimTest, ...] = ()
    place_tests: tuple[PlaceTest, ...] = ()
    person_tests: tuple[PersonTest, ...] = ()
    built: dict[str, Vocabulary] = field(default_factory=dict)

    def vocabulary(self, language: str) -> Vocabulary:
        """Return the words of ``language`` (``zh`` for ``zh-CN``), built once."""
        short = language.replace("_", "-").partition("-")[0].lower()
        short = {"hr": "sr", "bs": "sr", "sh": "sr"}.get(short, short)
        if short not in self.predicates:
            short = ""
        if short not in self.built:
            self.built[short] = build_vocabulary(
                self.predicates.get(short, {}),
                self.places,
                self.people,
                {
                    "area": self.areas,
                    "body": self.not_people,
                    "rival": self.rivals,
                    "nuclear": self.nuclear,
                    "troops": self.troops,
                    "affair": self.affairs,
                    "bomb": self.bombs,
                    "plane": self.planes,
                    "office": self.offices,
                    "head": self.heads,
                    "given": self.given,
                },
                unspaced=short in self.unspaced,
                language=short,
                is_agglutinative=short in _AGGLUTINATIVE,
            )
            self.built[short].surnames = surnames_of(short, self.surnames.get(short, ()))
        return self.built[short]


def default_folder() -> Path:
    """Return ``config/claims`` of the checkout, else of the installed package."""
    root = Path(__file__).parents[3]
    packaged = Path(__file__).parents[2] / "default_config" / "claims"
    return packaged if packaged.exists() else root / "config" / "claims"


def load_lexicons(paths: Sequence[str | os.PathLike[str]] | None = None) -> Lexicons:
    """Return the lexicons of the folders ``paths``; by default those that come with Vigie.

    A later folder replaces the files that it holds. Cached per process.

    Raises:
        UserError: a file is missing, no YAML, or not as ``config/schema/claims.schema.json``.
    """
    return _load(tuple(str(path) for path in paths) if paths else None)


@functools.lru_cache(maxsize=8)
def _load(chosen: tuple[str, ...] | None) -> Lexicons:
    folders = chosen or (str(default_folder()),)
    faults: list[str] = []
    places = _read(folders, "places.yaml", PlacesFile, faults)
    people = _read(folders, "people.yaml", PeopleFile, faults)
    systems = _read(folders, "systems.yaml", SystemsFile, faults)
    predicates, unspaced, tests = _read_predicates(folders, faults)
    if faults or places is None or people is None or systems is None:
        raise UserError("\n".join(faults))
    return Lexicons(
        places=places.places,
        areas=places.areas,
        people=people.people,
        not_people=people.not_people,
        offices=people.offices,
        heads=people.heads,
        given=people.given,
        surnames=people.surnames,
        systems=systems.systems,
        rivals=systems.rivals,
        nuclear=systems.nuclear,
        troops=systems.troops,
        affairs=systems.affairs,
        bombs=systems.bombs,
        planes=systems.planes,
        predicates=predicates,
        unspaced=unspaced,
        tests=(*systems.tests, *tests),
        place_tests=places.tests,
        person_tests=people.tests,
    )


def _read(folders: Sequence[str], name: str, model: type[Any], faults: list[str]) -> Any:  # noqa: ANN401 - the model's instance
    path = next((p for f in reversed(folders) if (p := Path(f) / name).exists()), None)
    if path is None:
        faults.append(f"{Path(folders[-1]) / name}: expected a file, found none")
        return None
    try:
        return model.model_validate(_yaml(path))
    except ValidationError:
        faults += _faults_with_lines(path, model)
    except UserError as error:
        faults += str(error).splitlines()
    return None


def _faults_with_lines(path: Path, model: type[BaseModel]) -> list[str]:
    """Read the file once more, slowly: to say on which line what is wrong."""
    try:
        validate(read_yaml(path), model)
    except UserError as error:
        return str(error).splitlines()
    return []


def _dotted(location: Sequence[int | str]) -> str:
    return ".".join(str(part) for part in location)


def _yaml(path: Path) -> Any:  # noqa: ANN401 - any YAML value
    try:
        return yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: cannot be read: {error}") from None
    except yaml.YAMLError as error:
        raise no_yaml(path, error) from None


def _read_predicates(
    folders: Sequence[str], faults: list[str]
) -> tuple[dict[str, dict[str, tuple[str, ...]]], frozenset[str], list[ClaimTest]]:
    files = {p.stem: p for f in folders for p in sorted(Path(f).glob("predicates/*.yaml"))}
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    unspaced: set[str] = set()
    tests: list[ClaimTest] = []
    for language, path in files.items():
        try:
            table = _yaml(path)
        except UserError as error:
            faults.append(str(error))
            continue
        if not isinstance(table, dict):
            faults.append(f"{path}: expected a mapping of kinds to words")
            continue
        if table.pop("unspaced", False):
            unspaced.add(language)
        tests += _read_tests(path, language, table.pop("tests", []), faults)
        for kind, words in table.items():
            if kind not in KINDS:
                hint = did_you_mean(str(kind), KINDS, "kinds")
                faults.append(f"{path}: {kind}: unknown kind of words; {hint}")
            elif not isinstance(words, str):
                faults.append(f"{path}: {kind}: expected words between commas, got {words!r:.80}")
        found[language] = {
            kind: tuple(w.strip() for w in str(words).split(",") if w.strip())
            for kind, words in table.items()
        }
    return found, frozenset(unspaced), tests


def _read_tests(path: Path, language: str, examples: object, faults: list[str]) -> list[ClaimTest]:
    found: list[ClaimTest] = []
    for number, example in enumerate(examples if isinstance(examples, list) else [examples]):
        try:
            checked = PredicateTest.model_validate(example)
        except ValidationError as error:
            faults += [
                f"{path}: tests.{number}.{_dotted(e['loc'])}: {e['msg']}" for e in error.errors()
            ]
            continue
        found.append(ClaimTest(language=language, **dict(checked)))
    return found
