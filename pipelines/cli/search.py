"""``vigie search``: what the index holds, with the words that were found."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from connectors.backends import open_index
from connectors.fulltext import HIGHLIGHT_END, HIGHLIGHT_START
from connectors.index import SORT_ORDERS, SearchPage, SearchQuery
from connectors.records import to_json
from pipelines.cli.options import add_index_options, new_command, parse_instant
from pipelines.settings import load_settings

if TYPE_CHECKING:
    from datetime import datetime

    from connectors.index import Found
    from connectors.records import Document

DEFAULT_LIMIT = 20
MAX_LIMIT = 10_000
"""The result window of Elasticsearch; more documents: ``--json`` with ``*``."""

MAX_LISTED_MENTIONS = 3


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = new_command(
        subparsers,
        "search",
        'Search the index: words, "a phrase", "two words"~5, begin*, this OR that, * for all.',
        "vigie search Oreshnik --language ru --since 7d",
    )
    parser.add_argument("query", metavar="QUERY", help="what to look for; * for all documents")
    add_index_options(parser)
    repeatable = {
        "--subject": "subjects",
        "--language": "languages",
        "--outlet": "outlets",
        "--status": "statuses",
    }
    for option, name in repeatable.items():
        parser.add_argument(
            option,
            metavar=option[2:].upper(),
            dest=name,
            action="append",
            default=[],
            help=f"only documents with this {option[2:]} (repeatable)",
        )
    parser.add_argument("--story", metavar="ID", help="only documents of this story")
    parser.add_argument(
        "--since", metavar="WHEN", type=parse_instant, help="published from then on"
    )
    parser.add_argument("--until", metavar="WHEN", type=_parse_until, help="published until then")
    parser.add_argument(
        "--sort", choices=SORT_ORDERS, default="relevance", help="default: relevance"
    )
    parser.add_argument(
        "--fold-copies", action="store_true", help="show one document a syndicated text"
    )
    parser.add_argument(
        "--limit", metavar="N", type=_parse_limit, help="default: 20; with --json and * all"
    )
    parser.add_argument("--json", action="store_true", help="print a JSON line a document")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Search and print what was found; return the exit code."""
    settings = load_settings(args)
    query = SearchQuery(
        text=args.query,
        subjects=tuple(args.subjects),
        languages=tuple(args.languages),
        outlets=tuple(args.outlets),
        statuses=tuple(args.statuses),
        story_id=args.story,
        since=args.since,
        until=args.until,
        fold_copies=args.fold_copies,
        sort=args.sort,
        limit=args.limit or DEFAULT_LIMIT,
    )
    index = open_index(settings.index, read_only=True)
    try:
        if args.json:
            unlimited = args.limit is None and args.query.strip() == "*"
            page = () if unlimited else index.search(query).found
            for document in index.scan(query) if unlimited else (one.document for one in page):
                print(json.dumps(describe(document), ensure_ascii=False))
        else:
            _print_page(index.search(query), Console(file=sys.stdout, highlight=False))
    finally:
        index.close()
    return 0


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
    }


def _print_page(page: SearchPage, console: Console) -> None:
    for found in page.found:
        article = found.document.article
        when = article.published_at or article.first_seen_at
        facts = [when.strftime("%Y-%m-%d %H:%M"), article.language, article.outlet or "-"]
        facts += [f"[{', '.join(found.document.subjects)}]"] if found.document.subjects else []
        facts += ["copy"] if found.document.copy_of else []
        console.print(Text(" · ".join(facts), style="dim"), soft_wrap=True)
        console.print(Text(_printable(article.title), style="bold"), soft_wrap=True)
        for fragment in found.highlights or _quotes(found):
            console.print(Text("  ").append_text(_styled(fragment)), soft_wrap=True)
        console.print(Text(f"  {_printable(article.url)}", style="cyan"), soft_wrap=True)
        console.print()
    shown, noun = len(page.found), "document" if page.total == 1 else "documents"
    of_all = f"{shown} of {page.total}" if shown < page.total else str(page.total)
    console.print(f"{of_all} {noun}" if page.total else "nothing found", soft_wrap=True)


def _quotes(found: Found) -> list[str]:
    """Return the words of the first mentions, for documents found without words."""
    quotes = dict.fromkeys(mention.quote for mention in found.document.mentions)
    return [f"“{quote}”" for quote in list(quotes)[:MAX_LISTED_MENTIONS]]


def _styled(fragment: str) -> Text:
    """Return ``fragment`` with its found words in colour, where the output has colours."""
    styled = Text()
    for index, part in enumerate(fragment.split(HIGHLIGHT_START)):
        word, marked, rest = part.partition(HIGHLIGHT_END)
        if index and marked:
            styled.append(_printable(word), style="bold yellow")
            styled.append(_printable(rest))
        else:
            styled.append(_printable(part))
    return styled


def _printable(text: str) -> str:
    """Return ``text`` without control characters, which could steer the terminal."""
    return "".join(char if char.isprintable() or char == " " else " " for char in text)


def _parse_until(text: str) -> datetime:
    """Return the instant before which documents are wanted: a bare date includes its day."""
    moment = parse_instant(text)
    bare_date = len(text) == len("2025-01-31") and text.count("-") == 2
    return moment + timedelta(days=1) if bare_date else moment


def _parse_limit(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MAX_LIMIT:
        raise argparse.ArgumentTypeError(f"expected a number from 1 to {MAX_LIMIT}, got {text!r}")
    return int(text)
