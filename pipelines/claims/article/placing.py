"""Where: the country of a frame, from its clause, its sentence and what was told before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.claims.article.attacks import day_of_attack
from pipelines.claims.article.grounds import ground_of, is_near_ground, is_work_for_it
from pipelines.claims.article.theres import is_in_the_country, is_there
from pipelines.claims.article.volleys import attacked_at
from pipelines.claims.place.listing import listed_with
from pipelines.claims.place.places import best_place
from pipelines.claims.sentences.sentence import SUBJECT_WORDS
from pipelines.claims.sentences.spans import REACH_SENTENCES
from pipelines.claims.status.rivals import TARGETS
from pipelines.claims.status.withdrawing import origin_of, told_to
from pipelines.claims.when.whens import is_since

if TYPE_CHECKING:
    from pipelines.claims.article.story import Frame, Story
    from pipelines.claims.sentences.sentence import Sentence
    from pipelines.claims.words.vocabulary import Cue


SUPPLIERS = frozenset(("RU", "US"))
"""Who speaks from there tells of deployments elsewhere;
what is fired from there falls elsewhere."""

_STANDING = frozenset(("completed", "underway", "planned"))
"""Stages of a system that goes on duty."""

_GROUNDS = ("place", "region", "own", "adjective")

ASKER_WORDS = 3
"""Words from the capital that asks to its verb."""


def place_of(story: Story, sentence: Sentence, frame: Frame, speaker: str | None) -> str | None:
    """Return the country of a frame, or None: named beside it, else known from before."""
    person = story.lexicons.people.get(speaker or "")
    home = person.country if person else _own_home(story, sentence, frame)
    if home in SUPPLIERS and frame.clause.has("own"):
        home = ground_of(story, sentence) or home
    status = frame.stage.status
    defined = story.lexicons.systems[frame.system].place
    if defined:
        return None if status == "used" else defined
    known = _known(story, sentence, frame)
    found = known or _near(story, sentence, frame, home)
    if found in SUPPLIERS and status == "used":
        found = story.lexicons.systems[frame.system].target or found
    if found and not frame.is_anaphoric and is_there(frame):
        return ground_of(story, sentence) or found
    if found and not home and is_in_the_country(frame):
        found = ground_of(story, sentence) or _told(story, frame) or found
    if found and frame.is_anaphoric and frame.clause.has("there", "thence"):
        named = frame.clause.has("place", "region") and frame.stage.anchor.kind != "thence"
        found = found if named else _unnamed(story, sentence, frame, home) or found
    if (
        found
        and not _is_taken_home(frame, found)
        and (known or status == "used" or frame.clause.has("place", "region", "own", "adjective"))
    ):
        return found
    if found:
        return _told(story, frame) or found
    if status == "used":
        return _struck(story, sentence, frame)
    return _unnamed(story, sentence, frame, home) or _at_home(story, frame)


def _at_home(story: Story, frame: Frame) -> str | None:
    """Return the owner's country of a system that never was fired: it goes on duty there."""
    system = story.lexicons.systems[frame.system]
    return system.home if not system.target and frame.stage.status in _STANDING else None


def _near(story: Story, sentence: Sentence, frame: Frame, home: str | None) -> str | None:
    """Return the country beside it, or the one struck before, not whose things were hit there."""
    found = _beside(sentence, frame, home)
    if found and frame.stage.status == "used" and frame.is_anaphoric and not is_near_ground(frame):
        return _struck(story, sentence, frame) or found
    return found


def _beside(sentence: Sentence, frame: Frame, home: str | None) -> str | None:
    """Return the country that the clause or else its sentence names.

    What is to go "to Europe" goes into no country that another clause names.
    """
    status, anchor = frame.stage.status, frame.stage.anchor.start
    found = best_place(_unconditioned(frame), anchor, status, home)
    found = found or best_place(frame.clause.cues, anchor, status, home)
    if found or frame.clause.has("area"):
        return found
    return best_place(sentence.cues, anchor, status, home)


def _is_taken_home(frame: Frame, found: str) -> bool:
    """Say whether the country is whose weapon it is, into which what was named before went."""
    return found in SUPPLIERS and frame.stage.status == "suspended" and frame.is_anaphoric


def _known(story: Story, sentence: Sentence, frame: Frame) -> str | None:
    """Return who asks for it or comes home without it, or where what went back had stood."""
    stage = frame.stage
    if stage.anchor.kind == "without":
        return next((h for h in _homes(story, sentence) if h and h not in SUPPLIERS), None)
    if stage.status == "suspended" and stage.anchor.kind == "back":
        return _told(story, frame)
    if stage.status == "completed" and stage.anchor.kind in {"withdraw", "leave"}:
        if origin := origin_of(frame.clause, stage.anchor):
            return origin.value
        asked = (told_to(frame.clause, c, stage.anchor) for c in frame.clause.of("request"))
        return next((a for a in asked if a), None)
    return _asker(story.text, frame) if stage.status == "requested" else None


def _asker(text: str, frame: Frame) -> str | None:
    """Return the state that heads the clause and asks, no ground named: "Manila asks for X"."""
    clause, asked = frame.clause, frame.stage.anchor
    for cue in clause.of("capital", "place"):
        if cue.start > asked.start or asked.order - cue.order > ASKER_WORDS:
            continue
        if cue.value in SUPPLIERS or any(
            c.order == cue.order - 1 or c.end == cue.end for c in clause.of("loc")
        ):
            continue
        comma = text.find(",", asked.end, clause.end)
        stop = comma if comma >= 0 else clause.end
        grounds = clause.of("place", "region", "own", "there", "supplier", "capital")
        return None if any(asked.end <= c.start < stop for c in grounds) else cue.value
    return None


_HOMELANDS = {"ja": "JP", "ko": "KR"}
"""Where "at home" is in a paper of a language that one country speaks."""


def _own_home(story: Story, sentence: Sentence, frame: Frame) -> str | None:
    """Return whose "own" ground is meant where nobody speaks: of the one person that is named."""
    if not frame.clause.has("own"):
        return None
    homes = {home for home in _homes(story, sentence) if home}
    if len(homes) == 1:
        return homes.pop()
    if homes or sentence.has("place", "region", "capital", "adjective", "supplier"):
        return None
    return _HOMELANDS.get(sentence.language)


def _unconditioned(frame: Frame) -> list[Cue]:
    """Return the cues before "if": "X could go to Kant if troops came back to Kabul"."""
    clause, anchor = frame.clause, frame.stage.anchor.start
    if frame.stage.status != "possible" or not clause.has("if"):
        return clause.cues
    ends = [c.start for c in clause.of("if") if c.start > anchor]
    return [c for c in clause.cues if c.start < ends[0]] if ends else clause.cues


def _struck(story: Story, sentence: Sentence, frame: Frame) -> str | None:
    index, struck, _ = story.struck
    near = struck if sentence.index - index <= REACH_SENTENCES else None
    target = story.lexicons.systems[frame.system].target
    if not near and target and frame.is_named and ground_of(story, sentence) == target:
        return target
    if near or not _is_a_strike(frame):
        return near
    place = story.only_country(*TARGETS)
    if target and target == (place or story.place):
        return target
    place = place or target
    if sentence.times or attacked_at(story, sentence, place):
        return place
    return place if day_of_attack(story, sentence, frame, place) else None


def _unnamed(story: Story, sentence: Sentence, frame: Frame, home: str | None) -> str | None:
    """Return the country of a deployment whose sentence names none."""
    status = frame.stage.status
    if status == "requested" and home and home not in SUPPLIERS and not frame.clause.has("there"):
        return home
    if frame.clause.has("there", "thence", "site", "it", "he", "land"):
        ground = _told(story, frame) if is_work_for_it(frame) else None
        if ground := ground or ground_of(story, sentence):
            return ground
    is_of_weapon = frame.is_anaphoric and frame.clause.has("weapon")
    if told := _told(story, frame) or (ground_of(story, sentence) if is_of_weapon else None):
        return told
    if frame.clause.has("area") and not frame.clause.has("own"):
        return None
    if status == "completed" and not frame.clause.has("there", "own"):
        return _standing(story, sentence, frame, home)
    places = _places_near(story, sentence) - {None}
    is_first = all(claim.system != frame.system for claim in story.claims)
    ground = ground_of(story, sentence) if is_first and story.claims else None
    nearby = (
        ground
        or story.place
        or (
            places.pop()
            if len(places) == 1
            else story.only_country("place", "region", until=sentence.index)
            or (home if home not in SUPPLIERS else None)
            or story.only_country("place", "region")
        )
    )
    homes = (home, *_homes(story, sentence))
    nearby = nearby or next((h for h in homes if h and h not in SUPPLIERS), None)
    is_land = nearby is None and frame.clause.has("own", "land")
    return story.only_country("capital", until=sentence.index) if is_land else nearby


def _places_near(story: Story, sentence: Sentence) -> set[str | None]:
    """Return where the systems are that this paragraph and the one before tell of."""
    begin = story.text.rfind("\n", 0, sentence.start)
    begin = story.text.rfind("\n", 0, len(story.text[:begin].rstrip())) if begin > 0 else begin
    return {c.place for c in story.claims if c.status != "used" and c.start >= begin}


def _standing(story: Story, sentence: Sentence, frame: Frame, home: str | None) -> str | None:
    """Return where something stands that no sentence places: the headline's, or the speaker's.

    "The bombs kept at the base", under the headline "Volkel keeps silent"; a head of state's "It
    has been on duty since May", in his own country.
    """
    if frame.clause.has("site"):
        return story.place
    is_state = frame.stage.anchor.kind == "present" and is_on_duty_since(sentence)
    return home if is_state and home not in SUPPLIERS else None


def is_on_duty_since(sentence: Sentence) -> bool:
    """Say whether one person tells of a state and its beginning, with no country."""
    if len({p.value for p in sentence.of("person")}) != 1 or not sentence.has("said"):
        return False
    if sentence.has("capital", "not", "if", "future", "modal"):
        return False
    return any(is_since(time, sentence.cues) for time in sentence.times)


def _homes(story: Story, sentence: Sentence) -> list[str | None]:
    """Return the countries of the people that a sentence names: "told Zelensky that he …"."""
    known = (story.lexicons.people.get(p.value) for p in sentence.of("person"))
    return [person.country for person in known if person]


def _told(story: Story, frame: Frame) -> str | None:
    """Return the country where the system was said to be last: no capital outweighs it."""
    for claim in reversed(story.claims):
        if claim.place and claim.system == frame.system and claim.status != "used":
            return claim.place
    return None


def is_grounded(story: Story, sentence: Sentence) -> bool:
    """Say whether a sentence without a country is about one that was told: "it also has X"."""
    if sentence.of("site") or any(
        c.order <= SUBJECT_WORDS for c in sentence.of("it", "he", "land")
    ):
        return bool(ground_of(story, sentence))
    named = {m.subject for m in sentence.systems}
    return any(c.place and c.system in named and c.status != "used" for c in story.claims)


def _is_a_strike(frame: Frame) -> bool:
    """Say whether a clause without a place may tell of one strike: it names what fell."""
    return frame.is_named and not frame.clause.has("deploy", "request", "plan", "done")


def countries_of(
    story: Story, frame: Frame, place: str | None, status: str
) -> tuple[str | None, ...]:
    """Return the place with those that one list names beside it: "in Italy and Turkey"."""
    if place is None or status == "used":
        return (place,)
    if status == "requested" and frame.clause.of("place")[1:2]:
        heads = frame.clause.of("place")[:2]
        if heads[1].start > frame.stage.anchor.start:
            return (place,)
    return listed_with(story.text, frame.clause.cues, place)


def struck_at(story: Story, sentence: Sentence, frame: Frame, place: str | None) -> str | None:
    """Return when the strike told of just before was, of which this one is a part.

    A sentence has one day for all its strikes; the next ones have it with "at the same time", or
    where they name another weapon that hit the same country and no time.
    """
    index, struck, when = story.struck
    gap = sentence.index - index
    if gap == 0:
        return when
    is_part = bool(sentence.of("same")) or (gap == 1 and frame.is_named and not sentence.times)
    return when if is_part and gap <= REACH_SENTENCES and struck == place else None
