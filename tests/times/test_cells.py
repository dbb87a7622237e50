"""Tokens put together from what stands between blanks are those of the text read whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.times import find_times
from pipelines.times.cells import load_cells
from pipelines.times.grammar import load_grammar
from pipelines.times.lexicon import load_lexicon
from pipelines.times.tokens import tokenize

LANGUAGES = ("cs", "de", "en", "fr", "it", "pl", "ru", "tr", "uk")
CHUNKS = (
    *("", "-", "—", "(", "’", "'", "_", "\n", "x\n", "\n\ny", "\u00a0", "…", "a-\nb", "a-"),
    *("5", "12", "000", "2025", "2026,", "№", "$", "%", "%,", "°", "20°", "C", "10%", "1,5", "٣"),
    *("H2", "2Q25", "6-го", "6-", "-го", "30-дневный", "Su-25", "mid-2025", "²-го", "1.5.2025"),
    *("l'année", "d’ici", "fin", "à", "la", "de", "l’an", "prochain", "second", "semestre"),
    *("the", "end", "of", "next", "year", "May", "by", "Monday", "second", "half", "word", "İ"),
    *("до", "конца", "года", "в", "следующем", "году", "мая", "слово-слово", "II", "кварталe"),
    *("do", "końca", "roku", "w", "przyszłym", "im", "zweiten", "Halbjahr", "до\u00adма", "Де́нь"),
)
TEXTS = st.lists(st.one_of(st.sampled_from(CHUNKS), st.text(max_size=4)), max_size=8).map(" ".join)


@given(TEXTS, st.sampled_from(LANGUAGES))
def test_a_stretch_read_by_its_words_has_the_tokens_of_the_stretch_read_whole(text, language):
    lexicon, grammar = load_lexicon(language), load_grammar(language)
    whole = tokenize(text, lexicon)
    tokens, bases, codes = load_cells(language).read(text)
    assert codes == grammar.encode(whole)
    found = [
        (base + token.start, token.word, token.senses)
        for base, token in zip(bases, tokens, strict=True)
    ]
    assert found == [(token.start, token.word, token.senses) for token in whole]
    ends = [base + token.end for base, token in zip(bases, tokens, strict=True) if token.senses]
    assert ends == [token.end for token in whole if token.senses]


@pytest.mark.parametrize("text", ["²-го мая", "10 мая ²-го", "x²-й 2025 год"])
def test_a_raised_figure_before_an_ending_is_no_day(text):
    assert all("²" not in time.quote for time in find_times(text, "ru", None))
