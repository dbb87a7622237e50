"""The panels a reader steers a briefing with: the filters and the grid of subjects by time."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import zip_longest
from typing import TYPE_CHECKING

from pipelines.brief.markup import text
from pipelines.brief.model import told_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from connectors.records import Document
    from pipelines.brief.model import Columns
    from pipelines.brief.sections import Names

_DAY = timedelta(days=1)
_MONTH = timedelta(days=30)
SHADES = (1, 2, 4, 8, 16)
"""From how many articles on a cell takes the next darker shade."""


def ranked(values: Iterable[str]) -> list[str]:
    """Return the distinct values, most frequent first, then by name."""
    counts = Counter(values)
    return sorted(counts, key=lambda value: (-counts[value], value))


def render_filter(name: str, legend: str, options: Sequence[tuple[str, str, int]]) -> str:
    """Return one group of boxes; nothing where there is nothing to choose from.

    Args:
        name: of the inputs, as the script knows it.
        legend: the group's heading.
        options: (attribute for the label's words, ready words, count), in order.
    """
    rows = "".join(
        f'<li><label><input type="checkbox" name="{name}" value="{number}" autocomplete="off">'
        f"<span{attribute}>{words}</span><output>{count}</output></label></li>"
        for number, (attribute, words, count) in enumerate(options)
    )
    if not options:
        return ""
    return f"<fieldset><legend>{legend}</legend><ul>{rows}</ul></fieldset>"


def shade(count: int) -> int:
    """Return the shade of a cell, 0 (nothing) to 5.

    >>> [shade(n) for n in (0, 1, 3, 7, 100)]
    [0, 1, 2, 3, 5]
    """
    return sum(count >= least for least in SHADES)


def render_grid(
    documents: Sequence[Document], subjects: Sequence[str], columns: Columns, names: Names
) -> str:
    """Return the table of articles by subject (rows) and time (columns)."""
    counts: Counter[tuple[str, int]] = Counter()
    for document in documents:
        column = columns.column_of(told_at(document))
        counts.update((subject, column) for subject in document.subjects)
    labels = column_labels(columns)
    heads = "".join(f'<th scope="col"><b>{upper}</b>{lower}</th>' for upper, lower in labels)
    rows = "".join(
        _row(number, subject, columns, counts, names) for number, subject in enumerate(subjects)
    )
    return (
        '<div class="scroll"><table class="heat"><caption class="sr">Articles by subject and time; '
        "a cell filters the list below</caption>"
        f'<thead><tr><th class="who" scope="col"><span class="sr">Subject</span></th>{heads}'
        f'<th class="sum" scope="col">all</th></tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _row(
    number: int,
    subject: str,
    columns: Columns,
    counts: Counter[tuple[str, int]],
    names: Names,
) -> str:
    cells = []
    total = 0
    for column, start in enumerate(columns.starts):
        count = counts[subject, column]
        total += count
        spoken = f"{names.subject(subject)}, {_spoken(start, columns, column)}"
        cells.append(
            f'<td><button type="button" class="n{shade(count)}" data-s="{number}" '
            f'data-c="{column}" data-n="{text(spoken)}" aria-label="{text(spoken)}: {count}" '
            f'aria-pressed="false"{"" if count else " disabled"}>{count or ""}</button></td>'
        )
    name = text(names.subject(subject))
    head = f'<th scope="row" title="{name}">{name}</th>'
    return f'<tr>{head}{"".join(cells)}<td class="sum">{total}</td></tr>'


def _spoken(start: datetime, columns: Columns, column: int) -> str:
    shown = f"{start.day} {start:%b %Y}"
    if columns.step < _DAY:
        shown += f" {start:%H:%M}"
    return f"until {shown}" if columns.open_start and column == 0 else f"from {shown}"


def column_labels(columns: Columns) -> list[tuple[str, str]]:
    """Return (upper, lower) labels; the upper one only where it changes, and has room."""
    labels = []
    shown = ""
    for number, start in enumerate(columns.starts):
        if columns.step < _DAY:
            upper, lower = f"{start.day} {start:%b}", f"{start:%H}h"
        elif columns.step < _MONTH:
            upper, lower = f"{start:%b}", f"{start.day}"
        else:
            upper, lower = f"{start.year}", f"{start:%b}"
        if columns.open_start and number == 0:
            labels.append(("≤", lower))
            continue
        labels.append(("" if upper == shown else upper, lower))
        shown = upper
    return [
        ("" if upper != "≤" and following else upper, lower)
        for (upper, lower), (following, _) in zip_longest(labels, labels[1:], fillvalue=("", ""))
    ]
