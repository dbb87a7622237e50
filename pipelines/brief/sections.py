"""The sections of a briefing as HTML, each from the model alone."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from pipelines.brief.markup import clock, counted, cut, isolated, lang, link, text
from pipelines.brief.model import outlet_of, told_at
from pipelines.brief.passages import snippets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from connectors.records import Document, Mention
    from pipelines.brief.model import Story
    from pipelines.brief.passages import Snippet

MAX_UNMENTIONED = 500
REPORTS_SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """How subjects are called on the page, and which number a document has on it."""

    subjects: Mapping[str, str]
    numbers: Mapping[str, int]

    def subject(self, key: str) -> str:
        """Return the name of a subject as a heading; one without a name shows its id."""
        name = cut(self.subjects.get(key) or key)
        return name[:1].upper() + name[1:]


def language_tag(language: str) -> str:
    """Return a language as a small tag; the script turns the code into its name."""
    return f'<span class="tag" data-language="{text(cut(language))}">{text(cut(language))}</span>'


def subject_tags(subjects: Sequence[str], names: Names) -> str:
    """Return the subjects as tags."""
    return " ".join(f'<span class="tag subject">{text(names.subject(s))}</span>' for s in subjects)


def render_stories(stories: Sequence[Story], names: Names) -> str:
    """Return the stories under the days on which they last moved."""
    parts = []
    for day, told in groupby(stories, _day):
        parts.append(f'<p class="day">{day:%A}, {day.day} {day:%B %Y}</p>')
        parts += [_story(story, names) for story in told]
    return "\n".join(parts)


def _day(story: Story) -> date:
    return story.last_at.date()


def _story(story: Story, names: Names) -> str:
    lead = story.reports[0]
    numbers = " ".join(str(names.numbers[one.article.id]) for one in story.documents)
    others = [one for one in story.documents if one is not lead]
    identity = names.numbers[lead.article.id]
    quotes = "".join(_quote(one, lead.article.language) for one in snippets(lead))
    return (
        f'<article class="story" id="s{identity}" tabindex="-1" data-docs="{numbers}" '
        f'aria-labelledby="t{identity}">'
        f'<h3 id="t{identity}" dir="auto"{lang(lead.article.language)}>{_title(lead)}</h3>'
        f"{_story_line(story, names)}{_lead_line(lead, identity, alone=not others)}"
        f"{quotes}{_reports(others, names)}</article>"
    )


def _story_line(story: Story, names: Names) -> str:
    outlets = {outlet_of(one) for one in story.documents}
    languages = {one.article.language for one in story.documents}
    copies = sum(len(each) for each in story.copies.values())
    facts = []
    if len(story.documents) > 1:
        facts = [counted(len(outlets), "outlet"), counted(len(languages), "language")]
    if copies:
        facts.append(counted(copies, "copy", "copies"))
    return f'<p class="by">{subject_tags(story.subjects, names)} {" · ".join(facts)}</p>'


def _lead_line(lead: Document, identity: int, *, alone: bool) -> str:
    first = "" if alone else '<span class="tag first">first source</span>'
    return (
        f'<p class="by" id="d{identity}"><span>{_short_clock(lead)}</span> '
        f"<b>{isolated(outlet_of(lead))}</b> {language_tag(lead.article.language)} {first}</p>"
    )


def _title(document: Document) -> str:
    inner = f"<bdi>{marked_title(document.article.title, document.mentions)}</bdi>"
    return link(document.article.url, inner)


def marked_title(title: str, mentions: Sequence[Mention]) -> str:
    """Return the escaped title with its mentions marked; what overlaps is marked once."""
    title = cut(title)
    parts, position = [], 0
    spans = sorted((m.start, m.end) for m in mentions if m.field == "title")
    for start, end in spans:
        if position <= start < end <= len(title):
            parts += [text(title[position:start]), f"<mark>{text(title[start:end])}</mark>"]
            position = end
    return "".join([*parts, text(title[position:])]) or "Untitled"


def _quote(snippet: Snippet, language: str) -> str:
    pieces = "".join(
        f"<mark>{text(words)}</mark>" if quoted else text(words) for words, quoted in snippet.pieces
    )
    return f'<blockquote dir="auto"{lang(language)}>{pieces}</blockquote>'


def _reports(others: Sequence[Document], names: Names) -> str:
    if not others:
        return ""
    rows = [_report(one, names) for one in others]
    shown = f'<ol class="reports">{"".join(rows[:REPORTS_SHOWN])}</ol>'
    if len(rows) > REPORTS_SHOWN:
        folded = "".join(rows[REPORTS_SHOWN:])
        more = counted(len(rows) - REPORTS_SHOWN, "further report")
        shown += f'<details><summary>{more}</summary><ol class="reports">{folded}</ol></details>'
    return shown


def _report(document: Document, names: Names) -> str:
    article = document.article
    number = names.numbers[article.id]
    copy = ""
    if document.copy_of:
        percent = "" if document.similarity is None else f" {document.similarity:.0%}"
        copy = f' <span class="tag copy">copy{percent}</span>'
    return (
        f'<li id="d{number}"{" class=is-copy" if document.copy_of else ""}>'
        f'<span class="at">{_short_clock(document)}</span>'
        f"<span><b>{isolated(outlet_of(document))}</b> {language_tag(article.language)}{copy} "
        f"<span{lang(article.language)}>{_title(document)}</span></span></li>"
    )


def _short_clock(document: Document) -> str:
    moment = told_at(document)
    return f"{moment.day} {moment:%b} {clock(moment, with_day=False)}"


def render_unmentioned(documents: Sequence[Document]) -> str:
    """Return the articles that were read and named no subject, as a folded list."""
    rows = "".join(
        f'<li><span class="count">{_short_clock(one)} {isolated(outlet_of(one))}</span> '
        f"<span{lang(one.article.language)}>"
        f"{link(one.article.url, isolated(one.article.title or 'Untitled'))}</span></li>"
        for one in documents[:MAX_UNMENTIONED]
    )
    left = len(documents) - MAX_UNMENTIONED
    if left > 0:
        rows += f"<li>… and {counted(left, 'older article')}</li>"
    return (
        f"<details><summary>{counted(len(documents), 'article')} read without a mention"
        f'</summary><ol class="rest">{rows}</ol></details>'
    )
