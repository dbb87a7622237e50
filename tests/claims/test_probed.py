"""Sentences written to provoke errors, of one's own, and what they must yield.

Each shows a rule that no labelled set had shown: what is compared, doubted at the end, hung on an
"if", refused by the people alone, or stands behind a border.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from connectors.records import Claim

Finder = Callable[..., tuple[Claim, ...]]

PUBLISHED = "2025-06-12"

NAMES = {
    "oreshnik": ("Oreshnik", "Orešnik", "Oreschnik", "«Орешник»"),
    "iskander": ("Iskander", "«Искандер»"),
    "typhon": ("Typhon", "タイフォン"),
    "tomahawk": ("Tomahawk",),
    "b61": ("B61",),
    "dark-eagle": ("Dark Eagle", "ダークイーグル"),
}


def named(text: str) -> dict[str, str]:
    """Return the systems that ``text`` names, each with the words that name it."""
    return {
        system: next(name for name in names if name in text)
        for system, names in NAMES.items()
        if any(name in text for name in names)
    }


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "A missile that looks like the Iskander was shown in North Korea."),
        ("en", "A mock-up of the Oreshnik was put up in Minsk."),
        ("en", "Patriots stationed in Poland could intercept Oreshnik missiles, Kos said."),
        ("en", "According to a poll, 62 percent of Germans oppose Tomahawk missiles in Germany."),
        ("de", "Laut Umfrage lehnt die Mehrheit Tomahawk-Raketen in Deutschland ab."),
        ("en", "When Dark Eagle missiles will come to Germany is not yet known."),
        ("de", "Wann Dark Eagle nach Deutschland verlegt wird, ist noch nicht bekannt."),
        ("ru", "Когда «Орешник» прибудет в Белоруссию, неизвестно."),
        ("en", "That the Oreshnik has come to Belarus is doubted by diplomats."),
        ("es", "Si los misiles Tomahawk son instalados en Alemania, Moscú responderá."),
        ("it", "Nel caso in cui i Tomahawk siano installati in Germania, Mosca risponderà."),
        ("pt", "Se os mísseis Tomahawk forem instalados na Alemanha, Moscovo responderá."),
        ("en", "If the Iskander had been deployed in Moldova, Romania would have asked for help."),
        ("en", "Vilnius fears that Russia will move Iskander missiles to Belarus."),
        ("el", "Έφτασαν οι Oreshnik στη Λευκορωσία;"),
        ("en", "Typhon launchers in Denmark would become a target, the Kremlin said."),
    ],
)
def test_nothing_is_claimed(claims_in: Finder, language: str, text: str) -> None:
    assert claims_in(text, language, named(text), PUBLISHED) == ()


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "en",
            "Unlike the Iskander, the Oreshnik is not in Belarus.",
            ("oreshnik", "BY", "denied", None),
        ),
        (
            "de",
            "Anders als die Iskander-Raketen ist Oreschnik noch nicht in Belarus.",
            ("oreshnik", "BY", "denied", None),
        ),
        (
            "ja",
            "タイフォンとは異なり、ダークイーグルがフィリピンに持ち込まれたことはない。",
            ("dark-eagle", "PH", "denied", None),
        ),
        (
            "en",
            "Poland closed its border with Belarus, where Oreshnik missiles are stationed.",
            ("oreshnik", "BY", "completed", None),
        ),
        (
            "en",
            "American B61 bombs are back at Lakenheath for the first time since 2008.",
            ("b61", "GB", "completed", None),
        ),
        (
            "en",
            "Manila does not intend to return the Typhon launchers.",
            ("typhon", "PH", "completed", None),
        ),
        (
            "en",
            "The Typhon system was withdrawn from Iwakuni in November.",
            ("typhon", "JP", "suspended", "2024-11"),
        ),
        (
            "fr",
            "Le système Typhon sera retiré de la base japonaise d’Iwakuni en novembre.",
            ("typhon", "JP", "suspended", "2025-11"),
        ),
        ("el", "Οι Oreshnik έφτασαν στη Λευκορωσία.", ("oreshnik", "BY", "completed", None)),
        ("cs", "Bělorusko má rakety Iskander.", ("iskander", "BY", "completed", None)),
        ("cs", "Bělorusko má dostat rakety Iskander.", ("iskander", "BY", "planned", None)),
        (
            "cs",
            "„Na Kyjev dopadl Iskander,“ dodal starosta Kličko.",
            ("iskander", "UA", "used", None),
        ),
        (
            "en",
            "If Poland agrees, Typhon launchers will be deployed there in 2026.",
            ("typhon", "PL", "possible", "2026"),
        ),
    ],
)
def test_what_is_claimed(
    claims_in: Finder, language: str, text: str, expected: tuple[str, str, str, str | None]
) -> None:
    found = claims_in(text, language, named(text), PUBLISHED)
    assert [(c.system, c.place, c.status, c.when) for c in found] == [expected]


@pytest.mark.parametrize(
    ("language", "treaty", "told"),
    [
        (
            "en",
            "treaty on security guarantees",
            "Under the treaty Russia may station Oreshnik in Belarus.",
        ),
        (
            "ru",
            "Договор о гарантиях",
            "По договору Россия может разместить «Орешник» в Белоруссии.",
        ),
        (
            "de",
            "Vertrag über Garantien",
            "Nach dem Vertrag darf Russland Oreschnik in Belarus stationieren.",
        ),
    ],
)
def test_what_a_treaty_permits_is_no_claim(
    claims_in: Finder, language: str, treaty: str, told: str
) -> None:
    found = claims_in(f"{treaty}. {told}", language, {"treaty": treaty, **named(told)}, PUBLISHED)
    assert found == ()
