import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.errors import ReferenceInvalid
from pipeline.analysis.scores import diarization_score, parse_rttm, word_error_rate

TRUTH = ((0, 2_000, "a"), (2_000, 4_000, "b"))
SPOKEN = st.lists(
    st.tuples(st.integers(0, 200), st.integers(1, 50), st.sampled_from("xyz")).map(
        lambda s: (s[0] * 10, (s[0] + s[1]) * 10, s[2])
    ),
    min_size=1,
    max_size=8,
)


def test_names_do_not_matter() -> None:
    score = diarization_score(TRUTH, ((0, 2_000, "2"), (2_000, 4_000, "1")))
    assert score.error == 0
    assert score.names == {"2": "a", "1": "b"}


def test_missed_extra_and_confused_speech_are_told_apart() -> None:
    score = diarization_score(TRUTH, ((0, 1_000, "1"), (1_000, 4_400, "2")))
    assert score.missed == 0
    assert score.false_alarm == pytest.approx(0.1)
    assert score.confusion == pytest.approx(0.25)
    assert score.error == pytest.approx(0.35)


def test_a_collar_forgives_the_borders() -> None:
    late = ((100, 2_100, "1"), (2_100, 4_000, "2"))
    assert diarization_score(TRUTH, late).error > 0
    assert diarization_score(TRUTH, late, collar_ms=250).error == 0


def test_nothing_found_is_all_missed() -> None:
    assert diarization_score(TRUTH, ()).missed == 1


@given(SPOKEN)
def test_the_truth_has_no_error(truth: list[tuple[int, int, str]]) -> None:
    assert diarization_score(truth, truth).error == 0


@given(SPOKEN, SPOKEN)
def test_parts_add_up_and_are_not_negative(
    truth: list[tuple[int, int, str]], found: list[tuple[int, int, str]]
) -> None:
    score = diarization_score(truth, found)
    assert min(score.missed, score.false_alarm, score.confusion) >= 0
    assert score.error == pytest.approx(score.missed + score.false_alarm + score.confusion)


def test_rttm_lines_are_read_and_others_skipped() -> None:
    text = ";; made\nSPEAKER x 1 2.977 0.391 <NA> <NA> A1 <NA> <NA>\nSPKR-INFO x 1\n"
    assert parse_rttm(text) == ((2_977, 3_368, "A1"),)


def test_rttm_of_several_recordings_is_told_apart() -> None:
    text = "SPEAKER x 1 1 2 <NA> <NA> A <NA> <NA>\nSPEAKER y 1 3 1 <NA> <NA> B <NA> <NA>\n"
    assert parse_rttm(text, recording="y") == ((3_000, 4_000, "B"),)


@pytest.mark.parametrize("times", ["soon 1", "1 long", "-1 1", "1 -1", "nan 1", "1 inf"])
def test_rttm_with_impossible_times_is_refused(times: str) -> None:
    with pytest.raises(ReferenceInvalid):
        parse_rttm(f"SPEAKER x 1 {times} <NA> <NA> A <NA> <NA>")


def test_overlap_is_scored_and_a_voice_too_many_is_extra() -> None:
    """Six true seconds, two of them overlapped; one voice is found for all four."""
    truth = ((0, 4_000, "a"), (2_000, 4_000, "b"))
    score = diarization_score(truth, ((0, 4_000, "1"), (0, 1_000, "2")))
    assert score.missed == pytest.approx(2 / 6)
    assert score.false_alarm == pytest.approx(1 / 6)
    assert score.confusion == 0


def test_case_and_marks_are_no_errors_but_words_are() -> None:
    assert word_error_rate("Hej, Jonas!", "hej jonas") == 0
    assert word_error_rate("hej med dig", "hej dig") == pytest.approx(1 / 3)
