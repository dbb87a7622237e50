"""Surnames as the dictionary has them, from the case after "according to" or "with"; pure."""

from __future__ import annotations

import re
from types import MappingProxyType

_Rules = tuple[tuple[str, str], ...]

_INSTRUMENTAL: _Rules = (
    *(("ским", "ский"), ("цким", "цкий"), ("ським", "ський"), ("цьким", "цький"), ("скім", "скі")),
    *(("цкім", "цкі"), ("овым", "ов"), ("евым", "ев"), ("ёвым", "ёв"), ("иным", "ин")),
    *(("ыным", "ын"), ("овим", "ов"), ("евим", "ев"), ("євим", "єв"), ("іним", "ін")),
    *(("иним", "ин"), ("авым", "аў"), ("іным", "ін"), ("енком", "енко"), ("енкам", "енка")),
    *(("ною", "на"), ("вою", "ва"), ("ской", "ская"), ("ською", "ська"), ("скай", "ская")),
    *(("иной", "ина"), ("овой", "ова"), ("евой", "ева"), ("інай", "іна"), ("авай", "ава")),
    *(("ем", ""), ("єм", "й"), ("ом", ""), ("ам", "")),
)
"""Endings of East Slavic names after "with", each beside that of the dictionary."""

_AFTER = {
    "ru": (
        *(
            ("(с|ц)кого", r"\1кий"),
            ("(с|ц)кой", r"\1кая"),
            ("кого", "кий"),
            ("([гхт])ого", r"\1ой"),
        ),
        *(
            ("ого", "ый"),
            ("его", "ий"),
            ("(ов|ев|ёв|ин|ын)ой", r"\1а"),
            ("([^аеиоуыэюя])ой", r"\1ая"),
        ),
        *(("ия", "ий"), ("([бвгдзклмпрст])ня", r"\1ень"), ("([лнр])я", r"\1ь")),
        *(("([бвгдзклмпрст])ца", r"\1ец"), ("([кгх])и", r"\1а"), ("([^аеиоуэюя])ы", r"\1а")),
        ("а", ""),
    ),
    "uk": (
        *(("(с|ц)ького", r"\1ький"), ("(с|ц)ької", r"\1ька"), ("ого", "ий"), ("ього", "ій")),
        *(("ої", "а"), ("([єе])нка", r"\1нко"), ("([^аеєиіїоуюя])ка", r"\1ко")),
        *(("([бвгдзклмнпрст])ця", r"\1ець"), ("ця", "ць"), ("ія", "ій"), ("ря", "р")),
        *(("([лн])я", r"\1ь"), ("([аеєиіоу])я", r"\1й"), ("([^аеєиіїоуюя])и", r"\1а"), ("а", "")),
    ),
    "be": (
        *(("([кгх])ага", r"\1і"), ("ага", "ы"), ("яга", "і"), ("(с|ц)кай", r"\1кая")),
        *(("([аоеё]в|[іы]н)ай", r"\1а"), ("([аоеё])ва", r"\1ў"), ("([кгх])і", r"\1а")),
        *(("([бвгдзклмнпрст])ца", r"\1ец"), ("([^аеёіоуэюя])ы", r"\1а"), ("([лн])я", r"\1ь")),
        ("а", ""),
    ),
    "pl": (
        *(("iego", "i"), ("ego", "y"), ("([kg])iej", r"\1a"), ("ej", "a"), ("([kg])i", r"\1a")),
        *(
            ("([^aeiouyąęó])y", r"\1a"),
            ("([bcdjlńpśtwz])ka", r"\1ek"),
            ("([bdlmnprtw])ca", r"\1iec"),
        ),
        *(
            ("ńca", "niec"),
            ("([bd])la", r"\1el"),
            ("ębia", "ąb"),
            ("([bpmw])ia", r"\1"),
            ("nia", "ń"),
        ),
        *(("sia", "ś"), ("cia", "ć"), ("zia", "ź"), ("a", "")),
    ),
    "cs": (
        *(("ého", "ý"), ("ího", "í"), ("([^aeiouyáéíóúů])é", r"\1á"), ("ej", "á")),
        *(("([mnptv])ce", r"\1ec"), ("([cčřšžlsxj])e", r"\1"), ("([^aeiouy])y", r"\1a")),
        *(("([bcčdhjlmňnprřštvzž])ka", r"\1ek"), ("([rv])la", r"\1el"), ("a", "")),
    ),
    "et": tuple((f"{c}{v}", c) for c in "bdfghklmnprstvšž" for v in "aeiu"),
    "sr": (("ског", "ски"), ("skog", "ski"), ("а", ""), ("a", "")),
    "lt": (
        *(("čio", "tis"), ("džio", "dis"), ("ės", "ė"), ("aus", "us"), ("os", "a"), ("io", "is")),
        ("o", "as"),
    ),
    "lv": (("es", "e"), ("as", "a"), ("([ņļš])a", r"\1š"), ("([sc]k)a", r"\1is"), ("a", "s")),
    "fi": (("sen", "nen"), ("in", ""), ("n", "")),
    "el": (("α", "ας"), ("ο", "ος"), ("η", "ης"), ("ά", "άς"), ("ή", "ής"), ("ό", "ός")),
}
"""Endings of names after "according to" as patterns, each beside that of the dictionary."""


def _compiled(rules: _Rules) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Compile rules: three letters stand before an ending, that of its group among them."""
    found = []
    for ending, base in rules:
        before = r"\w\w" if ending[0] == "(" else r"\w\w\w"
        found.append((re.compile(f"(?<={before}){ending}$"), base))
    return tuple(found)


_WITH = tuple((re.escape(ending), base) for ending, base in _INSTRUMENTAL)
_EASTERN = ("ru", "uk", "be")
_RULES = MappingProxyType(
    {
        language: _compiled((*_WITH, *rules) if language in _EASTERN else rules)
        for language, rules in {
            **_AFTER,
            "sk": _AFTER["cs"],
            "pl": (("(s|c|dz)kim", r"\1ki"), *_AFTER["pl"]),
        }.items()
    }
)
_WITH_RULES = _compiled(_WITH)


def nominative(name: str, language: str = "ru") -> str:
    """Return a surname as the dictionary has it, from the case after "according to".

    >>> nominative("Буданова"), nominative("Гольдиной"), nominative("Gotkowskiej", "pl")
    ('Буданов', 'Гольдина', 'Gotkowska')
    >>> nominative("Kasčiūno", "lt"), nominative("Häkkäsen", "fi"), nominative("Kühn", "de")
    ('Kasčiūnas', 'Häkkänen', 'Kühn')
    >>> nominative("Гончаренка", "uk"), nominative("Suchého", "cs"), nominative("Dudy", "pl")
    ('Гончаренко', 'Suchý', 'Duda')
    """
    rules = _RULES.get(language, ())
    return "-".join(_changed(part, rules) for part in name.split("-")) if rules else name


def after_with(name: str, language: str) -> str:
    """Return a surname as the dictionary has it, from the case after "with".

    >>> after_with("Ремезовым", "ru"), after_with("Гриневичем", "uk"), after_with("Kos", "en")
    ('Ремезов', 'Гриневич', 'Kos')
    """
    return _changed(name, _WITH_RULES) if language in _EASTERN else name


def _changed(name: str, rules: tuple[tuple[re.Pattern[str], str], ...]) -> str:
    for ending, base in rules:
        changed, count = ending.subn(base, name)
        if count:
            return changed
    return name
