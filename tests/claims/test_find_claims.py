"""What a text claims, and what it does not."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.records import Claim, Mention
from pipelines.claims import find_claims
from pipelines.times import find_times

Finder = Callable[..., tuple[Claim, ...]]


REQUEST_AND_ANSWER = (
    "Lukashenko asked for Oreshnik missiles to be placed on his territory. "
    "Putin replied that it could be done in the second half of next year."
)
TWO_SYSTEMS_TWO_PLACES = (
    "The Typhon launcher was withdrawn from Japan, but Tomahawk missiles will be "
    "delivered to Germany in 2026."
)


def _slots(claims: tuple[Claim, ...]) -> list[tuple[str, str | None, str, str | None, str | None]]:
    return [(c.system, c.place, c.status, c.when, c.speaker) for c in claims]


@pytest.mark.parametrize(
    ("language", "text", "named", "expected"),
    [
        (
            "en",
            REQUEST_AND_ANSWER,
            {"oreshnik": "Oreshnik"},
            [
                ("oreshnik", "BY", "requested", None, "Lukashenko"),
                ("oreshnik", "BY", "possible", "2025-H2", "Putin"),
            ],
        ),
        (
            "en",
            TWO_SYSTEMS_TWO_PLACES,
            {"typhon": "Typhon", "tomahawk": "Tomahawk"},
            [
                ("tomahawk", "DE", "planned", "2026", None),
                ("typhon", "JP", "suspended", None, None),
            ],
        ),
        (
            "ru",
            "Ракетой «Орешник» 21 ноября был нанесён удар по заводу в Днепре.",
            {"oreshnik": "Орешник"},
            [("oreshnik", "UA", "used", "2024-11-21", None)],
        ),
        (
            "pl",
            "Iskandery stoją w obwodzie kaliningradzkim, ostrzegł generał Jan Testowski.",
            {"iskander": "Iskandery"},
            [("iskander", "RU", "completed", None, "Testowski")],
        ),
        (
            "uk",
            "Жодного «Орєшніка» в Білорусі немає, сказав Андрій Юсов.",
            {"oreshnik": "Орєшніка"},
            [("oreshnik", "BY", "denied", None, "Yusov")],
        ),
        (
            "en",
            "The Typhon battery stands in the Philippines and Germany will not receive one.",
            {"typhon": "Typhon"},
            [
                ("typhon", "DE", "denied", None, None),
                ("typhon", "PH", "completed", None, None),
            ],
        ),
        (
            "en",
            "Ninety missiles struck Ukraine on 3 December. Among them two Kinzhal and ten Kh-101.",
            {"kinzhal": "Kinzhal", "kh101": "Kh-101"},
            [
                ("kh101", "UA", "used", "2024-12-03", None),
                ("kinzhal", "UA", "used", "2024-12-03", None),
            ],
        ),
        (
            "en",
            "Kyiv asked for Tomahawk missiles for Ukraine, but, he says, they will not be sent.",
            {"tomahawk": "Tomahawk"},
            [
                ("tomahawk", "UA", "denied", None, None),
                ("tomahawk", "UA", "requested", None, None),
            ],
        ),
        (
            "fr",
            "Le Bélarus se réarme. Il possède aussi des missiles Iskander.",
            {"iskander": "Iskander"},
            [("iskander", "BY", "completed", None, None)],
        ),
        (
            "de",
            "Die Iskander werden nach dem 7. Juli 2025 nach Belarus verlegt.",
            {"iskander": "Iskander"},
            [("iskander", "BY", "planned", "2025-07-07", None)],
        ),
    ],
)
def test_a_text_makes_these_claims(
    claims_in: Finder,
    language: str,
    text: str,
    named: dict[str, str],
    expected: list[tuple[str, str | None, str, str | None, str | None]],
) -> None:
    assert sorted(_slots(claims_in(text, language, named)), key=str) == sorted(expected, key=str)


@pytest.mark.parametrize(
    ("language", "text", "named"),
    [
        (
            "en",
            "The treaty has a clause on stationing Iskander missiles.",
            {"iskander": "Iskander"},
        ),
        ("en", "Analysts compare the Oreshnik with older rockets.", {"oreshnik": "Oreshnik"}),
        ("fr", "Si Minsk obtenait l’Orechnik, Vilnius réagirait.", {"oreshnik": "Orechnik"}),
        (
            "ru",
            "Песков не подтвердил, что комплексы «Орешник» находятся в Белоруссии.",
            {"oreshnik": "Орешник"},
        ),
        ("de", "Die Produktion der Oreschnik läuft.", {"oreshnik": "Oreschnik"}),
    ],
)
def test_what_states_no_stage_is_no_claim(
    claims_in: Finder, language: str, text: str, named: dict[str, str]
) -> None:
    assert claims_in(text, language, named) == ()


def test_a_text_without_a_tracked_system_has_no_claims(claims_in: Finder) -> None:
    text = "The treaty was deployed in Belarus."
    assert claims_in(text, "en", {"agreement": "treaty"}) == ()
    assert claims_in(text, "en", {}) == ()


def test_without_a_date_relative_times_stay_unresolved(claims_in: Finder) -> None:
    text = "The Oreshnik will be deployed in Belarus next year."
    [claim] = claims_in(text, "en", {"oreshnik": "Oreshnik"}, published=None)
    assert (claim.status, claim.when) == ("planned", None)


def test_the_weekday_of_a_statement_is_not_the_time_of_the_event(claims_in: Finder) -> None:
    text = "The Oreshnik was delivered to Belarus, Putin said on Friday."
    [claim] = claims_in(text, "en", {"oreshnik": "Oreshnik"})
    assert (claim.status, claim.when, claim.speaker) == ("completed", None, "Putin")


def test_a_quotation_that_is_never_closed_does_no_harm(claims_in: Finder) -> None:
    text = "« Les missiles Orechnik ont été livrés au Bélarus, a dit Loukachenko"
    [claim] = claims_in(text, "fr", {"oreshnik": "Orechnik"})
    assert text[claim.start : claim.end] == claim.evidence


def test_a_sentence_of_ten_thousand_words_is_read_around_its_mentions(claims_in: Finder) -> None:
    text = "word " * 10_000 + "the Oreshnik was delivered to Belarus " + "word " * 10_000
    [claim] = claims_in(text, "en", {"oreshnik": "Oreshnik"})
    assert (claim.place, claim.status) == ("BY", "completed")
    assert len(claim.evidence) < 2_000


def test_contradictory_words_in_one_sentence_give_one_claim(claims_in: Finder) -> None:
    text = "The Oreshnik was not delivered, was delivered, may be delivered to Belarus."
    assert len(claims_in(text, "en", {"oreshnik": "Oreshnik"})) <= 1


def test_a_denial_is_negated_and_a_possibility_hypothetical(claims_in: Finder) -> None:
    named = {"oreshnik": "Oreshnik"}
    [denied] = claims_in("Peskov denied that Oreshnik missiles are in Belarus.", "en", named)
    [possible] = claims_in("Oreshnik missiles may be deployed in Belarus.", "en", named)
    assert (denied.status, denied.negated, denied.hypothetical) == ("denied", True, False)
    assert (possible.status, possible.negated, possible.hypothetical) == ("possible", False, True)


@pytest.mark.parametrize(
    ("language", "text", "named", "expected"),
    [
        (
            "en",
            "Three Kinzhal missiles thundered over Odesa on 3 December.",
            {"kinzhal": "Kinzhal"},
            [("kinzhal", "UA", "used", "2024-12-03", None)],
        ),
        (
            "en",
            "By 2026 Typhon batteries shall gleam in Germany.",
            {"typhon": "Typhon"},
            [("typhon", "DE", "planned", "2026", None)],
        ),
        (
            "en",
            "Iskander launchers gleam in Belarus.",
            {"iskander": "Iskander"},
            [("iskander", "BY", "completed", None, None)],
        ),
        ("en", "Do Iskander launchers gleam in Belarus?", {"iskander": "Iskander"}, []),
        (
            "en",
            "Russia and Belarus conclude a paper on Iskander launchers.",
            {"iskander": "Iskander"},
            [],
        ),
        (
            "en",
            "Kyiv asked for Tomahawk missiles for Ukraine. Donald Trump refused.",
            {"tomahawk": "Tomahawk"},
            [
                ("tomahawk", "UA", "requested", None, None),
                ("tomahawk", "UA", "denied", None, "Trump"),
            ],
        ),
        (
            "hu",
            "Ghediben B61 bombákat tárolnak.",
            {"b61": "B61"},
            [("b61", "IT", "completed", None, None)],
        ),
        (
            "pt",
            "O Oreshnik chegou à Bielorrússia na quarta-feira, anunciou Aleksandr Lukashenko.",
            {"oreshnik": "Oreshnik"},
            [("oreshnik", "BY", "completed", "2024-12-04", "Lukashenko")],
        ),
        (
            "cs",
            "Rakety Iskander dorazily do Německa.",
            {"iskander": "Iskander"},
            [("iskander", "DE", "completed", None, None)],
        ),
        (
            "en",
            "No Oreshnik is in Belarus, said Andriy Yusov. It could turn up there in 2026.",
            {"oreshnik": "Oreshnik"},
            [
                ("oreshnik", "BY", "denied", None, "Yusov"),
                ("oreshnik", "BY", "possible", "2026", None),
            ],
        ),
    ],
)
def test_what_no_table_says_follows_from_system_place_and_time(
    claims_in: Finder,
    language: str,
    text: str,
    named: dict[str, str],
    expected: list[tuple[str, str | None, str, str | None, str | None]],
) -> None:
    assert sorted(_slots(claims_in(text, language, named)), key=str) == sorted(expected, key=str)


PIECES = ["Oreshnik ", "Belarus ", "deployed ", "not ", "may ", "Putin said ", "[", "]", "«", ". "]
PIECES += [
    "in 2025 ",
    "denied ",
    "that ",
    "it ",
    "\n",
    "\u00ad",
    "\u0301",
    "will be ",
    "asked ",
    ", ",
]


@settings(deadline=None)
@given(
    text=st.lists(st.sampled_from(PIECES), max_size=60).map("".join),
    language=st.sampled_from(["en", "fr", "ru", "zh", "xx", ""]),
)
def test_any_text_yields_exact_evidence(text: str, language: str) -> None:
    starts = [i for i in range(len(text)) if text.startswith("Oreshnik", i)]
    mentions = [
        Mention(subject="oreshnik", field="text", start=i, end=i + 8, quote="Oreshnik")
        for i in starts
    ]
    times = find_times(text, language, None)
    for claim in find_claims(
        title="", text=text, language=language, published_at=None, mentions=mentions, times=times
    ):
        assert text[claim.start : claim.end] == claim.evidence != ""
