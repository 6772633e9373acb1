"""Measures: each worked by hand once, withheld below its minimum, the same at every run."""

import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.model import RecordingId
from pipeline.analysis.measures import ranges
from pipeline.analysis.measures.everything import FROM_MARKS, measures_document, measures_of
from pipeline.analysis.measures.figures import Figure, Measure, Moment, Withheld, quality_of
from storage.records import Doubt, Tag, TagId, Turn, TurnKind, Verdict, Word

LONG = "beslutningen omhandler kontaktpersonen"


def said(
    speaker: str,
    start_s: float,
    seconds: float,
    text: str = "og så",
    *,
    kind: TurnKind = TurnKind.TURN,
    probability: float = 0.9,
    confidence: float = 0.9,
    doubts: frozenset[Doubt] = frozenset(),
) -> Turn:
    start, end = int(start_s * 1000), int((start_s + seconds) * 1000)
    words = tuple(Word(start, end, word, probability) for word in text.split())
    return Turn(0, start, end, speaker, words, kind, confidence, doubts)


def by_turns(
    count: int = 40,
    *,
    own: float = 6,
    theirs: float = 3,
    gap: float = 1,
    texts: Sequence[tuple[str, str]] = (("og så", "det er fint"),),
    **more: float,
) -> tuple[Turn, ...]:
    """Return the two speaking in turns, the caseworker first."""
    turns: list[Turn] = []
    at = 0.0
    for index in range(count):
        speaker, seconds = ("youth", theirs) if index % 2 else ("caseworker", own)
        text = texts[index // 2 % len(texts)][index % 2]
        turns.append(said(speaker, at, seconds, text, **more))  # type: ignore[arg-type]
        at += seconds + gap
    return tuple(turns)


def tag(code: str, start_s: float, *, verdict: Verdict = Verdict.CONFIRMED) -> Tag:
    start = int(start_s * 1000)
    id_ = TagId(f"{code}{start}{verdict}")
    return Tag(id_, RecordingId("r"), "conversation@1", code, start, start + 900, verdict=verdict)


def found(
    measure: Measure, turns: Sequence[Turn], tags: Sequence[Tag] = (), *, language: str = "da"
) -> Figure:
    _, figures = measures_of(tuple(turns), tuple(tags), language=language)
    return next(figure for figure in figures if figure.measure is measure)


def value(measure: Measure, turns: Sequence[Turn], tags: Sequence[Tag] = ()) -> float:
    figure = found(measure, turns, tags)
    assert figure.range is not None, figure.withheld
    assert figure.range.low <= figure.range.value <= figure.range.high
    return figure.range.value


LONG_TALK = by_turns(80)


def test_talk_share_is_time_over_time() -> None:
    assert value(Measure.TALK_SHARE, LONG_TALK) == pytest.approx(6 / 9)


def test_backchannels_take_no_share() -> None:
    humming = [said("youth", turn.start_ms / 1000 + 1, 4, "mm", kind=TurnKind.BACKCHANNEL)
               for turn in LONG_TALK[::2]]  # fmt: skip
    turns = sorted([*LONG_TALK, *humming], key=lambda turn: turn.start_ms)
    assert value(Measure.TALK_SHARE, turns) == pytest.approx(6 / 9)


def test_long_turns_are_listed() -> None:
    turns = (*LONG_TALK, said("caseworker", 500, 120))
    figure = found(Measure.LONG_TURNS, turns)
    assert figure.range is not None
    assert figure.range.value == pytest.approx(120 / (40 * 6 + 120))
    assert figure.moments == (Moment(500_000, 620_000),)


def test_tempo_is_words_a_minute() -> None:
    turns = by_turns(80, texts=[("et to tre fire fem seks", "ja")])
    assert value(Measure.TEMPO, turns) == pytest.approx(60)


def test_pauses_are_medians_of_each_direction() -> None:
    turns = list(by_turns(80, gap=0.4))
    assert value(Measure.PAUSE_BEFORE_YOUTH, turns) == pytest.approx(0.4)
    late = [said("youth", 800, 3), said("caseworker", 812, 3)]  # one long pause moves no median
    assert value(Measure.PAUSE_BEFORE_CASEWORKER, [*turns, *late]) == pytest.approx(0.4)


def test_silence_is_left_to_whoever_goes_on() -> None:
    turns = by_turns(80, gap=4)
    assert value(Measure.SILENCE_LEFT, turns) == pytest.approx(40 / 79)
    figure = found(Measure.SILENCE_LEFT, turns)
    assert figure.n == len(figure.moments) == 79


def test_a_backchannel_breaks_a_silence() -> None:
    turns = by_turns(80, gap=4)
    humming = [said("youth", turn.end_ms / 1000 + 2, 0.4, "mm", kind=TurnKind.BACKCHANNEL)
               for turn in turns]  # fmt: skip
    figure = found(Measure.SILENCE_LEFT, [*turns, *humming])
    assert (figure.withheld, figure.n) == (Withheld.TOO_FEW, 0)


WORDS = ["cykel", "fodbold", "mormor", "skole", "katten", "værelse", "praktik", "musik"]


def test_own_words_taken_up_count_beyond_chance() -> None:
    echo = [(f"{WORDS[n - 1]} altså", f"{WORDS[n]} ikke") for n in range(8)]
    figure = found(Measure.OWN_WORDS, by_turns(80, texts=echo))
    assert figure.range is not None
    assert figure.range.low > 0.4
    assert all(moment.words[0] in WORDS for moment in figure.moments)


def test_words_that_are_said_all_the_time_are_chance() -> None:
    always = [("skolen altså", "skolen ikke")]
    figure = found(Measure.OWN_WORDS, by_turns(80, texts=always))
    assert figure.range is not None
    assert figure.range.value == pytest.approx(0)


def test_long_words_have_more_than_six_letters() -> None:
    turns = by_turns(160, texts=[(f"{LONG} er her nu, skønt", "ja")])
    assert value(Measure.LONG_WORDS, turns) == pytest.approx(3 / 7)
    assert found(Measure.LONG_WORDS, by_turns(80)).withheld is Withheld.TOO_FEW


def questions(opened: int, closed: int, mirrored: int = 0) -> list[Tag]:
    codes = ["open_question"] * opened + ["closed_question"] * closed + ["reflection"] * mirrored
    return [tag(code, 11 * place + 0.5) for place, code in enumerate(codes)]


def test_open_questions_and_reflections_are_counted_from_what_is_confirmed() -> None:
    tags = questions(6, 14, 10)
    suggested = [tag("open_question", 5 * n, verdict=Verdict.SUGGESTED) for n in range(50)]
    dismissed = [tag("reflection", 5 * n, verdict=Verdict.DISMISSED) for n in range(50)]
    assert value(Measure.OPEN_QUESTIONS, LONG_TALK, [*tags, *suggested, *dismissed]) == 0.3
    assert value(Measure.REFLECTIONS, LONG_TALK, [*tags, *suggested, *dismissed]) == 0.5
    document = measures_document(LONG_TALK, [*tags, *suggested, *dismissed], language="da")
    assert document["unjudged"] == 50


def test_jargon_is_told_per_thousand_words() -> None:
    turns = by_turns(80, texts=[("ord " * 10, "ja")])
    assert value(Measure.JARGON, turns, [tag("jargon", 11 * n + 1) for n in range(8)]) == 20


def test_questions_stand_in_rows_until_someone_says_more() -> None:
    # A question in each of the caseworker's first twenty turns; the tenth gets a real answer.
    turns = list(by_turns(80))
    turns[19] = said("youth", turns[19].start_ms / 1000, 3, "nu skal du høre hvad der skete")
    tags = [tag("closed_question", turn.start_ms / 1000 + 0.1) for turn in turns[:40:2]]
    figure = found(Measure.QUESTION_RUNS, turns, tags)
    assert figure.range is not None
    assert figure.range.value == 1
    assert [m.start_ms for m in figure.moments] == [tags[0].start_ms, tags[10].start_ms]
    spread = [tag("open_question", turn.start_ms / 1000 + 0.1) for turn in turns[:80:4]]
    assert value(Measure.QUESTION_RUNS, turns, spread) == 0


def test_equal_talk_is_asked_for_among_three() -> None:
    assert found(Measure.YOUTH_SHARE, LONG_TALK).withheld is Withheld.ONLY_TWO
    three = [said("parent", LONG_TALK[-1].end_ms / 1000 + 9 * n, 9) for n in range(40)]
    assert value(Measure.YOUTH_SHARE, [*LONG_TALK, *three]) == pytest.approx(120 / 720)


@pytest.mark.parametrize(
    ("turns", "why"),
    [
        ((), Withheld.TOO_SHORT),
        (by_turns(19, own=30, theirs=30), Withheld.TOO_SHORT),
        (by_turns(40, own=2, theirs=1), Withheld.TOO_SHORT),
        (by_turns(80, confidence=0.5), Withheld.SPEAKERS_DOUBTFUL),
        (tuple(turn for turn in LONG_TALK if turn.speaker == "youth"), Withheld.ONE_IS_SILENT),
    ],
)
def test_nothing_is_shown_that_the_text_cannot_carry(
    turns: tuple[Turn, ...], why: Withheld
) -> None:
    figure = found(Measure.TALK_SHARE, turns)
    assert (figure.range, figure.withheld) == (None, why)


def test_doubtful_words_withhold_only_what_hangs_on_words() -> None:
    turns = by_turns(80, probability=0.2)
    assert found(Measure.TEMPO, turns).withheld is Withheld.TEXT_DOUBTFUL
    assert found(Measure.TALK_SHARE, turns).withheld is None
    never_said = [said("youth", 900, 3, "tak", doubts=frozenset({Doubt.OVER_SILENCE}))]
    assert quality_of((*LONG_TALK, *never_said)).doubtful_words > 0


@pytest.mark.parametrize("count", [14, 15])
def test_a_minimum_is_a_minimum(count: int) -> None:
    figure = found(Measure.OPEN_QUESTIONS, LONG_TALK, questions(count, 0))
    assert (figure.range is None) == (count < 15)
    assert (figure.n, figure.needed) == (count, 15)


def test_what_is_unreliable_has_no_number() -> None:
    known = " ".join(Measure)
    assert not [word for word in ("backchannel", "interrupt", "overlap", "synchron", "movement")
                if word in known]  # fmt: skip


@pytest.mark.parametrize("language", ["da", "sv", "en"])
def test_the_document_is_plain_json_and_the_same_each_time(language: str) -> None:
    tags = questions(10, 10)
    once, twice = (
        json.dumps(measures_document(LONG_TALK, tags, language=language), allow_nan=False)
        for _ in range(2)
    )
    assert once == twice
    figures = json.loads(once)["figures"]
    assert [each["measure"] for each in figures if each["from_marks"]] == sorted(
        FROM_MARKS, key=[each["measure"] for each in figures].index
    )
    assert [each["measure"] for each in figures] == list(
        dict.fromkeys(each["measure"] for each in figures)
    )
    assert {each["measure"] for each in figures} == set(Measure)


@given(st.integers(1, 60).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_a_share_lies_in_its_interval_and_that_between_nothing_and_all(
    case: tuple[int, int],
) -> None:
    cases, of = case
    found = ranges.share(cases, of=of)
    assert 0 <= found.low <= found.value <= found.high <= 1


def test_wilson_as_published() -> None:
    # Newcombe, R. G. (1998), Statistics in Medicine 17, table I: 15 of 148 without correction.
    found = ranges.share(15, of=148)
    assert (found.low, found.high) == pytest.approx((0.0624, 0.1605), abs=0.0001)


def test_more_of_the_same_narrows_the_interval() -> None:
    few = ranges.mean([0.1, 0.5, 0.9, 1.3] * 5)
    many = ranges.mean([0.1, 0.5, 0.9, 1.3] * 50)
    assert many.high - many.low < few.high - few.low
