"""A subject that is tracked from a day on is not mentioned in articles that are older."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime, timedelta, timezone

import pytest

from pipelines.cli.subjects import run_explain
from pipelines.detection import SubjectsError, load_detector
from pipelines.detection.checking import explain, run_tests
from pipelines.errors import UserError

SUBJECT = """version: 1
subjects:
  - id: paper
    kind: other
    names: {{en: Paper}}
    since: {since}
    rule: Basic Principles
    tests:
      match: [{{text: The Basic Principles were signed., published: 2024-09-01}}]
      no_match: [{{text: The Basic Principles were signed., published: {published}}}]
"""
TEXT = "The Basic Principles were signed."


@pytest.fixture
def paper(subject_file):
    return load_detector([subject_file(SUBJECT.format(since="2024-09-01", published="2024-08-31"))])


@pytest.mark.parametrize(
    ("published", "found"),
    [
        (datetime(2024, 8, 31, 23, 59, tzinfo=timezone.utc), 0),
        (datetime(2024, 9, 1, tzinfo=timezone.utc), 1),
        (datetime(2024, 9, 1, 1, tzinfo=timezone(timedelta(hours=3))), 0),
        (datetime(2024, 8, 31, 23, tzinfo=timezone(timedelta(hours=-3))), 1),
        (datetime(2024, 9, 1), 1),  # noqa: DTZ001 - a day without a zone is one of UTC
        (datetime(1999, 1, 1, tzinfo=timezone.utc), 0),
        (None, 1),
    ],
)
def test_the_day_of_publication_in_utc_decides(paper, published, found):
    mentions = paper.detect(title="", text=TEXT, language="en", published_at=published)
    assert len(mentions) == found


def test_the_tests_of_a_subject_may_say_when_a_text_was_published(paper, subject_file):
    assert all(one.passed for one in run_tests(paper))
    late = load_detector([subject_file(SUBJECT.format(since="2024-09-01", published="2024-09-02"))])
    assert [one.passed for one in run_tests(late)] == [True, False]


def test_an_explanation_tells_that_the_article_is_too_old(paper):
    old = datetime(2020, 6, 3, tzinfo=timezone.utc)
    lines = explain(paper, title="", text=TEXT, language="en", published_at=old)
    assert lines[0] == (
        "paper: does not count: the article of 2020-06-03 was published before 2024-09-01, "
        "since when the subject is tracked"
    )
    assert "fires on" in explain(paper, title="", text=TEXT, language="en")[0]


@pytest.mark.parametrize(
    "since", ["2024-13-01", "2024-02-30", "yesterday", "2024", "20240901", "2024-09-01T00:00"]
)
def test_what_is_no_day_is_refused_with_its_line(subject_file, since):
    file = subject_file(SUBJECT.format(since=since, published="2024-08-31"))
    with pytest.raises(SubjectsError) as caught:
        load_detector([file])
    (fault,) = caught.value.faults
    assert (fault.line, fault.path, fault.subject) == (6, "subjects[0].since", "paper")
    assert fault.message.startswith("expected a day such as 2024-09-01, got ")


def test_a_test_with_a_wrong_day_is_refused(subject_file):
    file = subject_file(SUBJECT.format(since="2024-09-01", published="soon"))
    with pytest.raises(SubjectsError, match=r"no_match.*expected a day such as"):
        load_detector([file])


def test_explain_refuses_a_day_that_is_none():

    given = Namespace(
        text=TEXT, title="", lang="en", subject=[], subjects=None, published="yesterday"
    )
    with pytest.raises(UserError, match="--published: expected a day"):
        run_explain(given)


def test_the_doctrine_of_2020_is_not_that_of_2024(shipped):
    text = "Putin signed the Basic Principles of State Policy on Nuclear Deterrence of Russia."
    for year, found in ((2020, set()), (2024, {"doctrine"})):
        published = datetime(year, 11, 19, tzinfo=timezone.utc)
        mentions = shipped.detect(title="", text=text, language="en", published_at=published)
        assert {one.subject for one in mentions} == found
