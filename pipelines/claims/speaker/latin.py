"""Surnames in Latin letters: a plain transliteration for those that no table knows."""

from __future__ import annotations

import re
import unicodedata
from types import MappingProxyType

from pipelines.times.lexicon import fold

_LETTERS = "абвгґдеєжзиіїйклмнопрстуўфхцчшщъыьэюяђјљњћџ"
_GREEK_LATIN = """
a v g d e z i th i k l m n x o p r s s t y f ch ps o
"""
_LATIN = """
a b v g g d e ie zh z i i i i k l m n o p r s t u u f kh ts ch sh shch _ y _ e iu ia dj j lj nj c dz
"""
_CYRILLIC = {
    letter: sound.strip("_") for letter, sound in zip(_LETTERS, _LATIN.split(), strict=True)
}
_OWN = MappingProxyType(
    {
        "uk": {"г": "h", "и": "y"},
        "be": {"г": "h"},
        "bg": {"ъ": "a", "щ": "sht", "ю": "yu", "я": "ya"},
        "ru": {"ю": "yu", "я": "ya"},
    }
)
"""Letters that a language of Cyrillic script has its own sounds for."""

_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρσςτυφχψω",
        _GREEK_LATIN.split(),
        strict=True,
    )
)
_GREEK_PAIRS = (("ου", "ou"), ("ευ", "ef"), ("αυ", "av"), ("μπ", "b"), ("γκ", "gk"), ("γγ", "ng"))
_ENDINGS = (("ене", "iene"), ("ський", "skyi"), ("цький", "tskyi"), ("ский", "sky"), ("ый", "y"))
_Y = MappingProxyType({"uk": "yi"})
"""What the ending ``ий`` is in Latin letters: ``Тихий``."""

_BELARUSIAN = (("аў", "ov"), ("оў", "ov"), ("еў", "ev"), ("ёў", "yov"), ("ўскі", "uski"))
_SERBIAN = str.maketrans({"ж": "z", "х": "h", "ч": "c", "ш": "s"})
_BALTIC = re.compile("^(?!.*дж).*(?:[аиіую]с|[аяи][ий]т[еэ]|ене|вичс|вічс|ньш)$")
"""How surnames of Lithuanians and Latvians end, who write š, ž and č: "Мажонас"."""

_STROKES = str.maketrans("łŁøØđĐßıŋ", "lLoOdDsin")


def latin_surname(name: str, language: str = "") -> str:
    """Return ``name`` in plain Latin letters, with a capital.

    Args:
        name: A surname as it is printed, in its dictionary form.
        language: The language of the text, in two letters; "" where it is not known.

    >>> latin_surname("Плетенчук"), latin_surname("Gromadziński"), latin_surname("Рувін")
    ('Pletenchuk', 'Gromadzinski', 'Ruvin')
    >>> latin_surname("Δένδιας"), latin_surname("Тихий", "uk"), latin_surname("Гюров", "bg")
    ('Dendias', 'Tykhyi', 'Gyurov')
    """
    name = name.strip("’'-")
    folded = fold(name)
    if any("\u0400" <= c <= "\u04ff" for c in folded):
        return "-".join(_from_cyrillic(part, language) for part in folded.split("-"))
    if any("\u0370" <= c <= "\u03ff" for c in folded):
        folded = _from_greek(folded)
        return folded[:1].upper() + folded[1:]
    plain = unicodedata.normalize("NFD", name.translate(_STROKES))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return plain[:1].upper() + plain[1:]


def _from_greek(name: str) -> str:
    parts = unicodedata.normalize("NFD", name)
    plain = "".join(c for c in parts if not unicodedata.combining(c))
    for letters, sound in _GREEK_PAIRS:
        plain = plain.replace(letters, sound)
    return "".join(_GREEK.get(letter, letter) for letter in plain)


def _from_cyrillic(name: str, language: str) -> str:
    ending, is_baltic = "", _BALTIC.search(name) is not None
    endings = [*_ENDINGS, ("ий", _Y.get(language, "y"))]
    if language == "be":
        endings += _BELARUSIAN
    for tail, rendered in endings:
        if name.endswith(tail):
            name, ending = name[: -len(tail)], rendered
            break
    if (language == "sr" and name.endswith("ић")) or is_baltic:
        name = name.translate(_SERBIAN)
    own = _OWN.get(language, {})
    sounds: list[str] = []
    for position, letter in enumerate(name):
        value = own.get(letter) or _CYRILLIC.get(letter, letter)
        if letter in "юяє" and (position == 0 or name[position - 1] in "аеиоуіыэюяьї'’"):
            value = "y" + value[1:]
        sounds.append("" if letter in "'’" else value)
    word = "".join(sounds) + ending or name
    return word[:1].upper() + word[1:]


_SPELLINGS = MappingProxyType(
    {
        "de": "ljow$=lev schtsch=shch tsch=ch sch=sh sh=zh ch=kh w=v tz=ts z=ts jew$=ev ja=ya "
        "ju=yu je=e j=i",
        "nl": "sjtsj=shch tsj=ch sj=sh zj=zh ch=kh oe=u ja=ya joe=yu je=e j=i",
        "pl": "szcz=shch sz=sh cz=ch ch=kh ż=zh rz=r w=v c=ts jew$=ev ja=ya ju=yu je=e ie=e "
        "iu=yu ia=ya ń=n ł=l j=i",
        "cs": "šč=shch š=sh č=ch ch=kh ž=zh c=ts ja=ya ju=yu je=e j=i",
        "fr": "ine$=in off$=ov eff$=ev chtch=shch tch=ch ch=sh kh=kh j=zh ou=u ï=i",
        "es": "zh=zh kh=kh j=kh iov$=ev ov$=ov é=e ó=o í=i á=a ú=u",
        "pt": "vich$=vich tch=ch ch=sh kh=kh j=zh é=e á=a í=i ó=o ú=u",
        "ro": "ce=che ci=chi ș=sh ş=sh ț=ts j=zh h=kh î=y â=y",
        "tr": "ç=ch ş=sh ı=y",
        "sv": "sjtj=shch tj=ch sj=sh zj=zh ch=kh ja=ya ju=yu je=e j=i",
        "hu": "scs=shch cs=ch sz=s zs=zh s=sh h=kh c=ts gy=d ny=n ty=t ly=l kij$=ky ja=ya ju=yu "
        "je=e j=i",
        "fi": "štš=shch tš=ch š=sh h=kh ž=zh ts=ts ja=ya ju=yu je=e j=i",
        "lt": "ičius$=ich skis$=sky ckis$=tsky jus$=i as$= is$= us$= šč=shch š=sh č=ch ch=kh ž=zh "
        "c=ts ja=ya ju=yu je=e j=i",
        "lv": "skis$=sky ckis$=tsky ijs$=y js$=y s$= šč=shch š=sh č=ch ž=zh c=ts ja=ya ju=yu je=e "
        "j=i ņ=n ļ=l ķ=k",
    }
)
"""How a language of Latin script spells East Slavic sounds, each beside the English spelling."""

_WESTERN = frozenset(("de", "es", "fr", "nl", "pt", "sv"))
_CZECH = re.compile("[čďěňřšťůýž]")
"""Letters that no Western language spells an East Slavic name with: "Pavel Novotný"."""

_SHARED = MappingProxyType(
    {
        "pl": re.compile("Paweł|Wiktor|Igor|Michaił|Oksana|Maksym|Roman"),
        "cs": re.compile("Pavel|Igor|Maxim|Taras|Leonid|Svetlana|Natal|Ruslan|Viktor"),
    }
)
"""Given names of East Slavs that men and women of the language's own country bear as well."""
_OWN_SOUNDS = re.compile("[čřžšýě]|czyk|wicz|rz|cki$|ski$|cka$|ska$|[aei]k$|ec$")
_EASTERN_END = re.compile("(?:je[vw]|jow|[oe]v[sa]*|[oi]e?w|enko|en[kč]a|chuk|čuk|in)a?$")
"""How surnames of East Slavs end beside what their neighbours spell with their own letters."""

_FOREIGN = re.compile(r"[wxq]|([b-df-hj-np-tvz])\1|th|ck|ph", re.IGNORECASE)
"""What no name of the Baltic languages holds."""
_BALTIC_END = re.compile("(?:[aiu]s|[oiu])$")

_SAME = MappingProxyType({"sk": "cs", "et": "fi"})


def is_eastern(given: str, surname: str, language: str) -> bool:
    """Say whether one with an East Slavic given name is no neighbour who bears it as well.

    >>> is_eastern("Paweł", "Krawczyk", "pl"), is_eastern("Paweł", "Pawlenko", "pl")
    (False, True)
    """
    shared = _SHARED.get(_SAME.get(language, language))
    if shared is None or not shared.match(given) or _EASTERN_END.search(surname):
        return True
    return not _OWN_SOUNDS.search(surname)


def without_baltic_end(name: str, language: str) -> str:
    """Return a Western surname without the ending that Lithuanian gives it.

    >>> without_baltic_end("Nowakas", "lt"), without_baltic_end("Norkus", "lt")
    ('Nowak', 'Norkus')
    """
    if language != "lt" or not _FOREIGN.search(name):
        return name
    return _BALTIC_END.sub("", name)


def romanised(name: str, language: str) -> str:
    """Return an East Slavic surname as English spells it, from the spelling of ``language``.

    >>> romanised("Netschajew", "de"), romanised("Ołeszczuk", "pl"), romanised("Hayes", "en")
    ('Nechaev', 'Oleshchuk', 'Hayes')
    """
    rules = _SPELLINGS.get(_SAME.get(language, language))
    if rules is None or (language in _WESTERN and _CZECH.search(name)):
        return name
    pairs = [rule.split("=") for rule in rules.split()]
    name, found = name.lower(), ""
    while name:
        for letters, sound in pairs:
            if letters[-1] == "$" and name == letters[:-1]:
                found, name = found + sound, ""
                break
            if letters[-1] != "$" and name.startswith(letters):
                found, name = found + sound, name[len(letters) :]
                break
        else:
            found, name = found + name[:1], name[1:]
    return found[:1].upper() + found[1:]
