"""Plain clauses in somebody's words, denied, doubted, on a condition, between other matters."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from itertools import cycle, pairwise, permutations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from connectors.records import Mention
from pipelines.claims import find_claims
from pipelines.times import find_times

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

AT = datetime(2025, 7, 1, tzinfo=timezone.utc)
FOLDER = Path(__file__).parents[1] / "data" / "composed"
VOICES = sorted((FOLDER / "voices").glob("*.yaml"))
ANY = "any"
"""What a denial has for the time: whether it keeps that of what is denied is left open."""

FORMS = {"t": "thats", "i": "inverted", "s": "subjunctives", "q": "questions"}
"""What a clause is called in a template → the list of its forms, where the language has one."""

TO_COME = {"planned", "possible"}
AFFIRMED = {"completed", "planned", "underway"}

Told = set[tuple[str, str | None, str, str | None, str | None]]
Case = tuple[str, Told]
relation = pytest.mark.parametrize("path", VOICES, ids=lambda path: path.stem)


class Spec:
    """The clauses of one language and what may stand around them."""

    def __init__(self, path: Path) -> None:
        self.language = path.stem
        self.plain = yaml.safe_load((FOLDER / path.name).read_text("utf-8"))
        self.around = yaml.safe_load(path.read_text("utf-8"))
        self.people = self.around["people"]
        self.weapons = list(self.plain["weapons"].items())

    def clauses(self, *statuses: str) -> Iterator[tuple[dict[str, str], tuple[Any, ...]]]:
        """Yield the forms of each clause for both weapons, and what it says."""
        for number, clause in enumerate(self.plain["clauses"]):
            if statuses and clause["status"] not in statuses:
                continue
            for at in (0, 1):
                yield self.forms(number, at), self.said(number, at)

    def forms(self, number: int, at: int) -> dict[str, str]:
        """Return the clause by itself, after "that" and otherwise, filled in."""
        forms = {"c": self.plain["clauses"][number]["says"], "capital": "{capital}"}
        for letter, key in FORMS.items():
            forms[letter] = self.around.get(key, {number: forms["c"]})[number]
        names = {"X": self.weapons[at][1], "capital": self.around["capitals"][at]}
        names |= self.plain["places"][at]
        filled = {key: form.format(**names) for key, form in forms.items() if form}
        return {**filled, "C": _opened(filled["c"])}

    def said(self, number: int, at: int) -> tuple[Any, ...]:
        """Return weapon, country, status and time that the clause tells of."""
        clause = self.plain["clauses"][number]
        code = self.plain["places"][at]["code"]
        return self.weapons[at][0], code, clause["status"], clause.get("when")

    def told(self, text: str) -> Told:
        """Return what is found in ``text``."""
        mentions = [
            Mention(subject=system, field="text", start=start, end=start + len(name), quote=name)
            for system, name in self.weapons
            if (start := text.find(name)) >= 0
        ]
        claims = find_claims(
            title="",
            text=text,
            language=self.language,
            published_at=AT,
            mentions=mentions,
            times=find_times(text, self.language, AT),
        )
        return {(c.system, c.place, c.status, c.when, c.speaker) for c in claims}

    def wrong(self, cases: Iterator[Case]) -> list[tuple[str, Told, Told]]:
        """Return the texts of which something else is told, with what is missed and false."""
        found = []
        for text, wanted in cases:
            told = self.told(text)
            if any(claim[3] == ANY for claim in wanted):
                told = {(*claim[:3], ANY, claim[4]) for claim in told}
            if told != wanted:
                found.append((text, wanted - told, told - wanted))
        return found


def _opened(text: str) -> str:
    return text[0].upper() + text[1:]


def _filled(template: str, **forms: str) -> str | None:
    """Return the sentence, None where the clause has no form for the template."""
    if not forms.keys() >= set(re.findall(r"\{(\w+)\}", template)):
        return None
    sentence = re.sub(r"\b([Qq])ue (?=il )", r"\1u'", template.format(**forms))
    return _opened(sentence)


def _each(
    spec: Spec, key: str, wanted: Callable[[tuple[Any, ...], str | None], Told], *statuses: str
) -> Iterator[Case]:
    """Yield each clause in each template of ``key``, the people taking turns."""
    people = cycle(spec.people)
    for template in spec.around[key]:
        for forms, said in spec.clauses(*statuses):
            person = next(people)
            speaker = person["speaker"] if re.search(r"\{(n|g|title)\}", template) else None
            if sentence := _filled(template, **forms, **person):
                yield sentence, wanted(said, speaker)


@relation
@pytest.mark.parametrize("key", ["voice", "nobody"])
def test_what_somebody_says_is_told_as_it_is_alone_in_their_name(path: Path, key: str) -> None:
    spec = Spec(path)

    assert spec.wrong(_each(spec, key, lambda said, who: {(*said, who)})) == []


@relation
@pytest.mark.parametrize("key", ["denial", "denial_of"])
def test_what_is_not_true_is_denied_and_nothing_else(path: Path, key: str) -> None:
    spec = Spec(path)

    def denied(said: tuple[Any, ...], who: str | None) -> Told:
        return {(*said[:2], "denied", ANY, who)}

    assert spec.wrong(_each(spec, key, denied, *AFFIRMED, "possible")) == []


@relation
@pytest.mark.parametrize(("key", "statuses"), [("condition", {"planned"}), ("maybe", TO_COME)])
def test_what_hangs_on_a_consent_or_is_not_ruled_out_is_possible(
    path: Path, key: str, statuses: set[str]
) -> None:
    spec = Spec(path)

    def possible(said: tuple[Any, ...], who: str | None) -> Told:
        return {(*said[:2], "possible", said[3], who)}

    assert spec.wrong(_each(spec, key, possible, *statuses)) == []


@relation
def test_what_is_unclear_or_nobody_knows_is_no_claim(path: Path) -> None:
    spec = Spec(path)

    assert spec.wrong(_each(spec, "doubt", lambda *_: set(), *AFFIRMED)) == []


@relation
def test_what_somebody_demands_is_requested_in_their_name(path: Path) -> None:
    spec = Spec(path)
    cases = (
        (
            template.format(X=name, **spec.plain["places"][at], **person),
            {(system, spec.plain["places"][at]["code"], "requested", None, person["speaker"])},
        )
        for template in spec.around["demand"]
        for person in spec.people
        for at, (system, name) in enumerate(spec.weapons)
    )

    assert spec.wrong(cases) == []


@relation
@pytest.mark.parametrize("key", ["two", "first_and_body", "body_and_second"])
def test_two_voices_each_tell_their_own(path: Path, key: str) -> None:
    spec = Spec(path)

    assert spec.wrong(_in_two_voices(spec, key)) == []


def _in_two_voices(spec: Spec, key: str) -> Iterator[Case]:
    one, two = spec.people[:2]
    who = {"one": one["n"], "two": two["n"], "said1": one.get("said"), "said2": two.get("said")}
    numbers = range(len(spec.plain["clauses"]))
    for first, second in permutations(numbers, 2):
        a, b = spec.forms(first, 0), spec.forms(second, 1)
        pair = {"a": a["c"], "A": a["C"], "ta": a.get("t"), "b": b["c"], "B": b["C"]}
        speaker = None if key == "body_and_second" else one["speaker"]
        other = None if key == "first_and_body" else two["speaker"]
        wanted = {(*spec.said(first, 0), speaker), (*spec.said(second, 1), other)}
        for template in spec.around[key]:
            yield _opened(_filled(template, **who, **pair, tb=b.get("t"))), wanted


@relation
def test_a_sentence_about_something_else_before_or_after_changes_nothing(path: Path) -> None:
    spec = Spec(path)
    around = spec.around["context"]
    cases = (
        (f"{before}{forms['C']}.{after}", {(*said, None)})
        for forms, said in spec.clauses()
        for before, after in [
            *((f"{one} ", "") for one in around),
            *(("", f" {one}") for one in around),
            *((f"{one} ", f" {other}") for one, other in pairwise(around)),
        ]
    )

    assert spec.wrong(cases) == []
