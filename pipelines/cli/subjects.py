"""``vigie subjects``: test the tracked subjects, and explain what their rules do with a text."""

from __future__ import annotations

import argparse
import json
from datetime import datetime

from pipelines.cli.options import new_command
from pipelines.errors import UserError

_TEST_EXAMPLE = "vigie subjects test config/subjects"
_EXPLAIN_EXAMPLE = """vigie subjects explain "Путин пообещал Минску «Орешник»" --subject oreshnik"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its parts."""
    parser = new_command(
        subparsers, "subjects", "Test and explain the tracked subjects.", _TEST_EXAMPLE
    )
    parts = parser.add_subparsers(metavar="PART", required=True)
    test = new_command(parts, "test", "Run the tests that every subject carries.", _TEST_EXAMPLE)
    test.add_argument(
        "paths",
        metavar="PATH",
        nargs="*",
        help="subject files or folders (default: those shipped)",
    )
    test.set_defaults(run=run_test)
    explain = new_command(
        parts, "explain", "Show which rule fires where in a text, and why.", _EXPLAIN_EXAMPLE
    )
    explain.add_argument("text", help="the text of an article")
    explain.add_argument("--title", default="", help="its headline")
    explain.add_argument("--lang", help="its language (default: identified)")
    explain.add_argument(
        "--published",
        metavar="DAY",
        help="when it was published, such as 2024-12-06 (default: now)",
    )
    explain.add_argument(
        "--subject", action="append", default=[], metavar="ID", help="only this subject"
    )
    explain.add_argument(
        "--subjects",
        metavar="PATH",
        action="append",
        help="subject file or folder (default: those shipped)",
    )
    explain.set_defaults(run=run_explain)
    schema = new_command(
        parts, "schema", "Print the JSON Schema of subject files.", "vigie subjects schema"
    )
    schema.set_defaults(run=run_schema)


def run_test(args: argparse.Namespace) -> int:
    """Print the tests that fail and a summary; return 0 when none does, else 1."""
    from pipelines.detection import load_detector  # noqa: PLC0415 - other commands start without
    from pipelines.detection.checking import run_tests  # noqa: PLC0415

    outcomes = list(run_tests(load_detector(args.paths or None)))
    failed = [one for one in outcomes if not one.passed]
    for one in failed:
        wanted = "to match" if one.kind == "match" else "not to match"
        print(f"{one.file}:{one.line}: subject {one.subject}: expected {wanted}: {one.text}")
    subjects = len({one.subject for one in outcomes})
    print(f"{subjects} subjects, {len(outcomes)} tests, {len(failed)} failed")
    return 1 if failed else 0


def run_explain(args: argparse.Namespace) -> int:
    """Print which rules fire and why the others do not; return the exit code."""
    from pipelines.detection import identify_language, load_detector  # noqa: PLC0415
    from pipelines.detection.checking import explain  # noqa: PLC0415
    from pipelines.detection.errors import suggestion  # noqa: PLC0415

    detector = load_detector(args.subjects)
    for one in args.subject:
        if one not in detector.subjects:
            hint = suggestion(one, detector.subjects)
            known = ", ".join(detector.subjects)
            raise UserError(f"--subject: no subject {one!r}{hint}; expected one of {known}")
    published_at = _instant(args.published)
    language = identify_language(f"{args.title}\n{args.text}", args.lang)
    print(f"language: {language}")
    lines = explain(
        detector,
        title=args.title,
        text=args.text,
        language=language,
        subjects=args.subject,
        published_at=published_at,
    )
    print("\n".join(line.encode("utf-8", "replace").decode("utf-8") for line in lines))
    return 0


def _instant(day: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(day) if day else None
    except ValueError:
        message = f"--published: expected a day such as 2024-12-06, got {day!r}"
        raise UserError(message) from None


def run_schema(args: argparse.Namespace) -> int:
    """Print the JSON Schema of subject files; return the exit code."""
    from pipelines.detection.model import SubjectFile  # noqa: PLC0415

    del args
    print(json.dumps(SubjectFile.model_json_schema(by_alias=True), indent=2, ensure_ascii=False))
    return 0
