"""What is done to a turn on the page becomes changes of the text, and what to draw anew."""

from hypothesis import given
from hypothesis import strategies as st

from review_app.supervision.correcting import merged, named, redrawn, retyped, split, swapped
from storage.corrected_text import CorrectedText
from storage.records import SpeakerSet, SpeakersSwapped, Turn, WordsReplaced
from tests.unit.storage.talk import changes, said, talks, turn

TALK = (
    turn(0, *said("Hvad tænker du"), speaker="caseworker"),
    turn(1, *said("det ved jeg ikke", start_ms=2000), speaker="?"),
)


@given(talks(), st.data())
def test_a_turn_reads_as_it_was_typed(talk: tuple[Turn, ...], data: st.DataObject) -> None:
    text = CorrectedText(talk)
    for _ in range(data.draw(st.integers(0, 3))):
        text.apply(data.draw(changes(text)))
    words = st.lists(st.sampled_from(["ja", "nej", "skolen", "x", "Odense"]), max_size=8)
    typed = " ".join(data.draw(words))
    passage = data.draw(st.sampled_from(text.passages()))
    first = passage.first
    for change in retyped(passage, typed):
        text.apply(change)
    assert " ".join(w.text for w in text.passage_of(first).words) == typed
    assert retyped(text.passage_of(first), typed) == ()


def test_only_what_was_typed_anew_changes() -> None:
    passage = CorrectedText(TALK).passages()[1]
    assert retyped(passage, "det véd jeg ikke") == (WordsReplaced((4,), "ved", "véd"),)
    assert retyped(passage, "jo det ved jeg ikke") == (WordsReplaced((3,), "det", "jo det"),)
    assert retyped(passage, "det ved jeg ikke helt") == (WordsReplaced((6,), "ikke", "ikke helt"),)
    assert retyped(passage, "") == (WordsReplaced((3, 4, 5, 6), "det ved jeg ikke", ""),)


def test_who_speaks_is_said_for_one_turn_or_from_there_on() -> None:
    caseworkers, unknown = CorrectedText(TALK).passages()
    assert named(unknown, "youth") == (SpeakerSet(3, "?", "youth"),)
    assert named(caseworkers, "caseworker") == (SpeakerSet(0, "caseworker", "caseworker"),)
    assert swapped(caseworkers, "youth") == (SpeakersSwapped(0, "caseworker", "youth"),)
    assert swapped(unknown, "youth") == (SpeakerSet(3, "?", "youth"),)
    text = CorrectedText(TALK)
    text.apply(SpeakerSet(0, "caseworker", "caseworker"))
    assert named(text.passages()[0], "caseworker") == ()


@given(talks(), st.data())
def test_a_split_leaves_both_halves_with_words_where_that_can_be(
    talk: tuple[Turn, ...], data: st.DataObject
) -> None:
    text = CorrectedText(talk)
    passage = data.draw(st.sampled_from(text.passages()))
    word = data.draw(st.integers(0, len(passage.words) - 1))
    made = split(passage, word)
    assert bool(made) == (len(passage.pieces) > 1)
    count = len(text.turns())
    for change in made:
        text.apply(change)
    assert len(text.turns()) == count + len(made)
    assert not made or len(passage.words) == max(word, 1)


def test_what_was_typed_as_one_is_not_torn_apart() -> None:
    text = CorrectedText(TALK)
    text.apply(WordsReplaced((4, 5), "ved jeg", "kan jeg ikke vide"))
    passage = text.passages()[1]
    assert [split(passage, word)[0].word for word in range(6)] == [4, 4, 4, 4, 4, 6]  # type: ignore[union-attr]


@given(talks(), st.data())
def test_the_page_is_drawn_as_the_text_is(talk: tuple[Turn, ...], data: st.DataObject) -> None:
    text = CorrectedText(talk)
    page = list(text.turns())
    before = tuple(page)
    for _ in range(data.draw(st.integers(0, 3))):
        text.apply(data.draw(changes(text)))
    part = redrawn(before, text)
    page[part.start : part.start + part.removed] = part.turns
    drawn = [(each.speaker, each.words) for each in page]
    assert drawn == [(each.speaker, each.words) for each in text.turns()]
    assert before != text.turns() or part.turns == ()


def test_the_first_turn_has_none_before_it() -> None:
    passages = CorrectedText(TALK).passages()
    assert merged(passages, 0) == ()
    assert len(merged(passages, 1)) == 1
