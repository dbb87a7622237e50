"""Which sentences are read: the same whether those after the last mention are cut or not."""

from hypothesis import given
from hypothesis import strategies as st

from connectors.records import Mention
from pipelines.claims.sentences.spans import Spans

_SENTENCES = (
    "The Typhon is in Luzon. ",
    "It came on 7. ",
    "July was wet. ",
    "[So they say.] ",
    "Mr. J. ",
    "Kos spoke (again). ",
    "部署在白俄罗斯。",
    "word " * 500 + ". ",
    "\n\n",
    "no capital here\n",
)


def _spans(text: str, starts: list[int], reach: int) -> Spans:
    mentions = [
        Mention(subject="typhon", field="text", start=at, end=at + 6, quote=text[at : at + 6])
        for at in starts
    ]
    return Spans(text, mentions, reach, (), ())


@given(
    before=st.lists(st.sampled_from(_SENTENCES), max_size=25),
    after=st.lists(st.sampled_from(_SENTENCES), max_size=40),
    reach=st.sampled_from((2, 5)),
)
def test_sentences_cut_when_asked_for_are_those_of_the_whole_text(
    before: list[str], after: list[str], reach: int
) -> None:
    text = "".join(before) + "Typhon stands. " + "".join(after)
    at = len("".join(before))
    at_once, later = _spans(text, [at], reach), _spans(text, [at], reach)
    at_once.at(len(text))

    chosen = later.wanted()

    assert [later.at(index) for index in chosen] == [at_once.at(index) for index in chosen]
    assert any(start <= at < end for start, end in filter(None, map(later.at, chosen)))
    assert [later.at(index) for index in range(len(text))] == [
        at_once.at(index) for index in range(len(text))
    ]


def test_sentences_that_never_end_after_a_mention_leave_its_own() -> None:
    text = "Typhon " + ("word " * 500 + ". ") * 9

    spans = _spans(text, [0], 5)

    assert spans.wanted() == [0]
    assert spans.at(0) == (0, 406)
