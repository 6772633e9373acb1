from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.attribution import occupancy, turns_from, voices_of
from pipeline.analysis.language import speech_language
from pipeline.analysis.sound import Diarization
from storage.corrected_text import Clamp
from storage.records import Turn, TurnKind, Word

ROLES = ("caseworker", "youth")


def words(*lines: tuple[int, str], word_ms: int = 300) -> tuple[Word, ...]:
    """Words of lines that start at a moment, one every ``word_ms``."""
    return tuple(
        Word(start + i * word_ms, start + (i + 1) * word_ms, text)
        for start, line in lines
        for i, text in enumerate(line.split())
    )


def voices(*spans: tuple[int, int, int], frames: int = 300, sure: float = 1.0) -> Diarization:
    """Posteriors where each span (start_ms, end_ms, voice) is as sure as told."""
    posteriors = np.zeros((frames, 2), np.float16)
    for start, end, voice in spans:
        posteriors[start // 100 : end // 100, voice] = sure
        posteriors[start // 100 : end // 100, 1 - voice] = 1 - sure
    return Diarization(posteriors, engine="made")


def turns(said: tuple[Word, ...], who: Diarization, language: str = "da") -> tuple[Turn, ...]:
    return turns_from(said, who, roles=ROLES, language=language)


def test_each_line_goes_to_its_speaker() -> None:
    said = words((0, "Hvordan går det i skolen?"), (2_000, "Det går ikke så godt."))
    found = turns(said, voices((0, 1_500, 0), (2_000, 3_500, 1)))
    assert [(t.speaker, t.text) for t in found] == [
        ("caseworker", "Hvordan går det i skolen?"),
        ("youth", "Det går ikke så godt."),
    ]


def test_a_border_inside_a_sentence_moves_to_its_end() -> None:
    said = words((0, "Hvordan går det i skolen?"), (1_500, "Det går ikke så godt."))
    found = turns(said, voices((0, 1_300, 0), (1_300, 3_000, 1)))
    assert found[0].text == "Hvordan går det i skolen?"


def test_only_the_end_of_a_word_after_a_pause_counts() -> None:
    said = (Word(0, 400, "Ja."), Word(600, 3_000, "Altså"), Word(3_000, 3_300, "nej"))
    path, _ = voices_of(
        said, voices((0, 2_300, 0), (2_300, 3_300, 1)), language=speech_language("da")
    )
    assert path.tolist() == [0, 1, 1]


def test_a_backchannel_does_not_break_the_turn() -> None:
    said = words((0, "Jeg var hjemme hele dagen"), (1_600, "mm"), (2_000, "fordi jeg var syg."))
    found = turns(said, voices((0, 1_600, 1), (1_600, 1_900, 0), (2_000, 3_200, 1)))
    assert [(t.speaker, t.kind) for t in found] == [
        ("youth", TurnKind.TURN),
        ("caseworker", TurnKind.BACKCHANNEL),
    ]
    assert found[0].text == "Jeg var hjemme hele dagen fordi jeg var syg."
    assert found[0].start_ms < found[1].start_ms < found[0].end_ms


@pytest.mark.parametrize(
    ("language", "question", "answer"),
    [
        ("da", "Er du bange?", "Ja."),
        ("sv", "Är du rädd?", "Ja."),
        ("en", "Are you scared?", "Yes."),
    ],
)
def test_yes_after_a_question_is_an_answer(language: str, question: str, answer: str) -> None:
    said = words((0, question), (1_200, answer), (1_900, "Det er okay."))
    found = turns(said, voices((0, 1_000, 0), (1_200, 1_600, 1), (1_900, 3_000, 0)), language)
    assert [t.kind for t in found] == [TurnKind.TURN] * 3


def test_a_question_needs_no_question_mark() -> None:
    said = words((0, "er du bange"), (1_300, "ja"), (2_000, "det er okay"))
    found = turns(said, voices((0, 1_000, 0), (1_200, 1_700, 1), (1_900, 3_000, 0)))
    assert [t.kind for t in found] == [TurnKind.TURN] * 3


def test_two_backchannels_in_one_turn_leave_one_turn() -> None:
    said = words(
        (0, "først det ene"),
        (1_000, "mm"),
        (1_400, "og så det"),
        (2_400, "ja"),
        (2_800, "og så mere"),
    )
    spans = (
        (0, 900, 1),
        (1_000, 1_300, 0),
        (1_400, 2_300, 1),
        (2_400, 2_700, 0),
        (2_800, 3_700, 1),
    )
    found = turns(said, voices(*spans))
    assert [t.kind for t in found].count(TurnKind.TURN) == 1
    assert [t.kind for t in found].count(TurnKind.BACKCHANNEL) == 2


def test_a_word_of_agreement_before_a_long_silence_is_a_turn() -> None:
    said = words((0, "det tænker jeg."), (1_000, "okay"), (5_000, "og så gik jeg"))
    found = turns(said, voices((0, 900, 1), (1_000, 1_300, 0), (5_000, 6_500, 1)))
    assert [t.kind for t in found] == [TurnKind.TURN] * 3


def test_three_seconds_of_silence_open_a_new_turn() -> None:
    said = words((0, "det ved jeg ikke"), (5_000, "måske i morgen"))
    assert len(turns(said, voices((0, 1_200, 1), (5_000, 6_000, 1)))) == 2


def test_nobody_is_named_in_doubt() -> None:
    said = words((0, "det kan være hvem som helst"))
    (turn,) = turns(said, voices((0, 2_000, 0), sure=0.55))
    assert turn.speaker == "?"
    assert turn.speaker_confidence < 0.6


def test_what_was_only_decided_is_named_but_no_surer_than_that() -> None:
    said = words((0, "Hvordan har du det i dag?"), (3_000, "Jeg er lidt træt."), word_ms=200)
    who = replace(voices((0, 2_000, 0), (3_000, 5_000, 1)), graded=False)
    found = turns_from(
        said, who, roles=("S", "U"), language="da", clamps=[Clamp(3_000, 5_000, "U")]
    )
    assert [(turn.speaker, turn.speaker_confidence) for turn in found] == [("S", 0.6), ("U", 1.0)]


def test_text_over_silence_still_becomes_a_turn() -> None:
    found = turns(words((5_000, "tak fordi du så med")), voices((0, 1_000, 0)))
    assert [(t.speaker, t.kind) for t in found] == [("?", TurnKind.TURN)]


def test_no_words_no_turns() -> None:
    assert turns((), voices((0, 1_000, 0))) == ()


@given(
    st.lists(st.tuples(st.integers(0, 29_000), st.integers(1, 2_000)), min_size=1, max_size=20),
    st.integers(0, 1_000),
)
def test_occupancy_equals_counting(spans: list[tuple[int, int]], seed: int) -> None:
    posteriors = np.random.default_rng(seed).dirichlet((1, 1), 300).astype(np.float16)
    who = Diarization(posteriors, engine="made")
    starts = np.array([start for start, _ in spans])
    ends = np.minimum(starts + np.array([length for _, length in spans]), 30_000)
    found = occupancy(who, starts=starts, ends=ends)
    fine = np.repeat(posteriors.astype(np.float64), 100, axis=0)
    counted = [fine[a:b].mean(0) if b > a else (0, 0) for a, b in zip(starts, ends, strict=True)]
    assert np.allclose(found, counted, atol=1e-6)


@given(
    st.lists(st.sampled_from(["ja", "mm", "nej.", "du?", "skolen", "jeg"]), max_size=30),
    st.integers(0, 1_000),
)
def test_every_word_lands_in_exactly_one_turn(texts: list[str], seed: int) -> None:
    random = np.random.default_rng(seed)
    starts = np.cumsum(random.integers(100, 900, len(texts)))
    said = tuple(
        Word(int(at), int(at + random.integers(50, 500)), text)
        for at, text in zip(starts, texts, strict=True)
    )
    who = Diarization(random.dirichlet((0.3, 0.3), 300).astype(np.float16), engine="made")
    found = turns(said, who)
    kept = sorted((w for t in found for w in t.words), key=lambda w: w.start_ms)
    assert tuple(kept) == said
    assert [t.index for t in found] == list(range(len(found)))
    assert all(a.start_ms <= b.start_ms for a, b in pairwise(found))
    assert all(t.start_ms <= w.start_ms and w.end_ms <= t.end_ms for t in found for w in t.words)


def test_whose_words_a_person_has_said_to_be_stays_so_and_the_rest_is_decided_around() -> None:
    said = words((0, "Hvordan går det"), (1_500, "i skolen for tiden?"), (5_000, "Godt."))
    doubtful = voices((0, 3_000, 0), (5_000, 5_500, 1), sure=0.55)
    by_hand = (Clamp(1_800, 2_100, "youth"), Clamp(5_000, 5_300, "youth"))
    found = turns_from(said, doubtful, roles=ROLES, language="da", clamps=by_hand)
    assert [(t.speaker, t.text) for t in found] == [
        ("youth", "Hvordan går det i skolen for tiden? Godt."),
    ]
    assert found[0].speaker_confidence < 1


def test_a_speaker_whom_no_voice_was_found_for_can_be_named_by_hand() -> None:
    said = words((0, "Hvordan går det?"), (2_000, "Det går ikke så godt."))
    who = voices((0, 1_500, 0), (2_000, 3_500, 1))
    clamps = (Clamp(2_000, 3_500, "parent"),)
    found = turns_from(said, who, roles=ROLES, language="da", clamps=clamps)
    assert [t.speaker for t in found] == ["caseworker", "parent"]
    assert found[1].speaker_confidence == 1


@given(
    st.lists(st.sampled_from((*ROLES, "parent", None)), min_size=1, max_size=12),
    st.floats(0, 1),
)
def test_a_word_of_a_clamp_is_its_speakers(clamped: list[str | None], sure: float) -> None:
    said = words((0, "ord " * len(clamped)))
    clamps = [
        Clamp(word.start_ms, word.end_ms, role)
        for word, role in zip(said, clamped, strict=True)
        if role is not None
    ]
    found = turns_from(
        said, voices((0, 30_000, 0), sure=sure), roles=ROLES, language="da", clamps=clamps
    )
    whose = {word.start_ms: turn.speaker for turn in found for word in turn.words}
    assert {clamp.start_ms: clamp.speaker for clamp in clamps}.items() <= whose.items()
