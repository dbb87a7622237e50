"""The rule language as data: what a subject file may hold.

These models say which keys exist and of what kind their values are; the JSON Schema for editors
is made from them. What the rules mean is in ``nodes.py``, how they are checked in
``compiling.py``.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Union

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from pipelines.detection.days import Day

SUBJECT_ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"
LIST_NAME = r"^[a-z][a-z0-9_]*$"
Where = Literal["sentence", "neighbours", "paragraph"]
Text = Annotated[str, Field(min_length=1, max_length=200)]
LanguageCode = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)


class AnyOf(_Model):
    """Every match of every alternative."""

    any_of: list[Node] = Field(min_length=1)


class AllOf(_Model):
    """The matches of the first part, when each of the others is in the article too."""

    all_of: list[Node] = Field(min_length=2)


class Not(_Model):
    """A condition inside ``all_of``: nothing of this is in the article."""

    not_: Node = Field(alias="not")


class NearBody(_Model):
    """``of`` must stand together, at most ``within`` words apart."""

    of: list[Node] = Field(min_length=2, max_length=6)
    within: int = Field(default=10, ge=0, le=100)
    ordered: bool = False
    same: Where | None = None


class Near(_Model):
    """The stretch from the first to the last of several things that stand together."""

    near: NearBody


class NotNearBody(_Model):
    """``of`` counts only where ``near`` is not within so many words."""

    of: Node
    near: Node
    within: int = Field(default=5, ge=0, le=100)
    same: Where | None = None


class NotNear(_Model):
    """The matches of one thing that have no match of another beside them."""

    not_near: NotNearBody


class Seq(_Model):
    """Adjacent words or expressions in this order, each inflected."""

    seq: list[Node] = Field(min_length=2, max_length=8)


class StemBody(_Model):
    """A beginning of a word and how many letters may follow."""

    word: Text
    min: int = Field(default=0, ge=0, le=20)
    max: int = Field(default=6, ge=0, le=20)


class Stem(_Model):
    """Words that begin so."""

    stem: StemBody


class Lemma(_Model):
    """Every form of a dictionary word, by language."""

    lemma: dict[LanguageCode, list[Text]] = Field(min_length=1)


class Exact(_Model):
    """Words exactly as spelt here, accents included, without inflection."""

    exact: list[Text] = Field(min_length=1)


class Words(_Model):
    """Words by language: each takes the endings of its own language."""

    words: dict[LanguageCode, list[Text]] = Field(min_length=1)


class Cased(_Model):
    """Matches that begin with a capital, where the text has capitals at all."""

    cased: Node


class Quoted(_Model):
    """Matches that stand in quotation marks."""

    quoted: Node


class Translit(_Model):
    """Names in Russian spelling, found as the press of each language renders them."""

    translit: list[Text] = Field(min_length=1)


class Scope(_Model):
    """Matches inside one part of the article only."""

    scope: Literal["title", "lead", "body"]
    of: Node


class Only(_Model):
    """Matches in articles of these languages only."""

    only: list[LanguageCode] = Field(min_length=1)
    of: Node


class Evidence(_Model):
    """What speaks for or against a match: something to find, or how the match is printed."""

    find: Node | None = None
    when: Literal["cased", "lowercase", "quoted", "title", "name_before", "name_after"] | None = (
        None
    )
    unless: Node | None = None
    weight: int = Field(ge=-10, le=10)
    within: int | None = Field(default=None, ge=0, le=100)
    side: Literal["before", "after"] | None = None
    same: Literal["sentence", "neighbours", "paragraph", "title", "article"] | None = None


class WeighBody(_Model):
    """``of`` counts where the weights of its evidence reach ``threshold``.

    With ``one_sense`` all places of an article mean the thing, or none does.
    """

    of: Node
    threshold: int = Field(ge=1, le=50)
    one_sense: bool = False
    evidence: list[Evidence] = Field(min_length=1)


class Weigh(_Model):
    """Matches for which enough speaks."""

    weigh: WeighBody


OPERATORS: dict[str, type[BaseModel]] = {
    "any_of": AnyOf,
    "all_of": AllOf,
    "not": Not,
    "near": Near,
    "not_near": NotNear,
    "seq": Seq,
    "stem": Stem,
    "lemma": Lemma,
    "exact": Exact,
    "words": Words,
    "cased": Cased,
    "quoted": Quoted,
    "translit": Translit,
    "scope": Scope,
    "only": Only,
    "weigh": Weigh,
}


def _operator(value: Any) -> str | None:  # noqa: ANN401 - whatever the file holds
    if isinstance(value, str):
        return "text"
    if isinstance(value, dict):
        return next((key for key in OPERATORS if key in value), None)
    return next((key for key, model in OPERATORS.items() if isinstance(value, model)), None)


Node = Annotated[
    Union[  # noqa: UP007 - sixteen members read better in a column
        Annotated[Text, Tag("text")],
        Annotated[AnyOf, Tag("any_of")],
        Annotated[AllOf, Tag("all_of")],
        Annotated[Not, Tag("not")],
        Annotated[Near, Tag("near")],
        Annotated[NotNear, Tag("not_near")],
        Annotated[Seq, Tag("seq")],
        Annotated[Stem, Tag("stem")],
        Annotated[Lemma, Tag("lemma")],
        Annotated[Exact, Tag("exact")],
        Annotated[Words, Tag("words")],
        Annotated[Cased, Tag("cased")],
        Annotated[Quoted, Tag("quoted")],
        Annotated[Translit, Tag("translit")],
        Annotated[Scope, Tag("scope")],
        Annotated[Only, Tag("only")],
        Annotated[Weigh, Tag("weigh")],
    ],
    Discriminator(_operator),
]


class Case(_Model):
    """A text that a test reads."""

    title: str = ""
    text: str
    lang: LanguageCode | None = None
    published: Day | None = None


class Tests(_Model):
    """What must be found and what must not."""

    match: list[str | Case] = Field(min_length=1)
    no_match: list[str | Case] = Field(min_length=1)


class WeightedRule(_Model):
    """One rule of several, with what it adds to the sum."""

    rule: Node
    weight: int = Field(ge=-10, le=10)


class SubjectModel(_Model):
    """A tracked thing: its name, its rule and its tests."""

    id: str = Field(pattern=SUBJECT_ID, max_length=40)
    kind: str = Field(pattern=SUBJECT_ID, max_length=40)
    names: dict[LanguageCode, Text] = Field(min_length=1)
    since: Day | None = Field(
        default=None,
        description="Articles published before this day (UTC) do not mention the subject.",
    )
    rule: Node | None = None
    rules: list[WeightedRule] | None = Field(default=None, min_length=1)
    threshold: int | None = Field(default=None, ge=1, le=50)
    tests: Tests


def _shape(value: Any) -> str:  # noqa: ANN401 - whatever the file holds
    return "by language" if isinstance(value, dict) else "parts"


WordList = Annotated[
    Union[  # noqa: UP007 - as above
        Annotated[list[Node], Tag("parts")],
        Annotated[dict[LanguageCode, list[Text]], Tag("by language")],
    ],
    Discriminator(_shape),
]


class SubjectFile(_Model):
    """One file of ``config/subjects``."""

    version: Literal[1]
    lists: dict[Annotated[str, Field(pattern=LIST_NAME)], WordList] = Field(default_factory=dict)
    subjects: list[SubjectModel] = Field(default_factory=list)


_WAITING: tuple[type[BaseModel], ...] = (
    *OPERATORS.values(),
    NearBody,
    NotNearBody,
    Evidence,
    WeighBody,
    WeightedRule,
    SubjectModel,
    SubjectFile,
)
for _each in _WAITING:
    _each.model_rebuild()
