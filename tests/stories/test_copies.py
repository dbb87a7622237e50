import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.stories import StoryBook
from pipelines.stories.member import fingerprint
from pipelines.stories.words import compare, hash_ngrams, hash_words, sketch_of, split_words

TEXT = (
    "the ministry said on friday that crews had finished their training at a range near the "
    "border while engineers levelled ground for shelters roads and a new power line and the "
    "governor who toured the works with reporters promised jobs to three villages but would not "
    "name the units that are to move in before winter nor the price of the works which deputies "
    "had asked him for in two sessions of the assembly since the spring without any answer"
)
WORDS = TEXT.split()


def edited(share, seed):
    rng = random.Random(seed)
    return " ".join(w if rng.random() > share else f"other{rng.randrange(99)}" for w in WORDS)


def test_the_same_words_at_another_address_are_a_copy(document):
    book = StoryBook()
    first = book.place(document("one", TEXT))
    second = book.place(document("two", TEXT.upper().replace(" ", "  ")))
    assert (second.copy_of, second.similarity) == (document("one", TEXT).article.id, 1.0)
    assert second.story_id == first.story_id
    assert not second.new_story
    assert first.copy_of is None


@pytest.mark.parametrize("share", [0.05, 0.15, 0.25])
def test_a_text_changed_in_up_to_a_quarter_of_its_words_is_a_copy(document, share):
    for seed in range(8):
        book = StoryBook()
        book.place(document("one", TEXT))
        assert book.place(document("two", edited(share, seed))).copy_of is not None


def test_a_brief_and_the_long_story_around_it_are_near_copies_in_either_order(document):
    brief = " ".join(WORDS[:24])
    long = f"{TEXT} {' '.join(f'further{n}' for n in range(200))}"
    for first, second in ((brief, long), (long, brief)):
        book = StoryBook()
        book.place(document("one", first))
        placed = book.place(document("two", second))
        assert placed.copy_of is not None
        assert placed.similarity >= 0.8


TALLY = (
    "In the night to {day} the enemy attacked with {missiles} cruise missiles and {drones} strike "
    "drones, the main direction was {town}. As of 09:00 air defence units had shot down {down} "
    "targets. Aviation, missile troops, electronic warfare units and mobile fire groups took part."
)
FIRST = {"day": "3 December", "missiles": 18, "drones": 212, "down": 201, "town": "Lutsk"}
SECOND = {"day": "5 December", "missiles": 22, "drones": 187, "down": 176, "town": "Izmail"}


def test_a_form_filled_in_with_other_figures_is_no_copy_and_another_story(document):
    book = StoryBook()
    first = book.place(document("one", TALLY.format(**FIRST), subjects=["kinzhal"], hours=-72))
    second = book.place(document("two", TALLY.format(**SECOND), subjects=["kinzhal"], hours=-24))
    assert second.copy_of is None
    assert second.story_id != first.story_id


def test_a_form_repeated_with_its_figures_is_a_copy(document):
    book = StoryBook()
    book.place(document("one", TALLY.format(**FIRST)))
    text = f"{TALLY.format(**FIRST)} Follow our channel for more of the night."
    assert book.place(document("two", text, hours=1)).copy_of is not None


def test_a_shared_quotation_makes_no_copy(document):
    quote = " ".join(WORDS[:15])
    own = [" ".join(f"{side}{n}" for n in range(60)) for side in ("left", "right")]
    book = StoryBook()
    book.place(document("one", f"{own[0]} {quote}"))
    assert book.place(document("two", f"{quote} {own[1]}")).copy_of is None


def test_a_document_placed_again_is_a_revision_and_no_copy(document):
    book = StoryBook()
    first = book.place(document("one", TEXT))
    again = book.place(document("one", f"{TEXT} Corrected."))
    assert again.revised
    assert again.copy_of is None
    assert again.story_id == first.story_id
    assert again.story.size == 1


def test_copies_of_a_copy_name_the_first_of_all(document):
    book = StoryBook()
    ids = [book.place(document(str(n), edited(0.05 * n, n))).copy_of for n in range(4)]
    assert ids == [None, *[document("0", "").article.id] * 3]


def test_copies_further_apart_than_the_window_are_not_compared(document):
    book = StoryBook(late_after=None)
    book.place(document("one", TEXT))
    assert book.place(document("two", TEXT, hours=24 * 15)).copy_of is None


def test_texts_of_a_few_words_are_copies_only_with_their_titles(document):
    book = StoryBook()
    book.place(document("one", "Read more on our site.", title="Missiles in the north"))
    placed = book.place(document("two", "Read more on our site.", title="Elections put off again"))
    assert placed.copy_of is None


def test_chinese_texts_are_compared_by_characters(document):
    text = (
        "俄罗斯总统普京签署命令批准修订后的核学说，降低了使用核武器的门槛，"
        "克里姆林宫发言人作出说明。"
    )
    book = StoryBook()
    book.place(document("one", text, language="zh"))
    assert book.place(document("two", text.replace("命令", "法令"), language="zh")).copy_of


@pytest.mark.parametrize("text", ["", " ", "…", "\ud800", "\u0301", "a", "1" * 5000, "白"])
def test_odd_texts_are_placed(document, text):
    book = StoryBook()
    assert book.place(document("one", text)).new_story
    book.place(document("two", text, title="Another"))


@given(st.text(max_size=300), st.text(max_size=300))
def test_likeness_is_a_share_and_whole_for_the_same_text(one, other):
    a, b = fingerprint("", one), fingerprint("", other)
    jaccard, containment, _ = compare(a.runs, sketch_of(b.runs, 80))
    assert 0 <= jaccard <= containment <= 1
    if len(a.runs):
        assert compare(a.runs, sketch_of(a.runs, 80))[:2] == (1.0, 1.0)


def test_a_sketch_estimates_what_the_whole_texts_share():
    rng = random.Random(3)
    words = [f"w{rng.randrange(5000)}" for _ in range(1200)]
    one = hash_ngrams(hash_words(words), 5)
    other = hash_ngrams(hash_words(words[:800]), 5)
    jaccard, containment, _ = compare(one, sketch_of(other, 80))
    assert jaccard == pytest.approx(796 / 1196, abs=0.15)
    assert containment == pytest.approx(1.0, abs=0.05)


def test_hashes_are_the_same_in_every_process():
    assert hash_ngrams(hash_words(split_words("Орешник в Беларуси")), 5).tolist() == [11661856]
