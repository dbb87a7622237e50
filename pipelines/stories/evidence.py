"""What two texts in different languages share when they report the same: names, numbers, days.

A name is reduced to the consonants of its transliteration, so that Лукашенко, Lukaschenko,
Łukaszenka and 卢卡申科 meet. Numbers lose their separators and their script. All are small
integers; which of them weigh much is decided by how rare they are in the window.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from anyascii import anyascii

from pipelines.stories.words import codes_of, hash_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connectors.records import TimeExpression

LEAD_CHARS = 1200
"""What names and numbers are read from, after the title: news tells the new things first."""

MAX_NAMES = 24
MAX_NUMBERS = 12
"""Kept of each article, in order of appearance: they bound its state."""

BACKGROUND_AFTER = timedelta(days=7)
"""What is dated further back is not the news of an article."""

SKELETON_MIN = 3
SKELETON_MAX = 5
"""Consonants of a skeleton: fewer than three join strangers, the sixth is often an ending."""

_CASELESS = "\u0590-\u06ff\u0750-\u077f\u0900-\u0dff\u10d0-\u10ff"
_CAPITALS = "".join(
    chr(code) for code in range(0x41, 0x2000) if unicodedata.category(chr(code)) in {"Lu", "Lt"}
)
_KATAKANA = "\u30a1-\u30fa\u30fc"
_NAME = re.compile(
    # One class to begin with lets the search skip what begins no name.
    rf"[{_KATAKANA}{_CASELESS}{_CAPITALS}]"
    rf"(?:(?<=[{_KATAKANA}])[{_KATAKANA}]{{2,}}|(?<=[{_CASELESS}])[{_CASELESS}]{{3,}}"
    rf"|(?<=[{_CAPITALS}])(?<![^\W_][{_CAPITALS}])(?:[^\W\d_{_CASELESS}]|\u0301)*)"
)
_WORD = re.compile(r"[^\W\d_]+")
_FULL_NAME = re.compile(rf"[ -][{_CAPITALS}]")
_DOTTED_NAME = re.compile(r"[\u3400-\u9fff]{1,6}[·・]([\u3400-\u9fff]{2,5})")
_ENDS = '.!?…:;»”"\n。！？'
_SENTENCE_END = re.compile(rf"[{_ENDS}]\s*[«“„\"(—–-]*\s*$")
_END_CHARS = frozenset(_ENDS)
_NUMBER = re.compile(
    r"\d(?<![^\W\d_\u3040-\u30ff\u3400-\u9fff]\d)(?<![^\W_]-\d)\d*(?:[   .,’']\d{3})*(?:[.,]\d+)?"
)
_THOUSANDS = re.compile(r"[   .,’'](?=\d{3}(?!\d))")
_YEAR = re.compile(r"(?:19|20)\d\d")
_SLAVIC = re.compile(r"[а-яёіїєґў]", re.IGNORECASE)
_CONSONANTAL = re.compile("[\u0590-\u06ff\u0750-\u077f]")
_ENDING = re.compile(r"(?<=\w{4})(?:ogo|ego|omu|emu|ami|yami|akh|yakh|om|em|ym|im|oy|ey|ikh|ykh)$")
_SOUNDS = (
    (re.compile(r"shch|sch|tsch|tch|sz|cz|sh|ch|zh|dzh"), "S"),
    (re.compile(r"ck|q|c"), "k"),
    (re.compile(r"ph|f|w"), "v"),
    (re.compile(r"x"), "ks"),
    (re.compile(r"z"), "s"),
    (re.compile(r"[^a-zS]|[aeiouyjh]"), ""),
    (re.compile(r"(.)\1+"), r"\1"),
)


@lru_cache(maxsize=1 << 15)
def skeleton(name: str) -> str:
    """Return the consonants that spellings of ``name`` share over scripts, or "" for too few.

    >>> {skeleton(n) for n in ("Лукашенко", "Лукашенкой", "Lukaschenko", "Loukachenko", "卢卡申科")}
    {'lkSnk'}
    >>> skeleton("Путиным") == skeleton("Poutine") == skeleton("Putin")
    True
    >>> skeleton("Xi")
    ''
    """
    plain = anyascii(name).lower()
    if _SLAVIC.search(name):
        plain = _ENDING.sub("", plain)
    elif _CONSONANTAL.search(name):
        plain = plain.replace("w", "")
    for pattern, sound in _SOUNDS:
        plain = pattern.sub(sound, plain)
    return plain[:SKELETON_MAX] if len(plain) >= SKELETON_MIN else ""


def find_names(title: str, text: str, known: Iterable[str] = ()) -> tuple[int, ...]:
    """Return the hashes of the names in title and lead, at most ``MAX_NAMES``, as they come.

    ``known`` are the words that name a subject: they count as the subject and not once more.

    Names are words with a capital; at the head of a sentence only if the word also stands within
    one, or another capital follows and it is nowhere in lower case. Scripts without capitals give
    all their longer words: the common ones
    lose their weight by being common.
    """
    lead = f"{title}\n{text[:LEAD_CHARS]}"
    own = {skeleton(word) for words in set(known) for word in _WORD.findall(words)}
    names: dict[str, None] = {}
    if "·" in lead or "・" in lead:
        for match in _DOTTED_NAME.finditer(lead):
            names.setdefault(skeleton(match.group(1)))
    tokens = [(match.group(), match.start(), match.end()) for match in _NAME.finditer(lead)]
    inside = {token for token, start, _ in tokens if not _opens_sentence(lead, start)}
    for token, _, end in tokens:
        if token not in inside and not (
            _FULL_NAME.match(lead, end) and not _is_small_word(token.lower(), lead)
        ):
            continue
        names.setdefault(skeleton(token))
    names.pop("", None)
    others = (name for name in names if name not in own)
    return tuple(hash_text(f"name {name}") for name in islice(others, MAX_NAMES))


def has_capitals(text: str) -> bool:
    """Return whether the script of ``text`` tells names from other words."""
    balance = _balance().take(codes_of(text[:LEAD_CHARS]), mode="clip")
    return int(balance.sum(dtype=np.int32)) > 0


@lru_cache(maxsize=1)
def _balance() -> npt.NDArray[np.int8]:
    """Return twice whether a character is small less whether it is a letter, in the first plane."""
    chars = map(chr, range(1 << 16))
    return np.array([2 * c.islower() - c.isalpha() for c in chars], dtype=np.int8)


def _is_small_word(word: str, text: str) -> bool:
    """Return whether ``word`` stands in ``text`` as a word in lower case."""
    return word in text and word.islower() and word in _WORD.findall(text)


def _opens_sentence(text: str, start: int) -> bool:
    if start > 1 and text[start - 1] == " ":
        if text[start - 2].isalnum():
            return False
        if text[start - 2] in _END_CHARS:
            return True
    before = text[max(0, start - 6) : start]
    if not before.strip():
        return True
    return not _END_CHARS.isdisjoint(before) and _SENTENCE_END.search(before) is not None


def find_numbers(
    title: str, text: str, times: Iterable[TimeExpression], published_on: str
) -> tuple[int, ...]:
    """Return the hashes of numbers of two digits and more and of named days, as they come.

    The publication day itself is left out: it says no more than the publication time does. So
    are years and days long past: they date the background, which many stories share.

    >>> find_numbers("", "1 084 km, 1,084 км, ١٠٨٤", (), "") == find_numbers("", "1084", (), "")
    True
    >>> find_numbers("", "Су-25 и SM-6", (), "")
    ()
    """
    found: dict[str, None] = {}
    oldest = _days_before(published_on)
    for time in times:
        if len(time.value) == len("2024-12-06") and oldest < time.value != published_on:
            found.setdefault(f"day {time.value}")
    for match in _NUMBER.finditer(f"{title}\n{_without(times, text[:LEAD_CHARS])}"):
        number = _plain_number(match.group())
        if len(number) > 1 and not _YEAR.fullmatch(number):
            found.setdefault(f"number {number}")
    return tuple(hash_text(value) for value in islice(found, MAX_NUMBERS))


def _without(times: Iterable[TimeExpression], text: str) -> str:
    for time in times:
        if time.end <= len(text):
            text = f"{text[: time.start]}{' ' * (time.end - time.start)}{text[time.end :]}"
    return text


def _days_before(day: str) -> str:
    try:
        return (date.fromisoformat(day) - BACKGROUND_AFTER).isoformat()
    except (ValueError, OverflowError):
        return ""


def _plain_number(printed: str) -> str:
    joined = _THOUSANDS.sub("", printed).replace(",", ".")
    return "".join(
        str(unicodedata.digit(char)) if char.isdigit() else char for char in joined
    ).lstrip("0")
