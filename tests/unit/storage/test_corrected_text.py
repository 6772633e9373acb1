"""Corrections laid over a text: what is undone comes back, and nothing vanishes."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.model import RecordingId
from storage.corrected_text import (
    CorrectedText,
    corrected,
    counted,
    newest_known,
    shown_version,
    spread,
)
from storage.errors import Conflict
from storage.records import (
    Change,
    Correction,
    CorrectionId,
    Doubt,
    SpeakerSet,
    SpeakersSwapped,
    Turn,
    TurnsMerged,
    TurnSplit,
    Undone,
    UserId,
    VersionChosen,
    WordsReplaced,
)
from tests.unit.storage.talk import changes, said, talks, turn

TALK = (
    turn(0, *said("Hvad tænker du"), speaker="caseworker"),
    turn(1, *said("det ved jeg ikke", start_ms=2000)),
    turn(2, *said("måske skolen", start_ms=4000), speaker="?"),
)


def correction(revision: int, *made: Change, version: int = 1) -> Correction:
    return Correction(
        CorrectionId(f"c{revision}"),
        RecordingId("r"),
        version,
        revision,
        UserId("u"),
        datetime(2026, 1, 1, tzinfo=UTC),
        made,
    )


def lines(text: CorrectedText) -> list[str]:
    return [f"{each.speaker}: {each.text}" for each in text.turns()]


@given(talks())
def test_an_untouched_text_is_the_machines(talk: tuple[Turn, ...]) -> None:
    assert CorrectedText(talk).turns() == talk


@given(talks(), st.data())
def test_what_is_undone_is_as_if_it_had_never_been(
    talk: tuple[Turn, ...], data: st.DataObject
) -> None:
    text = CorrectedText(talk)
    made: list[Correction] = []
    states = [text.turns()]
    for revision in range(1, data.draw(st.integers(1, 6)) + 1):
        change = data.draw(changes(text))
        text.apply(change)
        made.append(correction(revision, change))
        states.append(text.turns())
    assert corrected(talk, made, version=1).turns() == states[-1]
    for back in range(len(made), 0, -1):
        made.append(correction(len(made) + 1, Undone(CorrectionId(f"c{back}"))))
        assert corrected(talk, made, version=1).turns() == states[back - 1]


@given(talks(least=2), st.data())
def test_the_order_of_changes_that_do_not_meet_does_not_matter(
    talk: tuple[Turn, ...], data: st.DataObject
) -> None:
    one = data.draw(changes(CorrectedText(talk)))
    other = data.draw(changes(CorrectedText(talk)))
    touched = [_touched(CorrectedText(talk), each) for each in (one, other)]
    if touched[0] & touched[1]:
        return
    forth, back = CorrectedText(talk), CorrectedText(talk)
    for text, order in ((forth, (one, other)), (back, (other, one))):
        for change in order:
            text.apply(change)
    assert forth.turns() == back.turns()


def _touched(text: CorrectedText, change: Change) -> set[int]:
    match change:
        case WordsReplaced(words):
            near = [text.passage_of(word) for word in words]
        case TurnsMerged(word, into):
            near = [text.passage_of(word), text.passage_of(into)]
        case SpeakersSwapped():
            near = list(text.passages())
        case SpeakerSet(word) | TurnSplit(word):
            near = [text.passage_of(word)]
    return {word for each in near for piece in each.pieces for word in piece.ids}


@given(talks(), st.data())
def test_no_word_vanishes_and_times_go_forward_inside_each_turn(
    talk: tuple[Turn, ...], data: st.DataObject
) -> None:
    text = CorrectedText(talk)
    for _ in range(data.draw(st.integers(1, 6))):
        text.apply(data.draw(changes(text)))
    kept = [n for passage in text.passages() for piece in passage.pieces for n in piece.ids]
    assert sorted(kept) == list(range(sum(len(each.words) for each in talk)))
    for index, each in enumerate(text.turns()):
        assert each.index == index
        starts = [word.start_ms for word in each.words]
        assert starts == sorted(starts)
        assert each.words
        for word in each.words:
            assert each.start_ms <= word.start_ms <= word.end_ms <= each.end_ms


def test_each_change_does_what_it_says() -> None:
    text = CorrectedText(TALK)
    text.apply(WordsReplaced((3, 4), old="det ved", new="det dér ved"))
    text.apply(SpeakerSet(7, old="?", new="youth"))
    text.apply(TurnSplit(5))
    assert lines(text) == [
        "caseworker: Hvad tænker du",
        "youth: det dér ved",
        "youth: jeg ikke",
        "youth: måske skolen",
    ]
    text.apply(TurnsMerged(7, into=5))
    text.apply(SpeakersSwapped(5, "caseworker", "youth"))
    assert lines(text)[1:] == ["youth: det dér ved", "caseworker: jeg ikke måske skolen"]


def test_where_nothing_was_said_no_turn_is_shown_and_it_can_come_back() -> None:
    text = CorrectedText(TALK)
    text.apply(WordsReplaced((7, 8), old="måske skolen", new=""))
    assert len(text.turns()) == 2
    text.apply(WordsReplaced((7, 8), old="", new="måske"))
    assert lines(text)[2] == "?: måske"


def test_where_a_person_has_been_there_is_no_doubt_left() -> None:
    doubted = Turn(0, 0, 900, "?", said("Danske tekster af"), doubts=frozenset({Doubt.CREDIT_LINE}))
    text = CorrectedText([doubted])
    text.apply(SpeakerSet(0, old="?", new="youth"))
    assert (text.turns()[0].speaker_confidence, text.turns()[0].doubts) == (1.0, doubted.doubts)
    text.apply(WordsReplaced((0,), old="Danske", new="dansk"))
    assert text.turns()[0].doubts == frozenset()


@pytest.mark.parametrize(
    "late",
    [
        WordsReplaced((3, 4), old="noget andet", new="x"),
        WordsReplaced((4,), old="ved", new="x"),
        WordsReplaced((99,), old="", new="x"),
        WordsReplaced((), old="", new="x"),
        SpeakerSet(2, old="caseworker", new="youth"),
        SpeakerSet(0, old="youth", new="parent"),
        TurnSplit(0),
        TurnSplit(4),
        TurnsMerged(3, into=3),
        TurnsMerged(0, into=3),
    ],
)
def test_what_found_another_text_is_refused(late: Change) -> None:
    text = CorrectedText(TALK)
    text.apply(WordsReplaced((3, 4), old="det ved", new="det dér ved"))
    before = text.turns()
    with pytest.raises(Conflict):
        text.apply(late)  # type: ignore[arg-type]
    assert text.turns() == before


def test_what_others_build_on_cannot_be_left_out() -> None:
    made = (correction(1, TurnSplit(4)), correction(2, SpeakerSet(4, "youth", "parent")))
    with pytest.raises(Conflict):
        corrected(TALK, (*made, correction(3, Undone(CorrectionId("c1")))), version=1)


def test_the_version_shown_is_the_one_somebody_last_put_a_hand_to() -> None:
    made = [correction(1, TurnSplit(4))]
    assert shown_version([], latest=2) == 2
    assert shown_version(made, latest=2) == 1
    made.append(correction(2, VersionChosen(known=2), version=2))
    assert (shown_version(made, latest=3), newest_known(made)) == (2, 2)
    made.append(correction(3, Undone(CorrectionId("c2")), version=2))
    assert (shown_version(made, latest=3), newest_known(made)) == (1, 0)
    assert counted(made) == (made[0],)


@given(st.text(), st.integers(0, 1000), st.integers(0, 1000))
def test_typed_words_share_the_time(text: str, start: int, length: int) -> None:
    words = spread(text, start, start + length)
    assert [word.text for word in words] == text.split()
    edges = [at for word in words for at in (word.start_ms, word.end_ms)]
    assert edges == sorted(edges)
    assert not words or (edges[0], edges[-1]) == (start, start + length)
