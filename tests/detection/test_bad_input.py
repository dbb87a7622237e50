"""Hostile and broken input: bounded time and memory, a clear answer, and the next line goes on."""

from __future__ import annotations

import io
import json
import random
import sys
import tracemalloc

import pytest

from pipelines.cli import article_lines, detect, subjects
from pipelines.detection import Detector, load_detector
from pipelines.detection.detector import MAX_MENTIONS
from pipelines.errors import UserError


class Args:
    def __init__(self, **values):
        self.__dict__.update({"file": None, "subjects": None, "published": None} | values)


@pytest.fixture
def stream(monkeypatch, capsys):
    """Return a function that feeds bytes to ``vigie detect`` and returns its answers."""

    def feed(raw: bytes) -> list[dict]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
        assert detect.run(Args()) == 0
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return feed


GOOD = b'{"id": "good", "text": "Moscow sends the Oreshnik missile to Minsk."}\n'


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        (b"\x00\xff\xfe\x80binary", {"line": 1, "error": "not UTF-8"}),
        (b"{not json", {"line": 1, "error": "not JSON"}),
        (b"[1, 2]", {"line": 1, "error": "expected an object"}),
        (b'{"text": "x"}', {"line": 1, "error": "id: expected a string"}),
        (b'{"id": "a"}', {"id": "a", "error": "text: expected a string"}),
        (b'{"id": "a", "text": 5}', {"id": "a", "error": "text: expected a string"}),
        (
            b'{"id": "a", "text": "", "lang": 5}',
            {"id": "a", "error": "lang: expected a string, got int"},
        ),
        (
            b'{"id": "a", "text": "", "published_at": "soon"}',
            {"id": "a", "error": "published_at: expected an ISO 8601 time, got 'soon'"},
        ),
        (b"[" * 100_000, {"line": 1, "error": "not JSON"}),
    ],
)
def test_a_bad_line_is_answered_and_the_stream_goes_on(stream, line, answer):
    answers = stream(line + b"\n" + GOOD)
    assert answers[0] == answer
    assert [one["subject"] for one in answers[1]["mentions"]] == ["oreshnik"]


def test_answers_come_in_the_order_of_the_lines_with_exact_offsets(stream):
    lines = [
        {"id": str(i), "title": "Oreshnik 🚀 missile", "text": f"{'x ' * i}ракета «Орешник»"}
        for i in range(20)
    ]
    answers = stream("\n".join(json.dumps(one) for one in lines).encode())
    assert [one["id"] for one in answers] == [one["id"] for one in lines]
    for line, answer in zip(lines, answers, strict=True):
        assert set(answer) == {"id", "language", "mentions", "times", "claims"}
        for one in answer["mentions"]:
            whole = line["title"] if one["field"] == "title" else line["text"]
            assert whole[one["start"] : one["end"]] == one["quote"]
        assert {one["field"] for one in answer["mentions"]} == {"title", "text"}


def test_a_line_of_five_megabytes_is_read(stream):
    text = "Ракета летит над лесом. " * 200_000 + "Ракета «Орешник»."
    answers = stream(json.dumps({"id": "long", "text": text}, ensure_ascii=False).encode() + b"\n")
    assert answers[0]["mentions"][0]["quote"] == "Орешник"


def test_a_line_beyond_the_limit_is_refused_without_its_neighbours(stream, monkeypatch):
    monkeypatch.setattr(article_lines, "MAX_LINE_BYTES", 1000)
    answers = stream(b'{"id": "huge", "text": "' + b"x" * 5000 + b'"}\n' + GOOD)
    assert answers[0] == {"line": 1, "error": "line of more than 1000 bytes"}
    assert answers[1]["id"] == "good"


def test_lone_surrogates_are_text_like_any_other(stream):
    answers = stream(
        b'{"id": "s", "text": "missile \\ud800 Oreshnik \\udfff", "title": "\\ud83d"}\n'
    )
    assert [one["quote"] for one in answers[0]["mentions"]] == ["Oreshnik"]
    assert answers[0]["mentions"][0]["start"] == 10


def test_memory_does_not_grow_with_the_stream(monkeypatch):
    class Endless(io.RawIOBase):
        def __init__(self, lines):
            self.left = lines

        def readable(self):
            return True

        def readline(self, _limit=-1):
            self.left -= 1
            return GOOD if self.left >= 0 else b""

    class Sink:
        def write(self, text):
            return len(text)

        def flush(self):
            return None

    class Input:
        def __init__(self, lines):
            self.buffer = Endless(lines)

    def peak(lines: int) -> int:
        monkeypatch.setattr(sys, "stdout", Sink())
        monkeypatch.setattr(sys, "stdin", Input(lines))
        load_detector()
        tracemalloc.start()
        detect.run(Args(file=None))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(50)
    assert peak(1000) < peak(100) + 200_000


def test_a_missing_file_is_one_clear_message(tmp_path):
    with pytest.raises(UserError, match=r"nothing\.jsonl: No such file"):
        detect.run(Args(file=str(tmp_path / "nothing.jsonl")))


@pytest.mark.timeout(120)
def test_a_hundred_thousand_mentions_are_all_reported(shipped):
    text = "missile Oreshnik. " * 100_000
    mentions = shipped.detect(title="", text=text, language="en")
    assert len(mentions) == 100_000 <= MAX_MENTIONS
    assert mentions[-1].quote == "Oreshnik"


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "text",
    [
        "a" * 2_000_000,
        "Oreshnik" * 200_000,
        "\u0301" * 1_000_000,
        "-\n" * 500_000,
        "." * 1_000_000,
        "« " * 500_000,
        "Belarus treaty guarantee " * 20_000,
        "\n" * 1_000_000,
        "榛树" * 300_000,
        "M. " * 300_000,
        "«Орешник" * 50_000,
        " ".join(["security"] * 100_000),
    ],
)
def test_monotonous_texts_end(shipped, text):
    shipped.detect(title=text[:1000], text=text, language="en")


def test_random_bytes_as_text_are_harmless(shipped):
    rng = random.Random(1)
    for _ in range(30):
        text = bytes(rng.randrange(256) for _ in range(3000)).decode("latin-1")
        assert isinstance(shipped.detect(title=text[:50], text=text), tuple)


@pytest.mark.parametrize("language", [None, "und", "xx", "sw", "qqq", ""])
def test_a_language_without_rules_still_finds_the_names(shipped, language):
    text = "Urusi imepeleka makombora ya Oreshnik nchini Belarus, Putin alisema."
    subjects_found = {one.subject for one in shipped.detect(title="", text=text, language=language)}
    assert "oreshnik" in subjects_found


def test_patterns_that_would_blow_up_a_regular_expression_are_plain_words(build):
    detector: Detector = build('{any_of: ["aaaa*", "aaaaa*", "(aaa+)+$", "aaa{99}"]}')
    assert len(detector.detect(title="", text="a" * 100_000 + "! aaaab")) == 1


def test_five_thousand_patterns_compile(build):
    names = [f"name{i:04}x" for i in range(5000)]
    detector = build(f"{{words: {{en: [{', '.join(names)}]}}}}")
    assert detector.detect(title="", text="see name4321x")[0].quote == "name4321x"


def test_subjects_test_fails_with_the_text_that_failed(subject_file, capsys):
    file = subject_file(
        "version: 1\nsubjects:\n  - id: thing\n    kind: other\n    names: {en: Thing}\n"
        "    rule: alpha\n    tests: {match: [beta here], no_match: [nothing]}\n"
    )
    assert subjects.run_test(Args(paths=[str(file)])) == 1
    out = capsys.readouterr().out
    assert f"{file}:3: subject thing: expected to match: beta here" in out
    assert "1 subjects, 2 tests, 1 failed" in out


def test_explain_refuses_an_unknown_subject_with_a_suggestion():
    args = Args(text="x", title="", lang=None, subject=["oreshnk"])
    with pytest.raises(UserError, match="did you mean oreshnik"):
        subjects.run_explain(args)


def test_explain_prints_what_cannot_be_encoded(capsys):
    args = Args(text="missile Oreshnik \ud800", title="", lang=None, subject=["oreshnik"])
    assert subjects.run_explain(args) == 0
    assert "fires on «Oreshnik»" in capsys.readouterr().out
