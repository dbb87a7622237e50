from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipelines.detection import Detector, load_detector

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HEAD = "version: 1\n"


@pytest.fixture(scope="session")
def shipped() -> Detector:
    return load_detector()


@pytest.fixture
def subject_file(tmp_path: Path) -> Callable[..., Path]:
    def write(text: str, name: str = "own.yaml") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def build(subject_file: Callable[..., Path]) -> Callable[..., Detector]:
    """Return a function that compiles one rule, given as YAML flow, into a detector."""

    def compiled(text: str, lists: str = "{}") -> Detector:
        path = subject_file(
            f"version: 1\nlists: {lists}\nsubjects:\n"
            f"  - id: thing\n    kind: other\n    names: {{en: Thing}}\n    rule: {text}\n"
            "    tests: {match: [x], no_match: [y]}\n"
        )
        return load_detector([path])

    return compiled


@pytest.fixture
def quotes(build: Callable[..., Detector]) -> Callable[..., list[str]]:
    """Return a function that gives the quotes a rule finds in a text."""

    def find(
        text: str, article: str, title: str = "", lang: str = "en", lists: str = "{}"
    ) -> list[str]:
        mentions = build(text, lists).detect(title=title, text=article, language=lang)
        for one in mentions:
            whole = title if one.field == "title" else article
            assert whole[one.start : one.end] == one.quote
        return [one.quote for one in mentions]

    return find
