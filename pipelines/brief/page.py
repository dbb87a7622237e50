"""The briefing: one HTML file that needs no network and runs no word of a stranger.

The Content-Security-Policy allows exactly the style sheet and the script written here, by
their hashes; no image, font, frame, form or request. Only a live page (served by
``vigie brief --serve``) may ask its own server whether there is news.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from pipelines.brief.markup import clock, counted, json_block, text
from pipelines.brief.model import (
    group_stories,
    outlet_of,
    plan_columns,
    search_words,
    told_at,
)
from pipelines.brief.panels import ranked, render_filter, render_grid
from pipelines.brief.said import render_contradictions, render_timelines
from pipelines.brief.sections import Names, render_stories, render_unmentioned
from pipelines.brief.wire import render_alerts
from pipelines.findings import courses_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from connectors.records import Alert, Document, Finding
    from pipelines.brief.model import Columns, Story

LIVE_SECS = 5
"""How often a live page asks for news."""


@cache
def asset(name: str) -> str:
    """Return the style sheet or the script."""
    return (files("pipelines.brief") / "assets" / name).read_text(encoding="utf-8")


def _hash_of(source: str) -> str:
    digest = hashlib.sha256(source.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def content_security_policy(*, live: bool) -> str:
    """Return the policy of the page, for its meta element and the header of ``--serve``."""
    rules = [
        "default-src 'none'",
        f"style-src {_hash_of(asset('brief.css'))}",
        f"script-src {_hash_of(asset('brief.js'))}",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
    ]
    if live:
        rules.append("connect-src 'self'")
    return "; ".join(rules)


def render_brief(  # noqa: PLR0913 - the parts of one page, all by name
    documents: Sequence[Document],
    *,
    alerts: Sequence[Alert],
    generated_at: datetime,
    subjects: Mapping[str, str],
    findings: Sequence[Finding] = (),
    live_version: str | None = None,
) -> str:
    """Return the briefing over ``documents`` as one HTML document.

    Args:
        documents: in any order; those without a mention are only listed by title.
        alerts: newest first.
        generated_at: printed at the head of the page.
        subjects: names by subject id; a subject without a name shows its id.
        findings: contradictions, revisions and the stages of timelines, newest first.
        live_version: what is being served, when a server watches over the page; None for a file.
    """
    told = [one for one in documents if one.mentions]
    silent = sorted((one for one in documents if not one.mentions), key=told_at, reverse=True)
    stories = group_stories(told)
    ordered = [one for story in stories for one in story.documents]
    names = Names(
        subjects=subjects,
        numbers={one.article.id: number for number, one in enumerate(ordered)},
    )
    facets = _Facets(ordered)
    columns = plan_columns([told_at(one) for one in ordered])
    main = "".join(
        (
            _section("Articles by subject", _grid(ordered, facets, columns, names), "grid"),
            _section("Contradictions", render_contradictions(findings, names), "contradictions"),
            '<div class="columns"><div>',
            _section("Stories", _stories(stories, names), "stories", always=True),
            _section("Nothing found in", render_unmentioned(silent) if silent else "", "rest"),
            "</div><div>",
            _section("Alerts", render_alerts(alerts, names) if alerts else "", "alerts"),
            _section("Who says what", render_timelines(courses_of(findings), names), "claims"),
            "</div></div>",
        )
    )
    return _page(
        head=_masthead(documents, stories, generated_at, live=live_version is not None),
        rail=_rail(facets, names),
        main=main,
        data=json_block("data", _data(ordered, facets, columns, subjects)),
        live_version=live_version,
    )


class _Facets:
    """The values one can filter by, most frequent first, and their counts."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.subject_counts = Counter(s for one in documents for s in one.subjects)
        self.language_counts = Counter(one.article.language for one in documents)
        self.outlet_counts = Counter(outlet_of(one) for one in documents)
        self.subjects = ranked(self.subject_counts.elements())
        self.languages = ranked(self.language_counts.elements())
        self.outlets = ranked(self.outlet_counts.elements())


def _data(
    ordered: Sequence[Document],
    facets: _Facets,
    columns: Columns | None,
    names: Mapping[str, str],
) -> dict[str, object]:
    subject_numbers = {value: number for number, value in enumerate(facets.subjects)}
    language_numbers = {value: number for number, value in enumerate(facets.languages)}
    outlet_numbers = {value: number for number, value in enumerate(facets.outlets)}
    return {
        "subjects": facets.subjects,
        "language": facets.languages,
        "outlet": facets.outlets,
        "columns": [start.isoformat() for start in columns.starts] if columns else [],
        "documents": [
            [
                [subject_numbers[subject] for subject in one.subjects],
                language_numbers[one.article.language],
                outlet_numbers[outlet_of(one)],
                columns.column_of(told_at(one)) if columns else 0,
                words,
            ]
            for one, words in zip(ordered, search_words(ordered, names), strict=True)
        ],
    }


def _grid(
    ordered: Sequence[Document], facets: _Facets, columns: Columns | None, names: Names
) -> str:
    return render_grid(ordered, facets.subjects, columns, names) if columns else ""


def _stories(stories: Sequence[Story], names: Names) -> str:
    empty = "" if stories else '<p class="nothing">No article has named a subject yet.</p>'
    return (
        f'{render_stories(stories, names)}{empty}<p class="nothing" id="nothing" hidden>'
        "Nothing fits these filters. Words are looked for as they are written; vigie search finds "
        "names in other scripts and inflections too.</p>"
    )


def _section(title: str, body: str, name: str, *, always: bool = False) -> str:
    if not body and not always:
        return ""
    return (
        f'<section aria-labelledby="h-{name}"><h2 id="h-{name}" tabindex="-1">{title}</h2>{body}'
        "</section>"
    )


def _masthead(
    documents: Sequence[Document], stories: Sequence[Story], generated_at: datetime, *, live: bool
) -> str:
    outlets = len({outlet_of(one) for one in documents})
    languages = len({one.article.language for one in documents})
    facts = " · ".join(
        (
            f"{counted(len(documents), 'article')} read",
            counted(len(stories), "story", "stories"),
            counted(outlets, "outlet"),
            counted(languages, "language"),
        )
    )
    fresh = (
        '<button type="button" class="plain fresh" id="fresh" hidden>News: show</button>'
        if live
        else ""
    )
    return (
        '<header class="masthead"><h1>Vigie <span>briefing</span></h1>'
        f'<p class="stamp">{clock(generated_at)} UTC, as all times here<br>{facts}</p>'
        '<form id="find" role="search"><label class="sr" for="search">Search titles, quotes and '
        'texts</label><input type="search" id="search" placeholder="Search titles, quotes, texts" '
        'autocomplete="off" spellcheck="false"><kbd aria-hidden="true">/</kbd></form>'
        f'{fresh}<button type="button" class="plain" id="theme">Theme: auto</button></header>'
    )


def _rail(facets: _Facets, names: Names) -> str:
    subjects = [
        (f' title="{text(names.subject(s))}"', text(names.subject(s)), facets.subject_counts[s])
        for s in facets.subjects
    ]
    languages = [
        (f' data-language="{text(code)}"', text(code), facets.language_counts[code])
        for code in facets.languages
    ]
    outlets = [
        (f' dir="auto" title="{text(name)}"', text(name), facets.outlet_counts[name])
        for name in facets.outlets
    ]
    return (
        '<form class="rail" id="filters" aria-label="Filters"><div class="state">'
        '<span id="shown" role="status" aria-live="polite"></span>'
        '<button type="button" class="plain" id="clear" hidden>Clear</button></div>'
        f"{render_filter('subjects', 'Subjects', subjects)}"
        f"{render_filter('language', 'Languages', languages)}"
        f"{render_filter('outlet', 'Outlets', outlets)}</form>"
    )


def _page(*, head: str, rail: str, main: str, data: str, live_version: str | None) -> str:
    live = live_version is not None
    root = f' data-live="{LIVE_SECS}" data-version="{text(live_version)}"' if live_version else ""
    policy = text(content_security_policy(live=live))
    return (
        f'<!DOCTYPE html>\n<html lang="en"{root}>\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">\n'
        f"<title>Vigie briefing</title>\n<style>{asset('brief.css')}</style>\n</head>\n<body>\n"
        '<a class="skip" href="#h-stories">Skip to the stories</a>\n'
        f'{head}\n<div class="desk">\n{rail}\n<main id="main">\n{main}\n'
        "<footer>Written by Vigie. All times UTC. Keys: / search, j and k next and previous story, "
        "Esc clears.</footer></main>\n</div>\n"
        f"{data}\n<script>{asset('brief.js')}</script>\n</body>\n</html>\n"
    )
