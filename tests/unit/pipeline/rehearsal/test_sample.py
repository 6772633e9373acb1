from itertools import pairwise

import av
import pytest

from pipeline.rehearsal import (
    MODEL_DIR,
    SAMPLE,
    Label,
    Phase,
    SampleRole,
    plain_words,
    sample_script,
    words_of_script,
)
from pipeline.rehearsal.recipe.sentences import template_of

SCRIPT = sample_script()


def test_lines_are_ordered_and_within_the_recording() -> None:
    assert all(before.start_ms < after.start_ms for before, after in pairwise(SCRIPT.lines))
    assert SCRIPT.lines[0].start_ms > 0
    assert max(line.end_ms for line in SCRIPT.lines) < SCRIPT.duration_ms


def test_nobody_speaks_twice_at_once() -> None:
    for role in SampleRole:
        own = [line for line in SCRIPT.lines if line.role is role]
        assert all(before.end_ms < after.start_ms for before, after in pairwise(own))


def test_words_make_up_their_line() -> None:
    for line in SCRIPT.lines:
        assert " ".join(word.text for word in line.words) == line.text
        assert line.words[0].start_ms >= line.start_ms
        assert line.words[-1].end_ms == line.end_ms
        assert all(word.start_ms <= word.end_ms for word in line.words)
        assert all(before.end_ms == after.start_ms for before, after in pairwise(line.words))


def test_conversation_passes_through_every_phase_in_order() -> None:
    met = list(dict.fromkeys(line.phase for line in SCRIPT.lines))
    assert met == list(Phase)


@pytest.mark.parametrize("label", Label)
def test_every_label_has_an_example(label: Label) -> None:
    assert any(label in line.labels for line in SCRIPT.lines)


def test_questions_are_asked_by_the_caseworker_and_end_with_a_question_mark() -> None:
    questions = {Label.OPEN_QUESTION, Label.CLOSED_QUESTION, Label.CHECK_UNDERSTANDING}
    for line in SCRIPT.lines:
        if line.labels & questions:
            assert line.role is SampleRole.CASEWORKER
            assert line.text.endswith("?")


def test_some_answers_are_waited_for() -> None:
    waits_ms = [
        line.start_ms - before.end_ms
        for before, line in pairwise(SCRIPT.lines)
        if before.text.endswith("?") and line.role is SampleRole.YOUTH
    ]
    assert sum(2000 <= wait_ms <= 6000 for wait_ms in waits_ms) >= 5


def test_backchannels_overlap_the_other_speaker() -> None:
    overlapping = [
        line
        for before, line in pairwise(SCRIPT.lines)
        if line.start_ms < before.end_ms and line.role is not before.role
    ]
    assert overlapping == [line for line in SCRIPT.lines if Label.BACKCHANNEL in line.labels]


def test_every_line_is_a_sentence_that_the_model_was_made_for() -> None:
    assert [line.text for line in SCRIPT.lines if template_of(line.text) is None] == []


def test_words_of_script_are_plain() -> None:
    assert words_of_script()[:3] == ["hej", "malte", "dejligt"]
    assert plain_words("Ja, det er helt fint.") == ["ja", "det", "er", "helt", "fint"]


def test_film_plays_in_a_browser_and_lasts_as_long_as_its_script() -> None:
    with av.open(str(SAMPLE)) as film:
        video, audio = film.streams.video[0], film.streams.audio[0]
        assert (video.codec_context.name, video.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (audio.codec_context.name, audio.codec_context.layout.name) == ("aac", "stereo")
        assert video.average_rate == 25
        assert film.duration is not None
        assert abs(film.duration // 1000 - SCRIPT.duration_ms) < 100


def test_film_can_be_sought_to_any_two_seconds() -> None:
    with av.open(str(SAMPLE)) as film:
        video = film.streams.video[0]
        assert video.time_base is not None
        keyframes_ms = [
            int(packet.pts * video.time_base * 1000)
            for packet in film.demux(video)
            if packet.is_keyframe and packet.pts is not None
        ]
    assert max(after - before for before, after in pairwise(keyframes_ms)) <= 2000


def test_film_begins_with_its_index_so_that_it_plays_while_loading() -> None:
    head = SAMPLE.read_bytes()[:4096]
    assert head.index(b"moov") < 100


def test_film_and_model_are_small_enough_to_ship() -> None:
    assert SAMPLE.stat().st_size <= 6_000_000
    assert sum(file.stat().st_size for file in MODEL_DIR.iterdir()) <= 5_000_000
