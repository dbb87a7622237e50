"""The endings that a word may take in each language: grammar, not vocabulary.

An inventory holds the regular noun and adjective endings of a language; agglutinative ones are
composed from plural, possessive and case. A plain word of a rule matches its base followed by
one of them, so «Орешника» is found and the surname «Орешникова» is not.
"""

from __future__ import annotations

from functools import cache
from itertools import product

from pipelines.detection.folding import bare

_RU = """а у ы и е ё о я ю ом ем ём ой ей ою ею ам ям ами ями ах ях ов ев ий ь ью ьи ия ии ию ие
ией иям иями иях ый ая яя ое ее ые ого его ому ему ым им ых их ую юю ыми ими"""
_UK = """а у и і е о я ю є ї ом ем єм ою ею єю ові еві єві ам ям ами ями ах ях ів їв ей ий ій ь
ого ього ому ьому им ім їм их іх їх ими іми їми ої ьої ія ії ію ією ій іям іями іях ію ня ння нню
ннях нням"""
_BE = """а у ы і е э о я ю ё ам ом ем ём ой ай ей яй ою аю ею яю ям амі ямі ах ях оў аў ёў еў яў
ь ыя ыі ыю ыяй ыям ыямі ыях ыяў ія іі ію іяй іям іямі іях ага ога яга аму ому яму ым ім
ых іх ымі імі ую юю ая яя ое ае яе ыя"""
_BG = """а я и е о у ът ят та то те ите ия ията ии иите ове овете ата ята ен на но ни ният ния
ната ното ните ът ата у ата та от от"""
_SR = """а у е и о ом ем ама има ове ови овима ја је ји ју јом јама ог ога ому ој ом ома их
им ски ска ско ке ку ка"""
_SR_LATIN = """a u e i o om em ama ima ove ovi ovima ja je ji ju jom jama og oga omu oj oma
ih im ega emu"""
_PL = """a u y i e o ą ę em ie iem owi ów om ami ach owie ia iu iami iach iom ii ią ię io ej ego
emu ym im ych ich ymi imi iej iego iemu ów"""
_CS = """a u y i e o ě ou em ovi ů ům ech ích ách ám ami emi ové í ím ího ímu é ého ému ým ých
ými á ii ií ie"""
_SK = """a u y i e o ou om em ovi ov ami och ách ach iach ám am mi ia iu ie ií iam iami ý á é ého
ému ej ú ým ých ými í ím ích ímu ího"""
_RO = """ul ului uri urile urilor e ele elor le lor a ă ei i ii iei ia ie iile iilor lui ule
l ilor"""
_LT = """as is us ys ai ų o ui ą u e ė ams ais uose uos os oje ių ius iams iais es ėje ės ę ėms
ėmis iai io iui iu yje į ias iaus ui umi is iu"""
_LV = "s a ā u am ai as i us iem ām os ās e es ē ei ēm is im ī ijā ija ijas iju ijai ijās"
_EL = """ος ου ο ε οι ων ους ον α ας ες η ης ην εις εων ι ια ιων ιας ιες ο ού οί ών ούς ής ή ό
ά ές ός εως ατα ατος ατων μα"""
_LATIN = {
    "en": "s es",
    "fr": "s x e es aux",
    "de": "s es e en n er ern em",
    "nl": "s en e n",
    "es": "s es o a os as",
    "pt": "s es o a os as",
    "it": "i e o a",
    "sv": "en et ar er s n na erna arna ens ets arnas ernas or orna",
    "da": "en et er e s n ne erne ens ets",
    "no": "en et er e s n ne ene ens ets",
}
_AGGLUTINATIVE_CASES = {
    "tr": (
        ("", "ler", "lar"),
        ("", "i", "u", "si", "su", "imiz", "leri", "lari"),
        """ i u ü e a ye ya yi yu de da te ta den dan ten tan in un ün nin nun nün nde nda nden
        ndan ni nu ne na le la yle yla li lu lük daki deki teki taki""",
    ),
    "az": (
        ("", "ler", "lar", "lər"),
        ("", "i", "u", "si"),
        " i u e a ə də da dən dan in un nin ni yə ya ",
    ),
    "hu": (
        ("", "ek", "ok", "ak", "ök", "k", "a", "e", "ja", "je", "ai", "ei", "jai", "jei"),
        ("",),
        """ t et at ot öt nak nek ban ben ba be ból ből hoz hez höz nál nél ra re ról ről tól től
        on en ön n ért ig ként ként val vel kal kel tal tel ral rel nal nel mal mel sal sel i""",
    ),
    "fi": (
        ("", "i", "e", "ei", "ie", "oi", "ien", "eja", "ejä", "ia", "iä", "it", "t", "a", "u"),
        ("",),
        """ n a ä ta tä ssa ssä sta stä lla llä lta ltä lle ksi na nä in en an on iin een den sta
        ssa tta ttä""",
    ),
    "et": (
        ("", "i", "e", "de", "te", "ide", "id", "d", "t", "u", "a"),
        ("",),
        " s st l lt le ks ga ni ta na sse",
    ),
    "ka": (
        ("", "ებ"),
        ("",),
        " ი ის მა ს ით ად ო ში ზე თან გან დან ისთვის ების ები ებს ებმა ებით ებში იდან ისა",
    ),
}
_SLAVIC = {
    "ru": _RU,
    "uk": _UK,
    "be": _BE,
    "bg": _BG,
    "mk": _BG,
    "sr": f"{_SR} {_SR_LATIN}",
    "hr": _SR_LATIN,
    "bs": _SR_LATIN,
    "sl": _SR_LATIN,
    "pl": _PL,
    "cs": _CS,
    "sk": _SK,
    "ro": _RO,
    "lt": _LT,
    "lv": _LV,
    "el": _EL,
}
LOOSE = {"ar": 4, "fa": 4, "he": 3, "ko": 5, "hi": 3, "hy": 5, "kk": 8, "ky": 8, "ur": 4}
"""Languages whose words take any ending of at most so many letters."""

UNSPACED = frozenset({"zh", "ja", "th"})

LANGUAGES = frozenset({*_SLAVIC, *_LATIN, *_AGGLUTINATIVE_CASES, *LOOSE, *UNSPACED, "mul"})
"""Languages of which the endings are known; ``mul`` means all of them at once."""

_OF_SURNAMES = frozenset(
    [
        "ov",
        "ova",
        "ove",
        "ovi",
        "ev",
        "eva",
        "in",
        "ina",
        "ов",
        "ова",
        "ове",
        "ови",
        "ев",
        "ева",
        "ин",
        "ина",
    ]
)
"""Endings that make a surname of a name: a word takes them only where its own language does."""

_VOWELS = frozenset("аяоеэиіїєуюыьйёaeoiuyąęěáéíýăėαεηιουω")


@cache
def endings(language: str) -> frozenset[str]:
    """Return the endings of ``language``; of ``mul`` (or an unknown one) all of all languages."""
    if language in _AGGLUTINATIVE_CASES:
        plurals, owners, cases = _AGGLUTINATIVE_CASES[language]
        suffixes = ["", *cases.split()]
        every = {"".join(parts) for parts in product(plurals, owners, suffixes)}
    elif language in _SLAVIC or language in _LATIN:
        every = {"", *(_SLAVIC.get(language) or _LATIN[language]).split()}
    elif language in UNSPACED:
        every = {""}
    else:
        known = (*_SLAVIC, *_LATIN, *_AGGLUTINATIVE_CASES)
        return frozenset().union(*(endings(one) for one in known)) - _OF_SURNAMES
    folded = {ending.replace("ς", "σ") for ending in every}
    return frozenset(folded | {bare(ending) for ending in folded})


def base(word: str, language: str) -> tuple[str, frozenset[str]]:
    """Return what of a folded ``word`` never changes, and the endings it may take.

    >>> stem, tails = base("концепция", "ru")
    >>> stem, "ию" in tails
    ('концепц', True)
    >>> base("orešnik", "cs")[0]
    'orešnik'
    """
    known = endings(language)
    if language in LOOSE or language in UNSPACED or language in ("en", "fr", "de", "nl"):
        return word, known
    if len(word) <= 4 or word[-1] not in _VOWELS:
        return word, known
    cut = 2 if len(word) > 6 and word[-2] in _VOWELS and word[-2] not in "ьй" else 1
    return word[:-cut], known | {word[-cut:]}
