"""What a sentence says of a system in a country when no table knows its verb; a pure decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.claims.article.grounds import ground_of
from pipelines.claims.article.otherwise import is_of_a_visitor
from pipelines.claims.article.referring import goes_on_with
from pipelines.claims.article.story import Frame
from pipelines.claims.place.listing import list_behind
from pipelines.claims.place.nearby import ground_beside, is_placed, struck_ground
from pipelines.claims.sentences.clause import OPERATORS
from pipelines.claims.sentences.silence import is_silent
from pipelines.claims.sentences.stages import Stage
from pipelines.claims.sentences.trimming import without_condition, without_tail
from pipelines.claims.status.awaiting import awaited, awaiting_capital, recipient
from pipelines.claims.status.standing import came, is_aboard
from pipelines.claims.status.underway import is_site_first
from pipelines.claims.status.unstated import is_of_an_article
from pipelines.times import granularity, interval

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from connectors.records import Mention, TimeExpression
    from pipelines.claims.article.story import Story
    from pipelines.claims.sentences.clause import Clause
    from pipelines.claims.sentences.sentence import Sentence
    from pipelines.claims.words.lexicon_files import System
    from pipelines.claims.words.vocabulary import Cue

_DOUBTS = ("if", "block", "able", "absent", "suspend", "use")
"""Kinds of which one leaves what is said of the system open."""

_BY_OPERATOR = (
    (("deny", "not"), "denied"),
    (("request",), "requested"),
    (("modal",), "possible"),
)
"""What a word says of a verb that no table knows, in order."""

_UNSETTLED = ("person", "body", "said", *OPERATORS, "will", "moving")
"""Kinds beside which a deployment in the past is a plan, or somebody's words, of that time."""

_CARRIED = frozenset(("used", "possible", "planned"))
"""What may be presumed of a system that the clause does not name."""

_COMING = frozenset(("weapon", "deploy", "partial"))
"""What is told to come by a time, no place named."""

_END = "END"
"""Modifier of a time: "late 2025"."""

_ASKS = ("?", "？", "؟")


TOWARD_WORDS = 3
"""Words from "towards" to the country: of a phrase its first word counts."""

ASKED_CHARS = 25
"""From "about" to the system."""


HEAD_WORDS = 2
"""Words before the deployment that heads a sentence."""

UNSAID_WORDS = 3
"""Words between "not" and the verb of speech that it negates."""

ACTING_WORDS = 3
"""Words between two states that act together."""


def presumed(story: Story, sentence: Sentence) -> list[Frame]:
    """Return what a sentence says whose verbs no table knows, of each system that it is about."""
    frames: list[Frame] = []
    carried = goes_on_with(story, sentence)
    if not sentence.systems and not carried:
        return frames
    if story.text[sentence.start : sentence.end].rstrip()[-1:] in _ASKS:
        return frames
    is_grounded = bool(sentence.systems) and ground_of(story, sentence) is not None
    for clause in sentence.clauses:
        if not clause.systems and (not carried or is_of_a_visitor(clause)):
            continue
        if any(clause.start <= at < clause.end for at in story.treaties):
            continue
        stage = _presumed_stage(
            without_condition(without_tail(story.text, clause)),
            story.lexicons.systems,
            story.published,
            carried,
            is_grounded=is_grounded,
            text=story.text,
        )
        stage = stage or awaited(story, clause)
        if stage is not None and is_of_an_article(story, clause, stage):
            continue
        if stage is not None and stage.anchor.kind == "adjective" and _is_fragment(story, sentence):
            continue
        if stage is not None and not clause.systems and story.is_withdrawn(story.systems):
            continue
        if stage is not None:
            named = story.without_loads(tuple(dict.fromkeys(m.subject for m in clause.systems)))
            named = named or (carried or "",)
            is_anaphoric = not clause.systems
            frames += [Frame(clause, stage, system, is_anaphoric) for system in named]
    return frames


def _is_fragment(story: Story, sentence: Sentence) -> bool:
    """Say whether the sentence begins in small letters: it is the rest of another one."""
    return story.text[sentence.start : sentence.end].lstrip()[:1].islower()


def _presumed_stage(  # noqa: PLR0913 - what is known of the clause, by name
    clause: Clause,
    systems: Mapping[str, System],
    published: date | None,
    carried: str | None = None,
    *,
    is_grounded: bool = False,
    text: str = "",
) -> Stage | None:
    """Return the stage of a clause that names a system and a country, or None.

    What is fired at one country only was fired when that country is named; what lies after the
    article's day is planned; the rest stands where it is said to be.

    Args:
        clause: A clause of which no table gives a stage.
        systems: What is known of each system.
        published: The article's day.
        carried: The one system named just before, when the clause names none but says
            "the missile" or "there".
        is_grounded: The sentence before names the one country that "there" can mean.
        text: The article's text.
    """
    if clause.has(*_DOUBTS) or _is_asked(clause) or _is_of_others(clause):
        return None
    named = {m.subject for m in clause.systems}
    pointer = None
    if carried and not named:
        pointer = next(iter(clause.of("weapon", "it", "partial", "there")), None)
        pointer = pointer or next((c for c in clause.of("deploy") if c.order <= HEAD_WORDS), None)
        named = {carried}
    things: list[Cue | Mention] = [pointer] if pointer else [*clause.systems]
    if not things:
        return None
    struck = struck_ground(
        clause, things, {systems[name].target for name in named if name in systems}
    )
    ahead = published and any(_lies_ahead(t, published) for t in clause.times)
    ground = ground_beside(clause, things) or struck or list_behind(text, clause)
    if ground is None and not pointer:
        ground = (awaiting_capital(clause) if ahead else None) or recipient(clause)
    if ground is None and (pointer or ahead or is_grounded):
        ground = next(iter(clause.of("there")), None)
    if ground is None and is_grounded:
        ground = next((c for c in clause.of("site") if is_placed(clause, c)), None)
    if ground is None and came(clause) and all(systems[name].place for name in named):
        return Stage("completed", clause.of("arrival")[0])
    if ground is None:
        is_of_weapon = pointer is not None and pointer.kind in _COMING
        return _coming(clause) if is_of_weapon and ahead else None
    if _has_come(clause, published, is_ahead=bool(ahead)):
        return None if pointer else Stage("completed", ground)
    stage = _stage_at(clause, ground, struck, is_ahead=bool(ahead))
    return None if pointer and stage and stage.status not in _CARRIED else stage


def _stage_at(clause: Clause, ground: Cue, struck: Cue | None, *, is_ahead: bool) -> Stage | None:
    for kinds, status in _BY_OPERATOR:
        if clause.has(*kinds):
            is_unsure = status in {"denied", "requested"} and clause.has("withdraw")
            is_unsure |= status == "denied" and (
                _is_unsaid(clause, ground) or clause.has("nobody", "public")
            )
            return None if is_unsure else Stage(status, ground)
    if is_ahead or clause.has("will", "future", "plan"):
        return None if clause.has("without") else Stage("planned", ground)
    if clause.has("deploy", "begin", "moving"):
        return Stage("underway", ground) if clause.has("begin", "moving") else None
    if struck is not None:
        return Stage("used", struck)
    if any(0 < ground.order - c.order <= TOWARD_WORDS for c in clause.of("toward")):
        return Stage("underway", ground)
    is_of_somebody = clause.has("person") and not clause.times
    is_of_somebody = is_of_somebody and not (clause.has("said") and is_placed(clause, ground))
    is_bare = ground.kind == "own" or not clause.systems or _acts(clause, ground)
    is_bare = is_bare or _is_of_a_site(clause)
    return None if is_of_somebody or is_bare else Stage("completed", ground)


def _is_of_a_site(clause: Clause) -> bool:
    """Say whether a depot heads it, no launcher: "The positions for X in Y are ready"."""
    weapons = {c.start for c in clause.of("weapon")}
    return is_site_first(clause) and clause.cues[0].start not in weapons


def _coming(clause: Clause) -> Stage | None:
    """Return "planned" for what is said to come by a time: "A second one follows in May"."""
    if clause.has("person", "site", "present", "done") and not clause.has("said"):
        return None
    ruled = clause.of("will", "future", "plan")
    return Stage("planned", ruled[0]) if ruled else None


def _is_asked(clause: Clause) -> bool:
    """Say whether "about", "whether" or "when" stands beside speech or before the system."""
    asked = clause.of("question")
    if asked and (clause.has("said", "request", "deny", "not") or _is_whether(clause)):
        return True
    near = [m.start for m in clause.systems]
    return any(0 <= start - q.end <= ASKED_CHARS for q in asked for start in near)


def _is_of_others(clause: Clause) -> bool:
    """Say whether no comment is given, or a warship that carries it comes."""
    return is_silent(clause) or (clause.has("ship") and is_aboard(clause))


def _is_whether(clause: Clause) -> bool:
    """Say whether it begins with a word that leaves it open: "Whether X will come …"."""
    first = clause.cues[0]
    return first.kind == "that" and any(c.start == first.start for c in clause.of("question"))


def _lies_ahead(time: TimeExpression, published: date) -> bool:
    """Say whether it begins after the article, or is the end of a year that is not over."""
    begins, ends = interval(time.value)
    return begins > published or (time.modifier == _END and ends > published)


def _is_past(time: TimeExpression, published: date) -> bool:
    """Say whether it is a month or longer that ended before the article."""
    return granularity(time.value) != "day" and interval(time.value)[1] < published


def _has_come(clause: Clause, published: date | None, *, is_ahead: bool) -> bool:
    """Say whether it tells of a delivery that is past."""
    if any(_came_then(clause, t, published) for t in clause.times):
        return True
    behind = published and any(_is_past(t, published) for t in clause.times)
    return not is_ahead and bool(came(clause) or (behind and _is_told_of(clause)))


def _came_then(clause: Clause, time: TimeExpression, published: date | None) -> bool:
    """Say whether a past day stands right before the deployment, no blank between: ``3日进驻``."""
    if published is None or interval(time.value)[1] > published:
        return False
    at = time.end
    if clause.has(*OPERATORS, "will"):
        return False
    return any(c.start == at for c in clause.of("deploy"))


def _is_told_of(clause: Clause) -> bool:
    """Say whether it names a deployment as what was: "the delivery to X in March 2024"."""
    if not clause.has("deploy") or clause.has(*_UNSETTLED[1:]):
        return False
    named = clause.of("place", "region", "own")
    return not any(p.start < named[0].start for p in clause.of("person")) if named else False


def _is_unsaid(clause: Clause, ground: Cue) -> bool:
    """Say whether it is the speech that is negated: "did not confirm", no "not in X, said Kos"."""
    return any(
        -1 <= said.order - negation.order <= UNSAID_WORDS
        and not negation.start < ground.start < said.start
        for negation in clause.of("not", "deny")
        for said in clause.of("said")
    )


def _acts(clause: Clause, ground: Cue) -> bool:
    """Say whether two states act, and neither is a place: "Russia and Belarus conclude"."""
    if is_placed(clause, ground):
        return False
    return any(abs(ground.order - c.order) <= ACTING_WORDS for c in clause.of("supplier"))
