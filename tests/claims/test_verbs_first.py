"""What German and Dutch say by where the verb stands: conditions, what goes on, who asks."""

from collections.abc import Callable

import pytest

from connectors.records import Claim

Finder = Callable[..., tuple[Claim, ...]]


@pytest.mark.parametrize(
    ("language", "text", "stages"),
    [
        ("de", "Sollten Raketen nach Polen kommen, werde Moskau Typhon in Belarus aufstellen.",
         [("BY", "possible")]),
        ("de", "Gelangen Raketen nach Polen, werde Moskau Typhon in Belarus aufstellen.",
         [("BY", "possible")]),
        ("nl", "Komt er geen akkoord, dan zal Moskou Typhon in Japan plaatsen.",
         [("JP", "possible")]),
        ("de", "Die Typhon sind derzeit in Japan stationiert.", [("JP", "completed")]),
        ("de", "Seit kurzem bringt Moskau Typhon-Raketen nach Belarus.", [("BY", "underway")]),
        ("de", "Die Typhon steht in Japan bereit. Eine ständige Stationierung schloss er aus.",
         [("JP", "completed"), ("JP", "denied")]),
        ("de", ("Washington bat um Erlaubnis, Typhon in Japan zu belassen. Seit Juni 2024 "
               "befindet sich der Werfer im Süden des Landes."),
         [("JP", "completed"), ("JP", "requested")]),
        ("de", ("Der zweite Typhon kommt nach Japan. Der erste, im Mai 2024 an die Armee "
               "übergeben, ist bereits im Dienst."),
         [("JP", "completed"), ("JP", "planned")]),
    ],
)  # fmt: skip
def test_the_place_of_the_verb_tells_the_stage(
    claims_in: Finder, language: str, text: str, stages: list[tuple[str, str]]
) -> None:
    found = claims_in(text, language, {"typhon": "Typhon"})
    assert sorted((c.place or "", c.status) for c in found) == stages


def test_he_behind_the_request_asks_and_not_whom_he_asks(claims_in: Finder) -> None:
    text = (
        "Alexander Lukaschenko sagte, die Typhon werde in Belarus aufgestellt. "
        "Gebeten hatte er den Präsidenten Wladimir Putin um diese Raketen im Mai 2024."
    )
    asked = [c for c in claims_in(text, "de", {"typhon": "Typhon"}) if c.status == "requested"]
    assert [c.speaker for c in asked] == ["Lukashenko"]
