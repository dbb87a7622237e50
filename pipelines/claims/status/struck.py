"""Whether a weapon was itself struck: "hit an Iskander launcher in Crimea" fires none; pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.times.lexicon import fold

if TYPE_CHECKING:
    from connectors.records import Mention
    from pipelines.claims.article.story import Frame
    from pipelines.claims.sentences.clause import Clause
    from pipelines.claims.sentences.sentence import Sentence
    from pipelines.claims.words.vocabulary import Cue

BEHIND_CHARS, BEFORE_CHARS = 24, 40
"""From the weapon's name to "launcher": "Iskander missile launchers", "launchers of the X"."""

OF_WORDS = 3
"""Words between the two that no table knows: "launchers for the new X"."""

MEANS_CHARS = 10
"""From the weapon to the particle that makes it what one strikes with."""

ASIDE_CHARS = 3
"""From the weapon's name to "missile" beside it, which bears the case."""

_INSTRUMENTAL = {
    "ru": ("ом", "ем", "ами", "ями", "ракетой", "балистикой", "баллистикой"),
    "uk": ("ом", "ем", "ами", "ями", "ракетою", "балістикою"),
    "be": ("ом", "ем", "ам", "амі", "ямі", "ракетай", "ракетаю", "балістыкай"),
    "sr": ("om", "em", "ima", "ама", "има", "ом", "ем"),
    "pl": ("em", "ami", "rakietą", "głowicą"),
    "cs": ("em", "ami", "raketou", "střelou", "střelami"),
    "sk": ("om", "ami", "raketou", "strelou"),
    "lt": ("eriu", "eriais", "raketa", "raketomis"),
    "hu": ("rel", "ral", "kel", "kal", "vel", "val"),
    "fi": ("lla", "llä", "illa"),
    "et": ("ga",),
    "tr": ("yla", "yle", "iyle", "ıyla", "lerle", "larla", "erle", "arla"),
    "hy": ("ով", "երով"),
    "ka": ("ით",),
}
"""Endings of what one strikes with, of names and missiles, by language."""

_LAUNCHER_FIRST = frozenset((
    "fr", "es", "it", "pt", "ro", "ru", "uk", "be", "pl", "cs", "sk", "bg", "sr", "el", "ar", "fa",
))  # fmt: skip
"""Languages in which the launcher stands before the name of its weapon, never behind it."""

_PARTICLES = frozenset(("ja", "ko", "zh"))
_VERB_LAST = frozenset(("ja", "ko", "zh", "tr", "fa", "ka", "hy", "hu"))
"""Languages in which what is struck stands before the verb, whatever is meant."""

_MISSILE = (
    r"[\s」』”’\"'》】)）号型-]*"
    r"(?:(?:弾道|戦術|巡航)?ミサイル|(?:战术|弹道|巡航)?导弹(?:系统)?|(?:戰術|彈道)?飛彈"
    r"|(?:탄도|전술)? ?미사일|システム|시스템)?"
    r"[\s」』”’\"'》】)）号型-]*"
)
_GENITIVE = re.compile(rf"{_MISSILE}[の的의用]?\s*")
_MEANS_BEHIND = re.compile(
    rf"{_MISSILE}(?:で(?!の)|によ|を使|を用|を発射|로|으로|[를을] (?:이용|동원|사용)|が|이 |가 )"
)
_MEANS_BEFORE = re.compile(
    r"(?:[用以]|使用|动用|動用|发射|發射|出动)(?:了|\d+[枚发發]|[一两三四五六]枚)?[\s「『“‘\"'《【(（]*$"
)

_WORD = re.compile(r"[^\W\d_]{2,}")

_MADE_THERE = re.compile(
    r"[, ](?:where|which|that|der|die|das|de[nm]|welche[rs]?|wo|dat|waar|som|där|hvor|qui|où|"
    r"che|dove|que|donde|onde|care|unde|котор\w+|где|де|як(?:ий|а|е|і|ая|ое|ія|ім|ой)|дзе|"
    r"што|що|ко[йя]то|което|където|кој[аие]|kter\w+|któr\w+|ktor\w+|koj[aie]|kde|gdzie|gde|"
    r"kuri\w*|kur[šā]|joka|jossa|jotka|mis|kus|amely|amelyik|ahol|που|όπου|η οποία|το οποίο)"
    r" (?:[\w'’-]+ ){0,4}[«“„\"»”(]?$"
)
"""From a plant or depot to the weapon that it makes or holds: "a plant that produces X"."""

MADE_CHARS = 80
"""From such a plant to the weapon, its town between."""

_BETWEEN = frozenset(("weapon", "body", "deploy", "launcher", "site", "adjective", "nation", "one"))
"""Kinds of words that may stand between a weapon and what launches it."""

_GROUNDS = ("place", "region")


def is_struck(sentence: Sentence, frame: Frame, home: str | None, *, was_struck: bool) -> bool:
    """Say whether what was fired hit the weapon of ``frame``, which was not fired itself.

    The clause has verbs of hitting only, and names a launcher or depot of the weapon, or as the
    place the land of who would fire it: ``home``, or what that country holds; or it names no
    weapon and goes on from one that ``was_struck``: "two of which were destroyed".
    """
    clause = frame.clause
    hits = {c.start for c in clause.of("hit")}
    if not hits or any(not _is_of(c, hits, clause) for c in clause.of("use")):
        return False
    named = [m for m in clause.systems if m.subject == frame.system]
    if not named:
        return was_struck
    if any(_is_means(sentence, m) for m in named):
        return False
    if any(_has_launcher(sentence, clause, m) or _is_made_there(sentence, m) for m in named):
        return True
    is_verb_last = sentence.language in _VERB_LAST
    return _is_at_home(clause, sentence.start if is_verb_last else min(hits), home)


def _is_means(sentence: Sentence, named: Mention) -> bool:
    """Say whether a case or particle tells that the weapon is what struck.

    ``イスカンデルで攻撃``, "удар «Искандером»", "Iszkander rakétával".
    """
    if endings := _INSTRUMENTAL.get(sentence.language):
        launchers = {c.start for c in sentence.of("launcher")}
        missiles = (
            sentence.text[c.start : c.end]
            for c in sentence.of("weapon")
            if c.start not in launchers
            and c.end >= named.start - ASIDE_CHARS
            and c.start <= named.end + ASIDE_CHARS
        )
        return any(fold(w).endswith(endings) for w in (named.quote.rstrip("»”\"'"), *missiles))
    if sentence.language not in _PARTICLES:
        return False
    after = sentence.text[named.end : named.end + MEANS_CHARS]
    before = sentence.text[max(sentence.start, named.start - MEANS_CHARS) : named.start]
    return bool(_MEANS_BEHIND.match(after) or _MEANS_BEFORE.search(before))


def _is_of(use: Cue, hits: set[int], clause: Clause) -> bool:
    """Say whether a verb of firing only is one of hitting, or part of its phrase."""
    return use.start in hits or any(
        c.start < use.end and use.start < c.end for c in clause.of("hit")
    )


def _has_launcher(sentence: Sentence, clause: Clause, named: Mention) -> bool:
    text = sentence.text
    if sentence.language in _PARTICLES:
        return any(
            _GENITIVE.fullmatch(text, named.end, thing.start) is not None
            for thing in clause.of("launcher")
            if thing.start >= named.end
        )
    for thing in clause.of("launcher"):
        if named.start <= thing.start < named.end:
            return True
        if 0 <= thing.start - named.end <= BEHIND_CHARS:
            if sentence.language not in _LAUNCHER_FIRST and _is_one(
                clause, text, named.end, thing.start, further=0
            ):
                return True
        elif 0 <= named.start - thing.end <= BEFORE_CHARS:
            asides, since = sentence.asides, sentence.start
            if (
                _is_one(clause, text, thing.end, named.start, further=OF_WORDS)
                and not asides.is_with(text, named.start, since=max(since, thing.end))
                and not asides.is_by(text, named.start)
            ):
                return True
    return False


def _is_made_there(sentence: Sentence, named: Mention) -> bool:
    """Say whether a relative clause tells what the plant that was hit makes: "… that makes X"."""
    if sentence.language in _VERB_LAST:
        return False
    asides = sentence.asides
    for thing in sentence.of("launcher"):
        between = sentence.text[thing.end : named.start]
        if 0 < len(between) <= MADE_CHARS and (made := _MADE_THERE.search(between)):
            inside = range(thing.end + made.start(), named.start)
            if any(c.start in inside for c in sentence.of("use", "from")):
                continue
            if not asides.is_with(sentence.text, named.start, since=thing.end) and not asides.is_by(
                sentence.text, named.start
            ):
                return True
    return False


def _is_one(clause: Clause, text: str, start: int, end: int, *, further: int) -> bool:
    """Say whether only weapons and ``further`` small words part a weapon and its launcher."""
    between = text[start:end]
    if any(mark in between for mark in ",;:、，"):
        return False
    inside = [c for c in clause.cues if start <= c.start < end]
    if any(c.kind not in _BETWEEN for c in inside):
        return False
    known = {c.start for c in inside}
    others = [m for m in _WORD.finditer(text, start, end) if m.start() not in known]
    return len(others) <= further and not any(m.group()[0].isupper() for m in others)


def _is_at_home(clause: Clause, hit: int, home: str | None) -> bool:
    """Say whether the strike was on the land of who owns the weapon, and on no other."""
    if home is None or clause.has("from"):
        return False
    held = clause.of("occupied")
    ground = [c for c in clause.of(*_GROUNDS) if c.value == home]
    ground += [c for c in held if c.value == home]
    starts = {c.start for c in held}
    others = (c for c in clause.of(*_GROUNDS) if c.value != home and c.start not in starts)
    return bool(ground) and all(c.start < hit for c in others)
