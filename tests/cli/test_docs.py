"""Commands that the documents name exist, with the options they are given."""

import argparse
import re
from pathlib import Path

import pytest

from pipelines.cli import build_parser

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "deploy" / "kubernetes" / "README.md",
]
FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)


def code_in(text):
    """Yield each line of the code blocks and each piece of code within the text, on one line."""
    text = text.replace("\\\n", " ")
    for block in FENCED.findall(text):
        yield from (line.removeprefix("$ ") for line in block.splitlines())
    rest = FENCED.sub("", text)
    yield from (line.removeprefix("    ") for line in rest.splitlines() if line[:4] == " " * 4)
    yield from (" ".join(span.split()) for span in re.findall(r"`([^`]+)`", rest))


PAGE_LINES = [
    (page.name, " ".join(line.split()))
    for page in PAGES
    for line in code_in(page.read_text(encoding="utf-8"))
]
VIGIE = sorted(
    {
        (page, found[1])
        for page, line in PAGE_LINES
        if (found := re.match(r"(?:\.venv/bin/)?vigie ((?:[a-z]+ ?)(?:[^|>]*))", line))
    }
)
TOOLS = sorted(
    {(page, line) for page, line in PAGE_LINES if re.match(r"(python )?tools/\w+\.py", line)}
)


def parsers_of(parser):
    """Return the parsers of the commands below ``parser``, by name."""
    return {
        name: one
        for action in parser._actions
        if isinstance(action, argparse._SubParsersAction)
        for name, one in action.choices.items()
    }


@pytest.fixture(scope="module")
def commands():
    return parsers_of(build_parser())


def options_in(line):
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", line))


@pytest.mark.parametrize(("page", "line"), VIGIE)
def test_a_command_of_a_document_exists_with_its_options(page, line, commands):
    name, *rest = line.split()
    assert name in commands, page
    known = set(commands[name]._option_string_actions)
    for word, part in parsers_of(commands[name]).items():
        if rest and rest[0] in (word, "…"):
            known |= set(part._option_string_actions)
    if parsers_of(commands[name]) and rest and re.fullmatch("[a-z-]+", rest[0]):
        assert rest[0] in parsers_of(commands[name]), page
    assert options_in(line) <= known, page


@pytest.mark.parametrize(("page", "line"), TOOLS)
def test_a_tool_of_a_document_exists_with_its_options(page, line):
    path = ROOT / re.search(r"tools/\w+\.py", line)[0]
    assert path.is_file(), page
    text = path.read_text(encoding="utf-8")
    for option in options_in(line):
        assert f'"{option}"' in text, page


def test_there_is_something_to_check():
    assert len(VIGIE) > 60
    assert len(TOOLS) > 15


EVERY_PAGE = [*PAGES, *sorted((ROOT / "docs" / "decisions").glob("*.md")), ROOT / "CHANGELOG.md"]


def anchors_of(page):
    """Return the anchors of the headings of ``page``, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", one).strip().lower().replace(" ", "-") for one in headings}


@pytest.mark.parametrize("page", EVERY_PAGE, ids=lambda page: page.name)
def test_links_within_the_repository_lead_somewhere(page):
    text = FENCED.sub("", page.read_text(encoding="utf-8"))
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        if anchor:
            assert anchor in anchors_of(target), link
