"""``vigie detect``: articles as JSON Lines in, their mentions, times and claims out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from connectors.records import to_json
from pipelines.cli.article_lines import LineError, answer_lines, parse_line
from pipelines.cli.options import new_command

if TYPE_CHECKING:
    import argparse

    from connectors.records import Claim, Mention, TimeExpression
    from pipelines.detection import Detector

_EXAMPLE = (
    """echo '{"id":"a","text":"Moscow sends the Oreshnik missile to Minsk."}' | vigie detect"""
)
_CLAIM_KEYS = ("system", "place", "status", "when", "speaker", "start", "end", "evidence")


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = new_command(
        subparsers,
        "detect",
        "Find mentions, times and claims in texts (JSON Lines in, JSON Lines out).",
        _EXAMPLE,
    )
    parser.add_argument("file", nargs="?", help="JSON Lines (default: standard input)")
    parser.add_argument(
        "--subjects",
        metavar="PATH",
        action="append",
        help="subject file or folder (default: those shipped)",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Answer every line with one line, in order; return the exit code.

    A bad line gives ``{"id"|"line", "error"}`` and the stream goes on. One line is held at a
    time, whatever the length of the stream.

    Raises:
        pipelines.errors.UserError: the file cannot be read, or a subject file is wrong.
    """
    from pipelines.detection import load_detector  # noqa: PLC0415 - other commands start without

    return answer_lines(args.file, partial(_answer, detector=load_detector(args.subjects)))


def _answer(
    number: int,
    raw: bytes,
    *,
    detector: Detector,
) -> dict[str, Any]:
    # Other commands start without these.
    from pipelines.claims import find_claims  # noqa: PLC0415
    from pipelines.detection import identify_language  # noqa: PLC0415
    from pipelines.times import find_times  # noqa: PLC0415

    try:
        line = parse_line(raw)
    except LineError as error:
        where = {"line": number} if error.id is None else {"id": error.id}
        return {**where, "error": str(error)}
    try:
        language = identify_language(f"{line.title}\n{line.text}", line.language)
        mentions = detector.detect(
            title=line.title, text=line.text, language=language, published_at=line.published_at
        )
        times = find_times(line.text, language, line.published_at)
        claims = find_claims(
            title=line.title,
            text=line.text,
            language=language,
            published_at=line.published_at,
            mentions=mentions,
            times=times,
        )
    except (ArithmeticError, LookupError, TypeError, ValueError, RecursionError) as error:
        return {"id": line.id, "error": f"cannot be read: {type(error).__name__}"}
    return answer_of(line.id, language, mentions, times, claims)


def answer_of(
    line_id: str,
    language: str,
    mentions: tuple[Mention, ...],
    times: tuple[TimeExpression, ...],
    claims: tuple[Claim, ...],
) -> dict[str, Any]:
    """Return what is printed for one text."""
    return {
        "id": line_id,
        "language": language,
        "mentions": [to_json(one) for one in mentions],
        "times": [
            {"start": one.start, "end": one.end, "quote": one.quote, "value": one.value}
            for one in times
        ],
        "claims": [{key: getattr(one, key) for key in _CLAIM_KEYS} for one in claims],
    }
