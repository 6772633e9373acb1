"""A new recognition beside a corrected text: nothing typed goes without a person's word."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from storage.corrected_text import CorrectedText
from storage.records import SpeakerSet, TextChange, Turn, TurnSplit, Word, WordsReplaced
from storage.text_merge import Difference, carried_over, differences
from tests.unit.storage.talk import changes, said, talks, turn


def merged(new: Sequence[Turn], carried: Sequence[TextChange]) -> CorrectedText:
    text = CorrectedText(new)
    for change in carried:
        text.apply(change)
    return text


def corrected(old: Sequence[Turn], *made: TextChange) -> CorrectedText:
    return merged(old, made)


def lines(text: CorrectedText) -> list[str]:
    return [f"{each.speaker}: {each.text}" for each in text.turns()]


OLD = (
    turn(0, *said("Hvad tænker du om det"), speaker="caseworker"),
    turn(1, *said("jeg bor i oden se nu", start_ms=2000)),
    turn(2, *said("ja", start_ms=5000), speaker="caseworker"),
)


def test_untouched_words_become_the_new_ones_and_typed_ones_stay() -> None:
    mine = corrected(OLD, WordsReplaced((8, 9), old="oden se", new="Odense"))
    new = (
        turn(0, *said("Hvad tænker du om dem"), speaker="caseworker"),
        turn(1, *said("jeg bor i oden se nu", start_ms=2040)),
        turn(2, *said("nej", start_ms=5000), speaker="caseworker"),
    )
    found = differences(OLD, mine, new)
    assert [each.open for each in found] == [False]
    assert lines(merged(new, carried_over(found, mine, new))) == [
        "caseworker: Hvad tænker du om dem",
        "youth: jeg bor i Odense nu",
        "caseworker: nej",
    ]


def test_where_both_have_changed_a_person_decides() -> None:
    mine = corrected(OLD, WordsReplaced((8, 9), old="oden se", new="Odense"))
    new = (turn(0, *said("jeg bor i Horsens nu", start_ms=2040, each_ms=350)),)
    (found,) = differences(OLD, mine, new)
    assert (found.mine, found.was, found.new) == ("Odense", "oden se", "Horsens")
    assert found.open
    kept = carried_over([found], mine, new)
    assert lines(merged(new, kept)) == ["youth: jeg bor i Odense nu"]
    assert carried_over([found], mine, new, take_new={found.name}) == ()


def test_what_the_machine_hears_now_as_it_was_typed_needs_nothing() -> None:
    mine = corrected(OLD, WordsReplaced((8, 9), old="oden se", new="Odense"))
    new = (turn(0, *said("jeg bor i Odense nu", start_ms=2000, each_ms=350)),)
    (found,) = differences(OLD, mine, new)
    assert not found.open
    assert carried_over([found], mine, new) == ()


def test_what_the_new_version_has_no_word_for_stays() -> None:
    mine = corrected(OLD, WordsReplaced((11,), old="ja", new="ja tak"))
    new = OLD[:2]
    text = merged(new, carried_over(differences(OLD, mine, new), mine, new))
    assert "ja tak" in text.turns()[-1].text


def test_speakers_and_borders_stay_as_people_have_said() -> None:
    mine = corrected(OLD, TurnSplit(8), SpeakerSet(8, old="youth", new="parent"))
    new = (
        turn(0, *OLD[0].words, *OLD[1].words, speaker="caseworker"),
        turn(1, *OLD[2].words, speaker="youth"),
    )
    text = merged(new, carried_over(differences(OLD, mine, new), mine, new))
    assert "parent: oden se nu" in lines(text)
    assert lines(text)[-1] == "youth: ja"


@st.composite
def heard_again(draw: st.DrawFn, old: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """Return what another recognizer makes of the same sound: words shift, change, come and go."""
    turns = []
    for each in old:
        words: list[Word] = []
        for word in each.words:
            shift = draw(st.integers(-80, 80))
            start = max(word.start_ms + shift, words[-1].start_ms if words else 0, 0)
            how = draw(st.sampled_from(["same", "same", "other", "gone", "two"]))
            texts = {"same": [word.text], "other": ["andet"], "gone": [], "two": ["to", "ord"]}[how]
            words += [Word(start, max(start, word.end_ms), text) for text in texts]
        if words:
            turns.append(turn(len(turns), *words, speaker=draw(st.sampled_from(["youth", "?"]))))
    return tuple(turns) or (turn(0, Word(0, 100, "støj")),)


@given(talks(), st.data())
def test_no_typed_word_goes_unless_that_was_decided(
    old: tuple[Turn, ...], data: st.DataObject
) -> None:
    mine = CorrectedText(old)
    for _ in range(data.draw(st.integers(1, 5))):
        mine.apply(data.draw(changes(mine)))
    new = data.draw(heard_again(old))
    found = differences(old, mine, new)
    names = [each.name for each in found if each.open]
    take_new = set(data.draw(st.lists(st.sampled_from(names)))) if names else set[int]()
    text = merged(new, carried_over(found, mine, new, take_new=take_new))
    for each in found:
        _stands(each, text, taken=each.name in take_new)
    typed = {n for p in mine.passages() for piece in p.pieces if piece.typed for n in piece.ids}
    assert typed <= {word for each in found for word in each.old_words}
    kept = [n for p in text.passages() for piece in p.pieces for n in piece.ids]
    assert sorted(kept) == list(range(sum(len(each.words) for each in new)))


def _stands(each: Difference, text: CorrectedText, *, taken: bool) -> None:
    pieces = {
        piece.ids: piece
        for word in each.new_words
        for piece in text.passage_of(word).pieces
        if word in piece.ids
    }
    ordered = sorted(pieces.values(), key=lambda piece: piece.place)
    stands = " ".join(piece.text for piece in ordered if piece.words)
    assert stands == (each.new if taken else each.mine)
