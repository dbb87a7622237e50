"""The owner's own land is a ground only where the weapon itself stands or comes there."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from connectors.records import Claim

Finder = Callable[..., tuple[Claim, ...]]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The decision to deploy the Iskander was made in Russia in May."),
        ("en", "An agreement to deploy the Iskander was signed in Russia in May."),
        ("en", "The president said in Russia that the Iskander will be deployed next year."),
        ("en", "The Iskander was paid for in the United States and delivered in May."),
        ("en", "The Iskander could be deployed soon, according to media in Russia."),
        ("en", "The Iskander was delivered in May, a newspaper in Russia reported."),
        ("ru", "Соглашение о размещении «Искандер» подписали в России в мае."),
        ("ru", "На встрече в России президент сообщил, что «Искандер» разместят в 2026 году."),
        ("ru", "«Искандер» закупили в США и доставили в мае."),
        ("de", "Die Entscheidung, die Iskander zu stationieren, fiel im Mai in Russland."),
        ("de", "Die Iskander wurde im Mai geliefert, berichtete eine Zeitung in Russland."),
    ],
)
def test_where_somebody_decides_pays_or_speaks_no_weapon_stands(
    claims_of: Finder, language: str, text: str
) -> None:
    assert {"RU", "US"}.isdisjoint(claim.place for claim in claims_of(language, text))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "In Russia, the Iskander has been stationed since 2006."),
        ("ru", "«Искандер» стоит на вооружении в России с 2006 года."),
        ("de", "Seit 2006 ist die Iskander in Russland stationiert."),
    ],
)
def test_what_stands_in_its_owners_land_is_there(
    claims_of: Finder, language: str, text: str
) -> None:
    claims = {(c.system, c.place, c.status, c.when) for c in claims_of(language, text)}

    assert claims == {("iskander", "RU", "completed", "2006")}
