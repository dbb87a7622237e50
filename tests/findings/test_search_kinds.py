"""``vigie search --kind``: the same on every backend, for people and as JSON."""

from __future__ import annotations

import json

import pytest

from connectors.backends import open_index
from pipelines.cli import main
from pipelines.findings import update_findings

QUOTE = ["evidence", "status", "when", "speaker", "outlet", "language", "published_at", "url",
         "document_id", "story_id"]  # fmt: skip
FINDING = ["id", "kind", "about", "system", "place", "statuses", "values", "state", "resolution",
           "opened_at", "resolved_at", "first_at", "last_at", "sides"]  # fmt: skip
STAGE = ["status", "times", "first_at", "last_at", "sources", "quotes"]
CLAIM = ["system", "place", "status", "when", "speaker", "start", "end", "evidence", "negated",
         "hypothetical", "url", "title", "language", "published_at", "outlet", "story_id",
         "copy_of", "document_id"]  # fmt: skip
STORY = ["story_id", "title", "url", "subjects", "languages", "outlets", "articles", "copies",
         "first_at", "last_at"]  # fmt: skip


@pytest.fixture
def stored(settings, make):
    """Two papers that differ about Belarus, a copy of the second, one about Germany."""
    first = make.document(
        "Phare",
        make.claim("planned", "2025-H1", "Putin", evidence="Orechnik sera là début 2025."),
        language="fr",
    )
    second = make.document("Wire", make.claim("planned", "2025-H2", "Putin"), hours=5)
    copy = make.document("Echo", *second.claims, hours=6, copy_of=second)
    there = make.document("There", make.claim("completed", "2024-11", place="DE"), hours=30)
    asked = make.document("Ask", make.claim("requested"), hours=-3)
    index = open_index(settings)
    index.write([first, second, copy, there, asked])
    update_findings(index)
    index.close()


@pytest.fixture
def run(stored, settings, tmp_path, capsys):
    config = tmp_path / "monitor.yaml"
    config.write_text(f"index:\n  location: {settings.location}\n  prefix: {settings.prefix}\n")

    def search(*arguments):
        assert main(["search", "--config", str(config), *arguments]) == 0
        return capsys.readouterr().out

    return search


@pytest.fixture
def lines(run):
    def search(query, kind, *arguments):
        output = run(query, "--kind", kind, "--json", *arguments)
        return [json.loads(line) for line in output.splitlines()]

    return search


def test_contradictions_have_both_sides_with_quote_outlet_date_link_and_speaker(lines):
    (found,) = lines("*", "contradictions")
    assert list(found) == FINDING
    assert (found["system"], found["place"], found["about"]) == ("oreshnik", "BY", "time")
    assert found["values"] == ["2025-H1", "2025-H2"]
    assert (found["state"], found["resolution"]) == ("open", None)
    one, other = found["sides"]
    assert (one["value"], one["sources"]) == ("2025-H1", 1)
    assert (other["value"], other["sources"]) == ("2025-H2", 1)
    (quote,) = one["quotes"]
    assert list(quote) == QUOTE
    assert quote["evidence"] == "Orechnik sera là début 2025."
    assert (quote["outlet"], quote["language"], quote["speaker"]) == ("The Phare", "fr", "Putin")
    assert quote["published_at"] == "2024-12-07T12:00:00+00:00"
    assert quote["url"] == "https://Phare.example/story"


def test_a_timeline_is_a_line_a_deployment_with_its_stages_in_order(lines):
    belarus, germany = lines("*", "timeline")
    assert [belarus["place"], germany["place"]] == ["BY", "DE"]
    assert [list(one) for one in belarus["stages"]] == [STAGE, STAGE]
    assert [(one["status"], one["times"], one["sources"]) for one in belarus["stages"]] == [
        ("requested", [], 1),
        ("planned", ["2025-H1", "2025-H2"], 2),
    ]
    assert belarus["stages"][1]["quotes"][0]["outlet"] == "The Phare"
    assert [one["values"] for one in belarus["contradictions"]] == [["2025-H1", "2025-H2"]]
    assert germany["contradictions"] == germany["revisions"] == []


def test_claims_are_a_line_each_newest_first_and_filters_hold_for_the_claim(lines):
    found = lines("*", "claims")
    assert list(found[0]) == CLAIM
    assert [(one["outlet"], one["status"]) for one in found] == [
        ("The There", "completed"),
        ("The Echo", "planned"),
        ("The Wire", "planned"),
        ("The Phare", "planned"),
        ("The Ask", "requested"),
    ]
    assert len(lines("*", "claims", "--fold-copies")) == 4
    assert len(lines("*", "claims", "--status", "planned", "--language", "en")) == 2
    assert len(lines("*", "claims", "--place", "DE")) == 1
    assert len(lines("*", "claims", "--subject", "typhon")) == 0
    assert len(lines("*", "claims", "--speaker", "Путин")) == 3
    assert len(lines("*", "claims", "--speaker", "Poutine", "--speaker", "Nobody")) == 3
    assert len(lines("*", "claims", "--speaker", "Nobody")) == 0


def test_stories_gather_the_articles_found(lines):
    found = lines("*", "stories")
    assert list(found[0]) == STORY
    assert [one["story_id"] for one in found] == [
        "story-There",
        "story-Echo",
        "story-Wire",
        "story-Phare",
        "story-Ask",
    ]
    (story,) = lines("*", "stories", "--story", "story-Wire")
    assert (story["articles"], story["copies"], story["outlets"]) == (1, 0, ["The Wire"])


CHOSEN = (
    ("Oreshnik", [], 1),
    ("Орешник", [], 1),
    ("début", [], 1),
    ('"sera là"', [], 1),
    ('"là sera"', [], 0),
    ('"début Orechnik"~3', [], 1),
    ("plan*", [], 1),
    ("Poutine OR Putin", [], 1),
    ("Phare planned", [], 1),
    ("tanks", [], 0),
    ("?!", [], 0),
    ("*", ["--subject", "oreshnik"], 1),
    ("*", ["--subject", "typhon"], 0),
    ("*", ["--place", "DE"], 0),
    ("*", ["--status", "planned"], 1),
    ("*", ["--status", "denied"], 0),
    ("*", ["--language", "fr"], 1),
    ("*", ["--language", "de"], 0),
    ("*", ["--outlet", "The Wire"], 1),
    ("*", ["--outlet", "The Echo"], 0),
    ("*", ["--story", "story-Phare"], 1),
    ("*", ["--story", "story-There"], 0),
    ("*", ["--since", "2024-12-08"], 0),
    ("*", ["--since", "2024-12-07", "--until", "2024-12-07"], 1),
    ("*", ["--until", "2024-12-06"], 0),
)


def test_words_and_filters_choose_contradictions(lines):
    wrong = [
        (query, options)
        for query, options, expected in CHOSEN
        if len(lines(query, "contradictions", *options)) != expected
    ]
    assert wrong == []


def test_people_see_both_sides_and_how_many_there_are(run):
    output = run("*", "--kind", "contradictions")
    assert "oreshnik in BY · contradiction · 2025-H1 against 2025-H2" in output
    assert "“Orechnik sera là début 2025.”" in output
    assert "Putin · The Phare · fr · 2024-12-07 12:00" in output
    assert output.endswith("1 contradiction\n")
    assert run("*", "--kind", "timeline", "--limit", "1").endswith("1 of 2 timelines\n")
    assert run("*", "--kind", "stories").endswith("5 stories\n")
    assert run("*", "--kind", "revisions") == "nothing found\n"
    assert "planned · 2025-H2 · copy" in run("*", "--kind", "claims")


def test_an_unknown_kind_is_one_message_and_exit_2(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["search", "x", "--kind", "rumours"])
    assert ended.value.code == 2
    assert "--kind" in capsys.readouterr().err
