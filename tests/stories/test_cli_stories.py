import json
import subprocess
import sys

import pytest

from pipelines.cli.article_lines import MAX_LINE_BYTES, LineError, parse_line

TEXT = (
    "The minister said on Friday that the convoy had crossed the border at dawn and that crews "
    "would spend the winter at the base near the lake."
)


def run_command(lines):
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from pipelines.cli import main; raise SystemExit(main())",
            "stories",
        ],
        input=b"".join(lines),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return [json.loads(line) for line in done.stdout.splitlines()]


def line(**value):
    return json.dumps(value).encode() + b"\n"


def test_copies_are_named_by_the_ids_of_the_input_and_bad_lines_do_not_stop_the_stream():
    answers = run_command(
        [
            line(
                id="a", text=TEXT, url="https://one.example/a", published_at="2024-12-06T10:00:00Z"
            ),
            b"{not json\n",
            b"\xff\xfe\n",
            b"\n",
            b"[" * 100_000 + b"\n",
            line(id="x", text=5),
            line(id="b", text=TEXT, url="https://two.example/b", lang="en"),
            line(id="a", text=TEXT + " Updated.", url="https://one.example/a?utm_source=x"),
            line(id="c", text="", title=""),
        ]
    )
    assert [answer.get("id") for answer in answers] == ["a", None, None, None, "x", "b", "a", "c"]
    assert [answer.get("line") for answer in answers] == [None, 2, 3, 5, None, None, None, None]
    assert answers[0].keys() == {"id", "story_id", "copy_of", "similarity"}
    assert answers[0]["copy_of"] is None
    assert (answers[5]["copy_of"], answers[5]["similarity"]) == ("a", 1.0)
    assert answers[6]["copy_of"] is None
    assert answers[6]["story_id"] == answers[0]["story_id"] == answers[5]["story_id"]
    assert answers[7]["story_id"]


@pytest.mark.parametrize(
    "value",
    [
        b"[]",
        b"3",
        b'{"text": "no id"}',
        b'{"id": "", "text": ""}',
        b'{"id": "a"}',
        b'{"id": "a", "text": "t", "title": 1}',
        b'{"id": "a", "text": "t", "published_at": "yesterday"}',
        b'{"id": "a", "text": "t", "published_at": "0001-01-01T00:00:00+14:00"}',
        b"x" * (MAX_LINE_BYTES + 1),
    ],
)
def test_a_line_that_is_no_article_says_why(value):
    with pytest.raises(LineError):
        parse_line(value)


def test_a_number_is_an_id_too():
    assert parse_line(b'{"id": 7, "text": "t"}').id == "7"
