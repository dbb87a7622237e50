"""The stages of a deployment in words that need no manual, and claims made of them, as HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.brief.markup import text, when_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connectors.records import Claim

MEANINGS = {
    "requested": "a side asks for it",
    "possible": "it may come",
    "planned": "it is to come: decided, agreed or promised",
    "underway": "it is being moved or built",
    "completed": "it is there or in service",
    "denied": "it is said not to be there, or not to come",
    "suspended": "it was withdrawn, halted or put off",
    "used": "it was fired at a target",
}
_WHEN = {
    "requested": "when it was asked for",
    "completed": "since when it is there",
    "suspended": "when it leaves or left",
    "used": "when it was fired",
}
_COMES = "when it is to come"


def render_legend() -> str:
    """Return what each stage means, as a folded list."""
    rows = "".join(f"<dt>{text(one)}</dt><dd>{text(MEANINGS[one])}</dd>" for one in MEANINGS)
    return (
        f'<details class="legend"><summary>What the words mean</summary><dl>{rows}</dl></details>'
    )


def disputed_time(statuses: Iterable[str]) -> str:
    """Return what time a disagreement over claims of ``statuses`` is about.

    >>> disputed_time(("planned", "possible"))
    'when it is to come'
    """
    return " / ".join(dict.fromkeys(_WHEN.get(one, _COMES) for one in statuses))


def in_place(place: str | None) -> str:
    """Return the place of a deployment; the script turns a country's code into its name."""
    if not place:
        return ""
    return f' <em>in</em> <span data-region="{text(place)}">{text(place)}</span>'


def claim_in_words(claim: Claim) -> str:
    """Return a claim as stage, place and time."""
    css = claim.status if claim.status.isidentifier() else "other"
    when = f", {text(when_in_words(claim.when))}" if claim.when else ""
    return f'<span class="status {css}">{text(claim.status)}</span>{in_place(claim.place)}{when}'
