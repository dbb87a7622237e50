"""``vigie search``: articles, claims, stories, contradictions and timelines of the index."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rich.console import Console

from connectors.backends import open_index
from connectors.index import SORT_ORDERS, SearchQuery
from connectors.records import to_json
from pipelines.brief import subject_names
from pipelines.cli.options import (
    add_index_options,
    new_command,
    parse_instant,
    parse_until,
    whole_number,
)
from pipelines.cli.search_hints import check_words, hints
from pipelines.cli.search_results import (
    print_article,
    print_claim,
    print_course,
    print_finding,
    print_story,
)
from pipelines.errors import UserError
from pipelines.findings.describing import (
    describe_claim,
    describe_course,
    describe_finding,
    describe_story,
)
from pipelines.findings.searching import (
    DIFFERENCES,
    search_claims,
    search_courses,
    search_findings,
    search_stories,
)
from pipelines.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from connectors.index import Index
    from connectors.records import Claim, Document, Finding

DEFAULT_LIMIT = 20
MAX_LIMIT = 10_000
"""The result window of Elasticsearch; more documents: ``--json`` with ``*``."""


STATUSES = (
    "requested", "possible", "planned", "underway", "completed", "denied", "suspended", "used",
)  # fmt: skip
"""The stages of a claim, as docs/claims.md explains them."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = new_command(
        subparsers,
        "search",
        'Search the index: words, "a phrase", "two words"~5, begin*, this OR that, -without, '
        "* for all.",
        "vigie search Oreshnik --language ru --since 7d\n  vigie search '*' --kind contradictions",
    )
    parser.add_argument("query", metavar="QUERY", help="what to look for; * for all documents")
    add_index_options(parser)
    parser.add_argument(
        "--kind", choices=KINDS, default="articles", help="what is shown (default: articles)"
    )
    _add_filters(parser)
    parser.add_argument("--story", metavar="ID", help="only what belongs to this story")
    parser.add_argument(
        "--since", metavar="WHEN", type=parse_instant, help="published from then on"
    )
    parser.add_argument(
        "--until", metavar="WHEN", type=parse_until, help="published until then; a day counts whole"
    )
    parser.add_argument(
        "--sort", choices=SORT_ORDERS, default="relevance", help="default: relevance"
    )
    parser.add_argument(
        "--fold-copies", action="store_true", help="show one document a syndicated text"
    )
    parser.add_argument(
        "--limit",
        metavar="N",
        type=whole_number(1, MAX_LIMIT),
        help="default: 20; with --json and * all",
    )
    parser.add_argument("--json", action="store_true", help="print a JSON line each")
    parser.set_defaults(run=run)


def _add_filters(parser: argparse.ArgumentParser) -> None:
    """Add the options that may be repeated: one of their values must fit."""
    for option, name, read in (
        ("--subject", "subject", str),
        ("--language", "languages", str.lower),
        ("--outlet", "outlets", str),
        ("--place", "places", _parse_place),
    ):
        parser.add_argument(
            option,
            metavar=option[2:].upper(),
            dest=name,
            action="append",
            default=[],
            type=read,
            help=f"only what has this {option[2:]} (repeatable)",
        )
    parser.add_argument(
        "--status",
        metavar="STATUS",
        dest="statuses",
        action="append",
        default=[],
        type=str.lower,
        choices=STATUSES,
        help=f"only what has this status (repeatable): {', '.join(STATUSES)}",
    )
    parser.add_argument(
        "--speaker",
        metavar="NAME",
        dest="speakers",
        action="append",
        default=[],
        help="with --kind claims: only what this person says, in any spelling (repeatable)",
    )


def _parse_place(text: str) -> str:
    """Return a country as claims have it: codes in capitals, the few names as they are."""
    return text.upper() if len(text) == len("BY") else text


def run(args: argparse.Namespace) -> int:
    """Search and print what was found; return the exit code."""
    if args.since and args.until and args.since >= args.until:
        raise UserError("--since lies after --until: nothing can be found")
    if args.speakers and args.kind != "claims":
        raise UserError("--speaker works with --kind claims only; elsewhere put the name in QUERY")
    check_words(args.query)
    settings = load_settings(args)
    query = _query_of(args)
    unlimited = args.json and args.limit is None and args.query.strip() == "*"
    index = open_index(settings.index, read_only=True)
    try:
        if not _show_found(index, query, args, unlimited=unlimited):
            names = subject_names(settings.subjects) if query.subjects else {}
            for line in hints(index, query, names):
                print(line, file=sys.stderr)
    finally:
        index.close()
    return 0


def _query_of(args: argparse.Namespace) -> SearchQuery:
    return SearchQuery(
        text=args.query,
        subjects=tuple(args.subject),
        languages=tuple(args.languages),
        outlets=tuple(args.outlets),
        statuses=tuple(args.statuses),
        places=tuple(args.places),
        story_id=args.story,
        since=args.since,
        until=args.until,
        fold_copies=args.fold_copies,
        sort=args.sort,
        limit=args.limit or DEFAULT_LIMIT,
    )


def _show_found(
    index: Index, query: SearchQuery, args: argparse.Namespace, *, unlimited: bool
) -> int:
    """Print what was found; return how much was shown."""
    if args.kind != "articles":
        return _show_findings(index, query, args, limit=None if unlimited else query.limit)
    if not args.json:
        page = index.search(query)
        _show(page.found, page.total, print_article, "document")
        return len(page.found)
    if unlimited:
        return _print_articles(index.scan(query))
    return _print_articles(one.document for one in index.search(query).found)


def _print_articles(documents: Iterable[Document]) -> int:
    shown = 0
    for document in documents:
        print(json.dumps(describe(document), ensure_ascii=False))
        shown += 1
    return shown


def _show_findings(
    index: Index, query: SearchQuery, args: argparse.Namespace, *, limit: int | None
) -> int:
    """Print what is made of articles: claims, stories, findings or timelines; return how many."""
    noun, search, describe_one, show = _KINDS[args.kind]
    found = search_claims(index, query, args.speakers) if args.speakers else search(index, query)
    if args.json:
        for one in found[:limit]:
            print(json.dumps(describe_one(one), ensure_ascii=False))
    else:
        _show(found[:limit], len(found), show, noun)
    return len(found)


def describe(document: Document) -> dict[str, Any]:
    """Return ``document`` as the JSON object that ``--json`` prints: an interface."""
    article = document.article
    return {
        "url": article.url,
        "title": article.title,
        "language": article.language,
        "published_at": to_json(article.published_at),
        "outlet": article.outlet,
        "subjects": list(document.subjects),
        "mentions": to_json(document.mentions),
        "claims": to_json(document.claims),
        "story_id": document.story_id,
        "copy_of": document.copy_of,
        "revision": document.revision,
        "document_id": article.id,
    }


def _show(
    found: Sequence[Any], total: int, show: Callable[[Any, Console], None], noun: str
) -> None:
    console = Console(file=sys.stdout, highlight=False)
    for one in found:
        show(one, console)
    plural = noun if total == 1 else f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    of_all = f"{len(found)} of {total}" if len(found) < total else str(total)
    console.print(f"{of_all} {plural}" if total else "nothing found", soft_wrap=True)


def _describe_claim(found: tuple[Document, Claim]) -> dict[str, Any]:
    return describe_claim(*found)


def _search_kind(*kinds: str) -> Callable[[Index, SearchQuery], list[Finding]]:
    def search(index: Index, query: SearchQuery) -> list[Finding]:
        return search_findings(index, query, kinds)

    return search


_Kind = tuple[
    str,
    Callable[["Index", SearchQuery], list[Any]],
    Callable[[Any], dict[str, Any]],
    Callable[[Any, Console], None],
]
_KINDS: dict[str, _Kind] = {
    "claims": ("claim", search_claims, _describe_claim, print_claim),
    "stories": ("story", search_stories, describe_story, print_story),
    "timeline": ("timeline", search_courses, describe_course, print_course),
    **{
        f"{kind}s": (kind, _search_kind(kind), describe_finding, print_finding)
        for kind in DIFFERENCES
    },
}
KINDS = ("articles", *_KINDS)
"""What a search may look for."""
