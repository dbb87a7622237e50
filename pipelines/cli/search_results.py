"""How ``vigie search`` shows articles, claims, stories, findings and timelines to people."""

from __future__ import annotations

from datetime import timezone
from typing import TYPE_CHECKING

from rich.text import Text

from connectors.fulltext import HIGHLIGHT_END, HIGHLIGHT_START

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from rich.console import Console

    from connectors.index import Found
    from connectors.records import Claim, Document, Finding, SourcedClaim
    from pipelines.findings import Course
    from pipelines.findings.searching import StoryFound

MAX_LISTED_MENTIONS = 3
MAX_LISTED_QUOTES = 3


def print_article(found: Found, console: Console) -> None:
    """Print one article with the words that were found in it."""
    article = found.document.article
    when = article.published_at or article.first_seen_at
    facts = [_minute(when), article.language, article.outlet or "-"]
    facts += [f"[{', '.join(found.document.subjects)}]"] if found.document.subjects else []
    facts += ["copy"] if found.document.copy_of else []
    _print(console, " · ".join(facts), style="dim")
    _print(console, article.title, style="bold")
    for fragment in found.highlights or _mentions(found):
        console.print(Text("  ").append_text(_styled(fragment)), soft_wrap=True)
    _print(console, f"  {article.url}", style="cyan")
    console.print()


def _mentions(found: Found) -> list[str]:
    """Return the words of the first mentions, for documents found without words."""
    quotes = dict.fromkeys(mention.quote for mention in found.document.mentions)
    return [f"“{quote}”" for quote in list(quotes)[:MAX_LISTED_MENTIONS]]


def print_claim(found: tuple[Document, Claim], console: Console) -> None:
    """Print one claim with its words and its article."""
    document, claim = found
    article = document.article
    said = [claim.system, claim.place or "no place", claim.status]
    said += [claim.when] if claim.when else []
    said += ["copy"] if document.copy_of else []
    _print(console, " · ".join(said), style="bold")
    _print(console, f"  “{claim.evidence}”")
    by = [claim.speaker] if claim.speaker else []
    by += [article.outlet or "-", article.language]
    by.append(_minute(article.published_at or article.first_seen_at))
    _print(console, f"  {' · '.join(by)}", style="dim")
    _print(console, f"  {article.url}", style="cyan")
    console.print()


def print_story(story: StoryFound, console: Console) -> None:
    """Print one story by its first title."""
    facts = [f"{_minute(story.first_at).removesuffix(' UTC')} to {_minute(story.last_at)}"]
    facts += [f"{story.articles} articles, {story.copies} copies"]
    facts += [", ".join(story.languages), f"[{', '.join(story.subjects)}]"]
    _print(console, " · ".join(facts), style="dim")
    _print(console, story.title, style="bold")
    _print(console, f"  {', '.join(story.outlets)}")
    _print(console, f"  {story.url}", style="cyan")
    _print(console, f"  story {story.story_id}", style="dim")
    console.print()


def print_finding(finding: Finding, console: Console, indent: str = "") -> None:
    """Print one contradiction, revision or refinement with both sides."""
    head = [f"{finding.system} in {finding.place or 'no place'}", finding.kind]
    head += [f"{finding.values[0]} against {finding.values[1]}"]
    if finding.about == "time":
        head[-1] += f" ({', '.join(finding.statuses)})"
    if finding.resolved_at is not None:
        head.append(f"resolved {finding.resolved_at:%Y-%m-%d}: {finding.resolution}")
    _print(console, indent + " · ".join(head), style="bold")
    for value, sources, side in zip(finding.values, finding.sources, finding.sides, strict=True):
        told = "source" if sources == 1 else "sources"
        _print(console, f"{indent}  {value} ({sources} {told})", style="yellow")
        _print_quotes(side, console, f"{indent}    ")
    if not indent:
        console.print()


def print_course(course: Course, console: Console) -> None:
    """Print the timeline of one deployment, what its sources differ in below it."""
    _print(console, f"{course.system} in {course.place or 'no place'}", style="bold")
    for stage in course.stages:
        times = f": {', '.join(stage.values)}" if stage.values else ""
        told = "source" if stage.sources[0] == 1 else "sources"
        head = f"  {stage.about}{times} ({stage.sources[0]} {told})"
        _print(console, head, style="yellow")
        _print_quotes(stage.sides[0][:1], console, "    ")
    for one in (*course.disagreements, *course.revisions):
        print_finding(one, console, indent="  ")
    console.print()


def _print_quotes(side: Sequence[SourcedClaim], console: Console, indent: str) -> None:
    for said in side[:MAX_LISTED_QUOTES]:
        _print(console, f"{indent}“{said.claim.evidence}”")
        by = [said.claim.speaker] if said.claim.speaker else []
        by += [said.outlet or "-", said.language]
        by += [_minute(said.published_at)] if said.published_at else []
        _print(console, f"{indent}{' · '.join(by)}", style="dim")
        _print(console, f"{indent}{said.url}", style="cyan")


def _minute(moment: datetime) -> str:
    return f"{moment.astimezone(timezone.utc):%Y-%m-%d %H:%M} UTC"


def _print(console: Console, words: str, *, style: str = "") -> None:
    console.print(Text(_printable(words), style=style), soft_wrap=True)


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
