import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.transcript_scores import TimedWord, TimingError, transcript_score

SAID = (("Hej, hvordan går det med dig?", "S"), ("Fint nok, tak.", "U"))
TRUTH = tuple(
    TimedWord(text, who, at * 100, at * 100 + 80)
    for at, (text, who) in enumerate((text, who) for line, who in SAID for text in line.split())
)


def said(*parts: tuple[str, str, int, int]) -> tuple[TimedWord, ...]:
    return tuple(TimedWord(*part) for part in parts)


def test_one_of_each_error_counted_by_hand() -> None:
    """Heard: går → gør, "med" is missing, "mange" is extra."""
    found = said(
        *(("hej", "1", 0, 80), ("hvordan", "1", 130, 200), ("gør", "2", 200, 280)),
        *(("det", "1", 300, 380), ("dig", "1", 500, 580)),
        *(("fint", "2", 610, 670), ("nok", "2", 700, 780)),
        *(("mange", "2", 790, 800), ("tak", "2", 800, 880)),
    )
    score = transcript_score(TRUTH, found)

    assert (score.words, score.substitutions, score.deletions, score.insertions) == (9, 1, 1, 1)
    assert score.wer == pytest.approx(3 / 9)
    # Of 40 letters and blanks: å → ø, four of "med " gone, six of "mange " more.
    assert score.cer == pytest.approx(11 / 40)
    # Eight words stand across from each other. Voice 1 is S and 2 is U, so only gør is wrong.
    assert score.word_speaker_error == pytest.approx(1 / 8)
    # Of the seven right words: two start late, by 30 and 10 ms; one ends late and one early.
    assert score.timing == TimingError(pytest.approx(40 / 7), 0, pytest.approx(30 / 7))


def test_case_marks_and_names_of_voices_do_not_matter() -> None:
    found = said(*((w.text.upper(), f"voice {w.speaker}", w.start_ms, w.end_ms) for w in TRUTH))  # type: ignore[misc]
    score = transcript_score(TRUTH, found)
    assert (score.wer, score.cer, score.word_speaker_error) == (0, 0, 0)
    assert score.timing == TimingError(0, 0, 0)


def test_one_voice_for_two_people_is_wrong_for_the_one_who_says_less() -> None:
    found = [TimedWord(word.text, "1", word.start_ms, word.end_ms) for word in TRUTH]
    assert transcript_score(TRUTH, found).word_speaker_error == pytest.approx(3 / 9)


def test_nothing_heard_is_all_missing() -> None:
    score = transcript_score(TRUTH, ())
    assert (score.wer, score.cer, score.deletions) == (1, 1, 9)
    assert score.word_speaker_error is None
    assert score.timing is None


def test_a_truth_without_speakers_and_times_says_nothing_of_them() -> None:
    score = transcript_score([TimedWord("hej")], said(("hej", "1", 0, 80)))
    assert score.wer == 0
    assert score.word_speaker_error is None
    assert score.timing is None


@given(st.lists(st.sampled_from("ab"), min_size=1), st.lists(st.sampled_from("ab")))
def test_errors_never_exceed_what_is_there(truth: list[str], found: list[str]) -> None:
    score = transcript_score([TimedWord(w, "S") for w in truth], [TimedWord(w, "1") for w in found])
    assert score.deletions + score.substitutions <= len(truth)
    assert score.insertions <= len(found)
    wrong = score.substitutions + score.deletions + score.insertions
    assert score.wer == pytest.approx(wrong / len(truth))
