"""Text to tagged tokens: each token carries what its word may mean in the grammar of time."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from datetime import date

from pipelines.times.lexicon import ROMAN, Lexicon, Senses, fold

FIRST_YEAR, LAST_YEAR = 1900, 2100
"""Four digits in this range may be a year; others never are."""

_MARKS = r"\u0300-\u036f\u0640\u064b-\u0652\u0670\u00ad\u200b-\u200d\u2060"
_WORD = rf"(?P<word>[^\W\d_][\w{_MARKS}]*(?:-\n[^\W\d_]+)?APOSTROPHE)"
_DATE = r"(?P<date>\d{4}[-./]\d{1,2}[-./]\d{1,2}(?!\d)|\d{1,2}[-./]\d{1,2}[-./]\d{4}(?!\d))"
_NO_TIME = (
    r"(?P<skip>[#№§$€£]\s?\d[\d.,]*|\d{1,3}(?:[ \u00a0\u202f.,'’]\d{3})+(?!\d)"
    r"|\d+[.,:]\d+|\d+\s?[%‰°](?!\s?[^\W\d_]))"
)
_NUMBER = (
    r"(?P<period>\d[HhQq](?:-?\d{4}|\d{2})?(?![^\W_]))"
    r"|(?P<num>\d+)(?P<suffix>[°ºª]|[^\W\d_]{1,4}(?![^\W_]))?"
)
_PARTS = rf"{_WORD}|{_DATE}|{_NO_TIME}|{_NUMBER}|(?P<break>\n\s*\n)|(?P<mark>[^\w\s])"
_PERIOD = re.compile(r"(?:([hqsth])([1-4])|([1-4])([hq]))(?:-?(\d{4}|\d{2}))?", re.IGNORECASE)
ABBREVIATED = 3
"""Letters of the longest word for "year" that a full stop shortens: "god."."""

_PUNCTUATION = {".": "dot", ",": "comma", "-": "dash", "–": "dash", "—": "dash", "‑": "dash"}
_TAILS = """
st nd rd th er re e ème eme º ª ° o a go
го ого му ому м ом й ый ая ую я е га ым ім ай ю у ї ій ої тим ту ті та те
ga ego ej ym im ste ter de ta as ąją oji ojo a an én án jén ai ái je jei
ųjų iųjų aisiais iaisiais uosius iuosius ieji iesiems
"""
_ORDINAL_TAILS = frozenset(_TAILS.split())
_DECADE_TAILS = frozenset(("х", "ых", "ті", "тих", "s", "er", "ers"))


@dataclass(slots=True)
class Token:
    """One word, number or mark; ``senses`` is empty when it means nothing here."""

    start: int
    end: int
    word: str
    senses: Senses


_DASHES = "-‑–—"
_CODE_ENDS = frozenset("0123456789IVІ")
"""Last characters of ``H2`` and ``III``; other unknown words are passed over at once."""


@functools.cache
def _scanner(*, elision: bool) -> re.Pattern[str]:
    tail = "" if elision else r"(?:['’ʼ][^\W\d_]+)*"
    return re.compile(_PARTS.replace("APOSTROPHE", tail))


def tokenize(text: str, lexicon: Lexicon) -> list[Token]:
    """Return the tokens of a text with blanks; meaningless words in a row are one token."""
    return join_phrases(spaced(text, lexicon)[0], lexicon)


@dataclass(slots=True)
class Joint:
    """What the tokens of a stretch of text need to know about the stretch before it."""

    gap: Token | None = None
    """The run of meaningless words that the stretch ends with, which another may join."""
    hyphenated: bool = False
    """Whether a dash ends it: a word after it stays a token of its own."""
    begins: Token | None = None
    """The run of meaningless words that it begins with."""


def spaced(text: str, lexicon: Lexicon) -> tuple[list[Token], Joint]:
    """Return the tokens of ``text``, phrases not yet joined, and how it begins and ends."""
    elision = "elision" in lexicon.flags
    senses_of = lexicon.senses
    joint = Joint()
    tokens: list[Token] = []
    for match in _scanner(elision=elision).finditer(text):
        kind = match.lastgroup
        word = match.group()
        if kind == "word":
            senses = senses_of(word)
            if senses is None and word[-1] not in _CODE_ENDS:
                if joint.gap is not None:
                    joint.gap.end = match.end()
                    continue
                token = Token(match.start(), match.end(), word, {})
                joint.gap = None if joint.hyphenated else token
                joint.begins = joint.begins if tokens else token
                joint.hyphenated = False
                tokens.append(token)
                continue
            if word in ROMAN:
                senses = {**(senses or {}), "roman": ROMAN[word]}
            tokens.append(
                Token(match.start(), match.end(), word, senses or _special(word, lexicon))
            )
        elif kind == "mark":
            if elision and word in "'’":
                continue
            tokens.append(_mark(match, tokens))
        else:
            tokens.append(_number(match, lexicon))
        joint.gap = None
        joint.hyphenated = word in _DASHES
    return _settle_hyphens(tokens), joint


def _settle_hyphens(tokens: list[Token]) -> list[Token]:
    """Decide what digits and letters joined by a hyphen are; an absorbed ending disappears."""
    absorbed: set[int] = set()
    for i in range(1, len(tokens) - 1):
        hyphen = tokens[i]
        if hyphen.word in _DASHES and tokens[i - 1].end == hyphen.start:
            before, after = tokens[i - 1], tokens[i + 1]
            if hyphen.end == after.start and _absorb(before, after):
                absorbed.update((i, i + 1))
    return [t for i, t in enumerate(tokens) if i not in absorbed] if absorbed else tokens


def _mark(match: re.Match[str], before: list[Token]) -> Token:
    """Return a mark; the stop after "year" in full ends the sentence: "с 2018 года. В мае …"."""
    word = match.group()
    tag = _PUNCTUATION.get(word)
    if tag == "dot" and before and "yearw" in before[-1].senses:
        tag = None if len(before[-1].word) > ABBREVIATED else tag
    return Token(match.start(), match.end(), word, {tag: None} if tag else {})


def _absorb(before: Token, token: Token) -> bool:
    """Settle what two parts joined by a hyphen are; True when the second is a mere ending.

    ``6-го`` is an ordinal, ``30-дневный`` and ``Su-25`` are no dates, ``mid-2025`` stays two
    words and ``6-8`` two numbers.
    """
    if before.word.isdecimal() and token.word[:1].isalpha():
        suffix = fold(token.word)
        if suffix in _ORDINAL_TAILS or suffix in _DECADE_TAILS:
            _add_suffix(before, suffix)
            before.end = token.end
            return True
        if not token.senses:
            before.senses = {}
    elif _is_word(before) and not before.senses and token.word[:1].isdigit():
        token.senses = {}
    return False


def _is_word(token: Token) -> bool:
    """Say whether it is no figure and no mark; a raised figure ("m²", "½") begins a word too."""
    return token.word[:1].isalnum() and not token.word[:1].isdecimal()


def _special(word: str, lexicon: Lexicon) -> Senses:
    """Read ``H2`` and ``Q32025``."""
    if match := _PERIOD.fullmatch(word):
        return _period(match, lexicon)
    return {}


def _period(match: re.Match[str], lexicon: Lexicon) -> Senses:
    letter = (match[1] or match[4]).upper()
    number = int(match[2] or match[3])
    if letter in "ST" and lexicon.language not in {"fr", "es", "it", "pt", "ro"}:
        return {}
    name = {"S": "H", "T": "Q"}.get(letter, letter)
    if name == "H" and number > 2:
        return {}
    senses: Senses = {"period": f"{name}{number}"}
    if match[5]:
        senses["year"] = int(match[5]) if len(match[5]) == 4 else 2000 + int(match[5])
    return senses


def _add_suffix(token: Token, suffix: str) -> None:
    """Turn ``6`` into an ordinal after ``-го``; any other tail makes it no date."""
    number = int(token.word) if len(token.word) <= 4 else 0
    if suffix in _DECADE_TAILS:
        token.senses = {}
    elif "year" in token.senses and suffix in _ORDINAL_TAILS:
        token.senses = {"year": number, "sure": None}
    elif suffix in _ORDINAL_TAILS:
        token.senses = {"nord": number}
    else:
        token.senses = {}


def _number(match: re.Match[str], lexicon: Lexicon) -> Token:
    word = match.group()
    token = Token(match.start(), match.end(), word, {})
    if match["period"]:
        token.senses = _special(word, lexicon)
    elif match["date"]:
        day = _read_date(word, month_first="month_first" in lexicon.flags)
        token.senses = {"date": day} if day else {}
    elif match["num"] and len(match["num"]) <= 4:
        number = int(match["num"])
        is_year = len(match["num"]) == 4 and FIRST_YEAR <= number <= LAST_YEAR
        token.senses = {"year": number} if is_year else {"num": number}
        if suffix := match["suffix"]:
            _read_suffix(token, fold(suffix), lexicon)
    return token


def _read_suffix(token: Token, suffix: str, lexicon: Lexicon) -> None:
    digits = re.match(r"\d+", token.word)
    number = int(digits.group()) if digits else 0
    if match := _PERIOD.fullmatch(token.word):
        token.senses = _period(match, lexicon)
    elif (senses := lexicon.senses(suffix)) and "yearw" in senses and "year" in token.senses:
        token.senses = {"year": number, "sure": None}
    elif suffix in _ORDINAL_TAILS:
        token.senses = (
            {"year": number, "sure": None} if "year" in token.senses else {"nord": number}
        )
    else:
        token.senses = {}


def _read_date(word: str, *, month_first: bool) -> date | None:
    one, two, three = (int(part) for part in re.split(r"[-./]", word))
    if one > 31:
        choices = [(one, two, three)]
    elif month_first and "/" in word:
        choices = [(three, one, two), (three, two, one)]
    else:
        choices = [(three, two, one), (three, one, two)] if "/" in word else [(three, two, one)]
    for year, month, day in choices:
        if FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12:
            try:
                return date(year, month, day)
            except ValueError:
                continue
    return None


def find_phrases(tokens: list[Token], lexicon: Lexicon) -> list[tuple[int, int, Senses]]:
    """Return which tokens ``[first, end)`` are phrases of the table, and what they mean."""
    printed, phrases = lexicon.phrase_words, lexicon.phrases
    found: list[tuple[int, int, Senses]] = []
    reached = 0
    for first, token in enumerate(tokens):
        word = printed.get(token.word)
        if word is None or word not in phrases or first < reached:
            continue
        second = _word_after(tokens, first, printed)
        if second is None:
            continue
        for words, senses in phrases[word]:
            if words[0] == second and (end := _phrase_end(tokens, first, words, printed)):
                found.append((first, end, senses))
                reached = end
                break
    return found


def join_phrases(tokens: list[Token], lexicon: Lexicon) -> list[Token]:
    """Return ``tokens`` with each phrase of the table as one token."""
    joined: list[Token] = []
    reached = 0
    for first, end, senses in find_phrases(tokens, lexicon):
        joined += tokens[reached:first]
        joined.append(Token(tokens[first].start, tokens[end - 1].end, tokens[first].word, senses))
        reached = end
    return joined + tokens[reached:] if joined else tokens


def _word_after(tokens: list[Token], position: int, printed: dict[str, str]) -> str | None:
    """Return the next word, a hyphen aside, as phrases have it; None where none has it."""
    for token in tokens[position + 1 : position + 3]:
        if token.word not in _DASHES:
            return printed.get(token.word)
    return None


def _phrase_end(
    tokens: list[Token], position: int, words: tuple[str, ...], printed: dict[str, str]
) -> int:
    """Return where ``words`` end after ``position``, hyphens aside; 0 when they do not stand."""
    for word in words:
        position += 1
        if position < len(tokens) and tokens[position].word in _DASHES:
            position += 1
        if position >= len(tokens) or printed.get(tokens[position].word) != word:
            return 0
    return position + 1
