"""Words are found by arrays; here a plain expression says what they must find."""

import re
import unicodedata
from datetime import datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from pipelines.stories.score import score_with
from pipelines.stories.spans import around
from pipelines.stories.words import split_words

UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
WORD = re.compile(rf"[{UNSPACED}\U00020000-\U0003ffff]|[^\W_{UNSPACED}]+")
UNREAD = re.compile("[\u0301\u00ad\u200b-\u200f\u2060\ufeff]")
ODD = st.sampled_from(
    "aЯß σΣΐ\u0301\u00ad\u200b\ufeff´\ufb01İ½²_-…\u00a0\u2028\n中ひ가\U00020000\U0001f600\ud800"
)
DAY = timedelta(days=1)
FIRST = datetime.min.replace(tzinfo=timezone.utc)
LAST = datetime.max.replace(tzinfo=timezone.utc)


@given(st.text(ODD | st.characters(), max_size=60))
def test_words_are_those_that_an_expression_finds(text):
    plain = UNREAD.sub("", unicodedata.normalize("NFC", text))
    assert split_words(text) == WORD.findall(unicodedata.normalize("NFKC", plain).lower())


@given(st.datetimes(timezones=st.just(timezone.utc)), st.datetimes(timezones=st.just(timezone.utc)))
def test_what_is_around_a_moment_is_what_differs_by_no_more(moment, other):
    first, last = around(moment, DAY)
    assert (first <= other <= last) == (abs(moment - other) <= DAY)


def test_nothing_is_around_the_first_and_last_moment_but_what_there_is():
    assert around(FIRST, DAY) == (FIRST, FIRST + DAY)
    assert around(LAST, DAY) == (LAST - DAY, LAST)


def test_another_scorer_is_asked_as_it_is():
    asked = []

    def scorer(one, other, *, weights):
        asked.append((one, other, weights))
        return 1.0

    assert score_with(scorer, "one", {7: 1.0})("other") == 1.0
    assert asked == [("one", "other", {7: 1.0})]
