"""People that no table knows where no capital shows a name: by a surname beside an office; pure.

A Chinese, Japanese, Korean or Arabic surname is a common word as well. It counts as a name right
beside an office or, in Chinese, between the beginning of a clause and a verb of speech.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipelines.claims.sentences.sentence import Sentence

LONGEST_NAME = 8
"""Letters of a Chinese or Japanese name, with the mark before it."""

TITLE_CHARS = 22
"""From a Korean name to its office: "안규백 국방부 장관"."""

_COLONS = (":", "：")
_HAN = "一-鿿々"
_ARABIC = "ء-ْ"
_MARK = "，、：:。；？！（(“”「」『』\\s"
_BODIES = "方官府媒社报報台网部局厅署处司团队军國国员員长長者们們人民市州省县院会會委界"
"""How bodies and groups end that begin as a surname does: "韩方"."""

_AFTER_TITLE = {
    "zh": "(?:{})[%(han)s]{{1,2}}?(?=[%(mark)s]|在|对|则|也|还|于|接|说|表示|认为|指出|称|[0-9]|$)",
    "ar": " (?:[%(arabic)s]+ ){{0,4}}?({})(?![%(arabic)s])",
}
_BEFORE_TITLE = {
    "zh": "(?:^|[%(mark)s])((?:{})[%(han)s]?(?![%(bodies)s])[%(han)s])$",
    "ja": "(?:^|[^%(han)s])((?:{})(?:[%(han)s]{{0,3}}|[ぁ-ん]{{2,3}}))$",
}
_FREE = {"ko": "(?<![가-힣])({})[가-힣]{{2}}(?= [가-힣 ]|:)"}


@dataclass(frozen=True, slots=True)
class Surnames:
    """The surnames of one language, each with its Latin spelling."""

    language: str
    latin: dict[str, str]
    after: re.Pattern[str] | None
    before: re.Pattern[str] | None
    free: re.Pattern[str] | None

    def within(self, printed: str) -> str:
        """Return the Latin surname of a name as it is printed."""
        word = printed.rpartition(" ")[2] if self.language == "ar" else printed
        for length in range(min(len(word), 5), 0, -1):
            if found := self.latin.get(word if self.language == "ar" else word[:length]):
                return found
        return ""


def surnames_of(language: str, words: Iterable[str]) -> Surnames | None:
    """Return what ``words`` ("王 Wang") say of the names of ``language``; None without words.

    >>> surnames = surnames_of("ja", ["佐藤 Sato", "小原 Ohara"])
    >>> surnames.within("小原凡司") if surnames else ""
    'Ohara'
    """
    latin = {printed: spelt for printed, _, spelt in (w.rpartition(" ") for w in words)}
    if not latin:
        return None
    any_of = "|".join(sorted(map(re.escape, latin), key=len, reverse=True))
    parts = {"han": _HAN, "mark": _MARK, "bodies": _BODIES, "arabic": _ARABIC}
    shapes = (table.get(language) for table in (_AFTER_TITLE, _BEFORE_TITLE, _FREE))
    after, before, free = (re.compile((s % parts).format(any_of)) if s else None for s in shapes)
    return Surnames(language, latin, after, before, free)


def eastern_names(
    text: str, sentence: Sentence, surnames: Surnames
) -> Iterator[tuple[int, int, str]]:
    """Yield where each name stands, and its surname in Latin letters."""
    taken = {
        (c.start, c.end) for c in sentence.of("person", "place", "capital", "supplier", "body")
    }
    seen: set[int] = set()
    for start, end in _found(text, sentence, surnames):
        spelt = surnames.within(text[start:end])
        overlaps = any(start < stop and begin < end for begin, stop in taken)
        if spelt and not overlaps and start not in seen:
            seen.add(start)
            yield start, end, spelt


def _found(text: str, sentence: Sentence, surnames: Surnames) -> Iterator[tuple[int, int]]:
    titles = sentence.of("title", "head")
    if surnames.free:
        yield from _before_offices(text, sentence, surnames.free)
        return
    for title in titles:
        if surnames.after and (match := surnames.after.match(text, title.end, sentence.end)):
            yield title.end, match.end()
    if surnames.before is None:
        return
    heads = [t.start for t in titles]
    if surnames.language == "zh":
        heads += [c.start for c in sentence.of("said")]
        if text[sentence.end - 1 : sentence.end] in _COLONS:
            heads.append(sentence.end - 1)
    for end in heads:
        begin = max(sentence.start, end - LONGEST_NAME)
        if match := surnames.before.search(text[begin:end]):
            yield begin + match.start(1), end


def _before_offices(
    text: str, sentence: Sentence, shape: re.Pattern[str]
) -> Iterator[tuple[int, int]]:
    """Yield Korean names: an office follows in a few words, or a colon."""
    ends = [t.start for t in sentence.of("title", "head")]
    for named in shape.finditer(text, sentence.start, sentence.end):
        is_label = text[named.end() : named.end() + 1] == ":"
        if is_label or any(0 < start - named.end() <= TITLE_CHARS for start in ends):
            yield named.span()
