"""``vigie search``: what it prints and what it refuses."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from connectors.backends import open_index
from pipelines.cli import main

KEYS = [
    "url",
    "title",
    "language",
    "published_at",
    "outlet",
    "subjects",
    "mentions",
    "claims",
    "story_id",
    "copy_of",
    "revision",
    "document_id",
]


@pytest.fixture
def stored(settings, make):
    """Thirty documents of one day, three of them about missiles."""
    index = open_index(settings)
    index.write([make.document(f"plain-{n}", f"Grain price {n}.") for n in range(27)])
    russian = make.document(
        "ru",
        "Ракеты «Орешник» размещены.",
        language="ru",
        outlet="Агентство",
        title="Ракеты",
        mentions=(make.mention("oreshnik", "Ракеты"),),
        claims=(make.claim("completed"),),
        story_id="story-1",
    )
    copy = make.document("copy", "Ракеты «Орешник» размещены.", language="ru", title="Копия")
    copy = type(copy)(article=copy.article, copy_of=russian.article.id)
    old = make.document("old", "Oreshnik.", published_at=make.now - timedelta(days=40))
    index.write([russian, copy, old])
    index.close()
    options = ["--index", settings.location]
    if settings.prefix != "vigie":
        # Another prefix is no option of the command: the tests' own indices need a file.
        return None
    return options


@pytest.fixture
def run(stored, settings, tmp_path, capsys):
    if stored is None:
        config = tmp_path / "monitor.yaml"
        config.write_text(f"index:\n  location: {settings.location}\n  prefix: {settings.prefix}\n")
        options = ["--config", str(config)]
    else:
        options = stored

    def search(*arguments):
        code = main(["search", *options, *arguments])
        output = capsys.readouterr()
        return code, output.out, output.err

    return search


def lines_of(output):
    return [json.loads(line) for line in output.splitlines()]


def test_json_prints_a_line_a_document_with_the_keys_of_the_contract(run, make):
    code, output, _ = run("Oreshnik", "--json", "--language", "ru", "--fold-copies")
    assert code == 0
    (line,) = lines_of(output)
    assert list(line) == KEYS
    assert line["title"] == "Ракеты"
    assert line["published_at"] == (make.now - timedelta(hours=1)).isoformat()
    assert line["subjects"] == ["oreshnik"]
    assert line["mentions"][0]["quote"] == "Ракеты"
    assert line["claims"][0]["status"] == "completed"
    assert (line["story_id"], line["copy_of"], line["revision"]) == ("story-1", None, 1)


def test_a_star_with_json_prints_all_documents(run):
    assert len(lines_of(run("*", "--json")[1])) == 30
    assert len(lines_of(run("*", "--json", "--fold-copies")[1])) == 29
    assert len(lines_of(run("*", "--json", "--limit", "4")[1])) == 4


def test_people_see_titles_found_words_and_how_many_there_are(run):
    code, output, _ = run("Oreshnik")
    assert code == 0
    assert "Ракеты «Орешник» размещены." in output
    assert "Агентство" in output
    assert "3 documents" in output
    assert "<em>" not in output
    assert "20 of 27 documents" in run("grain")[1]


def test_filters_are_passed_on(run):
    assert "1 document\n" in run("*", "--subject", "oreshnik")[1]
    assert "1 document\n" in run("*", "--status", "completed")[1]
    assert "1 document\n" in run("*", "--story", "story-1")[1]
    assert "1 document\n" in run("*", "--outlet", "Агентство")[1]
    assert "1 document\n" in run("*", "--until", "2026-02-01")[1]
    assert "29 documents\n" in run("*", "--since", "2026-03-02", "--limit", "100")[1]
    assert (
        "29 documents\n"
        in run("*", "--since", "2026-03-02", "--until", "2026-03-02", "--limit", "100")[1]
    )


def test_nothing_found_is_no_error(run):
    assert run("absent")[:2] == (0, "nothing found\n")
    assert run("absent", "--json")[:2] == (0, "")


def test_an_index_that_is_not_there_is_told_with_the_remedy(tmp_path, capsys):
    location = f"sqlite:{tmp_path / 'none.db'}"
    assert main(["search", "x", "--index", location]) == 3
    assert f"vigie setup --index {location}" in capsys.readouterr().err


@pytest.mark.parametrize(
    "options", [["--limit", "0"], ["--limit", "x"], ["--since", "soon"], ["--sort", "size"]]
)
def test_a_bad_option_is_one_message_and_exit_2(options, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["search", "x", *options])
    assert ended.value.code == 2
    assert options[0] in capsys.readouterr().err


def test_control_characters_never_reach_the_terminal(sqlite_settings, make, capsys):
    index = open_index(sqlite_settings)
    index.write([make.document("a", "missile \x1b[31m red", title="\x1b]0;owned\x07")])
    index.close()
    assert main(["search", "missile", "--index", sqlite_settings.location]) == 0
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("filters", "hint"),
    [
        (["--subject", "Oreshnik"], "no document has --subject Oreshnik (did you mean oreshnik?)"),
        (["--subject", "Dark Eagle"], "(did you mean dark-eagle?)"),
        (["--subject", "iskander"], "--subject iskander; vigie backfill --from-index"),
        (["--outlet", "агентство"], "no document has --outlet агентство: the name as the index"),
        (["--place", "Belarus"], "no document has --place Belarus: a country's code such as BY"),
        (["--story", "story-2"], "no document has --story story-2"),
        (["--language", "ru", "--subject", "oreshnik", "--since", "1m"], "without the filters 30"),
    ],
)
def test_a_search_that_finds_nothing_says_which_filter_is_to_blame(run, filters, hint):
    code, output, errors = run("*", *filters)
    assert (code, output) == (0, "nothing found\n")
    assert hint in errors


def test_capitals_of_codes_and_statuses_do_not_matter(run):
    _, output, errors = run("*", "--json", "--language", "RU", "--status", "Completed")
    assert len(lines_of(output)) == 1
    assert errors == ""


def test_an_unknown_status_is_refused_with_those_there_are(run, capsys):
    with pytest.raises(SystemExit) as ended:
        run("*", "--status", "delivered")
    assert ended.value.code == 2
    assert "requested" in capsys.readouterr().err


def test_parentheses_that_would_group_are_refused_and_others_are_not(run):
    code, _, errors = run("(Minsk OR Warsaw) missile")
    assert code == 2
    assert "parentheses group nothing" in errors
    assert run("Oreshnik (missile)")[0] == 0


def test_times_are_shown_with_their_zone(run):
    assert " UTC · ru" in run("Ракеты", "--language", "ru")[1]


def test_a_speaker_is_refused_where_no_claims_are_shown(run):
    code, _, errors = run("*", "--speaker", "Putin")
    assert code == 2
    assert "--kind claims" in errors
