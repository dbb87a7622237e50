"""What stands in the files of ``config/claims``, as ``config/schema/claims.schema.json`` has it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _split(words: object) -> object:
    return (
        tuple(w.strip() for w in words.split(",") if w.strip()) if isinstance(words, str) else words
    )


Words = Annotated[tuple[str, ...], BeforeValidator(_split)]


def _written(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


Value = Annotated[str | None, BeforeValidator(_written)]
"""A time value; YAML reads a bare day as a date."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Place(_Strict):
    """One country: its names and what they may stand for."""

    names: Words = ()
    further: Words = ()
    supplier_names: Words = ()
    adjectives: Words = ()
    nation: Words = ()
    capital: Words = ()
    regions: Words = ()
    occupied: Words = ()
    supplier: bool = False


class Predecessor(_Strict):
    """Who held an office until a day."""

    name: str
    until: date


class Person(_Strict):
    """One person who speaks about deployments."""

    forms: Words
    epithets: Words = ()
    country: str | None = Field(default=None, pattern="^[A-Z]{2}$")
    head: bool = False
    voice: bool = False
    seldom: bool = False
    predecessor: Predecessor | None = None


class System(_Strict):
    """One subject that claims are made about, and the places that go without saying."""

    place: str | None = Field(default=None, pattern="^[A-Z]{2}$")
    target: str | None = Field(default=None, pattern="^[A-Z]{2}$")
    home: str | None = Field(default=None, pattern="^[A-Z]{2}$")
    carries: str | None = None
    nuclear: bool = False
    sorts: tuple[Literal["bomb", "plane"], ...] = ()


class PlaceTest(_Strict):
    """Words and the country that they must be read as."""

    text: str
    place: str | None


class PersonTest(_Strict):
    """Words and the person that they must be read as."""

    text: str
    person: str | None


class PredicateTest(_Strict):
    """A sentence with the words that name a system, and the claims that must come of it."""

    text: str
    mentions: dict[str, str]
    published_at: date | None = None
    claims: tuple[tuple[str, str | None, str, Value, str | None], ...]


class ClaimTest(PredicateTest):
    """The same with its language, for ``systems.yaml``."""

    language: str


class PlacesFile(_Strict):
    """``places.yaml``."""

    places: dict[str, Place]
    areas: Words = ()
    tests: tuple[PlaceTest, ...] = ()


class PeopleFile(_Strict):
    """``people.yaml``."""

    people: dict[str, Person]
    not_people: Words = ()
    offices: Words = ()
    heads: Words = ()
    given: Words = ()
    surnames: dict[str, Words] = {}
    tests: tuple[PersonTest, ...] = ()


class SystemsFile(_Strict):
    """``systems.yaml``."""

    systems: dict[str, System]
    rivals: Words = ()
    nuclear: Words = ()
    troops: Words = ()
    affairs: Words = ()
    bombs: Words = ()
    planes: Words = ()
    tests: tuple[ClaimTest, ...] = ()
