"""Seasons beside the article's day: winter has the year of its December, as in TIMEX3."""

from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

import pipelines.times
from pipelines.times import find_times
from pipelines.times.lexicon import load_lexicon

DAYS = ((2026, 1, 20), (2026, 3, 5), (2026, 6, 12), (2026, 11, 23), (2025, 12, 27))
LAST_WINTER = ("2024-WI", "2025-WI", "2025-WI", "2025-WI", "2024-WI")
NEXT_WINTER = ("2026-WI",) * 5
THIS_WINTER = ("2025-WI", "2025-WI", "2026-WI", "2026-WI", "2025-WI")
THIS_SPRING = ("2026-SP", "2026-SP", "2026-SP", "2026-SP", "2025-SP")
LAST_SUMMER = ("2025-SU", "2025-SU", "2025-SU", "2026-SU", "2025-SU")
NEXT_SPRING = ("2026-SP", "2027-SP", "2027-SP", "2027-SP", "2026-SP")

LANGUAGES = sorted(
    path.stem
    for path in (Path(pipelines.times.__file__).parent / "lexicons").glob("*.yaml")
    if path.stem != "any"
)
PRINTED = ("1", "12", "31", "2025", "9999", "0001", "0", "IV", "/", "-", "10:30", "H2", "2025/26")


@pytest.mark.parametrize(
    ("language", "words", "values"),
    [
        ("en", "last winter", LAST_WINTER),
        ("en", "next winter", NEXT_WINTER),
        ("en", "this winter", THIS_WINTER),
        ("en", "last summer", LAST_SUMMER),
        ("en", "next spring", NEXT_SPRING),
        ("fr", "l’hiver dernier", LAST_WINTER),
        ("fr", "en hiver", THIS_WINTER),
        ("de", "im kommenden Winter", NEXT_WINTER),
        ("de", "im vergangenen Winter", LAST_WINTER),
        ("es", "este invierno", THIS_WINTER),
        ("it", "il prossimo inverno", NEXT_WINTER),
        ("pl", "zimą", THIS_WINTER),
        ("ru", "прошлой зимой", LAST_WINTER),
        ("ru", "прошлым летом", LAST_SUMMER),
        ("ru", "будущей весной", NEXT_SPRING),
        ("be", "мінулым летам", LAST_SUMMER),
        ("lt", "kitą žiemą", NEXT_WINTER),
        ("tr", "bu kış", THIS_WINTER),
        ("en", "this spring", THIS_SPRING),
        ("de", "in diesem Frühjahr", THIS_SPRING),
        ("fr", "ce printemps", THIS_SPRING),
        ("ru", "этой весной", THIS_SPRING),
    ],
)
def test_a_season_is_the_one_that_the_words_and_the_day_mean(language, words, values):
    found = []
    for day in DAYS:
        (time,) = find_times(words, language, datetime(*day, tzinfo=timezone.utc))
        found.append(time.value)
    assert tuple(found) == values


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_words_of_time_meet_on_whatever_day_nothing_breaks(language):
    lexicon = load_lexicon(language)
    words = [word.rstrip("*") for word in (*lexicon.exact, *lexicon.stems)]
    choice = random.Random(language)
    blank = "" if "unspaced" in lexicon.flags else " "
    for number in range(300):
        day = datetime(2025, 1, 1, tzinfo=timezone.utc) + timedelta(days=number * 3)
        chosen = [
            choice.choice(words if choice.random() < 0.8 else PRINTED)
            for _ in range(choice.randint(1, 5))
        ]
        text = blank.join(chosen)
        for time in find_times(text, language, day):
            assert text[time.start : time.end] == time.quote


@pytest.mark.parametrize("day", [(1, 1, 1), (9999, 12, 31)])
@pytest.mark.parametrize("words", ["last winter", "next winter", "this winter", "next summer"])
def test_the_ends_of_the_calendar_break_nothing(words, day):
    find_times(words, "en", datetime(*day, tzinfo=timezone.utc))
