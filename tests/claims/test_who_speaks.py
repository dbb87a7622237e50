"""Who speaks by the form of a text: interviews, ends of sentences, colons, endings of names."""

from collections.abc import Callable

import pytest

from connectors.records import Claim

Finder = Callable[..., tuple[Claim, ...]]


def _speakers(claims_in: Finder, language: str, text: str, **mentions: str) -> list[str | None]:
    return [c.speaker for c in claims_in(text, language, mentions)]


@pytest.mark.parametrize(
    ("language", "text", "name", "speaker"),
    [
        (
            "en",
            (
                "Retired colonel Martha Keel has followed the garrisons for a decade.\n"
                "Q. What is new?\nA. The Oreshnik was delivered to Belarus in December.\n"
                "Q. And next?\nA. Who knows."
            ),
            "Oreshnik",
            "Keel",
        ),
        (
            "ru",
            (
                "Мы побеседовали с политологом Андреем Кравчуковым.\n— Что нового?\n"
                "— «Орешник» доставлен в Белоруссию в декабре.\n— А дальше?\n— Увидим."
            ),
            "Орешник",
            "Kravchukov",
        ),
        (
            "it",
            (
                "Il generale in congedo Aldo Brenzone ci riceve a casa.\nE ora?\n"
                "L'Oreshnik è stato consegnato alla Bielorussia.\nE poi?\nVedremo."
            ),
            "Oreshnik",
            "Brenzone",
        ),
        (
            "zh",
            "记者：到了吗？钱立群：“榛树”导弹去年12月已部署在白俄罗斯。记者：以后呢？钱立群：不知道。",
            "榛树",
            "Qian",
        ),
        (
            "tr",
            "– Şimdi? Ahmet Demirbaş: Oreşnik Belarus’a konuşlandırıldı. – Sonra? Demirbaş: Yok.",
            "Oreşnik",
            "Demirbas",
        ),
    ],
)
def test_who_answers_in_an_interview_speaks(
    claims_in: Finder, language: str, text: str, name: str, speaker: str
) -> None:
    assert set(_speakers(claims_in, language, text, oreshnik=name)) == {speaker}


def test_a_list_of_questions_is_no_interview_with_the_president(claims_in: Finder) -> None:
    told = (
        "President Vladimir Putin has made much of it.\nWhere is it?\n"
        "The Oreshnik was deployed in Belarus in December.\nWhat comes next?\nNobody knows."
    )
    assert _speakers(claims_in, "en", told, oreshnik="Oreshnik") == [None]


@pytest.mark.parametrize(
    ("language", "text", "name", "speaker"),
    [
        (
            "es",
            (
                "El Oreshnik llegará a Bielorrusia, aseguró este lunes ante la prensa extranjera "
                "el jefe de la comisión parlamentaria de Defensa, Álvaro Montiel."
            ),
            "Oreshnik",
            "Montiel",
        ),
        (
            "fr",
            (
                "L'Orechnik arrivera en Biélorussie, a confirmé mardi devant les sénateurs réunis "
                "le secrétaire du Conseil national de sécurité, Jacques Morvan."
            ),
            "Orechnik",
            "Morvan",
        ),
        (
            "sv",
            "Försvarsminister Karin Lundmark var tydlig: Oresjnik har inte kommit till Belarus.",
            "Oresjnik",
            "Lundmark",
        ),
        (
            "el",
            "Την ανάπτυξη Oreshnik στη Λευκορωσία διέψευσε ο εκπρόσωπος Ντμίτρι Πεσκόφ.",
            "Oreshnik",
            "Peskov",
        ),
        (
            "tr",
            "Bakan Ali Yıldız, Oreşnik'in Belarus'a ulaştığını Ankara'da Trump'a söyledi.",
            "Oreşnik",
            "Yildiz",
        ),
        (
            "cs",
            "Ministr Jan Kosek po jednání s Petrem Malinou oznámil, že Orešnik je v Bělorusku.",
            "Orešnik",
            "Kosek",
        ),
        (
            "nl",
            "De Oresjnik is in Belarus aangekomen, zegt oud-generaal Wim Kortekaas van TNO.",
            "Oresjnik",
            "Kortekaas",
        ),
        ("en", "Critics of Putin were right: the Oreshnik is in Belarus.", "Oreshnik", None),
        ("pl", "Szef MON powiedział, że Oriesznik dotarł na Białoruś.", "Oriesznik", None),
        (
            "de",
            "Nach Abschluss, heißt es, ist Oreschnik in Belarus.",
            "Oreschnik",
            None,
        ),
    ],
)
def test_the_order_of_words_tells_who_speaks(
    claims_in: Finder, language: str, text: str, name: str, speaker: str | None
) -> None:
    assert set(_speakers(claims_in, language, text, oreshnik=name)) == {speaker}


@pytest.mark.parametrize(
    ("language", "text", "name", "speaker"),
    [
        (
            "es",
            "Habló el ministro Juan Paredes. Además, negó que el Oreshnik esté en Bielorrusia.",
            "Oreshnik",
            "Paredes",
        ),
        (
            "uk",
            (
                "Москва просить від Олександра Лукашенка згоди розмістити в Білорусі «Орєшнік», "
                "повідомив президент Володимир Зеленський."
            ),
            "Орєшнік",
            "Zelensky",
        ),
        (
            "en",
            "The Kremlin denied that Oreshnik is in Cuba. “Lies,” said spokesman Dmitry Peskov.",
            "Oreshnik",
            "Peskov",
        ),
        (
            "pt",
            "O Oreshnik já está na Bielorrússia, ironizou ontem o deputado russo Serguei Jukov.",
            "Oreshnik",
            "Zhukov",
        ),
        (
            "de",
            (
                "Der Rüstungsexperte Hans Kubitz war eingeladen. Oreschnik ist seit Mai in Belarus "
                "stationiert, erklärte der Rüstungsexperte."
            ),
            "Oreschnik",
            "Kubitz",
        ),
        (
            "tr",
            "Bakan Ali Yıldız geldi. Bakan, Oreşnik'in Belarus'a ulaştığını bugün basına söyledi.",
            "Oreşnik",
            "Yildiz",
        ),
        (
            "ru",
            (
                "Министр Иван Соколов посетил базу. Ему показали ангары. «Орешник» прибыл в "
                "Белоруссию, добавил министр."
            ),
            "Орешник",
            "Sokolov",
        ),
        (
            "cs",
            "Orešnik dorazil do Běloruska. Informaci oznámil ministr obrany Jan Kosek.",
            "Orešnik",
            "Kosek",
        ),
        (
            "sk",
            "Orešnik dorazil do Bieloruska. Túto informáciu odmietol minister obrany Ján Kollár.",
            "Orešnik",
            None,
        ),
    ],
)
def test_who_is_meant_without_a_name_beside(
    claims_in: Finder, language: str, text: str, name: str, speaker: str | None
) -> None:
    assert set(_speakers(claims_in, language, text, oreshnik=name)) == {speaker}


@pytest.mark.parametrize(
    ("language", "text", "name", "speaker"),
    [
        (
            "en",
            "Analyst Vojin Petrak knows the region. Petrak said Oreshnik had arrived in Belarus.",
            "Oreshnik",
            "Petrak",
        ),
        (
            "uk",
            "Аналітик Остап Вербенко там був. «Орєшнік» доставлено до Білорусі, каже Вербенко.",
            "Орєшнік",
            "Verbenko",
        ),
        (
            "nl",
            (
                "‘Nee’, zegt onderzoeker Anna Terp. En dan? ‘Dat weet niemand.’ Is dat erg? "
                "‘Welnee. De Oresjnik is in december in Belarus aangekomen.’"
            ),
            "Oresjnik",
            "Terp",
        ),
        ("pl", "09:12 Andrij Kowałenko: Oriesznik dotarł na Białoruś.", "Oriesznik", "Kovalenko"),
    ],
)
def test_a_voice_goes_on_by_surname_quotation_or_label(
    claims_in: Finder, language: str, text: str, name: str, speaker: str
) -> None:
    assert set(_speakers(claims_in, language, text, oreshnik=name)) == {speaker}


def test_it_may_stand_inside_the_sentence_that_names_who_said_so(claims_in: Finder) -> None:
    text = (
        "Rakety Iskander dorazily do Běloruska. Na poradě to v úterý novinářům oznámil Jan Kosek."
    )
    assert _speakers(claims_in, "cs", text, iskander="Iskander") == ["Kosek"]
