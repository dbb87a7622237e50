"""A weapon that was itself hit was not fired."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from connectors.records import Claim

Finder = Callable[..., tuple[Claim, ...]]

PUBLISHED = "2025-06-12"


@pytest.mark.parametrize(
    ("language", "named", "text"),
    [
        ("en", "Iskander", "Ukraine's navy struck an Iskander launcher in Crimea."),
        ("en", "Iskander", "Two launchers of the Iskander system were destroyed, Kyiv said."),
        ("en", "Iskander", "Drones hit an Iskander missile depot near Voronezh, Russia."),
        ("en", "Iskanders", "Ukrainian drones destroyed two Iskanders in Bryansk region."),
        ("de", "Iskander", "Die Ukraine hat einen Iskander-Werfer auf der Krim zerstört."),
        ("fr", "Iskander", "L'armée ukrainienne a détruit un lanceur Iskander en Crimée."),
        ("ru", "«Искандер»", "ВСУ ударили по пусковой установке «Искандер» в Крыму."),
        ("uk", "«Іскандер»", "СБУ знищила пускову установку «Іскандер» у Криму."),
        ("pl", "Iskander", "Ukraińcy zniszczyli wyrzutnię Iskander w obwodzie briańskim."),
        (
            "en",
            "Iskander",
            "Drones hit Iskander launchers in Bryansk, two of which were destroyed.",
        ),
        ("ja", "イスカンデル", "ウクライナ軍はクリミアでイスカンデルの発射機を破壊した。"),
        ("zh", "伊斯坎德尔", "乌军摧毁了布良斯克州的一部“伊斯坎德尔”导弹发射架。"),
    ],
)
def test_what_hits_a_launcher_is_no_use_of_it(
    claims_in: Finder, language: str, named: str, text: str
) -> None:
    assert claims_in(text, language, {"iskander": named}, PUBLISHED) == ()


@pytest.mark.parametrize(
    ("language", "named", "text"),
    [
        ("en", "Iskander", "Two Iskander missiles fired from Crimea hit Odesa."),
        ("en", "Iskander", "Russia hit a HIMARS launcher in Sumy with an Iskander missile."),
        ("en", "Iskander", "An Iskander missile destroyed a depot in Kharkiv."),
        ("en", "Iskander", "Russian brigades with Iskander launchers fired at Odesa again."),
        (
            "ru",
            "«Искандер»",
            "Ракета «Искандер» уничтожила пусковую установку HIMARS в Сумской области.",
        ),
        ("de", "Iskander", "Eine Iskander-Rakete hat ein Lager in Charkiw zerstört."),
        ("fr", "Iskander", "Un missile Iskander a détruit un dépôt à Kharkiv."),
        ("ru", "«Искандером»", "Россияне уничтожили «Искандером» склад боеприпасов в Харькове."),
        ("uk", "«Іскандер»", "Окупанти завдали удару по складу ракетою «Іскандер» у Харкові."),
        ("es", "Iskander", "Rusia atacó con misiles Iskander depósitos de combustible en Odesa."),
        (
            "ja",
            "イスカンデル",
            "占領下のクリミアから、イスカンデルでウクライナ南部ミコライウを攻撃した。",
        ),
        ("zh", "伊斯坎德尔", "敖德萨港的仓库被“伊斯坎德尔”导弹击中。"),
    ],
)
def test_what_a_missile_hits_is_its_target(
    claims_in: Finder, language: str, named: str, text: str
) -> None:
    found = claims_in(text, language, {"iskander": named}, PUBLISHED)
    assert [(claim.status, claim.place) for claim in found] == [("used", "UA")]
