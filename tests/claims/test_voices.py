"""Who speaks beyond one sentence: interviews, quotations, a colon, the one named before."""

from collections.abc import Callable

import pytest

from connectors.records import Claim

Finder = Callable[..., tuple[Claim, ...]]


@pytest.mark.parametrize(
    ("language", "text", "speaker"),
    [
        pytest.param(
            "fi",
            "Kenraali Matti Salo rauhoitteli torstaina: Typhon saapui Puolaan toukokuussa.",
            "Salo",
            id="named before a colon, whatever the verb",
        ),
        pytest.param(
            "nl",
            "‘Nee’, zegt onderzoeker Anna Terp van Clingendael. ‘De Typhon staat in Polen.’",
            "Terp",
            id="single marks, and whose man it is",
        ),
        pytest.param(
            "sv",
            "”Det stämmer”, säger forskaren Ola Dal. ”Typhon finns i Polen sedan maj.”",
            "Dal",
            id="marks that are the same on both sides",
        ),
        pytest.param(
            "de",
            "Heereschef Peter Boysen will mehr. Typhon könne nach Polen kommen, sagte er.",
            "Boysen",
            id="he is the one unknown name of the sentence before",
        ),
        pytest.param(
            "en",
            "Mr Welby, what is left?\nTyphon is in Poland.\nAnd now?\nTyphon stays in Poland.",
            "Welby",
            id="who is asked in lines",
        ),
        pytest.param(
            "de",
            "Nach Abschluss der Arbeiten soll Typhon dem Blatt zufolge 2027 nach Polen kommen.",
            None,
            id="a preposition and a noun are no name",
        ),
    ],
)
def test_who_speaks(claims_in: Finder, language: str, text: str, speaker: str | None) -> None:
    found = claims_in(text, language, {"typhon": "Typhon"}, "2026-03-12")
    assert {one.speaker for one in found} == {speaker}
